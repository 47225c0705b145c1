"""Invented accounts of the demonstration members, and runs in every state of whatever payments wait.

Written by the actions of the portal in the scope of their own work, so it runs as a serving login role. Nobody is paid
here that no decision ordered: without a source of payments there are accounts and no runs.
"""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from members.enrollment import queries as register
from members.payments.actions import accounts, runs
from members.payments.activities import BENEFIT_PAYMENT
from members.payments.enums import AccountState, Relation
from members.payments.models import BankAccount, PaymentRun
from members.payments.policies import UnableToPay
from members.payments.queries import find_branch
from members.payments.rules.days import transfer_day
from privacy.scope import Way, scope
from privacy.seen import shown

WAY = Way(name="デモの仕事", view="payments.demo")
PLACES = (("0001", "001"), ("0005", "001"), ("0009", "001"), ("0010", "100"), ("9900", "018"))
MOST = 400
WAITING = 6


def load(seed: int, today: date) -> dict[str, int]:
    """Accounts for most insured members, a few of them waiting; then runs, if payments wait. Once."""
    users = get_user_model().objects
    clerk, second = users.get(staff_number="1002"), users.get(staff_number="1006")
    chance = random.Random(seed)
    with scope(BENEFIT_PAYMENT, clerk, operation="decide", way=WAY):
        if BankAccount.objects.first() is not None:
            return {"口座": 0, "支払の回": 0}
        made = _accounts(chance, clerk, second, today)
        found = _runs(clerk, second, today)
    return {"口座": made, "支払の回": found}


def _accounts(chance: random.Random, clerk: Any, second: Any, today: date) -> int:
    members = register.members_in("all", today).filter(insured__isnull=True, protected=False).order_by("pk")[:MOST]
    made = 0
    people = list(members)
    shown(member.pk for member in people)
    for number, member in enumerate(people):
        if number % 12 == 11:
            continue  # no account yet
        bank, branch = PLACES[chance.randrange(len(PLACES))]
        if find_branch(bank, branch) is None:
            bank, branch = PLACES[0]
        typed = accounts.Typed(
            since=date(2022, 4, 1) if number >= WAITING else today + timedelta(days=1),
            bank_code=bank,
            branch_code=branch,
            kind=1,
            number=f"{chance.randrange(10**7):07d}",
            holder=member.kana,
            relation=Relation.SELF if number % 40 else Relation.AGENT,
            relation_reason="" if number % 40 else "委任状を確認",
        )
        try:
            account = accounts.propose_account(by=clerk, member_id=member.pk, typed=typed)
        except UnableToPay:
            continue  # a name that no bank writes
        if number >= WAITING:
            accounts.confirm_account(by=second, account_id=account.pk, version=account.version)
        made += 1
    return made


def _runs(clerk: Any, second: Any, today: date) -> int:
    """One run approved, or none where nothing waits."""
    if not BankAccount.objects.filter(state=AccountState.CONFIRMED)[:1]:
        return 0
    try:
        run = runs.collect_run(
            by=clerk, kind="21", day=transfer_day(today, frozenset()), key=uuid.uuid5(uuid.NAMESPACE_OID, "demo")
        )
    except UnableToPay:
        return PaymentRun.objects.count()
    run = runs.check_run(by=clerk, run_id=run.pk, version=run.version)
    runs.approve_run(by=second, run_id=run.pk, version=run.version)
    return PaymentRun.objects.count()
