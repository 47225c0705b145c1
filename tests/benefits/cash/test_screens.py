"""The screens of a case as clerks click them: two persons, wrong input, the wrong clerk, the letters."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.models import BenefitContent, Case, CaseDocument, LabourCertificate, MonthClose
from benefits.cash.rules.kinds import Kind
from kumiai.jobs import engine, tasks
from members.payments.models import Payment
from privacy.outputs.actions import request_output
from privacy.scope import scope
from tests.benefits.cash.conftest import ILL, TODAY, applied, granted
from tests.kumiai.documents.reading import lines_of
from tests.members.enrollment.people import make_member

pytestmark = [pytest.mark.django_db]


def at(name: str, *args) -> str:
    return reverse(f"cash:{name}", args=args)


def typed(**values) -> dict:
    fields = {
        "key": str(uuid.uuid4()), "received": "R8.11.9", "first": "2026-09-28", "last": "令和8年10月31日", "root": "",
        "illness": ILL["illness"], "hospital": "架空総合病院", "opinion_first": "2026-09-28", "opinion_last": "2026-10-31",
        "opinion_date": "2026-11-05",
    }  # fmt: skip
    return fields | values


@pytest.fixture
def clerks(client_of):
    return client_of("鈴木"), client_of("加藤"), client_of("高橋")


def version(owner, case: Case) -> int:
    with owner():
        return Case.objects.get(pk=case.pk).version


@pytest.mark.use(
    "labour_status",
    "sickness_allowance_review_payment",
    screens=["cash:sickness-detail", "cash:sickness-apply", "cash:sickness-labour"],
)
def test_a_sickness_allowance_from_the_form_to_the_decision(insured, clerks, owner):
    first, second, stranger = clerks
    assert first.get(at("case-list")).status_code == 200
    wrong = first.post(at("case-new"), {"kind": "sickness", "number": "12 345"})
    assert wrong.status_code == 422 and "この番号の加入者はいません" in wrong.content.decode()
    way = first.post(at("case-new"), {"kind": "sickness", "number": f"{insured.symbol}-{insured.number}"})
    assert way.url == at("sickness-apply", insured.pk)
    assert insured.name in first.get(way.url).content.decode()
    bad = first.post(way.url, typed(last="2026-09-01"))
    assert bad.status_code == 422 and "末日が初日より前" in bad.content.decode()
    assert 'value="腰椎椎間板ヘルニア"' in bad.content.decode(), "入力したものは残る"
    assert stranger.get(way.url).status_code == 403
    given = typed()
    assert first.post(way.url, given).status_code == 302
    assert first.post(way.url, given).status_code == 302, "二度押し"
    with owner():
        [case] = Case.objects.all()
    page = at("sickness-detail", case.pk)
    text = first.get(page).content.decode()
    assert "事業主の証明がありません" in text and case.number in text
    assert stranger.get(page).status_code == 403
    assert first.get(at("lump-detail", case.pk)).status_code == 404, "ほかの仕事の画面では開けない"

    certificate = {"version": version(owner, case), "first": "2026-09-28", "last": "2026-10-31", "certified": "2026-11-05",
                   "employer": "ひなた物流株式会社", "note": "", "day_2026-10-04": "holiday", "day_2026-10-11": "holiday"}  # fmt: skip
    early = first.post(at("sickness-labour", case.pk), certificate | {"certified": "2026-10-05"})
    assert early.status_code == 422 and "過ぎた日についてだけ" in early.content.decode()
    half = first.post(at("sickness-labour", case.pk), certificate | {"pay_label1": "賃金"})
    assert half.status_code == 422 and "報酬1の額" in half.content.decode()
    assert stranger.get(at("sickness-labour", case.pk)).status_code == 403
    assert first.post(at("sickness-labour", case.pk), certificate).status_code == 302
    with owner():
        assert LabourCertificate.objects.get(case=case).holidays == [date(2026, 10, 4), date(2026, 10, 11)]
        papers = list(CaseDocument.objects.filter(case=case, required=True))

    def move(client, name: str, page: str = "move", **values):
        return client.post(
            at(f"sickness-{page}", case.pk), {"version": version(owner, case), "name": name, "reason": ""} | values
        )

    assert move(first, "start_review").status_code == 302
    assert move(first, "calculate").status_code == 302
    unready = move(first, "submit")
    assert unready.status_code == 422 and "確認済みでない書類" in unready.content.decode()
    assert move(first, "review_again").status_code == 302
    for paper in papers:
        where = at("sickness-document", case.pk, paper.pk)
        blank = first.post(where, {"version": version(owner, case), "state": "checked", "arrived": "", "note": ""})
        assert blank.status_code == 422 and "届いた日" in blank.content.decode()
        assert first.post(where, {"version": version(owner, case), "state": "checked", "arrived": "R8.11.9", "note": ""}).status_code == 302  # fmt: skip
    assert move(first, "calculate").status_code == 302
    shown = first.get(page).content.decode()
    assert "208,940円" in shown and "法99条2項" in shown and "令7.11" not in shown
    assert first.post(at("sickness-move", case.pk), {"version": 1, "name": "submit", "reason": ""}).status_code == 409
    assert move(first, "submit").status_code == 302
    same = move(first, "approve", "decide")
    assert same.status_code == 422 and "別の方が" in same.content.decode()
    assert move(second, "send_back", "decide").status_code == 422, "理由がない"
    assert move(second, "approve", "decide").status_code == 302
    assert move(first, "hand_to_payment").status_code == 302
    with owner():
        assert Case.objects.get(pk=case.pk).state == "in_payment"
    assert "支払待ち" in first.get(page).content.decode()
    month = timezone.localdate()
    assert insured.name in first.get(at("month-detail", month.year, month.month)).content.decode()
    assert first.get(at("sickness-calculation", case.pk, 1)).status_code == 200


@pytest.fixture
def letter(personas, owner, monkeypatch):
    """letter(kind, member, **parameters) → (the file's record, the text of its PDF)."""
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)

    def asking(kind: str, member=None, **parameters):
        with scope(CASH_BENEFITS, personas["鈴木"], operation="export"):
            output = request_output(
                by=personas["鈴木"], kind=kind, parameters=parameters, today=timezone.localdate(), file_format="pdf",
                member_id=member.pk if member else None, recipient=None,
            )  # fmt: skip
        engine.run(output.job_id)
        output.refresh_from_db()
        with owner():
            content = BenefitContent.objects.filter(output=output).first()
        return output, "".join(lines_of(bytes(content.body))) if content else ""

    return asking


def test_letters_go_to_whom_they_are_about_with_the_right_to_appeal(insured, act, ready, letter, owner):
    case, decision = granted(act, ready, insured)
    output, text = letter("cash.notice", insured, decision=decision.pk)
    assert output.row_count == 1
    for word in ("傷病手当金支給決定通知書", "208,940円", "社会保険審査官", "計算の過程", "法99条2項", case.number):
        assert word in text, word
    stacked, text = letter("cash.notice", since=decision.decided_date, until=decision.decided_date)
    assert stacked.row_count == 1 and "208,940円" in text
    with owner():
        other = make_member(names=("標沢", "梢", "シルシザワ", "コズエ"))
    assert letter("cash.notice", other, decision=decision.pk)[0].state == "empty", "ほかの人の決定は渡せない"
    assert letter("cash.payment_notice", insured, decision=decision.pk)[0].state == "empty", "まだ振り込まれていない"
    with owner():
        Payment.objects.filter(source_id=decision.pk).update(state="cancelled")
    refused = act(
        "鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured, facts={**ILL, "third_party": True}),
        key=uuid.uuid4(), today=TODAY,
    )  # fmt: skip
    act("鈴木", reviewing.move_case, case_id=refused.pk, version=None, name="start_review")
    act("鈴木", reviewing.propose_refusal, case_id=refused.pk, version=None, reason="すでに支給した期間と同じため")
    made = act(
        "加藤", deciding.refuse_case, operation="decide", case_id=refused.pk, version=None, today=TODAY,
        reason="すでに支給した期間と同じため",
    )  # fmt: skip
    _output, text = letter("cash.notice", insured, decision=made.pk)
    assert "不支給決定通知書" in text and "すでに支給した期間と同じため" in text and "3か月以内" in text


def test_a_month_is_closed_by_one_and_approved_by_another(insured, act, ready, clerks, owner):
    first, second, stranger = clerks
    _case, decision = granted(act, ready, insured)
    where = (decision.decided_date.year, decision.decided_date.month)
    assert stranger.get(at("month-list")).status_code == 403
    assert f"{decision.amount:,}" in first.get(at("month-list")).content.decode()
    assert first.post(at("month-close", *where)).status_code == 302
    assert first.post(at("month-close", *where)).status_code == 422, "二度目"
    approve = {"approved": decision.decided_date.isoformat()}
    assert first.post(at("month-approve", *where), approve).status_code == 422, "締め切った本人"
    assert second.post(at("month-approve", *where), {"approved": ""}).status_code == 422
    assert second.post(at("month-approve", *where), approve).status_code == 302
    with owner():
        row = MonthClose.objects.get()
        assert (row.state, row.count, row.amount) == ("closed", 1, decision.amount)
    assert first.post(at("month-reopen", *where)).status_code == 422
    page = first.get(at("statistics")).content.decode()
    assert f"{decision.amount:,}" in page


def test_lists_ask_as_often_for_three_as_for_one(insured, act, client_of, owner):
    clerk = client_of("鈴木")
    counts = []
    for number in range(3):
        with owner():
            other = make_member(names=("標沢", f"梢{number}", "シルシザワ", "コズエ"))
        act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, other), key=uuid.uuid4(), today=TODAY)
        clerk.get(at("case-list"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            clerk.get(at("case-list"))
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_protected_people_are_for_named_clerks(act, client_of, owner):
    with owner():
        hidden = make_member(names=("隠岐", "忍", "オキ", "シノブ"), protected=True)
        Case.objects.create(
            number="R8-000900", kind="transport", member=hidden, patient=hidden, received_date=date(2026, 11, 1),
            first=date(2026, 10, 1), last=date(2026, 10, 1), claim_by=date(2028, 10, 1), entered_by_id=1,
            due_date=date(2026, 11, 15), entry_key=uuid.uuid4(),
        )  # fmt: skip
        case = Case.objects.get(number="R8-000900")
    clerk = client_of("鈴木")
    listed = clerk.get(at("case-list")).content.decode()
    assert "隠岐" not in listed and "保護対象の人の1件" in listed
    page = clerk.get(at("lump-detail", case.pk))
    assert "隠岐" not in page.content.decode() and "指名された担当者" in page.content.decode()
    assert clerk.post(at("case-find"), {"terms": "R8-900"}).url == at("lump-detail", case.pk)
