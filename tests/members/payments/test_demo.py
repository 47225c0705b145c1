"""The demonstration: accounts of every kind, and runs in every state of whatever was ordered; loaded again it adds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.payments.demo.load import load
from members.payments.models import BankAccount, PayerSetting, Payment, PaymentRun
from tests.members.enrollment.people import make_employer, make_member
from tests.members.payments.conftest import TODAY, make_payment

pytestmark = pytest.mark.django_db


def test_accounts_and_runs_of_what_was_ordered(owner, personas, bank):
    with owner():
        employer = make_employer()
        people = [make_member(names=("標沢", "梢", "シルシザワ", "コズエ"), employer=employer) for _n in range(40)]
        for days in (60, 20, 1):
            for member in people:
                make_payment(member, member.pk * 100 + days, 1000 + days, due=TODAY - timedelta(days=days))
    made = load(1, TODAY)
    with owner():
        states = list(PaymentRun.objects.order_by("pk").values_list("state", flat=True))
        finished = PaymentRun.objects.get(state="settled")
        accounts = {state: BankAccount.objects.filter(state=state).count() for state in ("proposed", "confirmed")}
        again = Payment.objects.filter(attempt=2).count()
        ending = BankAccount.objects.filter(ending_date__isnull=False).count()
        assert PayerSetting.objects.count() == 2
    assert states == ["settled", "written", "approved"] and made["支払の回"] == 3
    assert finished.returned_count > 0 and finished.paid_amount + finished.returned_amount == finished.amount
    assert accounts["proposed"] == 6 and accounts["confirmed"] > 20 and again == 1 and ending == 1
    assert load(1, TODAY) == {"口座": 0, "支払の回": 0}


def test_few_decisions_of_today_make_runs_too(owner, personas, bank):
    with owner():
        people = [make_member(names=("標沢", "梢", "シルシザワ", "コズエ")) for _n in range(8)]
        for member in people[-2:]:
            make_payment(member, member.pk, due=TODAY)
    load(1, TODAY)
    with owner():
        assert list(PaymentRun.objects.order_by("pk").values_list("state", "count")) == [("settled", 2), ("written", 1)]


def test_without_orders_there_are_accounts_and_no_runs(owner, personas, bank):
    with owner():
        for given in ("コズエ", "ガギグゲゴザジズゼゾダヂヅデド"):  # the second is too long for a record
            make_member(names=("標沢", "梢", "シルシザワ", given))
    assert load(1, TODAY)["支払の回"] == 0
    with owner():
        assert BankAccount.objects.count() == 1 and not PaymentRun.objects.exists()
