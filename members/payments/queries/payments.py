"""Payments as the app that decided them sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from members.payments.enums import PaymentState
from members.payments.models import Payment


@dataclass(frozen=True)
class PaymentFact:
    """One attempt to pay a decision. amount: yen. paid_on: the day of transfer, once the bank did it."""

    payment_id: int
    source_id: int
    attempt: int
    amount: int
    due_date: date
    state: PaymentState
    run_id: int | None
    paid_on: date | None

    @property
    def label(self) -> str:
        return str(self.state.label)


def payments_of(source: str, source_ids: Iterable[int]) -> dict[int, list[PaymentFact]]:
    """Of each decision its attempts, oldest first; a decision never ordered is not in it. One statement."""
    found: dict[int, list[PaymentFact]] = {}
    rows = Payment.objects.filter(source=source, source_id__in=list(source_ids)).order_by("source_id", "attempt")
    for row in rows:
        state = PaymentState(row.state)
        fact = PaymentFact(
            row.pk, row.source_id, row.attempt, row.amount, row.due_date, state, row.run_id,
            row.result_date if state == PaymentState.PAID else None,
        )  # fmt: skip
        found.setdefault(row.source_id, []).append(fact)
    return found


def payments_to(member_id: int, most: int = 50) -> list[Payment]:
    """What was and will be paid to a member, newest first."""
    return list(Payment.objects.filter(member_id=member_id).order_by("-due_date", "-pk")[:most])
