"""支払の登録 and its cancelling: called by the app that decided, inside its own activity and transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from members.enrollment import queries as register
from members.payments import policies, sources
from members.payments.enums import LIVE, PaymentState
from members.payments.models import Payment
from members.payments.policies import UnableToPay


@transaction.atomic
def order_payment(
    *, by: Any, source: str, source_id: int, member_id: int, amount: int, due_date: date, decided_by: int
) -> Payment:
    """Order that a decision be paid: `amount` yen on `due_date`. The caller's activity writes "payments.Payment".

    Asked again with the same values it gives the payment that stands; so a double click orders once. Raises UnableToPay
    for an unknown source, for an amount that is not above zero, and when another amount already stands for the decision.
    An order for a row that was merged is one for the row that remains.
    """
    if sources.source_of(source) is None:
        raise UnableToPay(f"支払の元 {source} は登録されていません。")
    if amount <= 0:
        raise UnableToPay("支払う金額は1円以上にしてください。")
    remaining = register.remaining_of([member_id]).get(member_id, member_id)
    attempts = list(Payment.objects.select_for_update().filter(source=source, source_id=source_id).order_by("attempt"))
    for standing in attempts:
        if standing.state in LIVE:
            same_person = standing.member_id in (member_id, remaining)
            if same_person and (standing.amount, standing.due_date) == (amount, due_date):
                return standing
            raise UnableToPay("この決定の支払は、すでに別の内容で登録されています。先にその支払を取りやめてください。")
    last = attempts[-1] if attempts else None
    if last is not None and last.state == PaymentState.RETURNED:
        raise UnableToPay("この決定の支払は戻されています。支払の画面で口座を直し、再支払してください。")
    payment = Payment(
        member_id=remaining,
        source=source,
        source_id=source_id,
        attempt=last.attempt + 1 if last else 1,
        amount=amount,
        due_date=due_date,
        decided_by_id=decided_by,
        ordered_by_id=by.pk,
    )
    payment.save()
    return payment


@transaction.atomic
def cancel_order(*, by: Any, source: str, source_id: int) -> Payment | None:
    """Take back an order that no run holds yet; None where none stands. Raises UnableToPay once a run holds it."""
    payment = Payment.objects.select_for_update().filter(source=source, source_id=source_id, state__in=LIVE).first()
    if payment is None:
        return None
    policies.check_can_cancel(payment)
    payment.state = PaymentState.CANCELLED
    payment.version += 1
    payment.save(update_fields=["state", "version"])
    return payment
