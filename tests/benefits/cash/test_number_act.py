"""番号法に基づく情報連携: copies registered once, changed and cancelled; inquiries answered and taken in; a record of each that stays."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits.cash.actions import cases, number_act, number_answers, number_inquiries
from benefits.cash.activities import NUMBER_ACT_LINK
from benefits.cash.files.number_act import Form, read, write
from benefits.cash.models import (
    AccountAnswer,
    BenefitCopy,
    Case,
    LinkAnswerFile,
    LinkAnswerLine,
    LinkBatch,
    LinkInquiry,
    LinkRecord,
    Pension,
    Sickness,
)
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.kinds import Kind
from kumiai.accounts.crypto import decrypt
from kumiai.jobs import engine, tasks
from members.enrollment.models import Member
from members.payments.models import BankAccount
from privacy.outputs import actions as door
from privacy.outputs.models import Output, Recipient
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.benefits.cash.conftest import applied, granted
from tests.members.enrollment.people import make_employer, make_member

pytestmark = pytest.mark.django_db
FUND = "S013"
TODAY = date(2026, 11, 24)
PENSION = {
    "pension": "disability", "pension_code": "1350", "pension_first": "2026-01-01", "pension_annual": "780900",
}  # fmt: skip
ACCOUNT = {
    "bank_code": "0001", "branch_code": "001", "account_kind": "1", "account_number": "7654321",
    "holder": "ワタナベ ケンイチロウ",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def fund(owner, personas):
    with owner():
        return Recipient.objects.create(
            code=FUND, kind="payment_fund", name="架空支払基金", name_key=name_key("架空支払基金"), address="架空市本町2-1",
            representative="見本 二郎", since=date(2020, 4, 1),
        )  # fmt: skip


@pytest.fixture
def link(personas):
    """Do something of the link as a clerk."""

    def doing(what, *, who: str = "鈴木", operation: str = "change", **values):
        with scope(NUMBER_ACT_LINK, personas[who], operation=operation):
            return what(by=personas[who], **values) if operation != "view" else what(**values)

    return doing


@pytest.fixture
def collect(link):
    def run(content: str = "copies") -> LinkBatch:
        return link(number_act.collect, content=content, today=timezone.localdate())

    return run


@pytest.fixture
def send(link, fund, owner, personas):
    """Ask for the file of a batch, confirm by the second person, fetch, record → the bytes that left."""

    def run(batch: LinkBatch) -> bytes:
        today, now = timezone.localdate(), timezone.now()
        asked = link(
            number_act.ask_file, operation="export", batch_id=batch.pk, recipient_id=fund.pk, today=today
        )  # fmt: skip
        with owner():
            output = Output.objects.get(pk=asked.output_id)
        engine.run(output.job_id)
        with owner():
            output.refresh_from_db()
        with scope(NUMBER_ACT_LINK, personas["加藤"], operation="decide"):
            door.confirm(by=personas["加藤"], output_id=output.pk, recipient_code=FUND, count=output.row_count, at=now)
        with scope(NUMBER_ACT_LINK, personas["鈴木"], operation="export"):
            body = door.fetch(by=personas["鈴木"], output_id=output.pk, at=now, today=today).body
        link(number_act.follow, batch_id=batch.pk)
        return body

    return run


@pytest.fixture
def answer(link):
    def run(form: Form, *rows: dict[str, str], name: str = "answer.csv") -> LinkAnswerFile:
        return link(number_answers.receive, name=name, body=write(form, rows, encoding="utf8"))

    return run


@pytest.fixture
def rows(owner):
    def run(model, *fields, **wanted):
        with owner():
            return list(model.objects.filter(**wanted).order_by("pk").values_list(*fields))

    return run


def accepted(body: bytes, **more: str) -> list[dict[str, str]]:
    return [
        {"reference": line.values["reference"], "state": "accepted", "answered_date": "2026-11-25"} | more
        for line in read(Form.COPIES, body).lines
    ]


@pytest.mark.use(
    "cash_benefit",
    "number_act_link",
    screens=["cash:number-overview", "cash:number-batch", "cash:number-case"],
    files=["cash.number_copies", "cash.number_inquiries"],
)
def test_a_decided_benefit_is_registered_once_and_recorded(act, ready, insured, collect, send, answer, rows, client_of):
    case, decision = granted(act, ready, insured)
    body = send(collect())
    (line,) = read(Form.COPIES, body).lines
    values = line.values
    assert (values["action"], values["benefit"], values["undisclosed"]) == ("register", "sickness", "0")
    assert values["amount"] == str(decision.amount) and values["decided_date"] == TODAY.isoformat()
    assert (values["symbol"], values["number"], values["branch"]) == (insured.symbol, insured.number, insured.branch)
    answer(Form.RECEIPTS, *accepted(body))
    assert rows(BenefitCopy, "state", "action") == [("accepted", "register")]
    with pytest.raises(UnableToProcess, match="送る情報はありません"):
        collect()
    found = rows(LinkRecord, "kind", "item", "result", "member_id")
    item = "傷病手当金の支給に関する情報（登録）"
    assert found == [("copy_sent", item, "", insured.pk), ("copy_answered", item, "登録済み", insured.pk)]
    kept = rows(LinkRecord, "keep_until")
    assert all((day - timezone.localdate()).days > 365 * 7 - 2 for (day,) in kept)
    page = client_of("鈴木").get(reverse("cash:number-case", args=[case.pk])).content.decode()
    assert item in page and "副本の受付結果" in page
    assert client_of("鈴木").get(reverse("cash:number-overview")).status_code == 200


def test_the_record_cannot_be_changed_or_removed_in_its_seven_years(act, ready, insured, collect, send, owner):
    granted(act, ready, insured)
    send(collect())
    with owner():
        row = LinkRecord.objects.get()
        for change in (row.delete, row.save):
            with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
                change()


def test_a_correction_changes_the_copy_and_a_full_recovery_cancels_it(act, ready, insured, collect, send, answer, rows, owner):  # fmt: skip
    case, decision = granted(act, ready, insured)
    answer(Form.RECEIPTS, *accepted(send(collect())))
    _decide(owner, case, decision, "grant", 5_000)
    body = send(collect())
    (line,) = read(Form.COPIES, body).lines
    assert (line.values["action"], line.values["amount"]) == ("change", str(decision.amount + 5_000))
    former = rows(BenefitCopy, "reference")[0][0]
    assert line.values["former"] == former
    answer(Form.RECEIPTS, *accepted(body))
    _decide(owner, case, decision, "recover", decision.amount + 5_000)
    body = send(collect())
    (line,) = read(Form.COPIES, body).lines
    assert (line.values["action"], line.values["amount"]) == ("cancel", "0")
    answer(Form.RECEIPTS, *accepted(body))
    with pytest.raises(UnableToProcess, match="送る情報はありません"):
        collect()


def _decide(owner, case, former, outcome: str, amount: int) -> None:
    """One more decision of a case, as a correction leaves it."""
    with owner():
        values = {field.attname: getattr(former, field.attname) for field in former._meta.concrete_fields}
        values |= {"id": None, "serial": 0, "outcome": outcome, "amount": amount, "reason": "訂正", "extra": 0}
        values["serial"] = type(former).objects.filter(case=case).count() + 1
        type(former).objects.create(**values)


def test_an_error_waits_for_a_clerk_and_goes_again(act, ready, insured, collect, send, answer, link, rows, client_of):
    granted(act, ready, insured)
    body = send(collect())
    answer(Form.RECEIPTS, *accepted(body, state="rejected", error_code="E0012", message="枝番がありません"))
    with pytest.raises(UnableToProcess, match="送る情報はありません"):
        collect()
    clerk = client_of("鈴木")
    page = clerk.get(reverse("cash:number-error-list")).content.decode()
    assert "E0012" in page and "枝番がありません" in page
    ((pk,),) = rows(BenefitCopy, "pk")
    empty = clerk.post(reverse("cash:number-send-again", args=["copies", pk]), {"note": " "})
    assert empty.status_code == 422 and "直したことを入力" in empty.content.decode()
    assert (
        clerk.post(reverse("cash:number-send-again", args=["copies", pk]), {"note": "枝番を登録した"}).status_code
        == 302
    )
    assert rows(BenefitCopy, "state") == [("resend",)]
    assert send(collect())
    assert [state for (state,) in rows(BenefitCopy, "state")] == ["dropped", "sent"]


def test_a_batch_called_off_is_collected_anew_and_one_that_changed_is_not_sent(act, ready, insured, collect, link, fund, owner, rows):  # fmt: skip
    granted(act, ready, insured)
    batch = collect()
    with pytest.raises(UnableToProcess, match="送付前の回"):
        collect()
    with owner():
        Member.objects.filter(pk=insured.pk).update(number="987654")
    given = {"batch_id": batch.pk, "recipient_id": fund.pk, "today": timezone.localdate()}
    with pytest.raises(UnableToProcess, match="内容が変わったものが1件"):
        link(number_act.ask_file, operation="export", **given)
    link(lambda by: number_act.cancel(batch_id=batch.pk))
    assert rows(BenefitCopy, "state") == [("dropped",)]
    assert collect().pk != batch.pk


def test_people_under_protection_are_registered_as_not_to_be_disclosed(act, ready, insured, collect, send, owner):
    granted(act, ready, insured)
    with owner():
        Member.objects.filter(pk=insured.pk).update(protected=True)
    (line,) = read(Form.COPIES, send(collect())).lines
    assert line.values["undisclosed"] == "1"


# --- Inquiries ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def case(act, insured) -> Case:
    return act(
        "鈴木",
        cases.receive_case,
        kind=Kind.SICKNESS,
        applied=applied(Kind.SICKNESS, insured),
        key=uuid.uuid4(),
        today=TODAY,
    )


@pytest.fixture
def asked(link, case, send, collect, rows):
    """An inquiry of the case, sent → its reference."""

    def run(matter: str) -> str:
        today = timezone.localdate()
        link(
            number_inquiries.ask, case_id=case.pk, version=None, matter=matter, wish="申請書に申し出あり", on_date=today,
            today=today,
        )  # fmt: skip
        (line,) = read(Form.INQUIRIES, send(collect("inquiries"))).lines
        assert line.values["matter"] == matter
        return str(line.values["reference"])

    return run


def found(reference: str, **more: str) -> dict[str, str]:
    return {"reference": reference, "found": "found", "answered_date": "2026-11-25"} | more


def test_the_account_of_an_answer_becomes_a_proposal_of_one_clerk(case, asked, answer, link, rows, client_of, owner):
    file = answer(Form.ANSWERS, found(asked("account"), **ACCOUNT))
    assert file.counts == {"accepted": 1}
    with owner():
        kept = AccountAnswer.objects.get()
    assert "7654321" not in kept.number and decrypt(kept.number) == b"7654321"
    clerk, ((pk,),) = client_of("鈴木"), rows(LinkInquiry, "pk")
    page = clerk.get(reverse("cash:number-case", args=[case.pk])).content.decode()
    assert "****321" in page and "7654321" not in page
    ((version,),) = rows(Case, "version")
    sent = clerk.post(
        reverse("cash:number-take-account", args=[case.pk, pk]),
        {"version": version, "since": timezone.localdate().isoformat()},
    )
    assert sent.status_code == 302, sent.content.decode()
    assert rows(BankAccount, "state", "number_tail", "holder", number_tail="321") == [
        ("proposed", "321", "ﾜﾀﾅﾍﾞ ｹﾝｲﾁﾛｳ")
    ]
    assert rows(AccountAnswer, "pk") == [], "the number stands in one place only"
    again = clerk.post(
        reverse("cash:number-take-account", args=[case.pk, pk]),
        {"version": version + 1, "since": timezone.localdate().isoformat()},
    )
    assert again.status_code == 422 and "済みです" in again.content.decode()


def test_an_account_of_another_name_is_refused_and_can_be_declined(case, asked, answer, link, rows):
    answer(Form.ANSWERS, found(asked("account"), **ACCOUNT | {"holder": "ベツ ジン"}))
    ((pk,),) = rows(LinkInquiry, "pk")
    shared = {"case_id": case.pk, "version": None, "inquiry_id": pk}
    with pytest.raises(UnableToProcess, match="名義が加入者のカナ氏名と違います"):
        link(number_inquiries.take_account, **shared, since=timezone.localdate())
    with pytest.raises(UnableToProcess, match="使わない理由"):
        link(number_inquiries.decline, **shared, note=" ")
    link(number_inquiries.decline, **shared, note="本人が別の口座を届け出た")
    assert rows(LinkInquiry, "use", "used_note") == [("declined", "本人が別の口座を届け出た")]
    assert rows(AccountAnswer, "pk") == []


def test_pensions_of_an_answer_stand_in_the_case(case, asked, answer, link, rows):
    reference = asked("pension")
    lump = {"pension": "disability_lump", "pension_first": "2025-06-01", "pension_annual": "1190000"}
    file = answer(Form.ANSWERS, found(reference, **PENSION), found(reference, **lump))
    assert file.counts == {"accepted": 1}
    ((pk,),) = rows(LinkInquiry, "pk")
    link(number_inquiries.take_pension, case_id=case.pk, version=None, inquiry_id=pk)
    ((annual, first, old_age, basis),) = rows(Pension, "annual", "first", "old_age", "basis")
    assert (annual, first, old_age) == (780_900, date(2026, 1, 1), False) and reference in basis
    assert rows(Sickness, "lump_on", "lump_amount") == [(date(2025, 6, 1), 1_190_000)]
    assert rows(LinkRecord, "kind", "result")[-1] == ("inquiry_answered", "該当あり")


def test_a_pension_typed_otherwise_is_not_overwritten(case, asked, answer, link, rows, owner):
    with owner():
        Pension.objects.create(case=case, member_id=case.member_id, annual=700_000, first=date(2026, 1, 1))
    answer(Form.ANSWERS, found(asked("pension"), **PENSION))
    ((pk,),) = rows(LinkInquiry, "pk")
    with pytest.raises(UnableToProcess, match="別の額か期間"):
        link(number_inquiries.take_pension, case_id=case.pk, version=None, inquiry_id=pk)
    assert rows(LinkInquiry, "use") == [("",)]


def test_lines_that_cannot_be_used_are_kept_and_told(case, asked, answer, link, rows, client_of):
    reference = asked("account")
    file = answer(
        Form.ANSWERS, found(reference, **PENSION), found("S999999-000001", **ACCOUNT),
    )  # fmt: skip
    assert file.counts == {"other_matter": 1, "unknown": 1}
    assert rows(LinkAnswerLine, "number", "outcome") == [(2, "other_matter"), (3, "unknown")]
    page = client_of("鈴木").get(reverse("cash:number-answer", args=[file.pk])).content.decode()
    assert "送っていない管理番号" in page and "照会した情報と違う" in page
    answer(Form.ANSWERS, {"reference": reference, "found": "none", "answered_date": "2026-11-25"})
    assert rows(LinkInquiry, "state", "finding") == [("accepted", "none")]
    settled = answer(Form.ANSWERS, {"reference": reference, "found": "none", "answered_date": "2026-11-26"})
    assert settled.counts == {"settled": 1}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"found": "rejected"}, "エラーなのにコードがありません"),
        ({"found": "none", **ACCOUNT}, "該当がないのに"),
        ({"found": "found"}, "どちらか一方"),
        ({"found": "found", **ACCOUNT, **PENSION}, "どちらか一方"),
        ({"found": "found", **{k: v for k, v in ACCOUNT.items() if k != "branch_code"}}, "支店コードを入れて"),
        ({"found": "found", **PENSION, "pension_last": "2025-12-31"}, "初日より前"),
        ({"found": "found", **ACCOUNT, "account_number": "12345678"}, "桁数"),
        ({"found": "found", **ACCOUNT, "holder": "渡邊"}, "名義に使えない"),
    ],
)
def test_what_contradicts_itself_is_told_by_line_and_field(row, words):
    body = write_raw({"reference": "S000001-000001", "answered_date": "2026-11-25"} | row)
    result = read(Form.ANSWERS, body)
    assert result.lines == () and words in f"{result.faults[0].what}{result.faults[0].remedy}"
    assert result.faults[0].line == 2


def write_raw(*rows: dict[str, str]) -> bytes:
    from benefits.cash.files.number_act import ANSWERED, COLUMNS, PENSIONS
    from kumiai.tabular.writing import csv_bytes

    words = {**ANSWERED, **PENSIONS}
    columns = COLUMNS[Form.ANSWERS].columns
    cells = [[words.get(row.get(c.code, ""), row.get(c.code, "")) for c in columns] for row in rows]
    return csv_bytes([c.title for c in columns], cells)


def test_the_same_reference_twice_is_told(case):
    none = {"reference": "S000001-000001", "found": "none", "answered_date": "2026-11-25"}
    result = read(Form.ANSWERS, write_raw(none, none))
    assert len(result.lines) == 1 and "2行目と同じ管理番号" in result.faults[0].what
    pension = none | {"found": "found"} | PENSION
    other = pension | {"pension": "old_age"}
    assert len(read(Form.ANSWERS, write_raw(pension, other)).lines) == 2
    assert len(read(Form.ANSWERS, write_raw(pension, pension)).lines) == 1


def test_an_unreadable_file_and_the_same_file_twice_are_refused_and_nothing_is_kept(client_of, case, asked, rows, link):
    clerk, url = client_of("鈴木"), reverse("cash:number-answer-list")

    def post(body: bytes):
        return clerk.post(url, {"file": SimpleUploadedFile("回答.csv", body)})

    for body, words in (
        (b"", "何も書かれていません"), (b"\x00\xff\xfe\x01", ""), (b"a,b\n1,2\n", "見出しの行が見つかりません"),
        ("管理番号,結果\n".encode(), "行がありません"),
    ):  # fmt: skip
        answered = post(body)
        assert answered.status_code == 422 and words in answered.content.decode()
    assert rows(LinkAnswerFile, "pk") == []
    body = write(Form.ANSWERS, [found(asked("account"), **ACCOUNT)], encoding="utf8")
    assert post(body).status_code == 302
    assert "受け付け済み" in post(body).content.decode()


def test_what_the_law_gives_no_ground_to_ask_is_refused(act, link, insured, owner, case):
    today = timezone.localdate()
    given = {"version": None, "wish": "申し出", "on_date": today, "today": today}
    with owner():
        woman = make_member(names=("標沢", "梢", "シルシザワ", "コズエ"), employer=make_employer(), sex="2")
        birth = Case.objects.create(
            number="R8-900001", kind="childbirth", member=woman, patient=woman, received_date=TODAY, first=TODAY, last=TODAY,
            claim_by=TODAY, entered_by_id=1, due_date=TODAY, entry_key=uuid.uuid4(),
        )  # fmt: skip
        death = Case.objects.create(
            number="R8-900002", kind="funeral", member=woman, patient=woman, received_date=TODAY, first=TODAY, last=TODAY,
            claim_by=TODAY, entered_by_id=1, due_date=TODAY, entry_key=uuid.uuid4(),
        )  # fmt: skip
    with pytest.raises(UnableToProcess, match="傷病手当金だけ"):
        link(number_inquiries.ask, case_id=birth.pk, matter="pension", **given)
    with pytest.raises(UnableToProcess, match="申請者に支払います"):
        link(number_inquiries.ask, case_id=death.pk, matter="account", **given)
    link(number_inquiries.ask, case_id=case.pk, matter="account", **given)
    with pytest.raises(UnableToProcess, match="送付前か回答待ち"):
        link(number_inquiries.ask, case_id=case.pk, matter="account", **given)


def test_an_inquiry_is_called_off_before_a_batch_holds_it_and_waits_again_after_one_is_called_off(case, link, collect, rows):  # fmt: skip
    today = timezone.localdate()
    given = {"case_id": case.pk, "version": None}
    one = link(number_inquiries.ask, **given, matter="account", wish="申し出", on_date=today, today=today)
    batch = collect("inquiries")
    with pytest.raises(UnableToProcess, match="どの回にも入っていない"):
        link(number_inquiries.call_off, **given, inquiry_id=one.pk)
    link(lambda by: number_act.cancel(batch_id=batch.pk))
    assert rows(LinkInquiry, "state", "batch_id", "reference") == [("waiting", None, None)]
    link(number_inquiries.call_off, **given, inquiry_id=one.pk)
    assert rows(LinkInquiry, "state") == [("dropped",)]


def test_accounts_nobody_took_in_are_forgotten(case, asked, answer, link, rows):
    answer(Form.ANSWERS, found(asked("account"), **ACCOUNT))
    link(lambda by: number_answers.forget_accounts(today=date(2026, 11, 25) + number_answers.KEPT_FOR))
    assert len(rows(AccountAnswer, "pk")) == 1
    later = date(2026, 11, 25) + number_answers.KEPT_FOR + timedelta(days=1)
    link(lambda by: number_answers.forget_accounts(today=later))
    assert rows(AccountAnswer, "pk") == []


def test_who_has_no_grant_sees_nothing_and_who_is_not_named_writes_nothing(case, client_of, owner, asked, answer, rows):
    for name in ("高橋", "佐藤", "田中"):
        assert client_of(name).get(reverse("cash:number-overview")).status_code == 403
    answer(Form.ANSWERS, found(asked("account"), **ACCOUNT))
    with owner():
        Member.objects.filter(pk=case.member_id).update(protected=True)
    clerk, ((pk,),) = client_of("鈴木"), rows(LinkInquiry, "pk")
    page = clerk.get(reverse("cash:number-case", args=[case.pk])).content.decode()
    assert "****321" not in page and "渡邊" not in page
    for step in ("take-account", "decline", "take-pension", "call-off"):
        assert clerk.post(reverse(f"cash:number-{step}", args=[case.pk, pk]), {"version": 1}).status_code == 404
    assert clerk.post(reverse("cash:number-case", args=[case.pk]), {}).status_code == 404
    for name in ("number-record-list", "number-inquiry-list"):
        assert "渡邊" not in clerk.get(reverse(f"cash:{name}")).content.decode()


def test_every_list_costs_the_same_with_one_row_and_with_three(act, ready, owner, insured, collect, send, client_of):
    from tests.benefits.cash.conftest import earning
    from tests.members.payments.conftest import make_account

    clerk = client_of("鈴木")
    granted(act, ready, insured)
    send(collect())
    urls = [reverse(f"cash:number-{name}") for name in ("overview", "record-list", "answer-list")]

    def cost() -> list[int]:
        counts = []
        for url in urls:
            clerk.get(url)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert clerk.get(url).status_code == 200
            counts.append(len(seen))
        return counts

    one = cost()
    for number in (1, 2):
        with owner():
            member = make_member(
                names=("渡邊", "健一郎", "ワタナベ", "ケンイチロウ"), employer=make_employer(f"別{number}"), sex="1"
            )
            earning(member, (date(2020, 9, 1), date(2026, 9, 1), 22, 300_000), (date(2026, 9, 1), None, 23, 320_000))
            make_account(member, holder="ﾜﾀﾅﾍﾞ ｹﾝｲﾁﾛｳ")
        granted(act, ready, member)
    batch = collect()
    urls.append(reverse("cash:number-batch", args=[batch.pk]))
    send(batch)
    assert cost()[:3] == one
