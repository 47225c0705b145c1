"""A run from what waits to what the bank did: to the yen, once, by two persons."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from members.payments import queries as api
from members.payments.actions import UnableToPay, cancel_order, order_payment, results, runs
from members.payments.models import Payment, PaymentRun
from members.payments.policies import Stale
from members.payments.queries import runs as queries
from members.payments.queries.calendar import PayDay
from privacy.outputs.models import Recipient
from tests.members.payments.conftest import DAY, SOURCE, TODAY, make_account, result_of

PAY = PayDay(DAY, DAY, DAY, True)
pytestmark = [pytest.mark.django_db, pytest.mark.use("bank_account", "benefit_payment")]


def test_a_run_from_collecting_to_paying_again(payday, act, owner, personas, fetched):
    key = uuid.uuid4()
    with owner():
        bank = Recipient.objects.create(code="9999", name="架空中央銀行", kind="bank", since=date(2020, 4, 1))
    run = act("鈴木", runs.collect_run, kind="21", day=DAY, key=key, today=TODAY)
    assert (run.count, run.amount, run.state) == (2, 3000, "collecting")
    assert act("鈴木", runs.collect_run, kind="21", day=DAY, key=key, today=TODAY).pk == run.pk, "二度押しても一つ"
    with pytest.raises(UnableToPay, match="支払える支払がありません"):
        act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY)
    left, total = act("鈴木", queries.left_out, "view", pay=PAY, kind="21", user_id=personas["鈴木"].pk)
    assert total == 1 and left[0].reason == queries.NO_ACCOUNT and left[0].amount == 4000

    with pytest.raises(UnableToPay, match="点検済み"):
        act("小林", runs.approve_run, run_id=run.pk, version=run.version)
    run = act("鈴木", runs.check_run, run_id=run.pk, version=run.version)
    with pytest.raises(Stale):
        act("小林", runs.approve_run, run_id=run.pk, version=run.version - 1)
    with pytest.raises(UnableToPay, match="あなたが集計"):
        act("鈴木", runs.approve_run, run_id=run.pk, version=run.version)
    with owner():
        Payment.objects.filter(run=run, amount=1000).update(decided_by_id=personas["小林"].pk)
    with pytest.raises(UnableToPay, match="あなたが決定した"):
        act("小林", runs.approve_run, run_id=run.pk, version=run.version)
    with owner():
        Payment.objects.filter(run=run).update(decided_by_id=999, ordered_by_id=personas["小林"].pk)
    run = act("小林", runs.approve_run, run_id=run.pk, version=run.version)
    assert act("小林", runs.approve_run, run_id=run.pk, version=1).version == run.version, "二度押し"
    run = act(
        "鈴木", runs.write_run, operation="export", run_id=run.pk, version=run.version, recipient_id=bank.pk, today=DAY
    )
    assert run.state == "written" and run.output_id
    values = {"run_id": run.pk, "version": run.version, "recipient_id": bank.pk, "today": DAY}
    with pytest.raises(UnableToPay, match="ファイルはすでに"):
        act("鈴木", runs.write_run, operation="export", **values)
    with pytest.raises(UnableToPay):
        act("鈴木", runs.cancel_run, run_id=run.pk, version=run.version)
    with owner():
        written = list(Payment.objects.filter(run=run).order_by("position"))
    with pytest.raises(UnableToPay, match="まだ取り出されていません"):
        act("鈴木", results.import_result, run_id=run.pk, body=result_of(written, "00"), today=DAY)
    fetched(run)

    with owner():
        first, second = Payment.objects.filter(run=run).order_by("position")
    strange = Payment(pk=first.pk + 99999, amount=1)
    for wrong, word in (
        ([first, strange], "この回にない"),
        ([first, first], "二つあります"),
        ([Payment(pk=first.pk, amount=999)], "999円"),
    ):
        with pytest.raises(results.BadResult) as bad:
            act("鈴木", results.import_result, run_id=run.pk, body=result_of(wrong, "00"), today=DAY)
        assert any(word in problem.message for problem in bad.value.problems)
    with owner():
        assert set(Payment.objects.filter(run=run).values_list("state", flat=True)) == {"written"}
    body = result_of([first, second], "02")
    for _click in range(2):
        taken = act("鈴木", results.import_result, run_id=run.pk, body=body, today=DAY)
        assert (taken.paid_count, taken.returned_count) == (1, 1)
    with owner():
        run.refresh_from_db()
    assert (run.state, run.paid_amount, run.returned_amount) == ("settled", 1000, 2000)

    again = act("鈴木", results.repay, payment_id=second.pk, due_date=DAY)
    assert act("鈴木", results.repay, payment_id=second.pk, due_date=DAY).pk == again.pk, "二度押しても一つ"
    assert (again.attempt, again.amount, again.state) == (2, 2000, "decided")
    back = act("鈴木", results.return_payment, payment_id=first.pk, today=DAY)
    assert back.state == "returned"
    facts = act("鈴木", api.payments_of, "view", source=SOURCE, source_ids=[1, 2])
    assert [(f.attempt, f.state) for f in facts[2]] == [(1, "repaid"), (2, "decided")]
    assert facts[1][0].paid_on is None
    with owner():
        run = PaymentRun.objects.get(pk=run.pk)
    assert (run.paid_amount, run.returned_amount, run.amount) == (0, 3000, 3000)


def test_an_order_stands_once_and_can_be_taken_back_until_a_run_holds_it(payday, act, owner):
    values = {"source": SOURCE, "source_id": 50, "member_id": payday[0].pk, "due_date": DAY, "decided_by": 999}
    first = act("鈴木", order_payment, amount=500, **values)
    assert act("鈴木", order_payment, amount=500, **values).pk == first.pk
    for amount, word in ((501, "別の内容"), (0, "1円以上")):
        with pytest.raises(UnableToPay, match=word):
            act("鈴木", order_payment, amount=amount, **values)
    with pytest.raises(UnableToPay, match="登録されていません"):
        act("鈴木", order_payment, amount=1, **values | {"source": "nobody"})
    assert act("鈴木", cancel_order, source=SOURCE, source_id=50).state == "cancelled"
    assert act("鈴木", cancel_order, source=SOURCE, source_id=50) is None
    assert act("鈴木", order_payment, amount=501, **values).attempt == 2
    run = act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY)
    with pytest.raises(UnableToPay, match="集計済み"):
        act("鈴木", cancel_order, source=SOURCE, source_id=50)
    act("鈴木", runs.cancel_run, run_id=run.pk, version=run.version)
    assert act("鈴木", cancel_order, source=SOURCE, source_id=50).state == "cancelled"


def test_another_name_on_the_account_keeps_the_payment_out(payday, act, owner, personas):
    with owner():
        make_account(payday[2], holder="ｽｽﾞｷ ｺｳｼﾞ")
    held = act("鈴木", queries.held_back, "view", pay=PAY, kind="21", user_id=personas["鈴木"].pk)
    assert held == {payday[2].pk: queries.HOLDER}
