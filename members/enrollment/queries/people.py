"""One member with everything the member page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from members.enrollment.enums import EligibilityKind, Status
from members.enrollment.models import (
    Address,
    ContactPoint,
    DependantPeriod,
    EligibilityPeriod,
    Member,
    ProtectedAddress,
    ProtectedContact,
    Protection,
)
from members.enrollment.queries.protection import is_named


def latest_of(periods: Any, on: date) -> dict[int, Any]:
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
        reason = period.loss_reason if isinstance(period, EligibilityPeriod) else period.end_reason
        if period.period.upper is not None and reason:
            return Status.ENDING  # entered ahead
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
        visible = is_named(user_id, member.pk)
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
    latest = latest_of(dependant or eligibility, on).get(member.pk)
    return Person(
        member=member,
        on=on,
        status=Status.MERGED if member.merged_into_id else status_of(latest, on),
        visible=True,
        whom=protection.ask if protection else "",
        insured=member.insured,
        eligibility=eligibility,
        own_dependant_periods=dependant,
        family=family,
        addresses=list(address_table.objects.filter(member=member, cancelled=False).order_by("-period__startswith")),
        contacts=list(
            contact_table.objects.filter(member=member).exclude(value="").order_by("kind", "-period__startswith")
        ),
        protection=protection,
    )


def members_by_id(ids: list[int]) -> dict[int, Member]:
    """Members by id, for lines that know only ids (recently opened)."""
    return {m.pk: m for m in Member.objects.filter(pk__in=ids)}


def merged_rows() -> QuerySet[Member]:
    """Rows of people who were registered twice and go on under another row."""
    return Member.objects.filter(merged_into__isnull=False)


def remaining_of(ids: list[int]) -> dict[int, int]:
    """Merged row → the row under which the person goes on today, however often they were merged."""
    found: dict[int, int] = {}
    following = _merged_into(ids)
    while following:
        found |= following
        after = _merged_into(following.values())
        following = {pk: after[to] for pk, to in following.items() if to in after}
    return found


def _merged_into(ids: Iterable[int]) -> dict[int, int]:
    rows = merged_rows().filter(pk__in=set(ids))
    return {row.pk: row.merged_into_id for row in rows if row.merged_into_id is not None}
