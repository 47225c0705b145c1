"""Whole rosters, for files: an employer's people on a day, and what was confirmed about them. Set-based, statements constant.

Two questions stand apart on purpose: who would stand in a file (`covered_people`, `confirmed`), and who is proven to be the
employer's (`proven_on`, `proven_since`). The door asks both and believes only what both say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from members.enrollment.enums import ChangeKind, EligibilityKind, Relation
from members.enrollment.models import ChangeReport, DependantPeriod, EligibilityPeriod, Member
from privacy.outputs.door import among
from privacy.seen import population

KEPT_FOR = timedelta(days=2 * 366)
"""How long after leaving somebody still concerns their employer: two years, as claims of the law last (法193条)."""


def covered_people(employer_id: int, on: date) -> list[int]:
    """The insured people of an employer on a day and their dependants, each family together, in the order of numbers."""
    insured = EligibilityPeriod.objects.filter(
        employer_id=employer_id, kind=EligibilityKind.COMPULSORY, period__contains=on
    ).values("member_id")
    family = DependantPeriod.objects.filter(insured__in=insured, period__contains=on).values("member_id")
    people = Member.objects.filter(Q(pk__in=insured) | Q(pk__in=family))
    ids = list(people.order_by("symbol_order", "number_order", "branch", "pk").values_list("pk", flat=True))
    population("適用台帳の対象", len(ids))
    return ids


def proven_on(employer_id: int, ids: Sequence[int], on: date) -> set[int]:
    """Of these people, those who are the employer's on the day: insured there, or dependants of somebody who is."""
    periods = EligibilityPeriod.objects.filter(period__contains=on, kind=EligibilityKind.COMPULSORY)
    own = set(periods.filter(member_id__in=among(ids), employer_id=employer_id).values_list("member_id", flat=True))
    heads = dict(
        DependantPeriod.objects.filter(member_id__in=among(ids), period__contains=on).values_list(
            "member_id", "insured_id"
        )
    )
    there = set(
        periods.filter(member_id__in=among(heads.values()), employer_id=employer_id).values_list("member_id", flat=True)
    )
    found = own | {member for member, head in heads.items() if head in there}
    population("事業所の人", len(found))
    return found


def insured_at_on(employer_id: int, days: Mapping[int, date]) -> set[int]:
    """Of these people, those who were insured persons at the employer on the day given for each. One statement."""
    if not days:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.member_id FROM enrollment_eligibilityperiod p "
            "JOIN unnest(%s::bigint[], %s::date[]) AS asked (member_id, day) ON asked.member_id = p.member_id "
            "WHERE p.employer_id = %s AND p.kind = 'compulsory' AND NOT p.cancelled AND p.period @> asked.day",
            [list(days), list(days.values()), employer_id],
        )
        found = {row[0] for row in cursor.fetchall()}
    population("事業所の被保険者", len(found))
    return found


@dataclass(frozen=True)
class Covered:
    """One person of a register on a day: as an insured person, or as somebody's dependant."""

    member: Member
    insured_id: int | None
    kind: str
    start: date
    end: date | None


def register_of(ids: Sequence[int], on: date) -> list[Covered]:
    """These people as they are covered on the day, in the order given. Three statements."""
    members = {m.pk: m for m in Member.objects.filter(pk__in=among(ids))}
    periods = {
        p.member_id: p
        for p in EligibilityPeriod.objects.filter(
            member_id__in=among(ids), period__contains=on, kind=EligibilityKind.COMPULSORY
        )
    }
    family = {p.member_id: p for p in DependantPeriod.objects.filter(member_id__in=among(ids), period__contains=on)}
    found = []
    for pk in ids:
        if pk not in members:
            continue
        own, under = periods.get(pk), family.get(pk)
        if own is not None:
            kind = str(EligibilityKind(own.kind).label)
            found.append(Covered(members[pk], None, kind, own.period.lower, own.period.upper))
        elif under is not None:
            kind = str(Relation(under.relation).label)
            found.append(Covered(members[pk], under.insured_id, kind, under.period.lower, under.period.upper))
    return found


# --- 得喪の確認 --------------------------------------------------------------------------------------------------------

CONFIRMATIONS = (
    ChangeKind.ACQUISITION,
    ChangeKind.LOSS,
    ChangeKind.TRANSFER,
    ChangeKind.ACQUISITION_FIXED,
    ChangeKind.LOSS_FIXED,
    ChangeKind.ACQUISITION_UNDONE,
    ChangeKind.LOSS_UNDONE,
)


@dataclass(frozen=True)
class Confirmation:
    """One acquisition or loss as the association confirmed it. `day`: 資格取得日 or 喪失日, None where it was undone."""

    member_id: int
    what: str
    day: date | None
    reason: str
    confirmed: date


def confirmed(
    employer_id: int, since: date, until: date, *, protected: bool, members: Sequence[int] | None = None
) -> list[Confirmation]:
    """What was confirmed about an employer's insured people from one day to another, both included, oldest first.

    protected: whether of protected people or of all others. members: only these. A report that was taken back again is
    left out; what took it back stands for itself. Two statements. The caller says who is shown.
    """
    start = timezone.make_aware(datetime.combine(since, time.min))
    end = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    reports = ChangeReport.objects.filter(
        kind__in=CONFIRMATIONS,
        entered_at__gte=start,
        entered_at__lt=end,
        cancelled_at__isnull=True,
        member__protected=protected,
    )
    if members is not None:
        reports = reports.filter(member_id__in=among(members))
    rows = list(
        reports.order_by("entered_at", "pk").values_list(
            "member_id", "kind", "effective_date", "before", "after", "entered_at"
        )
    )
    population("得喪の確認", len(rows))
    named = {pk for row in rows for pk in (row[3].get("closed"), row[4].get("period")) if pk}
    periods = {
        p["pk"]: dict(p)
        for p in EligibilityPeriod.with_cancelled.filter(
            pk__in=among(named), employer_id=employer_id, kind=EligibilityKind.COMPULSORY
        )
        .annotate(first=F("period__startswith"), last=F("period__endswith"))
        .values("pk", "first", "last", "acquisition_reason", "loss_reason")
    }
    return [one for row in rows for one in _confirmations(row, periods)]


def _confirmations(row: tuple, periods: dict[int, dict[str, Any]]) -> Iterable[Confirmation]:
    member, kind, effective, before, after, entered = row
    confirmed_on = timezone.localtime(entered).date()
    period = periods.get(after.get("period"))
    closed = periods.get(before.get("closed"))

    def one(what: str, day: date | None, reason: str) -> Confirmation:
        return Confirmation(member, what, day, reason, confirmed_on)

    if kind == ChangeKind.TRANSFER and closed is not None:
        yield one("資格喪失", effective, _label("loss_reason", closed))
    if period is None:
        return
    if kind in (ChangeKind.ACQUISITION, ChangeKind.TRANSFER):
        yield one("資格取得", effective, _label("acquisition_reason", period))
    elif kind == ChangeKind.LOSS:
        yield one("資格喪失", effective, _label("loss_reason", period))
    elif kind == ChangeKind.ACQUISITION_FIXED:
        yield one("資格取得の訂正", period["first"], _label("acquisition_reason", period))
    elif kind == ChangeKind.LOSS_FIXED:
        yield one("資格喪失の訂正", period["last"], _label("loss_reason", period))
    elif kind == ChangeKind.ACQUISITION_UNDONE:
        yield one("資格取得の取消", _day(before.get("start")), "")
    elif kind == ChangeKind.LOSS_UNDONE:
        yield one("資格喪失の取消", _day(before.get("end")), "")


def _label(name: str, period: dict[str, Any]) -> str:
    choices = dict(EligibilityPeriod._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(period[name], ""))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def proven_since(employer_id: int, ids: Sequence[int], since: date) -> set[int]:
    """Of these people, those who were insured at the employer within two years before the day or later, or whose
    acquisition there was taken back."""
    periods = EligibilityPeriod.with_cancelled.filter(
        member_id__in=among(ids), employer_id=employer_id, kind=EligibilityKind.COMPULSORY
    )
    recent = Q(cancelled=True) | Q(period__endswith__isnull=True) | Q(period__endswith__gte=since - KEPT_FOR)
    found = set(periods.filter(recent).values_list("member_id", flat=True))
    population("事業所の人", len(found))
    return found


# --- 加入者の統計 ------------------------------------------------------------------------------------------------------


def counted_people(since: date, until: date) -> list[int]:
    """Everybody with a day between two days, the second not included, or who left on the first."""
    days = (since - timedelta(days=1), until)
    insured = EligibilityPeriod.objects.filter(period__overlap=days).values("member_id")
    family = DependantPeriod.objects.filter(period__overlap=days).values("member_id")
    ids = list(insured.union(family).values_list("member_id", flat=True))
    population("統計の対象", len(ids))
    return ids


def registered(ids: Sequence[int]) -> set[int]:
    """Of these people, those the association holds a period of."""
    found = set(EligibilityPeriod.objects.filter(member_id__in=among(ids)).values_list("member_id", flat=True))
    found |= set(DependantPeriod.objects.filter(member_id__in=among(ids)).values_list("member_id", flat=True))
    population("加入者", len(found))
    return found


# --- What the door asks about people ----------------------------------------------------------------------------------


def protected_among(ids: Iterable[int]) -> set[int]:
    """Of these people, those whose whereabouts are for named clerks only."""
    found = set(Member.objects.filter(pk__in=among(ids), protected=True).values_list("pk", flat=True))
    population("保護対象", len(found))
    return found


def members_among(ids: Iterable[int]) -> dict[int, Member]:
    return {m.pk: m for m in Member.objects.filter(pk__in=among(ids))}


def member_of_number(typed: str) -> int | None:
    """The id of 記号-番号-枝番 as typed in half-width figures; None when nobody has it."""
    parts = typed.split("-")
    if len(parts) != 3:
        return None
    pk = Member.objects.filter(symbol=parts[0], number=parts[1], branch=parts[2]).values_list("pk", flat=True).first()
    population("番号による確認", 1 if pk else 0)
    return pk
