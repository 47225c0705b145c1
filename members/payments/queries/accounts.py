"""Accounts of a member, and those that wait for a second person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from members.enrollment import queries as register
from members.payments.enums import AccountState
from members.payments.models import BankAccount


def accounts_of(member_id: int) -> list[BankAccount]:
    """Newest first."""
    return list(BankAccount.objects.filter(member_id=member_id).order_by("-period__startswith", "-pk")[:50])


def account(pk: int) -> BankAccount | None:
    return BankAccount.objects.filter(pk=pk).first()


def waiting(*, user_id: int) -> Any:
    """Accounts, and ends of accounts, that wait for a second person, oldest first, without protected people this clerk is
    not named for."""
    hidden = register.hidden_from(user_id).values("pk")
    ending = Q(state=AccountState.CONFIRMED, ending_date__isnull=False, ended_by_id__isnull=True)
    found = BankAccount.objects.filter(Q(state=AccountState.PROPOSED) | ending).exclude(member_id__in=hidden)
    return found.order_by(Coalesce("ending_at", "proposed_at"), "pk")


def in_use(member_id: int, on: date) -> BankAccount | None:
    """The confirmed account of the day."""
    return BankAccount.objects.filter(member_id=member_id, state=AccountState.CONFIRMED, period__contains=on).first()


def proposed(member_id: int) -> BankAccount | None:
    """The account that waits for a second person."""
    return BankAccount.objects.filter(member_id=member_id, state=AccountState.PROPOSED).first()
