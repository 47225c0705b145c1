"""States as shape, word and colour; a run as its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kumiai.ui.status import StatusLabel, labelled
from members.payments.enums import AccountState, PaymentState, RunState

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
    note: str = ""


def steps(run: Any, names: dict[int, str]) -> list[Step]:
    """Every step with what was counted there, so that a clerk sees the same yen go through."""

    def name(pk: int | None) -> str:
        return names.get(pk or 0, "―")

    whole = (run.count, run.amount)
    none = (None, None)
    ended = run.paid_count + run.returned_count
    return [
        Step("集計", *whole, name(run.collected_by_id)),
        Step("点検", *(whole if run.checked_by_id else none), name(run.checked_by_id)),
        Step("承認", *(whole if run.approved_by_id else none), name(run.approved_by_id)),
        Step("ファイル", *(whole if run.written_by_id else none), name(run.written_by_id)),
        Step("振り込まれた", *((run.paid_count, run.paid_amount) if ended else none), "銀行"),
        Step("戻された", *((run.returned_count, run.returned_amount) if ended else none), "銀行"),
        Step(
            "結果を待つ",
            *((run.count - ended, run.amount - run.paid_amount - run.returned_amount) if run.written_by_id else none),
            "銀行",
        ),
    ]
