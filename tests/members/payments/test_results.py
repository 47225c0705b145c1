"""What the bank sends back: per bank, cut, altered or of another run; a file that never left; and the end of such a run."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from members.payments.actions import UnableToPay, results, runs
from members.payments.models import PayerSetting, Payment, PaymentRun, ResultFile
from members.payments.presentation import told
from privacy.outputs.models import Output
from tests.members.payments.conftest import DAY, TODAY, result_of

pytestmark = [pytest.mark.django_db, pytest.mark.use("bank_account", "benefit_payment")]


@pytest.fixture
def written(payday, act, bank):
    """A run of two payments whose file was asked for."""
    run = act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY)
    run = act("鈴木", runs.check_run, run_id=run.pk, version=run.version)
    run = act("小林", runs.approve_run, "decide", run_id=run.pk, version=run.version)
    values = {"run_id": run.pk, "version": run.version, "recipient_id": bank.pk, "today": TODAY}
    return act("鈴木", runs.write_run, "export", **values)


@pytest.fixture
def sent(written, fetched, owner):
    fetched(written)
    with owner():
        return written, list(Payment.objects.filter(run=written).order_by("position"))


def take(act, run, body: bytes) -> ResultFile:
    return act("鈴木", results.import_result, run_id=run.pk, body=body, today=DAY)


WRONG = {
    "cut in a record": (lambda body: body[:400], "途中で切れて"),
    "cut between records": (lambda body: body[: 122 * 3], "トレーラ"),
    "one record gone": (lambda body: body[:122] + body[244:], "合計件数"),
    "an amount altered": (lambda body: body.replace(b"0000002000", b"0000002001"), "2,001円"),
    "an amount and the total altered": (
        lambda body: body.replace(b"0000002000", b"0000002001").replace(b"000000003000", b"000000003001"),
        "依頼したのは2,000円",
    ),
    "an account altered": (lambda body: body.replace(b"00001" b"1234567", b"00001" b"1234568", 1), "口座番号"),
    "a bank altered": (lambda body: body.replace(b"\r\n20001", b"\r\n20005"), "銀行"),
    "another client": (lambda body: body.replace(b"1234567890", b"9999999999", 1), "依頼人"),
    "another kind": (lambda body: body.replace(b"1210", b"1110", 1), "種別"),
    "another day": (lambda body: body[:54] + b"0101" + body[58:], "取組日"),
    "no code": (lambda body: body[: 122 + 119] + b" " + body[122 + 120 :], "120バイト目"),
    "an unknown code": (lambda body: body[: 122 + 119] + b"7" + body[122 + 120 :], "120バイト目"),
    "letters for figures": (lambda body: body.replace(b"0000001000", b"00000O1000"), "数字でない"),
    "empty": (lambda body: b"", "空です"),
    "not of a bank": (lambda body: b"\xef\xbb\xbfid,name\r\n1,a\r\n", "120バイトのはず"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(WRONG))
def test_a_result_that_does_not_fit_changes_nothing_and_says_where(sent, act, owner, name):
    run, payments = sent
    alter, word = WRONG[name]
    body = result_of(payments, "02")
    assert alter(body) != body, "試験が何も変えていない"
    with pytest.raises(results.BadResult) as bad:
        take(act, run, alter(body))
    assert any(word in problem.message for problem in bad.value.problems), bad.value.problems
    with owner():
        assert set(Payment.objects.filter(run=run).values_list("state", flat=True)) == {"written"}
        assert not ResultFile.objects.exists() and PaymentRun.objects.get(pk=run.pk).state == "written"
    assert take(act, run, body).paid_count == 1, "正しいファイルは、そのあとで取り込める"


def test_the_own_banks_place_and_words_are_used_and_shown(sent, act, owner):
    run, payments = sent
    with owner():
        PayerSetting.objects.filter(kind="21").update(result_at=112, result_codes="A 入金済み\nB 該当口座なし")
    with pytest.raises(results.BadResult, match="取り込めません"):
        take(act, run, result_of(payments, "02"))
    taken = take(act, run, result_of(payments, "AB", at=112))
    assert (taken.paid_count, taken.returned_count) == (1, 1)
    with owner():
        place = PayerSetting.objects.get(kind="21").result_place
        words = [told(payment, place) for payment in Payment.objects.filter(run=run).order_by("position")]
    assert words == ["", "該当口座なし"]


def test_results_may_come_in_parts_and_settle_with_the_last(sent, act, owner):
    run, (first, second) = sent
    assert take(act, run, result_of([first], "0")).paid_count == 1
    with owner():
        assert PaymentRun.objects.get(pk=run.pk).state == "written"
    with pytest.raises(results.BadResult) as bad:
        take(act, run, result_of([first, second], "20"))
    assert "別の結果がすでに" in bad.value.problems[0].message
    assert take(act, run, result_of([first, second], "02")).returned_count == 1
    with owner():
        assert PaymentRun.objects.get(pk=run.pk).state == "settled"


@pytest.mark.parametrize("state", ["refused", "withdrawn", "destroyed"])
def test_a_run_whose_file_never_left_is_written_again_or_given_up(written, act, owner, bank, state):
    version = {"run_id": written.pk, "version": written.version}
    for step in (
        lambda: act("鈴木", runs.cancel_run, **version),
        lambda: act("鈴木", runs.write_run, "export", recipient_id=bank.pk, today=TODAY, **version),
    ):
        with pytest.raises(UnableToPay, match="すでに作って"):
            step()
    with owner():
        Output.objects.filter(pk=written.output_id).update(state=state)
    again = act("鈴木", runs.write_run, "export", recipient_id=bank.pk, today=TODAY, **version)
    assert again.output_id != written.output_id and again.file_token != written.file_token
    with owner():
        Output.objects.filter(pk=again.output_id).update(state=state)
    act("鈴木", runs.cancel_run, run_id=again.pk, version=again.version)
    with owner():
        assert set(Payment.objects.filter(amount__lte=2000).values_list("state", "run")) == {("decided", None)}
    assert act("鈴木", runs.collect_run, kind="21", day=DAY, key=uuid.uuid4(), today=TODAY).amount == 3000


def test_a_run_whose_file_left_is_never_given_up(sent, act, owner):
    run, _payments = sent
    with owner():
        Output.objects.filter(pk=run.output_id).update(state="destroyed")
    with pytest.raises(UnableToPay, match="すでに作って"):
        act("鈴木", runs.cancel_run, run_id=run.pk, version=run.version)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"result_codes": "0 済み"}, "result_codes"),
        ({"client_name": "架空健保"}, "client_name"),
        ({"client_code": "12"}, "client_code"),
        ({"bank_name": "(ﾐｽﾞﾎ)"}, "bank_name"),
        ({"account_number": "abcdefg"}, "account_number"),
        ({"result_at": 85}, "__all__"),
    ],
)
def test_a_setting_no_bank_could_use_is_refused_at_its_field(payday, owner, change, field):
    with owner():
        setting = PayerSetting.objects.get(kind="21")
        for name, value in change.items():
            setattr(setting, name, value)
        with pytest.raises(ValidationError) as wrong:
            setting.full_clean()
    assert set(wrong.value.message_dict) == {field}
