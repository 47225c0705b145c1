"""What was done with the accounts of a member, step by step, from the history the database keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.payments.enums import AccountStep
from members.payments.models import BankAccount

MOST = 50


@dataclass(frozen=True)
class AccountChange:
    """One step of one account. note: the reason that was written with it."""

    account_id: int
    at: datetime
    user_id: int | None
    step: AccountStep
    note: str
    number_tail: str
    row: Any


def account_changes(member_id: int) -> list[AccountChange]:
    """Newest first. One statement."""
    rows = BankAccount.history.model.objects.filter(member_id=member_id)  # type: ignore[attr-defined]
    before: dict[int, Any] = {}
    found = []
    for row in rows.order_by("history_date", "history_id"):
        step, note = _step(row, before.get(row.id))
        before[row.id] = row
        if step is not None:
            found.append(AccountChange(row.id, row.history_date, row.history_user_id, step, note, row.number_tail, row))
    return found[::-1][:MOST]


def _step(row: Any, former: Any) -> tuple[AccountStep | None, str]:
    """What was done between two rows of the history."""
    if former is None:
        # Of an account that came over from a merged row, the history begins with the row as it came.
        return (AccountStep.ENTERED if row.state == "proposed" else AccountStep.CAME_OVER), row.relation_reason
    if row.state != former.state:
        return (AccountStep.CONFIRMED, "") if row.state == "confirmed" else (AccountStep.SENT_BACK, row.reject_reason)
    if row.ended_by_id != former.ended_by_id:
        return AccountStep.END_CONFIRMED, row.ending_reason
    if row.ending_date != former.ending_date and row.ending_date is not None:
        return AccountStep.END_ENTERED, row.ending_reason
    if row.period != former.period:
        return AccountStep.REPLACED, ""
    if row.ending_date != former.ending_date:
        return AccountStep.END_WITHDRAWN, former.ending_reason
    return None, ""
