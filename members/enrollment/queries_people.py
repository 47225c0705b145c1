"""Reads for the hard cases: who a number is or was, who is alike, the whole story of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from kumiai.ui.kana import search_key
from members.enrollment.models import (
    ChangeReport,
    ConcurrentEmployment,
    DependantPeriod,
    EligibilityPeriod,
    FormerNumber,
    MailingAddress,
    Member,
    ProtectedMailingAddress,
)
from members.enrollment.search import name_keys

ALIKE = 10


def find_by_number(symbol: str, number: str, branch: str | None = None) -> Member | None:
    """Who has, or before had, a number; without 枝番 the insured person. A merged row leads to the one that remains."""
    wanted = Q(symbol=symbol, number=number, branch=branch or "00")
    found = Member.objects.select_related("merged_into").filter(wanted).first()
    if found is None:
        former = FormerNumber.objects.select_related("member", "member__merged_into").filter(wanted).first()
        found = former.member if former else None
    while found is not None and found.merged_into_id is not None:
        found = found.merged_into
    return found


def similar_people(person: Any, *, but: int | None = None) -> list[Member]:
    """Members who may be the same person: born the same day and of the same reading or name. At most ten, merged rows left out.

    person: anything with family_name, given_name, family_kana, given_kana, birth_date.
    """
    name_key, kana_key = name_keys(person.family_name, person.given_name, person.family_kana, person.given_kana)
    same = Q(name_key=name_key)
    if kana_key:
        same |= Q(kana_key=kana_key)
    if getattr(person, "given_kana", ""):
        same |= Q(given_kana=person.given_kana) | Q(kana_key__endswith=search_key(person.given_kana))
    found = Member.objects.filter(same, birth_date=person.birth_date, merged_into__isnull=True)
    if but is not None:
        found = found.exclude(pk=but)
    return list(found.order_by("symbol_order", "number_order", "branch")[:ALIKE])


@dataclass(frozen=True)
class Story:
    """What one row of the register says of a person: its numbers and its periods."""

    member: Member
    numbers: tuple[FormerNumber, ...]
    periods: tuple[Any, ...]


def story_of(member: Member, rows: set[int]) -> list[Story]:
    """The rows of the same person, the last acquired first. `rows`: their ids, the member's own included. Four statements."""
    people = list(Member.objects.filter(pk__in=rows))
    numbers = list(FormerNumber.objects.filter(member_id__in=rows).order_by("-until_date"))
    own = list(EligibilityPeriod.objects.select_related("employer").filter(member_id__in=rows))
    depending = _dependant_periods(rows)
    stories = []
    for person in people:
        periods = [p for p in (*own, *depending) if p.member_id == person.pk]
        periods.sort(key=lambda p: p.period.lower, reverse=True)
        stories.append(Story(person, tuple(n for n in numbers if n.member_id == person.pk), tuple(periods)))
    stories.sort(key=lambda s: s.periods[0].period.lower if s.periods else date.min, reverse=True)
    return stories


def _dependant_periods(rows: set[int]) -> list[Any]:
    return list(DependantPeriod.objects.select_related("insured").filter(member_id__in=rows))


def concurrent_employments(member: Member) -> list[ConcurrentEmployment]:
    """二以上勤務, the last begun first."""
    rows = ConcurrentEmployment.objects.select_related("employer").filter(member=member)
    return list(rows.order_by("-period__startswith"))


def mailing_addresses(member: Member) -> list[Any]:
    """送付先, the last begun first. The caller has checked that the clerk may see a protected member's."""
    model: Any = ProtectedMailingAddress if member.protected else MailingAddress
    return list(model.objects.filter(member=member, cancelled=False).order_by("-period__startswith"))


def last_report_id(member_id: int) -> int | None:
    """The document entered last about a member."""
    report = ChangeReport.objects.filter(member_id=member_id).order_by("-pk").first()
    return report.pk if report else None
