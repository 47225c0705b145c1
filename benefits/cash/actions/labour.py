"""事業主の証明: entered for a case, taken back, never changed in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from benefits.cash import policies
from benefits.cash.actions.cases import refresh_findings
from benefits.cash.actions.common import locked, step, touched
from benefits.cash.models import LabourCertificate, LabourPay
from benefits.cash.policies import UnableToProcess

DAY = timedelta(days=1)
WORKED, LEAVE, HOLIDAY, ABSENT = "worked", "leave", "holiday", "absent"


@dataclass(frozen=True)
class Paid:
    """Remuneration of a stretch of days as certified: yen, and how it is divided (rules.calendar.Pay)."""

    label: str
    first: date
    last: date
    amount: int
    per: str


@dataclass(frozen=True)
class Certified:
    """What the employer certified. days: what each day was; a day that is not given was an absence."""

    first: date
    last: date
    certified: date
    employer: str
    days: Mapping[date, str]
    pay: Sequence[Paid] = field(default=())
    note: str = ""


def _check(given: Certified, case: Any, today: date) -> None:
    if given.last < given.first:
        raise UnableToProcess("証明した期間の末日が初日より前です。")
    if given.first < case.first - DAY * 400 or given.last > case.last + DAY * 31:
        raise UnableToProcess("証明した期間が、請求の期間と大きく離れています。年と月を確かめてください。")
    if given.certified > today:
        raise UnableToProcess("証明した日が今日より後です。")
    if given.certified < given.last:
        raise UnableToProcess(
            "証明した日より後の日が証明されています。事業主は、過ぎた日についてだけ証明できます（則84条2項2号）。"
        )
    outside = [day for day in given.days if not given.first <= day <= given.last]
    if outside:
        raise UnableToProcess(f"{min(outside).isoformat()} は、証明した期間の外の日です。")
    for piece in given.pay:
        if piece.last < piece.first:
            raise UnableToProcess(f"「{piece.label}」の期間の末日が初日より前です。")


@transaction.atomic
def enter_certificate(
    *, by: Any, case_id: int, version: int | None, given: Certified, today: date
) -> LabourCertificate:
    """証明を入力する. Raises UnableToProcess for periods that cannot be, and Stale."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    _check(given, case, today)
    row = LabourCertificate.objects.create(
        case=case, member_id=case.member_id, first=given.first, last=given.last, certified_date=given.certified,
        employer=given.employer, note=given.note, entered_by_id=by.pk,
        worked=sorted(day for day, what in given.days.items() if what == WORKED),
        leave=sorted(day for day, what in given.days.items() if what == LEAVE),
        holidays=sorted(day for day, what in given.days.items() if what == HOLIDAY),
    )  # fmt: skip
    for piece in given.pay:
        LabourPay.objects.create(
            member_id=case.member_id, certificate=row, label=piece.label, first=piece.first, last=piece.last,
            amount=piece.amount, per=piece.per,
        )  # fmt: skip
    touched(case)
    step(case, move="certify", by=by, before=case.state)
    refresh_findings(case)
    return row


@transaction.atomic
def cancel_certificate(*, by: Any, case_id: int, version: int | None, certificate_id: int) -> LabourCertificate:
    """証明を取り消す: it was entered wrongly; the row is kept."""
    case = locked(case_id, version)
    policies.check_can_edit(case)
    row = LabourCertificate.objects.filter(case=case, pk=certificate_id, cancelled=False).first()
    if row is None:
        raise UnableToProcess("この証明は、すでに取り消されています。")
    row.cancelled = True
    row.version += 1
    row.save(update_fields=["cancelled", "version"])
    touched(case)
    step(case, move="uncertify", by=by, before=case.state)
    refresh_findings(case)
    return row
