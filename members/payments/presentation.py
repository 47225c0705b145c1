"""States as shape, word and colour; a run as its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kumiai.ui.status import StatusLabel, labelled
from members.payments.enums import AccountState, PaymentState, RunState
from members.payments.files.layout import ResultPlace

_RUN = {
    RunState.COLLECTING: ("○", "ended"),
    RunState.CHECKED: ("◐", "between"),
    RunState.APPROVED: ("◐", "between"),
    RunState.WRITTEN: ("▲", "care"),
    RunState.SETTLED: ("●", "good"),
    RunState.CANCELLED: ("○", "ended"),
}
_PAYMENT = {
    PaymentState.DECIDED: ("○", "ended"),
    PaymentState.COLLECTED: ("○", "ended"),
    PaymentState.WRITTEN: ("◐", "between"),
    PaymentState.PAID: ("●", "good"),
    PaymentState.RETURNED: ("▲", "bad"),
    PaymentState.REPAID: ("○", "ended"),
    PaymentState.CANCELLED: ("○", "ended"),
}
_ACCOUNT = {
    AccountState.PROPOSED: ("▲", "care"),
    AccountState.CONFIRMED: ("●", "good"),
    AccountState.REJECTED: ("○", "ended"),
}


def run_status(state: str) -> StatusLabel:
    return labelled(RunState(state), _RUN)


def payment_status(state: str) -> StatusLabel:
    return labelled(PaymentState(state), _PAYMENT)


def account_status(state: str) -> StatusLabel:
    return labelled(AccountState(state), _ACCOUNT)


@dataclass(frozen=True)
class Step:
    """One step of a run with its totals (yen); None where the step is still to come."""

    label: str
    count: int | None
    amount: int | None
    who: str


def steps(run: Any, names: dict[int, str]) -> list[Step]:
    """Every step with what was counted there, so that a clerk sees the same yen go through."""

    def name(pk: int | None) -> str:
        return names.get(pk or 0, "―")

    def step(label: str, reached: object, count: int, amount: int, who: str) -> Step:
        return Step(label, count, amount, who) if reached else Step(label, None, None, who)

    ended = run.paid_count + run.returned_count
    open_amount = run.amount - run.paid_amount - run.returned_amount
    return [
        step("集計", True, run.count, run.amount, name(run.collected_by_id)),
        step("点検", run.checked_by_id, run.count, run.amount, name(run.checked_by_id)),
        step("承認", run.approved_by_id, run.count, run.amount, name(run.approved_by_id)),
        step("ファイル", run.written_by_id, run.count, run.amount, name(run.written_by_id)),
        step("振り込まれた", ended, run.paid_count, run.paid_amount, "銀行"),
        step("戻された", ended, run.returned_count, run.returned_amount, "銀行"),
        step("結果を待つ", run.written_by_id, run.count - ended, open_amount, "銀行"),
    ]


def told(payment: Any, place: ResultPlace | None) -> str:
    """Why a payment came back, in the words agreed with the bank; empty for one that did not."""
    if payment.state not in (PaymentState.RETURNED, PaymentState.REPAID):
        return ""
    if not payment.result_code:
        return "組戻し"
    meaning = place.codes.get(payment.result_code) if place else None
    return meaning or f"符号{payment.result_code}"
