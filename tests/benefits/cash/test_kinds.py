"""Every kind of benefit from its application to its amount, against the register; corrections, recoveries, restrictions."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.models import Calculation, DailyAddition, Decision, Instalment, LumpAddition, Recovery
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.kinds import Kind
from members.enrollment.models import EligibilityPeriod
from members.payments.models import Payment
from members.remuneration.models import StandardRemuneration
from tests.benefits.cash.conftest import ILL, TODAY, applied, earning, granted, read
from tests.members.enrollment.people import make_employer, make_member
from tests.members.payments.conftest import make_account

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def mother(owner):
    with owner():
        member = make_member(
            names=("標沢", "梢", "シルシザワ", "コズエ"), employer=make_employer(), birth_date=date(1994, 3, 2)
        )
        earning(member, (date(2020, 9, 1), None, 22, 300_000))
        make_account(member)
    return member


@pytest.fixture
def child(owner, mother):
    with owner():
        return make_member(
            names=("標沢", "花", "シルシザワ", "ハナ"), insured=mother, branch="01", birth_date=date(2000, 1, 5),
            start=date(2018, 4, 1), relation="spouse",
        )  # fmt: skip


def amount(act, case, kind: Kind) -> Calculation:
    return act("鈴木", reviewing.latest_calculation, kind=kind, operation="view", case=case)


def test_a_maternity_allowance_counts_back_from_the_expected_day(mother, act, ready):
    born = {"expected_date": date(2026, 7, 20), "born_date": date(2026, 7, 23), "multiple": False}
    case = ready(
        Kind.MATERNITY, mother, facts=born, first=date(2026, 6, 9), last=date(2026, 9, 17), received=date(2026, 9, 30)
    )
    row = amount(act, case, Kind.MATERNITY)
    # 42 days up to the expected day, 3 late days, 56 after the birth: 101 days of 6,667 yen.
    assert (row.paid_days, row.daily, row.amount) == (101, 6_667, 101 * 6_667)


def test_sickness_paid_before_counts_as_paid_in_advance_of_maternity(mother, act, ready, owner):
    ill = ILL | {"opinion_first": date(2026, 6, 1), "opinion_last": date(2026, 6, 30), "opinion_date": date(2026, 7, 1)}
    _case, decision = granted(
        act, ready, mother, facts=ill, first=date(2026, 6, 1), last=date(2026, 6, 30), received=date(2026, 7, 5)
    )
    assert decision.amount == 27 * 6_667
    born = {"expected_date": date(2026, 7, 20), "born_date": date(2026, 7, 20), "multiple": False}
    case = ready(
        Kind.MATERNITY, mother, facts=born, first=date(2026, 6, 9), last=date(2026, 9, 14), received=date(2026, 9, 30)
    )
    row = amount(act, case, Kind.MATERNITY)
    # 9 to 30 June were paid as sickness allowance: 22 days count as paid in advance (法103条2項).
    assert (row.amount, row.in_advance) == (98 * 6_667, 22 * 6_667)
    assert row.total == (98 - 22) * 6_667


def test_a_birth_pays_the_difference_and_the_association_adds(mother, act, ready, owner):
    with owner():
        LumpAddition.objects.create(
            kind="childbirth_addition", amount=50_000, effective=DateRange(date(2020, 4, 1), None), basis="規約60条"
        )
    facts = {
        "born_date": date(2026, 9, 10),
        "weeks": 39,
        "days": 2,
        "children": 1,
        "covered": True,
        "way": "direct",
        "fee": 432_000,
    }
    case = ready(Kind.CHILDBIRTH, mother, facts=facts)
    row = amount(act, case, Kind.CHILDBIRTH)
    assert (row.amount, row.to_institution, row.extra, row.total) == (500_000, 432_000, 50_000, 118_000)
    assert any(one["code"] == "childbirth.addend" and not one["confirmed"] for one in row.parameters), "未確認の印"
    twins = facts | {"children": 2, "covered": False, "way": "cash", "fee": 0, "born_date": date(2026, 8, 1)}
    row = amount(act, ready(Kind.CHILDBIRTH, mother, facts=twins), Kind.CHILDBIRTH)
    assert (row.amount, row.to_institution) == (2 * 488_000, 0)


def test_a_dependants_birth_needs_a_dependant_on_the_day(mother, child, act, ready):
    facts = {"born_date": date(2026, 9, 10), "weeks": 40, "covered": True, "way": "cash"}
    case = ready(Kind.FAMILY_CHILDBIRTH, mother, patient_id=child.pk, facts=facts)
    assert amount(act, case, Kind.FAMILY_CHILDBIRTH).amount == 500_000
    early = ready(Kind.FAMILY_CHILDBIRTH, mother, patient_id=child.pk, facts=facts | {"weeks": 11})
    assert "85日" in amount(act, early, Kind.FAMILY_CHILDBIRTH).refused
    with pytest.raises(UnableToProcess, match="被扶養者についての給付"):
        act(
            "鈴木", cases.receive_case, kind=Kind.FAMILY_CHILDBIRTH, key=uuid.uuid4(), today=TODAY,
            applied=applied(Kind.FAMILY_CHILDBIRTH, mother, facts=facts),
        )  # fmt: skip


def test_a_funeral_goes_to_the_heir_else_its_cost_to_whoever_buried(mother, act, ready):
    facts = {
        "died_date": date(2026, 10, 1), "buried_date": date(2026, 10, 4), "claimant": "標沢 一郎",
        "claimant_relation": "夫", "maintained": True, "buries": True,
    }  # fmt: skip
    assert amount(act, ready(Kind.FUNERAL, mother, facts=facts), Kind.FUNERAL).amount == 50_000
    friend = facts | {"maintained": False, "claimant_relation": "友人"}
    costs = (("火葬料", 12_000, True), ("棺", 20_000, True), ("返礼品", 60_000, False))
    row = amount(act, ready(Kind.FUNERAL_COST, mother, facts=friend, costs=costs), Kind.FUNERAL_COST)
    assert row.amount == 32_000
    accident = amount(act, ready(Kind.FUNERAL, mother, facts=facts | {"industrial_accident": True}), Kind.FUNERAL)
    assert accident.amount == 0 and "業務上" in accident.refused


def test_a_transport_pays_the_ordinary_cost_when_all_three_conditions_hold(mother, act, ready):
    facts = {
        "moved_date": date(2026, 10, 1), "paid_date": date(2026, 10, 1), "route": "寝台車", "ordinary": 48_000,
        "actual": 52_500, "proper_treatment": True, "could_not_move": True, "unavoidable": True,
    }  # fmt: skip
    assert amount(act, ready(Kind.TRANSPORT, mother, facts=facts), Kind.TRANSPORT).amount == 48_000
    row = amount(act, ready(Kind.TRANSPORT, mother, facts=facts | {"unavoidable": False}), Kind.TRANSPORT)
    assert row.amount == 0 and "則81条3号" in row.refused
    late = facts | {"moved_date": date(2024, 10, 1), "paid_date": date(2024, 10, 1)}
    assert "2026-10-01まで" in amount(act, ready(Kind.TRANSPORT, mother, facts=late), Kind.TRANSPORT).refused


def test_the_additions_of_the_by_laws_reach_their_share(insured, act, ready, owner):
    with owner():
        DailyAddition.objects.create(
            kind="sickness_addition", percent=80, effective=DateRange(date(2020, 4, 1), None), basis="規約58条"
        )
    row = amount(act, ready(Kind.SICKNESS, insured), Kind.SICKNESS)
    # 80 % of 10,110 yen is 8,088; less 6,740 of the law: 1,348 a day.
    assert (row.amount, row.extra) == (31 * 6_740, 31 * 1_348)
    assert {run["kind"] for run in row.runs} == {"sickness", "sickness_addition"}


def test_a_further_application_goes_on_without_waiting_whichever_came_first(insured, act, ready):
    later = ILL | {"opinion_first": date(2026, 10, 16), "opinion_last": date(2026, 10, 31)}
    earlier = ILL | {"opinion_first": date(2026, 9, 28), "opinion_last": date(2026, 10, 15)}
    first = ready(Kind.SICKNESS, insured, facts=later, first=date(2026, 10, 16), last=date(2026, 10, 31))
    assert amount(act, first, Kind.SICKNESS).paid_days == 13, "待期3日"
    second = ready(
        Kind.SICKNESS, insured, facts=earlier, first=date(2026, 9, 28), last=date(2026, 10, 15), root_id=first.pk
    )
    assert amount(act, second, Kind.SICKNESS).paid_days == 15, "待期は前の期間で満たす"
    act("鈴木", reviewing.move_case, case_id=first.pk, version=None, name="review_again")
    act("鈴木", reviewing.calculate_case, case_id=first.pk, version=None)
    assert amount(act, first, Kind.SICKNESS).paid_days == 16, "合わせて31日"


def test_after_the_loss_it_goes_on_for_who_was_insured_a_year(insured, act, ready, owner):
    with owner():
        EligibilityPeriod.objects.filter(member=insured).update(period=DateRange(date(2020, 4, 1), date(2026, 10, 11)))
    row = amount(act, ready(Kind.SICKNESS, insured), Kind.SICKNESS)
    assert row.paid_days == 31 and any(step["label"] == "1年以上" and step["figure"] == "該当" for step in row.steps)
    with owner():
        EligibilityPeriod.objects.filter(member=insured).update(period=DateRange(date(2026, 4, 1), date(2026, 10, 11)))
    row = amount(act, ready(Kind.SICKNESS, insured), Kind.SICKNESS)
    assert row.paid_days == 10, "1年に満たない人は、喪失の前日まで"


def test_a_restriction_withholds_what_the_article_allows(insured, act, ready):
    case = ready(Kind.SICKNESS, insured)
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="review_again")
    with pytest.raises(UnableToProcess, match="認めた理由"):
        act("鈴木", cases.restrict_case, case_id=case.pk, version=None, ground="crime", percent=50, reason="")
    act("鈴木", cases.restrict_case, case_id=case.pk, version=None, ground="crime", percent=50, reason="故意の犯罪行為")
    with pytest.raises(UnableToProcess, match="全部を支給しません"):
        act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    act(
        "鈴木",
        cases.restrict_case,
        case_id=case.pk,
        version=None,
        ground="disobedience",
        percent=10,
        reason="指示に従わない",
    )
    row = act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    assert (row.withheld, row.total) == (20_894, 208_940 - 20_894)
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="review_again")
    act("鈴木", cases.restrict_case, case_id=case.pk, version=None, ground="disobedience", percent=None, reason="")
    assert act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None).withheld == 0


def test_what_was_paid_too_much_comes_back_in_parts_and_closes_the_case(insured, act, ready, owner):
    case, first = granted(act, ready, insured)
    with owner():
        payment = Payment.objects.get(source_id=first.pk)
        account = insured.bank_accounts.get()
        from members.payments.models import PaymentRun

        run = PaymentRun.objects.create(
            kind="21", payment_date=TODAY, state="settled", count=1, amount=first.amount, paid_count=1,
            paid_amount=first.amount, collected_by_id=1, approved_by_id=2, key=uuid.uuid4(),
        )  # fmt: skip
        Payment.objects.filter(pk=payment.pk).update(
            state="paid", run=run, account=account, position=1, result_date=TODAY, result_code="0"
        )
        StandardRemuneration.objects.filter(member=insured, standard=320_000).update(standard=280_000, grade=21)
    assert act("鈴木", deciding.follow_payments, case_ids=[case.pk]) == 1
    assert read(act, Kind.SICKNESS, case).state == "paid"
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="correct", reason="標準報酬の誤り")
    row = act("鈴木", reviewing.calculate_case, case_id=case.pk, version=None)
    back = first.amount - row.total
    assert back > 0
    act("鈴木", reviewing.submit_case, case_id=case.pk, version=None)
    with pytest.raises(UnableToProcess, match="返納を決定してください"):
        act("加藤", deciding.approve_case, operation="decide", case_id=case.pk, version=None, today=TODAY)
    plan = deciding.Plan(date(2026, 12, 1), count=3)
    ask = {
        "case_id": case.pk,
        "version": None,
        "today": TODAY,
        "deceit": False,
        "plan": plan,
        "reason": "標準報酬の訂正による",
    }
    with pytest.raises(UnableToProcess, match="知った日"):
        act("加藤", deciding.decide_recovery, operation="decide", known=date(2026, 1, 1), **ask)
    with pytest.raises(UnableToProcess, match="別の方が"):
        act("鈴木", deciding.decide_recovery, operation="decide", known=TODAY, **ask)
    found = act("加藤", deciding.decide_recovery, operation="decide", known=TODAY, **ask)
    with owner():
        parts = list(Instalment.objects.filter(recovery=found).order_by("number"))
        assert sum(part.amount for part in parts) == found.total == back and len(parts) == 3
        assert Recovery.objects.get().last_day == date(2031, 11, 24)
    key = uuid.uuid4()
    pay = {"case_id": case.pk, "version": None, "received": TODAY, "today": TODAY}
    for _twice in range(2):
        act("鈴木", deciding.receive_repayment, amount=parts[0].amount, key=key, **pay)
    with pytest.raises(UnableToProcess, match="残りの"):
        act("鈴木", deciding.receive_repayment, amount=back, key=uuid.uuid4(), **pay)
    act(
        "鈴木", deciding.replan_recovery, case_id=case.pk, version=None, reason="一度に納める申し出",
        plan=deciding.Plan(date(2027, 1, 1), count=1),
    )  # fmt: skip
    act("鈴木", deciding.receive_repayment, amount=back - parts[0].amount, key=uuid.uuid4(), **pay)
    assert read(act, Kind.SICKNESS, case).state == "closed"
    with owner():
        assert list(Decision.objects.filter(case=case).order_by("serial").values_list("outcome", flat=True)) == [
            "grant",
            "recover",
        ]


def test_a_returned_payment_waits_for_the_next_and_is_followed(insured, act, ready, owner):
    case, first = granted(act, ready, insured)
    with owner():
        from members.payments.models import PaymentRun

        run = PaymentRun.objects.create(
            kind="21", payment_date=TODAY, state="settled", count=1, amount=first.amount, returned_count=1,
            returned_amount=first.amount, collected_by_id=1, approved_by_id=2, key=uuid.uuid4(),
        )  # fmt: skip
        Payment.objects.filter(source_id=first.pk).update(
            state="returned", run=run, account=insured.bank_accounts.get(), position=1, result_code="4"
        )
    assert act("鈴木", deciding.follow_payments, case_ids=[case.pk]) == 1
    assert read(act, Kind.SICKNESS, case).state == "returned"
    assert act("鈴木", deciding.follow_payments, case_ids=[case.pk]) == 0, "再支払を待つ"
    with owner():
        Payment.objects.filter(source_id=first.pk).update(state="repaid")
        Payment.objects.create(
            member=insured, source="cash.decision", source_id=first.pk, attempt=2, amount=first.amount, due_date=TODAY,
            decided_by_id=first.decided_by_id,
        )  # fmt: skip
    assert act("鈴木", deciding.follow_payments, case_ids=[case.pk]) == 1
    assert read(act, Kind.SICKNESS, case).state == "in_payment"
