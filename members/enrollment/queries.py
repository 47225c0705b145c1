"""Reads of the register: the list, one member's page, what changed.

Every list has a constant number of statements: the page of members, their count, and one statement for each kind of
period of those fifty people.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from members.enrollment import policies
from members.enrollment.enums import EligibilityKind, Relation, Status
from members.enrollment.models import (
    Address,
    ChangeReport,
    ContactPoint,
    DependantPeriod,
    EligibilityPeriod,
    Employer,
    Member,
    NameToken,
    ProtectedAddress,
    ProtectedChange,
    ProtectedContact,
    Protection,
    SavedSearch,
)
from members.enrollment.search import Terms, understand
from privacy.scope import population, record_search

PAGE = 50
SORTS = {
    "number": ("symbol_order", "number_order", "branch", "pk"),
    "kana": ("kana_key", "pk"),
    "birth": ("birth_date", "kana_key", "pk"),
}


@dataclass(frozen=True)
class MemberRow:
    """One line of the list. Of a protected member, for a clerk who is not named, only the number and whom to ask."""

    member_id: int
    number: str
    protected: bool
    whom: str = ""
    name: str = ""
    kana: str = ""
    birth_date: date | None = None
    sex: str = ""
    relation: str = ""
    employer: str = ""
    acquired_date: date | None = None
    status: Status = Status.NONE


@dataclass
class MemberPage:
    """A page of the list with its counts."""

    rows: list[MemberRow]
    total: int
    registered: int
    page: int
    pages: int
    exact: int | None = None
    problem: str = ""


def employers() -> QuerySet[Employer]:
    """Every employer by its symbol."""
    return Employer.objects.order_by("symbol")


def saved_search(*, search_id: UUID, owner_id: int) -> SavedSearch | None:
    """A clerk's own search; None for another's, an expired or an unknown one."""
    kept = SavedSearch.objects.filter(created_at__gt=Now() - SavedSearch.KEPT_FOR)
    return kept.filter(pk=search_id, owner_id=owner_id).first()


def matching(terms: Terms) -> Q:
    """The members that the understood words mean."""
    if terms.number is not None:
        found = Q(symbol=terms.number.symbol, number=terms.number.number)
        if terms.number.symbol.isdecimal():
            found |= Q(symbol=terms.number.symbol.lstrip("0") or "0", number=terms.number.number.lstrip("0") or "0")
        if terms.number.branch:
            found &= Q(branch=terms.number.branch)
        return found
    found = Q()
    if terms.birth is not None:
        found &= Q(birth_date=terms.birth)
    if terms.name:
        # One index for the start and the inside of the name: an OR over two tables would read every member.
        found &= Q(pk__in=NameToken.objects.filter(token__startswith=terms.name).values("member_id"))
    return found


def _first_covered(model: Any, on: date) -> Subquery:
    """The period of a member that holds the day, or null. A scalar probe an index answers member by member: an EXISTS
    within an OR would be hashed over the whole table before the first row of the page."""
    return Subquery(model.objects.filter(member=OuterRef("pk"), period__contains=on).values("pk")[:1])


def members_in(state: str, on: date) -> QuerySet[Member]:
    """Members by the state of their qualification on a day: active (default), voluntary, ended, all."""
    members = Member.objects.all()
    if state == "all":
        return members
    if state == "voluntary":
        return members.filter(
            Exists(
                EligibilityPeriod.objects.filter(
                    member=OuterRef("pk"), period__contains=on, kind=EligibilityKind.VOLUNTARY
                )
            )
        )
    held = Coalesce(_first_covered(EligibilityPeriod, on), _first_covered(DependantPeriod, on))
    return members.alias(held=held).filter(held__isnull=state == "ended")


def _count(members: QuerySet[Member], *, state: str, on: date, narrowed: bool, registered: int) -> int:
    """How many members the list holds. The whole register by state is counted from the periods, without its people."""
    if narrowed or state == "voluntary":
        return members.count()
    if state == "all":
        return registered
    insured = EligibilityPeriod.objects.covered_on(on)  # type: ignore[attr-defined]
    dependants = DependantPeriod.objects.covered_on(on)  # type: ignore[attr-defined]
    alone = dependants.exclude(Exists(insured.filter(member=OuterRef("member"))))
    covered = insured.count() + alone.count()
    return registered - covered if state == "ended" else covered


def _of_employer(members: QuerySet[Member], employer_id: int, on: date) -> QuerySet[Member]:
    """The employer's people on a day, their families included."""
    insured = EligibilityPeriod.objects.filter(employer_id=employer_id, period__contains=on).values("member_id")
    families = Member.objects.filter(insured_id__in=insured).values("pk")
    return members.filter(pk__in=insured.union(families, all=True))


def member_list(
    *,
    user_id: int,
    on: date,
    state: str = "active",
    employer_id: int | None = None,
    kind: str = "",
    terms: str = "",
    search_id: UUID | None = None,
    sort: str = "number",
    descending: bool = False,
    page: int = 1,
) -> MemberPage:
    """A page of fifty members on a day.

    state: active, voluntary, ended or all. kind: insured, dependant or empty. terms: the words of a search, searched
    among everybody whatever the state. Eight statements, whatever the rows.
    """
    understood = understand(terms)
    members = members_in("all" if not understood.empty else state, on)
    if not understood.empty:
        members = members.filter(matching(understood))
    elif terms:
        members = members.none()
    if employer_id is not None:
        members = _of_employer(members, employer_id, on)
    if kind:
        members = members.filter(insured__isnull=kind == "insured")
    order = [f"-{name}" if descending else name for name in SORTS.get(sort, SORTS["number"])]
    registered = Member.objects.count()
    narrowed = bool(terms or kind or employer_id is not None)
    total = _count(members, state=state, on=on, narrowed=narrowed, registered=registered)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    found = list(members.order_by(*order)[(page - 1) * PAGE : page * PAGE])
    population("members.listed", total)
    population("members.registered", registered)
    if search_id is not None:
        record_search(search_id, total)
    exact = None
    if understood.number is not None and total:
        own = [m for m in found if understood.number.branch or m.insured_id is None]
        exact = own[0].pk if len(own) == 1 else None
    return MemberPage(
        rows=member_rows(found, user_id=user_id, on=on),
        total=total,
        registered=registered,
        page=page,
        pages=pages,
        exact=exact,
        problem=understood.problem,
    )


def member_rows(members: list[Member], *, user_id: int, on: date) -> list[MemberRow]:
    """Lines for these members as they are on a day. Four statements."""
    ids = [m.pk for m in members]
    heads = ids + [m.insured_id for m in members if m.insured_id]
    periods = _latest(EligibilityPeriod.objects.select_related("employer").filter(member_id__in=heads), on)
    dependants = _latest(DependantPeriod.objects.filter(member_id__in=ids), on)
    guarded = [m.pk for m in members if m.protected]
    named = policies.named_members(user_id, guarded)
    whom = policies.whom_to_ask(guarded, on)
    rows = []
    for member in members:
        if member.protected and member.pk not in named:
            rows.append(MemberRow(member.pk, member.card_number, True, whom=whom.get(member.pk, "")))
            continue
        own = dependants.get(member.pk) if member.is_dependant else periods.get(member.pk)
        head = periods.get(member.insured_id) if member.insured_id else own
        rows.append(
            MemberRow(
                member_id=member.pk,
                number=member.card_number,
                protected=member.protected,
                whom=whom.get(member.pk, ""),
                name=member.name,
                kana=member.kana,
                birth_date=member.birth_date,
                sex=member.get_sex_display(),
                relation=Relation(own.relation).label if isinstance(own, DependantPeriod) else "本人",
                employer=head.employer.name if isinstance(head, EligibilityPeriod) and head.employer else "",
                acquired_date=own.period.lower if own else None,
                status=status_of(own, on),
            )
        )
    return rows


def _latest(periods: Any, on: date) -> dict[int, Any]:
    """Member → the period that holds the day, else the last one."""
    chosen: dict[int, Any] = {}
    for period in sorted(periods, key=lambda p: p.period.lower):
        held = chosen.get(period.member_id)
        if held is None or on not in held.period:
            chosen[period.member_id] = period
    return chosen


def status_of(period: EligibilityPeriod | DependantPeriod | None, on: date) -> Status:
    """The state of a qualification on a day."""
    if period is None:
        return Status.NONE
    if on in period.period:
        voluntary = isinstance(period, EligibilityPeriod) and period.kind == EligibilityKind.VOLUNTARY
        return Status.VOLUNTARY if voluntary else Status.ACTIVE
    return Status.FUTURE if period.period.lower > on else Status.ENDED


@dataclass
class Person:
    """One member with everything the member page shows. Of a protected member only what the clerk may see."""

    member: Member
    on: date
    status: Status
    visible: bool
    whom: str = ""
    insured: Member | None = None
    eligibility: list[EligibilityPeriod] = field(default_factory=list)
    own_dependant_periods: list[DependantPeriod] = field(default_factory=list)
    family: list[DependantPeriod] = field(default_factory=list)
    addresses: list[Any] = field(default_factory=list)
    contacts: list[Any] = field(default_factory=list)
    protection: Protection | None = None


def person(*, member_id: int, user_id: int, on: date) -> Person | None:
    """One member with periods, family, addresses and contacts; None when there is none. At most nine statements.

    `family` of an insured person are the dependants' periods with `member` loaded.
    """
    member = Member.objects.select_related("insured").filter(pk=member_id).first()
    if member is None:
        return None
    protection = None
    visible = True
    if member.protected:
        protection = Protection.objects.filter(member=member, period__contains=on).first()
        visible = policies.may_see_protected(user_id, member.pk)
    if not visible:
        return Person(member, on, Status.NONE, False, whom=protection.ask if protection else "", protection=protection)
    eligibility = list(
        EligibilityPeriod.objects.select_related("employer").filter(member=member).order_by("-period__startswith")
    )
    dependant = list(DependantPeriod.objects.filter(member=member).order_by("-period__startswith"))
    family = list(
        DependantPeriod.objects.select_related("member").filter(insured=member).order_by("member__branch", "period")
    )
    address_table = ProtectedAddress if member.protected else Address
    contact_table = ProtectedContact if member.protected else ContactPoint
    latest = _latest(dependant or eligibility, on).get(member.pk)
    return Person(
        member=member,
        on=on,
        status=status_of(latest, on),
        visible=True,
        whom=protection.ask if protection else "",
        insured=member.insured,
        eligibility=eligibility,
        own_dependant_periods=dependant,
        family=family,
        addresses=list(address_table.objects.filter(member=member, cancelled=False).order_by("-period__startswith")),
        contacts=list(contact_table.objects.filter(member=member).order_by("kind", "-period__startswith")),
        protection=protection,
    )


def members_by_id(ids: list[int]) -> dict[int, Member]:
    """Members by id, for lines that know only ids (recently opened)."""
    return {m.pk: m for m in Member.objects.filter(pk__in=ids)}


# --- history --------------------------------------------------------------------------------------------------------

HIDDEN_FIELDS = {
    "id",
    "version",
    "name_key",
    "kana_key",
    "symbol_order",
    "number_order",
    "member",
    "insured",
    "before",
    "after",
    "access_event",
}
HISTORY_MODELS = [Member, EligibilityPeriod, DependantPeriod, Address, ContactPoint, Protection]
PROTECTED_HISTORY_MODELS = [ProtectedAddress, ProtectedContact]


@dataclass(frozen=True)
class FieldChange:
    """One field: old → new, as the model shows them."""

    label: str
    old: Any
    new: Any


@dataclass
class ChangeEntry:
    """What one event changed of a member, field by field."""

    at: Any
    user_id: int | None
    activity: str
    changes: list[FieldChange]
    created: bool = False
    report: ChangeReport | None = None


def changes_of(member: Member, *, limit: int | None = None) -> tuple[list[ChangeEntry], int]:
    """(entries newest first, how many) of a member's history over all tables, grouped by event.

    Of a protected member the caller has checked that the clerk is named. One statement a table and one for the reports.
    """
    rows = []
    models = HISTORY_MODELS + (PROTECTED_HISTORY_MODELS if member.protected else [])
    for model in models:
        key = "id" if model is Member else "member_id"
        history = model.history.model.objects.filter(**{key: member.pk}).order_by("history_date", "history_id")  # type: ignore[attr-defined]
        before: dict[int, Any] = {}
        for row in history:
            rows.append((row, before.get(row.id), model))
            before[row.id] = row
    reports = {r.access_event: r for r in ChangeReport.objects.filter(member=member) if r.access_event}
    if member.protected:
        fill_contents(list(reports.values()))
    groups: dict[Any, list] = defaultdict(list)
    for row, previous, model in rows:
        groups[row.event or (row.history_date, row.history_user_id)].append((row, previous, model))
    entries = []
    for event, members in groups.items():
        changes = [c for row, previous, model in members for c in _differences(row, previous, model)]
        if not changes:
            continue
        first = members[0][0]
        entries.append(
            ChangeEntry(
                at=first.history_date,
                user_id=first.history_user_id,
                activity=first.activity or "",
                changes=changes,
                created=any(r.history_type == "+" and m is Member for r, _p, m in members),
                report=reports.get(event),
            )
        )
    entries.sort(key=lambda e: e.at, reverse=True)
    return (entries[:limit] if limit else entries), len(entries)


def _differences(row: Any, previous: Any, model: type) -> list[FieldChange]:
    """Fields that differ from the row before; for a new row, its fields with a value."""
    found = []
    for model_field in model._meta.concrete_fields:  # type: ignore[attr-defined]
        if model_field.name in HIDDEN_FIELDS:
            continue
        new = getattr(row, model_field.attname)
        old = getattr(previous, model_field.attname) if previous is not None else None
        if old == new or (previous is None and new in ("", None, False)):
            continue
        found.append(FieldChange(str(model_field.verbose_name), _shown(model_field, old), _shown(model_field, new)))
    return found


def _shown(model_field: Any, value: Any) -> Any:
    """A value as staff read it: the label of a choice, はい/いいえ, the value itself."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if model_field.choices and value not in (None, ""):
        return dict(model_field.flatchoices).get(value, value)
    return value


def fill_contents(reports: list[ChangeReport]) -> None:
    """Put into protected members' address reports what they replaced, for a clerk who is named. Nothing is stored."""
    kept_apart = {c.report_id: c for c in ProtectedChange.objects.filter(report__in=reports)}
    for report in reports:
        contents = kept_apart.get(report.pk)
        if contents is not None:
            report.before, report.after = contents.before, contents.after


def report_of(report_id: int) -> ChangeReport | None:
    """A report with its member and contents; the caller shows them only where the clerk may see the member."""
    report = ChangeReport.objects.select_related("member").filter(pk=report_id).first()
    if report is not None and report.member.protected:
        fill_contents([report])
    return report


def reports_entered_on(day: date) -> int:
    """How many changes were entered on a day (Tokyo)."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    count = ChangeReport.objects.filter(entered_at__gte=start, entered_at__lt=start + timedelta(days=1)).count()
    population("reports.entered", count)
    return count


def latest_reports(limit: int = 5) -> list[ChangeReport]:
    """The reports entered last, newest first, with their members."""
    return list(ChangeReport.objects.select_related("member").order_by(F("entered_at").desc())[:limit])
