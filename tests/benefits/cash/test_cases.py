"""One case from its arrival to the payment, by two persons; each refusal says why."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.models import Calculation, CaseFinding, CaseStep, Decision
from benefits.cash.policies import Stale, UnableToProcess
from benefits.cash.rules.kinds import Kind
from members.payments import queries as payments
from members.payments.models import Payment
from tests.benefits.cash.conftest import ILL, TODAY, applied, certify, complete, granted, read

pytestmark = [pytest.mark.django_db]


def test_a_sickness_allowance_is_computed_as_the_example_says(insured, act, ready):
    case = ready(Kind.SICKNESS, insured)
    row = act("鈴木", lambda: Calculation.objects.get(case=case), operation="view")
    # 3 days of waiting, 31 paid days; 12 months: ten of 300,000 and two of 320,000 → 303,333 → 10,110 → 6,740.
    assert (row.daily, row.paid_days, row.amount) == (6740, 31, 6740 * 31)
    assert (row.term, row.remaining) == (548, 548 - 31)
    assert [step["label"] for step in row.steps][:3] == ["支給を始める日", "平均する月", "月数"]
    assert row.runs[0]["status"] == "waiting" and row.runs[0]["days"] == 3


def test_pay_of_two_days_is_deducted(insured, act, ready, owner):
    from benefits.cash.models import LabourPay

    case = act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(), today=TODAY)
    certificate = act("鈴木", certify, case=case)
    act(
        "鈴木",
        lambda by: LabourPay.objects.create(
            member=insured, certificate=certificate, label="賃金", first=date(2026, 10, 19), last=date(2026, 10, 20),
            amount=4000,
        ),
    )  # fmt: skip
    complete(act, "鈴木", case, Kind.SICKNESS)
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="start_review")
    row = act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    assert row.amount == 6740 * 29 + 2740 * 2 == 200_940


def test_the_same_key_makes_one_case(insured, act):
    key = uuid.uuid4()
    first = act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=key, today=TODAY)
    again = act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=key, today=TODAY)
    assert first.pk == again.pk
    assert first.number == "R8-000001"


def test_from_application_to_payment_by_two_persons(insured, act, ready):
    case = ready(Kind.SICKNESS, insured)
    with pytest.raises(UnableToProcess, match="支給を決定することができるのは"):
        act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    act("鈴木", reviewing.submit_case, case_id=case.pk, version=case.version)
    with pytest.raises(UnableToProcess, match="別の方が"):
        act("鈴木", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    with pytest.raises(Stale):
        act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=1, today=TODAY)
    made = act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    assert (made.outcome, made.amount, made.due) == ("grant", 208_940, 208_940)
    assert made.appeal_by == date(2027, 2, 25)
    act("鈴木", deciding.hand_to_payment, case_id=case.pk, version=None, due_date=TODAY)
    facts = act("鈴木", lambda: payments.payments_of("cash.decision", [made.pk]), operation="view")
    assert [fact.amount for fact in facts[made.pk]] == [208_940]
    assert read(act, Kind.SICKNESS, case).state == "in_payment"
    steps = act("鈴木", lambda: list(CaseStep.objects.filter(case=case).order_by("pk")), operation="view")
    assert [step.move for step in steps] == [
        "receive",
        "start_review",
        "calculate",
        "submit",
        "approve",
        "hand_to_payment",
    ]


def test_nothing_is_submitted_before_papers_and_findings_are_settled(insured, act):
    case = act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(), today=TODAY)
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="start_review")
    act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    with pytest.raises(UnableToProcess, match="確認済みでない書類があります：.*事業主の証明"):
        act("鈴木", reviewing.submit_case, case_id=case.pk, version=None)
    found = act("鈴木", lambda: list(CaseFinding.objects.filter(case=case)), operation="view")
    assert {row.code for row in found} == {"no_certificate"}


@pytest.mark.parametrize(
    "values,sentence",
    [
        ({"last": date(2026, 9, 1)}, "末日が初日より前"),
        ({"received": date(2027, 1, 5)}, "今日より後"),
        ({"last": date(2026, 11, 20)}, "受付日より後の日"),
        ({"first": date(1926, 9, 28)}, "年を確かめてください"),
        ({"facts": {**ILL, "opinion_last": date(2026, 9, 1)}}, "労務不能の期間"),
        ({"facts": {**ILL, "lump_on": date(2026, 9, 1)}}, "障害手当金は"),
    ],
)
def test_impossible_applications_are_refused_with_a_sentence(insured, act, values, sentence):
    with pytest.raises(UnableToProcess, match=sentence):
        act(
            "鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured, **values), key=uuid.uuid4(), today=TODAY
        )


def test_a_second_application_for_the_same_days_is_found(insured, act, ready):
    granted(act, ready, insured)
    case = act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(), today=TODAY)
    found = act("鈴木", lambda: {row.code for row in CaseFinding.objects.filter(case=case)}, operation="view")
    assert "two_illnesses" in found


def test_a_decision_is_refused_when_the_register_changed_after_the_calculation(insured, act, ready, owner):
    from members.remuneration.models import StandardRemuneration

    case = ready(Kind.SICKNESS, insured)
    act("鈴木", reviewing.submit_case, case_id=case.pk, version=None)
    with owner():
        StandardRemuneration.objects.filter(member=insured, standard=320_000).update(standard=360_000, grade=25)
    with pytest.raises(UnableToProcess, match="計算した後に"):
        act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    act(
        "加藤", deciding.send_back, operation="decide", case_id=case.pk, version=None, reason="標準報酬が変わりました。"
    )
    row = act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    assert row.serial == 2 and row.daily == 6887


def test_a_refusal_carries_its_reason_and_pays_nothing(insured, act, ready, owner):
    case = ready(Kind.SICKNESS, insured, facts={**ILL, "industrial_accident": True})
    row = act("鈴木", reviewing.latest_calculation, operation="view", case=case)
    assert row.amount == 0 and "業務上" in row.refused
    with pytest.raises(UnableToProcess, match="支給する額がありません"):
        act("鈴木", reviewing.submit_case, case_id=case.pk, version=None)
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="review_again")
    with pytest.raises(UnableToProcess, match="理由が必要"):
        act("鈴木", reviewing.propose_refusal, case_id=case.pk, version=None, reason=" ")
    act("鈴木", reviewing.propose_refusal, case_id=case.pk, version=None, reason="業務上の傷病のため")
    with pytest.raises(UnableToProcess, match="不支給として決裁に回された"):
        act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    made = act(
        "加藤",
        deciding.refuse_case,
        operation="decide",
        case_id=case.pk,
        version=None,
        today=TODAY,
        reason="業務上の傷病のため",
    )
    assert (made.outcome, made.amount) == ("refuse", 0)
    with owner():
        assert not Payment.objects.filter(member=insured).exists()


def test_an_earlier_decision_keeps_its_figures_and_a_correction_pays_the_difference(insured, act, ready, owner):
    from members.remuneration.models import StandardRemuneration

    case, first = granted(act, ready, insured)
    with owner():
        StandardRemuneration.objects.filter(member=insured, standard=320_000).update(standard=360_000, grade=25)
    with pytest.raises(UnableToProcess, match="支払待ちの申請は、先に支払から外してください"):
        act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="correct", reason="遡って変更")
    act("鈴木", deciding.take_from_payment, case_id=case.pk, version=None, reason="遡って変更")
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="correct", reason="標準報酬の遡及変更")
    row = act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    assert row.amount == 6887 * 31
    act("鈴木", reviewing.submit_case, case_id=case.pk, version=None)
    second = act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    assert (second.serial, second.due, second.amount) == (2, 6887 * 31, 6887 * 31 - first.amount)
    kept = act("鈴木", lambda: Decision.objects.select_related("calculation").get(pk=first.pk), operation="view")
    assert kept.calculation.amount == 208_940 and kept.calculation.daily == 6740
