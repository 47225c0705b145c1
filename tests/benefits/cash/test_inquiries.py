"""医師への照会: nothing goes out without the person's consent, and what comes back is read inside its case only."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits.cash.actions import cases, reviewing
from benefits.cash.activities import CASH_BENEFITS, SICKNESS_ALLOWANCE
from benefits.cash.models import BenefitContent, Case, CaseFinding, TreatmentInquiry
from benefits.cash.rules.kinds import Kind
from kumiai.jobs import engine, tasks
from privacy.outputs.actions import request_output
from privacy.outputs.models import Recipient
from privacy.scope import Refused, scope
from tests.benefits.cash.conftest import TODAY, applied
from tests.kumiai.documents.reading import lines_of

pytestmark = [pytest.mark.django_db]
ASKED = "請求の期間の療養の経過と、現在の症状をお知らせください。"


@pytest.fixture
def hospital(owner):
    with owner():
        return Recipient.objects.create(
            code="M001", name="架空総合病院", kind="medical", since=date(2020, 4, 1), address="架空市病院町1-1",
            representative="院長 見本 九郎",
        )  # fmt: skip


@pytest.fixture
def case(insured, act):
    made = act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(), today=TODAY)
    act("鈴木", reviewing.move_case, case_id=made.pk, version=None, name="start_review")
    return made


@pytest.mark.use(
    "treatment_inquiry",
    "sickness_allowance_review_payment",
    screens=["cash:sickness-inquiry"],
    files=["cash.inquiry"],
)
def test_an_inquiry_from_the_questions_to_the_opinion(case, hospital, client_of, owner, personas, monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)
    clerk, stranger = client_of("鈴木"), client_of("高橋")
    page = reverse("cash:sickness-inquiry", args=[case.pk])
    assert clerk.get(page).status_code == 200 and stranger.get(page).status_code == 403
    today = timezone.localdate()

    def version() -> int:
        with owner():
            return Case.objects.get(pk=case.pk).version

    empty = clerk.post(page, {"version": version(), "recipient": hospital.pk})
    assert empty.status_code == 422 and "照会する事項は" in empty.content.decode()
    given = {
        "version": version(),
        "recipient": hospital.pk,
        "physician": "架空 次郎",
        "offered": [ASKED],
        "question1": "投薬の内容",
    }
    assert clerk.post(page, given).status_code == 302
    assert clerk.post(page, given).status_code == 422, "ほかの画面で保存された版"
    with owner():
        [row] = TreatmentInquiry.objects.all()
        assert row.questions == [ASKED, "投薬の内容"]

    def letter():
        with scope(SICKNESS_ALLOWANCE, personas["鈴木"], operation="export"):
            output = request_output(
                by=personas["鈴木"], kind="cash.inquiry", parameters={"inquiry": row.pk}, today=today, file_format="pdf",
                recipient=hospital,
            )  # fmt: skip
        engine.run(output.job_id)
        output.refresh_from_db()
        with owner():
            content = BenefitContent.objects.filter(output=output).first()
        return output, "".join(lines_of(bytes(content.body))) if content else ""

    def step(name: str, **values):
        return clerk.post(reverse(f"cash:inquiry-{name}", args=[case.pk, row.pk]), {"version": version()} | values)

    assert letter()[0].state == "empty", "同意のない照会書は作れない"
    unsent = step("send", sent=today.isoformat())
    assert unsent.status_code == 422 and "本人の同意がありません" in unsent.content.decode()
    assert step("consent", given=(today + timedelta(days=1)).isoformat(), note="同意書").status_code == 422
    assert step("consent", given=today.isoformat(), note="同意書 第12号").status_code == 302
    output, text = letter()
    assert output.row_count == 1 and output.basis == "consent"
    for word in ("架空総合病院", "架空 次郎", ASKED, "投薬の内容", "腰椎椎間板ヘルニア"):
        assert word in text, word
    assert step("send", sent=today.isoformat()).status_code == 302
    assert step("remind").status_code == 422, "期限の前"
    half = step("answer", answered=today.isoformat(), able_from="", answer0="経過は良好", answer1="")
    assert half.status_code == 422
    assert (
        step(
            "answer", answered=today.isoformat(), able_from="2026-10-20", answer0="経過は良好", answer1="記載なし"
        ).status_code
        == 302
    )
    with owner():
        found = CaseFinding.objects.get(case=case, code="able", standing=True)
        assert (found.first, found.last) == (date(2026, 10, 20), date(2026, 10, 31))
    same = step("judge", opinion="supported", words="認める", adviser="架空　次郎 先生", on=today.isoformat())
    assert same.status_code == 422 and "同じ人" in same.content.decode(), "答えた医師は顧問医になれない"
    assert (
        step(
            "judge", opinion="partly", words="10月19日まで認める", adviser="顧問 三郎", on=today.isoformat()
        ).status_code
        == 302
    )
    with owner():
        doubt = CaseFinding.objects.get(case=case, code="doubted", standing=True)
        assert "一部の期間について認められる" in doubt.sentence and doubt.open, "意見は、点検の結果になる"
    shown = clerk.get(page).content.decode()
    assert "一部の期間について認められる" in shown and "経過は良好" in shown
    assert stranger.post(reverse("cash:inquiry-cancel", args=[case.pk, row.pk]), {}).status_code == 403


def test_what_waits_is_listed_by_its_deadline_and_asked_as_often_for_three_as_for_one(
    case, hospital, act, client_of, owner
):
    clerk, stranger, today = client_of("鈴木"), client_of("高橋"), timezone.localdate()
    page = reverse("cash:inquiry-list")
    assert stranger.get(page).status_code == 403 and "この状態の照会はありません" in clerk.get(page).content.decode()

    def more(state: str, days: int) -> None:
        with owner():
            TreatmentInquiry.objects.create(
                case=case, member_id=case.member_id, recipient_id=hospital.pk, questions=[ASKED], state=state,
                consent_date=today - timedelta(days=40), sent_date=today - timedelta(days=30),
                due_date=today + timedelta(days=days), entered_by_id=1,
            )  # fmt: skip

    def asked() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as seen:
            answer = clerk.get(page)
        return len(seen), answer.content.decode()

    more("sent", -1)
    more("sent", 0)
    clerk.get(page)
    first, text = asked()
    assert text.count(case.number) == 1 and "督促" in text and "架空総合病院" in text, (
        "今日が期限のものはまだ遅れていない"
    )
    more("sent", -2)
    more("sent", -3)
    second, text = asked()
    assert text.count(case.number) == 3 and second == first
    assert clerk.get(page + "?folder=sent").content.decode().count(case.number) == 1
    assert ASKED not in text, "照会した事項は、申請の中でだけ読む"


def test_another_institution_than_consented_is_not_handed_anything(case, hospital, act, owner, personas, monkeypatch):
    from benefits.cash.actions import inquiries

    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)
    with owner():
        other = Recipient.objects.create(
            code="M009",
            name="架空総合病院分院",
            kind="medical",
            since=date(2020, 4, 1),
            address="架空市9",
            representative="見本",
        )
    row = act(
        "鈴木", inquiries.draft_inquiry, case_id=case.pk, version=None, recipient_id=hospital.pk, physician="",
        questions=[ASKED], today=TODAY,
    )  # fmt: skip
    act(
        "鈴木",
        inquiries.record_consent,
        case_id=case.pk,
        version=None,
        inquiry_id=row.pk,
        given=TODAY,
        note="同意書",
        today=TODAY,
    )
    with scope(SICKNESS_ALLOWANCE, personas["鈴木"], operation="export"):
        output = request_output(
            by=personas["鈴木"], kind="cash.inquiry", parameters={"inquiry": row.pk}, today=TODAY, file_format="pdf",
            recipient=other,
        )  # fmt: skip
    engine.run(output.job_id)
    output.refresh_from_db()
    assert output.state == "empty"


def test_the_database_itself_refuses_to_send_without_consent(case, hospital, owner):
    with owner(), pytest.raises(IntegrityError), transaction.atomic():
        TreatmentInquiry.objects.create(
            case=case, member_id=case.member_id, recipient_id=hospital.pk, questions=[ASKED], state="sent",
            sent_date=TODAY, entered_by_id=1,
        )  # fmt: skip


def test_the_work_of_the_lump_sums_cannot_read_inquiries(personas):
    with pytest.raises(Refused), scope(CASH_BENEFITS, personas["鈴木"], operation="view"):
        list(TreatmentInquiry.objects.all())
