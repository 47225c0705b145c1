"""The day of transfer: banks closed, the agreement with the own bank, days gone by, a year without a calendar."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from kumiai.reference.models import Holiday
from members.payments.actions import UnableToPay, runs
from members.payments.models import PayerSetting, Payment
from tests.members.payments.conftest import DAY, TODAY, make_payment

pytestmark = [pytest.mark.django_db, pytest.mark.use("bank_account", "benefit_payment")]
FRIDAY, SUNDAY, HOLIDAY, TUESDAY = (date(2026, 11, day) for day in (20, 22, 23, 24))


@pytest.fixture
def collect(act):
    def doing(day: date, today: date = FRIDAY, kind: str = "21"):
        return act("鈴木", runs.collect_run, kind=kind, day=day, key=uuid.uuid4(), today=today)

    return doing


@pytest.mark.parametrize(("rule", "paid"), [("previous", FRIDAY), ("next", TUESDAY)])
@pytest.mark.parametrize("asked", [SUNDAY, HOLIDAY])
def test_a_closed_day_is_paid_before_or_after_as_agreed(payday, collect, owner, rule, paid, asked):
    with owner():
        PayerSetting.objects.update(closed_days=rule)
        make_payment(payday[0], 100, 50, due=asked)
    run = collect(asked)
    assert run.payment_date == paid and run.amount == 3050


def test_the_bank_day_before_pays_what_falls_due_until_banks_open_again(payday, collect, owner):
    with owner():
        for number, due in enumerate((HOLIDAY, TUESDAY)):
            make_payment(payday[0], 100 + number, 50 + number, due=due)
    assert collect(FRIDAY).amount == 3050, "火曜日のものは、まだ"
    with owner():
        assert Payment.objects.get(amount=51).state == "decided"


def test_with_the_day_after_nothing_is_paid_before_it_is_due(payday, collect, owner):
    with owner():
        PayerSetting.objects.update(closed_days="next")
        make_payment(payday[0], 100, 50, due=SUNDAY)
    assert collect(FRIDAY).amount == 3000
    assert collect(TUESDAY).amount == 50


def test_the_year_ends_on_the_30th_of_december(payday, collect, owner):
    assert collect(date(2027, 1, 3), today=date(2026, 12, 28)).payment_date == date(2026, 12, 30)


@pytest.mark.parametrize("asked", [date(2026, 11, 19), SUNDAY])
def test_no_run_for_a_day_gone_by(payday, collect, asked):
    with pytest.raises(UnableToPay, match="過ぎています"):
        collect(asked, today=date(2026, 11, 21))


def test_no_run_in_a_year_whose_holidays_are_unknown(payday, collect, owner):
    with owner():
        Holiday.objects.filter(date__year=2026).delete()
    with pytest.raises(UnableToPay, match="2026年の祝日が登録されていません"):
        collect(FRIDAY)


def test_no_run_without_an_account_of_ones_own(payday, collect, owner):
    with owner():
        PayerSetting.objects.filter(kind="11").delete()
    with pytest.raises(UnableToPay, match="「給与振込」の振込元の設定がありません"):
        collect(FRIDAY, kind="11")


def test_a_run_whose_day_went_by_is_not_written_but_collected_anew(payday, collect, act, owner, bank):
    run = collect(DAY, today=TODAY)
    run = act("鈴木", runs.check_run, run_id=run.pk, version=run.version)
    run = act("小林", runs.approve_run, "decide", run_id=run.pk, version=run.version)
    late = {"run_id": run.pk, "version": run.version, "recipient_id": bank.pk, "today": date(DAY.year + 1, 1, 1)}
    with pytest.raises(UnableToPay, match="過ぎています"):
        act("鈴木", runs.write_run, "export", **late)
    assert act("鈴木", runs.cancel_run, run_id=run.pk, version=run.version).state == "cancelled"
    assert collect(DAY, today=TODAY).amount == run.amount
