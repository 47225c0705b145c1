"""Accounts by two persons, and a run from the button to the bytes, as clerks click it."""

from __future__ import annotations

import re
import time
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kumiai.accounts import step_up
from kumiai.jobs import engine
from members.payments.activities import BENEFIT_PAYMENT
from members.payments.files import zengin
from members.payments.models import BankAccount, BankContent, Payment, PaymentRun
from privacy.outputs.models import Output, Recipient
from privacy.scope import scope
from tests.members.enrollment.people import make_member
from tests.members.payments.conftest import DAY, TODAY, make_account

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.use(
        "bank_account",
        "benefit_payment",
        screens=["payments:run-list", "payments:run-detail", "payments:member-accounts", "payments:account-waiting"],
        files=["payments.transfer"],
    ),
]
TYPED = {
    "since": "2026-11-20", "bank_code": "0001", "branch_code": "001", "kind": "1", "number": "7654321",
    "post_symbol": "", "post_number": "", "holder": "シルシザワ　コズエ", "relation": "self", "relation_reason": "",
}  # fmt: skip


def at(name: str, *args: int) -> str:
    return reverse(f"payments:{name}", args=args)


def test_an_account_is_typed_by_one_and_confirmed_by_another(payday, client_of, second, owner):
    clerk, other, stranger = client_of("鈴木"), client_of("小林"), client_of("高橋")
    member = payday[2]
    page = at("member-accounts", member.pk)
    assert clerk.get(page).status_code == 200
    for wrong, word in (
        ({"bank_code": "0002"}, "銀行はありません"),
        ({"branch_code": "999"}, "支店はありません"),
        ({"number": "123"}, "7桁"),
        ({"holder": "標沢"}, "「標」"),
        ({"holder": "スズキ"}, "カナ氏名と違います"),
        ({"relation": "agent"}, "理由を書いて"),
        ({"relation": "guardian", "relation_reason": "戸籍を確認"}, "成年"),
    ):
        answer = clerk.post(page, TYPED | wrong)
        assert answer.status_code == 422 and word in answer.content.decode(), word
    assert stranger.post(page, TYPED).status_code == 403
    assert clerk.post(page, TYPED).status_code == 302
    assert clerk.post(page, TYPED).status_code == 422, "二度目は、すでに待っている"
    with owner():
        account = BankAccount.objects.get(member=member)
        assert "7654321" not in account.number and account.holder == "ｼﾙｼｻﾞﾜ ｺｽﾞｴ"
    assert member.name in other.get(at("account-waiting")).content.decode()
    assert clerk.post(at("account-confirm", account.pk), {"version": 1}).status_code == 422
    assert other.post(at("account-confirm", account.pk), {"version": 9}).status_code == 409
    assert other.post(at("account-confirm", account.pk), {"version": 1}).status_code == 302
    assert other.post(at("account-confirm", account.pk), {"version": 1}).status_code == 409, "二度押し"
    assert other.post(page, TYPED | {"since": "2026-12-01"}).status_code == 302
    with owner():
        newer = BankAccount.objects.get(member=member, state="proposed")
    assert clerk.post(at("account-reject", newer.pk), {"version": 1, "reason": ""}).status_code == 422
    assert clerk.post(at("account-confirm", newer.pk), {"version": 1}).status_code == 302
    with owner():
        account.refresh_from_db()
    assert account.period.upper.isoformat() == "2026-12-01", "前の口座は新しい口座の始まりで終わる"

    assert "7654321" not in clerk.get(page).content.decode()
    asked = clerk.get(at("account-reveal", account.pk))
    assert asked.status_code == 302 and "step-up" in asked.headers["Location"]
    session = clerk.session
    session[step_up._AT] = int(time.time())
    session.save()
    shown = clerk.get(at("account-reveal", account.pk))
    assert "7654321" in shown.content.decode() and "no-store" in shown.headers["Cache-Control"]
    assert stranger.get(at("account-reveal", account.pk)).status_code in (302, 403)


def test_a_run_from_the_button_to_the_bytes(payday, client_of, second, owner, personas, fetched):
    clerk, other = client_of("鈴木"), client_of("小林")
    with owner():
        bank = Recipient.objects.create(code="9999", name="架空中央銀行", kind="bank", since=timezone.localdate())
    first = clerk.get(at("run-list")).content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', first)
    assert key and "支払の回" in first
    values = {"kind": "21", "day": (TODAY - timedelta(days=7)).isoformat(), "key": key[1]}
    assert "過ぎています" in clerk.post(at("run-list"), values).content.decode()
    values["day"] = DAY.isoformat()
    made = clerk.post(at("run-list"), values)
    assert made.status_code == 302 and clerk.post(at("run-list"), values).url == made.url
    with owner():
        run = PaymentRun.objects.get()
    assert "3,000" in clerk.get(made.url).content.decode()

    def step(client, name: str, **more: object) -> int:
        with owner():
            run.refresh_from_db()
        return client.post(at(name, run.pk), {"version": run.version, **more}).status_code

    assert step(clerk, "run-check") == 302
    assert step(clerk, "run-approve") == 422
    assert step(other, "run-approve") == 302
    assert step(clerk, "run-write", bank="0") == 422
    assert step(clerk, "run-write", bank=bank.pk) == 302
    assert step(clerk, "run-write", bank=bank.pk) == 422
    with owner():
        output = Output.objects.get()
    engine.run(output.job_id)
    with owner():
        output.refresh_from_db()

        body = bytes(BankContent.objects.get(pk=output.pk).body)
        first_id, second_id = Payment.objects.filter(run=run).order_by("position").values_list("pk", flat=True)
    assert output.row_count == 2 and output.state == "waiting"
    records = zengin.split(body)
    assert records[1][43:50] == b"1234567" and records[3][1:19] == b"000002000000003000"
    codes = iter(b"05")
    result = b"\r\n".join(r[:119] + bytes([next(codes)]) if r[:1] == b"2" else r for r in records)

    def take(content: bytes):
        return clerk.post(at("run-result", run.pk), {"file": SimpleUploadedFile("result.txt", content)})

    assert "まだ取り出されていません" in take(result).content.decode()
    fetched(run)
    cut = take(result[:300])
    assert cut.status_code == 422 and "切れて" in cut.content.decode()
    assert take(b"").status_code == 422
    assert take(result).status_code == 302 and take(result).status_code == 302
    assert clerk.post(at("payment-again", second_id)).status_code == 302
    assert clerk.post(at("payment-again", second_id)).status_code == 302
    assert clerk.post(at("payment-return", first_id)).status_code == 302
    with scope(BENEFIT_PAYMENT, personas["鈴木"], operation="view"):
        states = {p.pk: (p.state, p.attempt) for p in Payment.objects.all()}
    assert states[first_id] == ("returned", 1) and states[second_id] == ("repaid", 1)
    assert sorted(states.values()).count(("decided", 2)) == 1
    with owner():
        run.refresh_from_db()
    assert run.paid_amount + run.returned_amount == run.amount == 3000
    next_run = clerk.post(at("run-list"), values | {"key": str(uuid.uuid4())})
    assert "2回目の支払" in clerk.get(next_run.url).content.decode(), "承認する人に、払い直しだと分かる"
    assert "2回目" not in clerk.get(made.url).content.decode()


def test_the_first_page_counts_what_waits_for_those_who_may(payday, client_of, owner):
    with owner():
        member = make_member(names=("標沢", "梢", "シルシザワ", "コズエ"))
        make_account(member, state="proposed", decided_by_id=None)
    told = " ".join(re.sub(r"<[^>]+>", " ", client_of("鈴木").get(at("payment-home")).content.decode()).split())
    assert "確認待ちの口座 入力した本人は確認できません 1件" in told
    assert "7,000円 3件" in told and "点検・承認を待つ回 集計した本人は承認できません 0回" in told
    assert client_of("高橋").get(at("payment-home")).status_code == 403
    home = client_of("鈴木").get("/").content.decode()
    assert at("payment-home") in home and at("payment-home") not in client_of("高橋").get("/").content.decode()
