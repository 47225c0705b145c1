"""May this account, payment or run be moved now? Each check raises with a sentence for the clerk."""

from __future__ import annotations

from datetime import date
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


def check_can_end(account: BankAccount, end: date) -> None:
    if account.ending:
        raise UnableToPay("この口座の終わりは、すでに入力されています。確認するか、取り下げてください。")
    if account.state != AccountState.CONFIRMED or account.ended_by_id is not None:
        raise UnableToPay("終わらせられるのは、いま使っている確認済みの口座だけです。")
    check_end_day(account, end)


def check_end_day(account: BankAccount, end: date) -> None:
    if end <= account.period.lower:
        raise UnableToPay("終わりの日は、始まりの日より後にしてください。")
    if account.period.upper is not None and end >= account.period.upper:
        raise UnableToPay("この口座は、その日にはもう終わっています。終わりの日を確かめてください。")


def check_end_waits(account: BankAccount) -> None:
    if not account.ending:
        raise UnableToPay("この口座には、確認を待つ終わりの入力がありません。")


def check_can_decide_end(account: BankAccount, by: Any) -> None:
    check_end_waits(account)
    if account.ending_by_id == by.pk:
        raise UnableToPay("あなたが入力した終わりです。入力した人とは別の職員が確認してください。")


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
