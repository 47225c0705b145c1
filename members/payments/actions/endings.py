"""口座の終わり: entered with a reason, confirmed by another person, or taken back. Until then nothing is paid there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.payments import policies
from members.payments.actions.accounts import ENDING, _locked, _save, forget_end
from members.payments.models import BankAccount
from members.payments.policies import UnableToPay


@transaction.atomic
def propose_end(*, by: Any, account_id: int, version: int, end: date, reason: str) -> BankAccount:
    """終わりの入力: from `end` on no payment goes there, once a second person confirmed it. Raises UnableToPay."""
    account = _locked(by, account_id, version)
    policies.check_can_end(account, end)
    if not reason.strip():
        raise UnableToPay("口座を終わらせる理由を書いてください（解約の届、名義の変更など）。")
    account.ending_date, account.ending_reason = end, reason.strip()
    account.ending_by_id, account.ending_at = by.pk, timezone.now()
    return _save(account, *ENDING)


@transaction.atomic
def confirm_end(*, by: Any, account_id: int, version: int) -> BankAccount:
    """終わりの確認: by another person than who entered it. The period ends on the day that was entered."""
    account = _locked(by, account_id, version)
    policies.check_can_decide_end(account, by)
    assert account.ending_date is not None
    policies.check_end_day(account, account.ending_date)
    account.period = (account.period.lower, account.ending_date)
    account.ended_by_id, account.ended_at = by.pk, timezone.now()
    return _save(account, "period", "ended_by_id", "ended_at")


@transaction.atomic
def withdraw_end(*, by: Any, account_id: int, version: int) -> BankAccount:
    """終わりの取り下げ: by anybody, also by who entered it; the account is used again. The history keeps what was entered."""
    account = _locked(by, account_id, version)
    policies.check_end_waits(account)
    forget_end(account)
    return _save(account, *ENDING)
