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
from privacy.seen import population

STATES = ("due", "booked", "examined", "excluded", "over", "all")


def years() -> list[int]:
    """Fiscal years with a plan, the latest first."""
    return list(YearPlan.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True))


def plan_of(fiscal_year: int) -> YearPlan | None:
    return YearPlan.objects.select_related("job").filter(fiscal_year=fiscal_year).first()


def kinds(*, active: bool = True) -> list[CheckupKind]:
    found = CheckupKind.objects.order_by("order", "pk")
    return list(found.filter(active=True) if active else found)


def statutory_kind() -> CheckupKind | None:
    """特定健診 itself: the first statutory kind."""
    return CheckupKind.objects.filter(statutory=True, active=True).order_by("order", "pk").first()


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


def examined(year: int) -> Exists:
    return Exists(CheckupResult.objects.filter(**_same(year), state=ResultState.MATCHED, statutory=True))


def booked(year: int) -> Exists:
    return Exists(Booking.objects.filter(**_same(year), state=BookingState.BOOKED))


def excluded(year: int) -> Exists:
    return Exists(TargetExclusion.objects.filter(**_same(year), ended=False))


def targets(year: int, kind_id: int, *, today: date, state: str = "all", employer_id: int | None = None, relation: str = "", all_year: bool = False) -> Any:  # fmt: skip
    """Targets of a year and kind in one state: due means neither examined, booked nor excluded, with days left; over,
    that none are left."""
    found = Target.objects.filter(fiscal_year=year, kind_id=kind_id, gone=False)
    if state == "due":
        found = found.filter(~examined(year) & ~booked(year) & ~excluded(year), until__gte=today)
    elif state == "over":
        found = found.filter(~examined(year) & ~booked(year) & ~excluded(year), until__lt=today)
    elif state == "booked":
        found = found.filter(booked(year) & ~examined(year))
    elif state == "examined":
        found = found.filter(examined(year))
    elif state == "excluded":
        found = found.filter(excluded(year) & ~examined(year))
    if employer_id is not None:
        found = found.filter(employer_id=employer_id)
    if relation:
        found = found.filter(insured=relation == "insured")
    if all_year:
        found = found.filter(all_year=True)
    return found


def state_counts(year: int, kind_id: int, today: date) -> dict[str, int]:
    """How many people stand in each state. One statement."""
    found = (
        Target.objects.filter(fiscal_year=year, kind_id=kind_id, gone=False)
        .annotate(done=examined(year), waits=booked(year), out=excluded(year))
        .aggregate(
            all=Count("pk"),
            examined=Count("pk", filter=Q(done=True)),
            booked=Count("pk", filter=Q(done=False, waits=True)),
            excluded=Count("pk", filter=Q(done=False, waits=False, out=True)),
            due=Count("pk", filter=Q(done=False, waits=False, out=False, until__gte=today)),
            over=Count("pk", filter=Q(done=False, waits=False, out=False, until__lt=today)),
            counted=Count("pk", filter=Q(all_year=True) & (Q(out=False) | Q(done=True))),
            counted_examined=Count("pk", filter=Q(all_year=True, done=True)),
        )
    )
    population("対象者の人数", found["all"])
    return found


@dataclass(frozen=True)
class Course:
    """How far one person of a page has come: booking, voucher, result, exclusion of the year."""

    booking: Booking | None = None
    voucher: Voucher | None = None
    result: CheckupResult | None = None
    exclusion: TargetExclusion | None = None


def courses(member_ids: list[int], year: int, kind_id: int) -> dict[int, Course]:
    """Four statements for any number of people."""
    where = {"member_id__in": member_ids, "fiscal_year": year}
    bookings = {
        row.member_id: row
        for row in Booking.objects.select_related("institution").filter(**where, state=BookingState.BOOKED)
    }
    vouchers = {
        row.member_id: row for row in Voucher.objects.filter(**where, kind_id=kind_id, state=VoucherState.ISSUED)
    }
    results = {
        row.member_id: row
        for row in CheckupResult.objects.defer("observations").filter(
            **where, state=ResultState.MATCHED, statutory=True
        )
    }
    exclusions = {row.member_id: row for row in TargetExclusion.objects.filter(**where, ended=False)}
    return {pk: Course(bookings.get(pk), vouchers.get(pk), results.get(pk), exclusions.get(pk)) for pk in member_ids}


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


def bookings(year: int, *, institution_id: int | None = None) -> Any:
    """Bookings still to come or past, by day."""
    found = Booking.objects.select_related("kind", "institution").filter(fiscal_year=year, state=BookingState.BOOKED)
    if institution_id is not None:
        found = found.filter(institution_id=institution_id)
    return found.order_by("date", "pk")
