"""kill -9 in the middle of computing, deciding, handing over and taking over what the bank did: asked for again, each is done once.

Two cases by default; KUMIAI_LONG_TESTS=1 makes it a hundred kills.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.activities import SICKNESS_ALLOWANCE
from benefits.cash.models import Calculation, Case, CaseStep, Decision
from benefits.cash.rules.kinds import Kind
from members.payments.models import Payment, PaymentRun
from members.remuneration.models import InsurerAverage
from privacy.scope import scope
from tests.benefits.cash.conftest import TODAY, applied, certify, complete, earning
from tests.members.enrollment.people import make_employer, make_member
from tests.members.payments.conftest import make_account
from tests.members.payments.killing import Kills

LONG = os.environ.get("KUMIAI_LONG_TESTS") == "1"


@pytest.mark.django_db(transaction=True)
def test_whatever_is_killed_is_decided_and_paid_once(owner, personas, act):
    kills = Kills()
    with owner():
        employer = make_employer()
        InsurerAverage.objects.create(on=date(2025, 9, 30), average=Decimal("310000"), basis="決算資料")
    for _case in range(25 if LONG else 2):
        with owner():
            member = make_member(names=("標沢", "樹", "シルシザワ", "イツキ"), employer=employer, sex="1")
            earning(member, (date(2020, 9, 1), None, 22, 300_000))
            make_account(member, holder="ｼﾙｼｻﾞﾜ ｲﾂｷ")
        _one(kills, owner, personas, act, member)
    print("\nkilled inside a step:", dict(kills.early))


def _one(kills: Kills, owner, personas, act, member) -> None:
    made = act(
        "鈴木",
        cases.receive_case,
        kind=Kind.SICKNESS,
        applied=applied(Kind.SICKNESS, member),
        key=uuid.uuid4(),
        today=TODAY,
    )
    pk = made.pk
    act("鈴木", certify, case=made)
    complete(act, "鈴木", made, Kind.SICKNESS)
    act("鈴木", reviewing.move_case, case_id=pk, version=None, name="start_review")
    complete(act, "鈴木", made, Kind.SICKNESS)

    def step(name: str, before: str, what, *, who: str = "鈴木", operation: str = "change", **values) -> None:
        """Killed, then asked for again by a clerk who sees that it was not done."""

        def run() -> None:
            with scope(SICKNESS_ALLOWANCE, personas[who], operation=operation):
                what(by=personas[who], **values)

        kills.kill(name, run)
        with owner():
            again = Case.objects.get(pk=pk).state == before
        if again:
            run()

    step("calculate", "under_review", reviewing.calculate_case, case_id=pk, version=None)
    act("鈴木", reviewing.submit_case, case_id=pk, version=None)
    step(
        "approve",
        "awaiting_decision",
        deciding.approve_case,
        who="加藤",
        operation="decide",
        case_id=pk,
        version=None,
        today=TODAY,
    )
    step(
        "hand over", "approved", deciding.hand_to_payment, case_id=pk, version=None, due_date=TODAY + timedelta(days=7)
    )
    with owner():
        decision = Decision.objects.get(case_id=pk)
        payment = Payment.objects.get(source_id=decision.pk)
        assert payment.amount == decision.amount > 0
        run = PaymentRun.objects.create(
            kind="21", payment_date=TODAY, state="settled", count=1, amount=payment.amount, paid_count=1,
            paid_amount=payment.amount, collected_by_id=1, approved_by_id=2, key=uuid.uuid4(),
        )  # fmt: skip
        payment.state, payment.run, payment.account = "paid", run, member.bank_accounts.get()
        payment.position, payment.result_date, payment.result_code = 1, TODAY, "0"
        payment.save()
    step("take over", "in_payment", deciding.follow_payments, case_ids=[pk])
    with owner():
        assert Case.objects.get(pk=pk).state == "paid"
        assert Calculation.objects.filter(case_id=pk).count() == 1
        assert Payment.objects.filter(source_id=decision.pk).count() == 1
        moves = Counter(CaseStep.objects.filter(case_id=pk).values_list("move", flat=True))
    for name in ("calculate", "approve", "hand_to_payment", "confirm_payment"):
        assert moves[name] == 1, f"{name} stands once"
