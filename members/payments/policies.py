"""May this account, payment or run be moved now? Each check raises with a sentence for the clerk."""

from __future__ import annotations

from typing import Any

from members.payments.enums import AccountState, PaymentState, RunState
from members.payments.models import BankAccount, Payment, PaymentRun

STALE = "あなたが開いたあとに、ほかの職員が保存しました。いまの内容を確かめて、もう一度行ってください。"


class UnableToPay(Exception):
    """It cannot be done; the text is a sentence for the clerk, naming nobody."""


class Stale(UnableToPay):
    """Somebody saved meanwhile."""


def check_version(row: BankAccount | PaymentRun | Payment, version: int | None) -> None:
    if version is not None and row.version != version:
        raise Stale(STALE)


def check_can_decide_account(account: BankAccount, by: Any) -> None:
    if account.state != AccountState.PROPOSED:
        raise UnableToPay(f"この口座は「{account.get_state_display()}」です。確認できるのは、確認待ちの口座だけです。")
    if account.proposed_by_id == by.pk:
        raise UnableToPay("あなたが入力した口座です。入力した人とは別の職員が確認してください。")


def check_state(run: PaymentRun, *states: RunState) -> None:
    if run.state not in states:
        words = "・".join(state.label for state in states)
        raise UnableToPay(f"この回は「{run.get_state_display()}」です。これは「{words}」のときだけできます。")


def check_can_cancel(payment: Payment) -> None:
    if payment.state != PaymentState.DECIDED:
        raise UnableToPay(
            f"この支払は「{payment.get_state_display()}」です。取りやめられるのは、回に入る前の支払だけです。"
            "依頼済みのときは、銀行に組戻しを頼んでください。"
        )
