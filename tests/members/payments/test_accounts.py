"""Accounts of minors, agents and heirs, of the post bank, their end by two persons, their history, and who sees the number."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumiai.accounts import step_up
from kumiai.accounts.crypto import decrypt
from members.enrollment.models import Member
from members.payments.actions import UnableToPay, accounts, endings
from members.payments.models import BankAccount, PayerSetting
from members.payments.queries import runs as queries
from members.payments.queries.calendar import PayDay
from members.payments.queries.history import account_changes
from privacy.accesslog.models import AccessEvent
from tests.members.enrollment.people import make_member, protect
from tests.members.payments.conftest import DAY, TODAY, make_account, make_payment
from tests.members.payments.test_screens import TYPED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.use("bank_account", "benefit_payment", screens=["payments:member-accounts", "payments:member-account"]),
]


def at(name: str, *args: int) -> str:
    return reverse(f"payments:{name}", args=args)


def entered(owner, member) -> BankAccount:
    with owner():
        return BankAccount.objects.filter(member=member).latest("pk")


@pytest.mark.parametrize(
    ("relation", "holder", "born", "said"),
    [
        ("guardian", "シルシザワ　タロウ", date(2015, 4, 1), ""),
        ("guardian", "シルシザワ　タロウ", date(2008, 11, 20), "成年"),
        ("guardian", "シルシザワ　タロウ", date(2008, 11, 21), ""),
        ("agent", "フクシホウジン ハル", date(1970, 4, 1), ""),
        ("heir", "シルシザワ　ハナコ", date(1950, 4, 1), ""),
        ("facility", "医療法人ハル", date(1970, 4, 1), ""),
        ("self", "シルシザワ　ハナコ", date(1970, 4, 1), "カナ氏名と違います"),
    ],
)  # fmt: skip
def test_whose_account_it_may_be(client_of, owner, relation, holder, born, said):
    with owner():
        member = make_member(names=("標沢", "梢", "シルシザワ", "コズエ"), birth_date=born)
    values = TYPED | {"relation": relation, "holder": holder, "relation_reason": "戸籍を確認"}
    answer = client_of("鈴木").post(at("member-accounts", member.pk), values)
    assert answer.status_code == (422 if said else 302), answer.content.decode()[:3000]
    if said:
        assert said in answer.content.decode()
    else:
        assert entered(owner, member).relation == relation


def test_an_heirs_account_is_paid_although_its_name_is_another(payday, act, owner, personas):
    with owner():
        make_account(payday[2], holder="ｼﾙｼｻﾞﾜ ﾊﾅｺ", relation="heir", relation_reason="戸籍")
    held = act("鈴木", queries.held_back, "view", pay=PayDay(DAY, DAY, DAY, True), kind="21", user_id=0)
    assert held == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"post_symbol": "10180", "post_number": "12345671"}, ""),
        ({"post_symbol": "１０１８０", "post_number": "1234-5671"}, ""),
        ({"post_symbol": "10180", "post_number": "12345670"}, "末尾が1"),
        ({"post_symbol": "30180", "post_number": "12345671"}, "記号は"),
        ({"post_symbol": "10180", "post_number": "12345671", "bank_code": "0001"}, "合いません"),
        ({"post_symbol": "10180", "post_number": "12345671", "number": "7654321"}, "合いません"),
        ({}, "入力してください"),
    ],
)
def test_a_passbook_of_the_post_bank_is_typed_as_it_stands(client_of, owner, payday, change, said):
    values = TYPED | {"bank_code": "", "branch_code": "", "number": ""} | change
    answer = client_of("鈴木").post(at("member-accounts", payday[2].pk), values)
    assert answer.status_code == (422 if said else 302), answer.content.decode()[:3000]
    if said:
        assert said in answer.content.decode()
        return
    account = entered(owner, payday[2])
    assert (account.bank_code, account.branch_code, account.number_tail) == ("9900", "018", "567")


@pytest.mark.parametrize(
    ("bank", "branch", "made", "said"),
    [
        ("みずほ銀行", "東京営業部", ("0001", "001"), ""),
        ("ミズホ", "しんじゅく", ("0001", "240"), ""),
        ("０００１", "00-1", ("0001", "001"), ""),
        ("架空", "001", None, "見つかりません"),
        ("三", "001", None, "番号で入力してください"),
        ("0001", "どこにもない", None, "見つかりません"),
        ("9", "001", None, "銀行はありません"),
    ],
)
def test_bank_and_branch_are_found_by_number_or_name(client_of, owner, payday, bank, branch, made, said):
    values = TYPED | {"bank_code": bank, "branch_code": branch}
    answer = client_of("鈴木").post(at("member-accounts", payday[2].pk), values)
    assert answer.status_code == (422 if said else 302), re.findall("field-error.*?<", answer.content.decode())
    if made is None:
        assert said in answer.content.decode()
    else:
        account = entered(owner, payday[2])
        assert (account.bank_code, account.branch_code) == made


def test_what_the_bank_will_read_stands_beside_what_is_typed(client_of, payday):
    clerk, page = client_of("鈴木"), at("account-preview", payday[2].pk)
    told = clerk.post(page, TYPED).content.decode()
    assert "ｼﾙｼｻﾞﾜ ｺｽﾞｴ" in told and "カナ氏名と同じ" in told and "みずほ" in told
    other = clerk.post(page, TYPED | {"holder": "キョーコ"}).content.decode()
    assert "ｷﾖ-ｺ" in other and "ョ→ﾖ" in other and "カナ氏名と違います" in other
    assert "「☆」" in clerk.post(page, TYPED | {"holder": "サトウ☆"}).content.decode()
    post = {"post_symbol": "10180", "post_number": "12345671", "bank_code": "", "branch_code": "", "number": ""}
    assert "1234567" in clerk.post(page, TYPED | post).content.decode()
    assert clerk.post(page, {}).status_code == 200
    assert client_of("高橋").post(page, TYPED).status_code == 403


def test_an_account_is_ended_by_two_persons_and_not_paid_meanwhile(payday, act, client_of, owner, personas):
    member = payday[0]
    account = entered(owner, member)
    clerk, other = client_of("鈴木"), client_of("小林")
    end = {"version": 1, "end": DAY.isoformat(), "reason": "解約の届"}
    for wrong, said in (
        ({"reason": ""}, "理由を書いて"),
        ({"end": "2019-12-31"}, "始まりの日より後"),
        ({"end": "99"}, "終わりの日"),
    ):
        answer = clerk.post(at("account-end", account.pk), end | wrong)
        assert answer.status_code == 422 and said in answer.content.decode(), said
    assert clerk.post(at("account-end", account.pk), end | {"version": 7}).status_code == 409
    assert clerk.post(at("account-end", account.pk), end).status_code == 302
    again = clerk.post(at("account-end", account.pk), end | {"version": 2})
    assert "すでに入力されています" in again.content.decode()

    pay = PayDay(DAY, DAY, DAY, True)
    held = act("鈴木", queries.held_back, "view", pay=pay, kind="21", user_id=0)
    assert held[member.pk] == queries.ENDING
    before = PayDay(DAY, DAY - timedelta(days=1), DAY, True)
    assert member.pk not in act("鈴木", queries.held_back, "view", pay=before, kind="21", user_id=0)
    waiting = other.get(at("account-waiting")).content.decode()
    assert member.name in waiting and "終わり" in waiting

    page = at("member-accounts", member.pk)
    assert "終わりの日" not in clerk.get(f"{page}?end={account.pk}").content.decode(), "もう入力されている"
    assert (
        "終わりの日"
        in clerk.get(f"{at('member-accounts', payday[1].pk)}?end={entered(owner, payday[1]).pk}").content.decode()
    )
    for strange in ("0", "-1", "x", str(10**30), str(account.pk)):
        assert clerk.get(f"{page}?end={strange}").status_code == 200

    refused = clerk.post(at("account-end-confirm", account.pk), {"version": 2})
    assert refused.status_code == 422 and "別の職員が確認" in refused.content.decode()
    assert other.post(at("account-end-withdraw", account.pk), {"version": 2}).status_code == 302
    assert clerk.post(at("account-end", account.pk), end | {"version": 3}).status_code == 302
    assert other.post(at("account-end-confirm", account.pk), {"version": 4}).status_code == 302
    assert other.post(at("account-end-confirm", account.pk), {"version": 5}).status_code == 422, "二度押し"
    account = entered(owner, member)
    assert (account.period.upper, account.ended_by_id) == (DAY, personas["小林"].pk)
    assert act("鈴木", queries.held_back, "view", pay=pay, kind="21", user_id=0)[member.pk] == queries.NO_ACCOUNT
    with pytest.raises(UnableToPay, match="いま使っている"):
        act("鈴木", endings.propose_end, account_id=account.pk, version=account.version, end=DAY, reason="x")

    steps = [change.step for change in act("鈴木", account_changes, "view", member_id=member.pk)]
    assert steps[:4] == ["end_confirmed", "end_entered", "end_withdrawn", "end_entered"]
    page = clerk.get(at("member-accounts", member.pk)).content.decode()
    assert "終わりを確認" in page and "終わりを取り下げ" in page and "解約の届" in page


def test_a_new_account_takes_the_place_of_one_whose_end_waits(payday, act, owner):
    account = entered(owner, payday[0])
    act("鈴木", endings.propose_end, account_id=account.pk, version=1, end=DAY, reason="解約")
    typed = accounts.Typed(TODAY, "0001", "001", 1, "0000001", "シルシザワ コズエ")
    newer = act("鈴木", accounts.propose_account, member_id=payday[0].pk, typed=typed)
    act("小林", accounts.confirm_account, "decide", account_id=newer.pk, version=1)
    with owner():
        account.refresh_from_db()
    assert account.period.upper == TODAY and account.ending_date is None and not account.ending


def test_the_database_itself_refuses_one_person_for_both(payday, owner):
    account = entered(owner, payday[0])
    for values in (
        {"ending_date": DAY, "ending_reason": "x", "ending_by_id": 5, "ended_by_id": 5},
        {"ending_date": DAY, "ending_reason": "", "ending_by_id": 5},
        {"ended_by_id": 5},
    ):
        with owner(), pytest.raises(IntegrityError), transaction.atomic():
            BankAccount.objects.filter(pk=account.pk).update(**values)


def test_the_members_page_shows_the_account_masked_to_those_who_may(payday, client_of, owner):
    clerk, stranger = client_of("鈴木"), client_of("佐藤")
    fragment = at("member-account", payday[0].pk)
    told = clerk.get(fragment).content.decode()
    assert "****567" in told and "1234567" not in told and "口座" in told
    nothing = clerk.get(at("member-account", payday[2].pk)).content.decode()
    assert "登録されていません" in nothing and at("member-accounts", payday[2].pk) in nothing
    assert stranger.get(fragment).status_code == 403
    page = reverse("enrollment:member-detail", args=[payday[0].pk])
    assert fragment in clerk.get(page).content.decode() and fragment not in stranger.get(page).content.decode()
    with owner():
        protect(payday[0])
        Member.objects.filter(pk=payday[0].pk).update(protected=True)
    assert clerk.get(fragment).status_code == 204, "保護対象の人の口座は、指名された担当者だけに"


def test_the_full_number_needs_the_second_factor_and_is_logged(payday, client_of, owner):
    clerk = client_of("鈴木")
    account = entered(owner, payday[0])
    page = at("account-reveal", account.pk)
    assert clerk.get(page).status_code == 302
    session = clerk.session
    session[step_up._AT] = int(time.time())
    session.save()
    assert "1234567" in clerk.get(page).content.decode()
    with owner():
        event = AccessEvent.objects.latest("pk")
    assert payday[0].pk in event.subjects


def test_a_salary_run_leaves_out_names_and_accounts_its_file_cannot_say(payday, act, owner, personas):
    with owner():
        make_account(payday[2], holder="ｶ)ﾀﾅｶ", relation="agent", relation_reason="委任状")
        BankAccount.objects.filter(member=payday[1]).update(kind=4)
    pay = PayDay(DAY, DAY, DAY, True)
    held = act("鈴木", queries.held_back, "view", pay=pay, kind="11", user_id=0)
    assert held == {payday[1].pk: queries.SAVINGS, payday[2].pk: queries.CHARACTERS}
    assert act("鈴木", queries.held_back, "view", pay=pay, kind="21", user_id=0) == {}
    with owner():
        PayerSetting.objects.filter(kind="11").update(savings=True)
    assert payday[1].pk not in act("鈴木", queries.held_back, "view", pay=pay, kind="11", user_id=0)


def test_the_list_of_waiting_accounts_asks_no_more_for_three(client_of, owner, payday):
    clerk = client_of("鈴木")
    counts = []
    for _more in range(2):
        with owner():
            for _person in range(1 if not counts else 2):
                member = make_member(names=("標沢", "梢", "シルシザワ", "コズエ"))
                make_account(member, state="proposed", decided_by_id=None)
                make_payment(member, 1000 + member.pk)
        clerk.get(at("account-waiting"))
        with CaptureQueriesContext(connection) as caught:
            assert clerk.get(at("account-waiting")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_numbers_come_under_the_new_key_before_the_old_one_goes(payday, owner, settings):
    old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    call_command("reencrypt_account_numbers")
    settings.FIELD_ENCRYPTION_KEYS = [new]
    with owner():
        assert {decrypt(account.number) for account in BankAccount.objects.all()} == {b"1234567"}
    call_command("reencrypt_account_numbers")


def test_what_is_paid_to_a_member_stands_beside_the_accounts(payday, client_of, owner):
    clerk, page = client_of("鈴木"), at("member-accounts", payday[0].pk)
    clerk.get(page)
    counts = []
    for more in (0, 2):
        with owner():
            for number in range(more):
                make_payment(payday[0], 500 + number, 123_456)
        with CaptureQueriesContext(connection) as caught:
            told = clerk.get(page).content.decode()
        counts.append(len(caught))
    assert told.count("123,456") == 2 and "試験の給付" in told and "支払待ち" in told
    assert "4,000" not in told, "ほかの人の支払"
    assert counts[0] == counts[1]
