"""Two rows of one person become one: accounts and payments follow under their own use, and nobody is paid twice or lost."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from kumiai.accounts.crypto import encrypt
from members.enrollment.models import Member
from members.payments import neighbour, tasks
from members.payments.actions import UnableToPay, accounts, endings, order_payment, runs
from members.payments.models import BankAccount, Payment, PaymentRun
from members.payments.queries import runs as queries
from members.payments.queries.calendar import PayDay
from members.payments.queries.history import account_changes
from privacy.activities import activity_by_code
from privacy.scope import scope
from tests.members.enrollment.people import make_member
from tests.members.payments.conftest import DAY, SOURCE, TODAY, make_account, make_payment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.use("bank_account", "benefit_payment", jobs=["payments.follow_merges"]),
]
NAMES = ("標沢", "梢", "シルシザワ", "コズエ")


@pytest.fixture
def twins(payday, owner):
    """The row that remains, and the row that was merged into it: an account and a payment of 7,000 yen lie there."""
    with owner():
        merged = make_member(names=NAMES)
        make_account(merged)
        make_payment(merged, 70, 7000)
        Member.objects.filter(pk=merged.pk).update(merged_into=payday[2])
    return payday[2], merged


def held_by(owner, member) -> tuple[int, list[int]]:
    """Accounts and amounts of payments under a row."""
    with owner():
        found = Payment.objects.filter(member=member).order_by("amount").values_list("amount", flat=True)
        return BankAccount.objects.filter(member=member).count(), list(found)


def test_account_and_payments_follow_and_are_paid_in_one_run(twins, owner, act):
    keep, merged = twins
    tasks.run_follow_merges()
    assert held_by(owner, merged) == (0, []) and held_by(owner, keep) == (1, [4000, 7000])
    tasks.run_follow_merges()
    assert held_by(owner, keep) == (1, [4000, 7000]), "二度目は何もしない"
    assert act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY).amount == 14_000
    [came, *_before] = act("鈴木", account_changes, "view", member_id=keep.pk)
    assert came.step == "came_over"


def test_a_run_collects_what_a_merge_moved_just_now(twins, owner, act):
    assert act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY).amount == 14_000


def test_a_chain_of_merges_ends_at_the_row_that_remains(twins, owner):
    keep, merged = twins
    with owner():
        last = make_member(names=NAMES)
        Member.objects.filter(pk=keep.pk).update(merged_into=last)
    tasks.run_follow_merges()
    assert held_by(owner, merged) == held_by(owner, keep) == (0, [])
    assert held_by(owner, last) == (1, [4000, 7000])


def test_two_different_accounts_wait_for_a_clerk(twins, owner, act):
    keep, merged = twins
    with owner():
        make_account(keep, number=encrypt(b"9999999"), number_tail="999")
    tasks.run_follow_merges()
    assert held_by(owner, merged) == (1, [7000]), "どちらの口座か、職員が決める"
    held = act("鈴木", queries.held_back, "view", pay=PayDay(DAY, DAY, DAY, True), kind="21", user_id=0)
    assert held == {merged.pk: queries.MERGED}
    with owner():
        account = BankAccount.objects.get(member=merged)
    act("鈴木", endings.propose_end, account_id=account.pk, version=1, end=TODAY, reason="統合")
    act("小林", endings.confirm_end, "decide", account_id=account.pk, version=2)
    assert act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY).amount == 14_000
    assert held_by(owner, merged) == (1, []), "終わった口座は、記録として残る"


def test_the_same_account_under_both_rows_keeps_no_payment_waiting(twins, owner):
    keep, merged = twins
    with owner():
        make_account(keep)
    tasks.run_follow_merges()
    assert held_by(owner, merged) == (1, []) and held_by(owner, keep) == (1, [4000, 7000])


def test_a_person_in_an_open_run_follows_when_it_is_settled(payday, owner, act, bank):
    run = act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY)
    with owner():
        Member.objects.filter(pk=payday[1].pk).update(merged_into=payday[2])
    tasks.run_follow_merges()
    assert held_by(owner, payday[1]) == (1, [2000]), "ファイルは、集計したときの登録で作られている"
    with owner():
        assert PaymentRun.objects.get(pk=run.pk).amount == 3000
    act("鈴木", runs.cancel_run, run_id=run.pk, version=run.version)
    tasks.run_follow_merges()
    assert held_by(owner, payday[1]) == (0, []) and held_by(owner, payday[2]) == (1, [2000, 4000])


def test_an_order_for_a_merged_row_is_one_for_the_row_that_remains(twins, owner, act):
    keep, merged = twins
    values = {"source": SOURCE, "source_id": 70, "amount": 7000, "due_date": date(2026, 11, 20), "decided_by": 999}
    standing = act("鈴木", order_payment, member_id=merged.pk, **values)
    tasks.run_follow_merges()
    assert act("鈴木", order_payment, member_id=merged.pk, **values).pk == standing.pk, "移ったあとも、同じ支払"
    assert act("鈴木", order_payment, member_id=merged.pk, **values | {"source_id": 71}).member_id == keep.pk


def test_no_new_account_under_a_merged_row(twins, act):
    typed = accounts.Typed(TODAY, "0001", "001", 1, "0000001", "シルシザワ コズエ")
    with pytest.raises(UnableToPay, match="統合されています"):
        act("鈴木", accounts.propose_account, member_id=twins[1].pk, typed=typed)


def test_a_merge_of_the_register_asks_for_it_once_it_stands(
    client_of, owner, monkeypatch, django_capture_on_commit_callbacks
):
    with owner():
        keep, other = (make_member(names=NAMES, birth_date=date(1970, 5, 1)) for _row in range(2))
    asked = []
    monkeypatch.setattr(tasks.run_follow_merges, "apply_async", lambda **options: asked.append(options))
    values = {"received_date": "R8.11.20", "note": "", "version": "1", "way": "merge", "number": other.card_number}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of("佐藤").post(
            reverse("enrollment:member-same-person", args=[keep.pk]), values | {"confirmed": "1"}
        )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert asked == [{"retry": False}], "誰の統合かは、仲介する仕組みに渡さない"


def test_a_broker_that_is_away_stops_no_merge(monkeypatch, caplog):
    def away(**_options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.run_follow_merges, "apply_async", away)
    neighbour.ask()
    assert "payments.follow_merges not sent: ConnectionError" in caplog.text


def test_the_work_without_a_keyboard_touches_accounts_and_payments_alone(personas):
    following = activity_by_code("payments.merge_following")
    assert following.written_categories() == {"bank_account"} and set(following.writes) == {
        "payments.BankAccount",
        "payments.Payment",
    }
    with scope(following, None, operation="change"):
        assert not PaymentRun.objects.filter(state="settled").exists()
