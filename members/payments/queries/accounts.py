"""Accounts of a member, and those that wait for a second person."""

from __future__ import annotations

from typing import Any

from members.enrollment import queries as register
from members.payments.enums import AccountState
from members.payments.models import BankAccount


def accounts_of(member_id: int) -> list[BankAccount]:
    """Newest first."""
    return list(BankAccount.objects.filter(member_id=member_id).order_by("-period__startswith", "-pk")[:50])


def account(pk: int) -> BankAccount | None:
    return BankAccount.objects.filter(pk=pk).first()


def waiting(*, user_id: int) -> Any:
    """Accounts to be confirmed, oldest first, without protected people this clerk is not named for."""
    hidden = register.hidden_from(user_id).values("pk")
    return BankAccount.objects.filter(state=AccountState.PROPOSED).exclude(member_id__in=hidden).order_by("proposed_at")
