"""対象者: who is due in a year, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from health_programs.checkups.enums import BookingState, ResultState, VoucherState
from health_programs.checkups.models import (
    Booking,
    CheckupKind,
    CheckupResult,
    ContractPrice,
    Institution,
    Target,
    TargetExclusion,
    Voucher,
    YearPlan,
)
from health_programs.checkups.queries.paging import without_hidden
from privacy.seen import population, shown


def years() -> list[int]:
    """Fiscal years with a plan, the latest first."""
    return list(YearPlan.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True))


def plan_of(fiscal_year: int) -> YearPlan | None:
    return YearPlan.objects.select_related("job").filter(fiscal_year=fiscal_year).first()


def kinds(*, active: bool = True) -> list[CheckupKind]:
    found = CheckupKind.objects.order_by("order", "pk")
    return list(found.filter(active=True) if active else found)


def institutions(*, active: bool = True) -> list[Institution]:
    found = Institution.objects.order_by("code")
    return list(found.filter(active=True) if active else found)


def prices_of(institution_id: int) -> list[ContractPrice]:
    return list(
        ContractPrice.objects.select_related("kind")
        .filter(institution_id=institution_id)
        .order_by("kind__order", "-period")
    )


def _same(year: int) -> dict[str, Any]:
    return {"member_id": OuterRef("member_id"), "fiscal_year": year}


def examined(year: int, kind: CheckupKind) -> Exists:
    """特定健診 by its result, whichever kind brought it; other kinds by a booking that was attended."""
    if kind.statutory:
        return Exists(CheckupResult.objects.filter(**_same(year), state=ResultState.MATCHED, statutory=True))
    return Exists(Booking.objects.filter(**_same(year), kind=kind, state=BookingState.ATTENDED))


def booked(year: int, kind: CheckupKind) -> Exists:
    found = Booking.objects.filter(**_same(year), state=BookingState.BOOKED)
    return Exists(found.filter(kind__statutory=True) if kind.statutory else found.filter(kind=kind))


def excluded(year: int) -> Exists:
    return Exists(TargetExclusion.objects.filter(**_same(year), ended=False))


def _due(year: int, kind: CheckupKind, user_id: int) -> Any:
    """Who is due, with what became of each: done, waits (a booking), out (excluded)."""
    rows = without_hidden(Target.objects.filter(fiscal_year=year, kind=kind, gone=False), user_id)
    return rows.alias(done=examined(year, kind), waits=booked(year, kind), out=excluded(year))


def _states(today: date) -> dict[str, Q]:
    """State → its condition; every target is in exactly one. due has days left, over has none."""
    left = Q(done=False, waits=False, out=False)
    return {
        "examined": Q(done=True),
        "booked": Q(done=False, waits=True),
        "excluded": Q(done=False, waits=False, out=True),
        "due": left & Q(until__gte=today),
        "over": left & Q(until__lt=today),
    }


def targets(year: int, kind: CheckupKind, *, user_id: int, today: date, state: str = "all", employer_id: int | None = None, relation: str = "") -> Any:  # fmt: skip
    """Targets of a year and kind in one state of `_states`, or all of them."""
    found = _due(year, kind, user_id)
    if state != "all":
        found = found.filter(_states(today)[state])
    if employer_id is not None:
        found = found.filter(employer_id=employer_id)
    if relation:
        found = found.filter(insured=relation == "insured")
    return found


def state_counts(year: int, kind: CheckupKind, *, user_id: int, today: date) -> dict[str, int]:
    """How many people stand in each state, how many the state counts (counted, counted_examined), and how many protected
    people are left out. Two statements."""
    found = _due(year, kind, user_id).aggregate(
        all=Count("pk"),
        counted=Count("pk", filter=Q(all_year=True) & (Q(out=False) | Q(done=True))),
        counted_examined=Count("pk", filter=Q(all_year=True, done=True)),
        **{state: Count("pk", filter=condition) for state, condition in _states(today).items()},
    )
    everybody = Target.objects.filter(fiscal_year=year, kind=kind, gone=False).count()
    population("対象者の人数", everybody)
    return found | {"left_out": everybody - found["all"]}


@dataclass(frozen=True)
class Course:
    """How far one person of a page has come: booking, voucher, day of the examination, exclusion of the year."""

    booking: Booking | None = None
    voucher: Voucher | None = None
    examined: date | None = None
    exclusion: TargetExclusion | None = None


def courses(member_ids: list[int], year: int, kind: CheckupKind) -> dict[int, Course]:
    """Four statements for any number of people."""
    where = {"member_id__in": member_ids, "fiscal_year": year}
    of_kind = {"kind__statutory": True} if kind.statutory else {"kind": kind}
    rows = list(
        Booking.objects.select_related("institution")
        .filter(**where, **of_kind)
        .exclude(state=BookingState.CANCELLED)
        .order_by("pk")
    )
    bookings = {row.member_id: row for row in rows if row.state == BookingState.BOOKED}
    if kind.statutory:
        results = CheckupResult.objects.filter(**where, state=ResultState.MATCHED, statutory=True)
        days = dict(results.values_list("member_id", "exam_date"))
        shown(days)
    else:
        days = {row.member_id: row.date for row in rows if row.state == BookingState.ATTENDED}
    vouchers = {row.member_id: row for row in Voucher.objects.filter(**where, kind=kind, state=VoucherState.ISSUED)}
    exclusions = {row.member_id: row for row in TargetExclusion.objects.filter(**where, ended=False)}
    return {pk: Course(bookings.get(pk), vouchers.get(pk), days.get(pk), exclusions.get(pk)) for pk in member_ids}


def targets_of(member_id: int) -> list[Target]:
    """What one person is or was due for, the latest year first."""
    return list(
        Target.objects.select_related("kind").filter(member_id=member_id).order_by("-fiscal_year", "kind__order")
    )


def bookings_of(member_id: int) -> list[Booking]:
    return list(
        Booking.objects.select_related("kind", "institution").filter(member_id=member_id).order_by("-date", "-pk")
    )


def vouchers_of(member_id: int) -> list[Voucher]:
    return list(Voucher.objects.select_related("kind").filter(member_id=member_id).order_by("-issued_date", "-pk"))


def exclusions_of(member_id: int) -> list[TargetExclusion]:
    return list(TargetExclusion.objects.filter(member_id=member_id).order_by("-fiscal_year", "-pk"))


def bookings(year: int, *, user_id: int, institution_id: int | None = None) -> Any:
    """Bookings without a result yet, by day."""
    rows = without_hidden(Booking.objects.all(), user_id)
    found = rows.select_related("kind", "institution").filter(fiscal_year=year, state=BookingState.BOOKED)
    if institution_id is not None:
        found = found.filter(institution_id=institution_id)
    return found.order_by("date", "pk")
