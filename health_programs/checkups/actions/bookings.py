"""予約 and 受診券: taken, changed, cancelled; issued one by one or for everybody due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef

from health_programs.checkups import policies
from health_programs.checkups.enums import BookingState, VoucherState
from health_programs.checkups.models import (
    Booking,
    CheckupKind,
    CheckupResult,
    Institution,
    Target,
    TargetExclusion,
    Voucher,
    YearPlan,
)
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.rules import ages, vouchers
from kumiai.jobs.actions import start_job
from privacy.seen import population, shown

ISSUE = "checkups.issue_vouchers"
# One issue of vouchers at a time takes the next serials of a year: first key of the advisory lock, second the year.
SERIAL_LOCK = 0x766F7563


def _target(member_id: int, fiscal_year: int, kind: CheckupKind) -> Target | None:
    return Target.objects.filter(member_id=member_id, fiscal_year=fiscal_year, kind=kind).first()


@transaction.atomic
def book(*, by: Any, member_id: int, kind: CheckupKind, institution: Institution, day: date, note: str) -> Booking:
    """予約を受ける. Raises UnableToMove outside the days in which the person may be examined, or where one stands."""
    year = ages.fiscal_year(day)
    policies.check_can_book(_target(member_id, year, kind), day)
    try:
        with transaction.atomic():
            return Booking.objects.create(
                member_id=member_id, fiscal_year=year, kind=kind, institution=institution, date=day, note=note,
                entered_by_id=by.pk,
            )  # fmt: skip
    except IntegrityError:
        raise UnableToMove("この年度の同じ健診の予約がすでにあります。取り消してから入れ直してください。") from None


@transaction.atomic
def cancel_booking(*, by: Any, booking_id: int, member_id: int) -> Booking:
    """予約を取り消す."""
    booking = Booking.objects.select_for_update(of=("self",)).filter(pk=booking_id, member_id=member_id).first()
    if booking is None:
        raise UnableToMove("この人の予約ではありません。")
    policies.check_can_cancel_booking(booking)
    booking.state, booking.version = BookingState.CANCELLED, booking.version + 1
    booking.save(update_fields=["state", "version"])
    return booking


def attended(member_ids: list[int], fiscal_year: int) -> int:
    """Bookings of people whose result has come are done with."""
    found = Booking.objects.filter(
        member_id__in=member_ids, fiscal_year=fiscal_year, kind__statutory=True, state=BookingState.BOOKED
    )
    shown(member_ids)
    return found.update(state=BookingState.ATTENDED, version=F("version") + 1)


def _next_serial(fiscal_year: int, kind: str) -> int:
    """The next serial of a year, held until the transaction ends: numbers have no gaps and are given once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SERIAL_LOCK, fiscal_year])
    prefix = f"{fiscal_year % 100:02d}{kind}"
    last = Voucher.objects.filter(number__startswith=prefix, fiscal_year=fiscal_year).aggregate(last=Max("number"))[
        "last"
    ]
    population("受診券の番号", 1)
    return vouchers.parse(last).serial + 1 if last else 1


@transaction.atomic
def issue_voucher(*, by: Any, member_id: int, fiscal_year: int, kind: CheckupKind, today: date) -> Voucher:
    """受診券を交付する to one person. Raises UnableToMove where they are not due or hold one."""
    target = _target(member_id, fiscal_year, kind)
    if target is None or target.gone:
        raise UnableToMove("この年度の、この健診の対象者ではありません。")
    serial = _next_serial(fiscal_year, kind.voucher_type or "1")
    try:
        with transaction.atomic():
            return Voucher.objects.create(
                member_id=member_id,
                fiscal_year=fiscal_year,
                kind=kind,
                number=vouchers.build(fiscal_year, kind.voucher_type or "1", serial),
                issued_date=today,
                valid_until=min(target.until, ages.last_day(fiscal_year)),
                issued_by_id=by.pk,
            )
    except IntegrityError:
        raise UnableToMove("この年度の受診券は交付済みです。無効にしてから再交付してください。") from None


@transaction.atomic
def recall_voucher(*, by: Any, voucher_id: int, member_id: int, reason: str) -> Voucher:
    """受診券を無効にする, with the reason."""
    voucher = Voucher.objects.select_for_update(of=("self",)).filter(pk=voucher_id, member_id=member_id).first()
    if voucher is None:
        raise UnableToMove("この人の受診券ではありません。")
    policies.check_can_recall(voucher)
    voucher.state, voucher.reason = VoucherState.RECALLED, reason
    voucher.save(update_fields=["state", "reason"])
    return voucher


@transaction.atomic
def start_issue(*, by: Any, plan: YearPlan, kind: CheckupKind) -> Any:
    """受診券をまとめて交付: everybody due who holds none and was not examined. A job."""
    from health_programs.checkups.activities import CHECKUP_ADMINISTRATION

    return start_job(
        kind=ISSUE,
        parameters={"year": plan.fiscal_year, "kind": kind.pk},
        activity_code=CHECKUP_ADMINISTRATION.code,
        by=by,
    )


def without_voucher(fiscal_year: int, kind_id: int) -> Any:
    """Targets who are due, hold no voucher, were not examined and are not excluded."""
    same = {"member_id": OuterRef("member_id"), "fiscal_year": fiscal_year}
    return Target.objects.filter(fiscal_year=fiscal_year, kind_id=kind_id, gone=False).exclude(
        Exists(Voucher.objects.filter(**same, kind_id=kind_id, state=VoucherState.ISSUED))
        | Exists(CheckupResult.objects.filter(**same, state="matched", statutory=True))
        | Exists(TargetExclusion.objects.filter(**same, ended=False))
    )


def waiting_for_voucher(fiscal_year: int, kind_id: int, today: date) -> int:
    """How many people a bulk issue would give a voucher to."""
    found = without_voucher(fiscal_year, kind_id).filter(until__gte=today).count()
    population("受診券を待つ人", found)
    return int(found)


@transaction.atomic
def issue_some(*, by_id: int, fiscal_year: int, kind_id: int, today: date, limit: int = 500) -> int:
    """The next vouchers of a bulk issue, in the order of members. How many; 0 when everybody has one."""
    kind = CheckupKind.objects.get(pk=kind_id)
    first = _next_serial(fiscal_year, kind.voucher_type or "1")
    rows = list(without_voucher(fiscal_year, kind_id).filter(until__gte=today).order_by("member_id")[:limit])
    Voucher.objects.bulk_create(
        Voucher(
            member_id=row.member_id,
            fiscal_year=fiscal_year,
            kind=kind,
            number=vouchers.build(fiscal_year, kind.voucher_type or "1", first + place),
            issued_date=today,
            valid_until=min(row.until, ages.last_day(fiscal_year)),
            issued_by_id=by_id,
        )
        for place, row in enumerate(rows)
    )
    return len(rows)
