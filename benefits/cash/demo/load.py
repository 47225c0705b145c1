"""Applications of invented members, worked on by invented clerks until every state of a case has one.

Written by the actions of the portal in the scope of their own work, so it runs as a serving login role. A function of
(seed, today); the days lie in the months before today.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.activities import BENEFIT_SETTINGS, CASH_BENEFITS, MATERNITY_ALLOWANCE, SICKNESS_ALLOWANCE
from benefits.cash.demo import neighbours, number_act
from benefits.cash.models import (
    Budget,
    Case,
    CaseDocument,
    CaseFinding,
    DailyAddition,
    LabourCertificate,
    LabourPay,
    LumpAddition,
)
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.kinds import Kind
from members.enrollment.queries import members_in
from privacy.scope import Way, scope
from privacy.seen import shown

WAY = Way(name="デモの仕事", view="cash.demo")
ACTIVITIES = {Kind.SICKNESS: SICKNESS_ALLOWANCE, Kind.MATERNITY: MATERNITY_ALLOWANCE}
ILLNESSES = (
    "腰椎椎間板ヘルニア",
    "うつ状態",
    "胃潰瘍",
    "右下腿骨折",
    "肺炎",
    "適応障害",
    "変形性膝関節症",
    "急性虫垂炎",
)
HOSPITALS = ("架空総合病院", "ひなた市民病院", "みなと整形外科", "青葉クリニック")
MOST = 220
DAY = timedelta(days=1)


@dataclass
class Clerks:
    first: Any
    second: Any


def load(seed: int, today: date) -> dict[str, int]:
    """By-laws, budget and applications in every state. Once."""
    users = get_user_model().objects
    clerks = Clerks(users.get(staff_number="1002"), users.get(staff_number="1009"))
    with scope(BENEFIT_SETTINGS, users.get(staff_number="1004"), operation="change", way=WAY):
        _settings(today)
    with scope(CASH_BENEFITS, clerks.first, operation="view", way=WAY):
        if Case.objects.first() is not None:
            return {"現金給付の申請": 0}
        rows = members_in("all", today).filter(insured__isnull=True, protected=False).order_by("pk")[:MOST]
        people = [m for m in rows if m.birth_date.year < 2004]
        shown(member.pk for member in people)
    chance, made = random.Random(seed), 0
    for place, member in enumerate(people[5::9]):
        kind, ending = PLAN[place % len(PLAN)]
        made += _one(chance, clerks, member, kind, ending, today, place)
    neighbours.load(clerks.first, today)
    number_act.load(by=clerks.first, second=clerks.second, today=today)
    return {"現金給付の申請": made}


PLAN: tuple[tuple[Kind, str], ...] = (
    (Kind.SICKNESS, "submitted"),
    (Kind.SICKNESS, "paying"),
    (Kind.MATERNITY, "submitted"),
    (Kind.SICKNESS, "received"),
    (Kind.CHILDBIRTH, "approved"),
    (Kind.SICKNESS, "documents"),
    (Kind.FUNERAL, "submitted"),
    (Kind.SICKNESS, "refused"),
    (Kind.TRANSPORT, "calculated"),
    (Kind.SICKNESS, "withheld"),
    (Kind.MATERNITY, "paying"),
    (Kind.SICKNESS, "review"),
    (Kind.FUNERAL_COST, "approved"),
    (Kind.SICKNESS, "refusal"),
    (Kind.CHILDBIRTH, "received"),
    (Kind.SICKNESS, "approved"),
    (Kind.SICKNESS, "withdrawn"),
)


def _settings(today: date) -> None:
    """What the by-laws add, and a budget of this year."""
    if DailyAddition.objects.first() is not None:
        return
    since = date(2020, 4, 1)
    for kind, percent in (("sickness_addition", "80"), ("sickness_extension", "60"), ("maternity_addition", "80")):
        DailyAddition.objects.create(
            kind=kind, percent=Decimal(percent), effective=(since, None), basis="規約58条",
            max_days=365 if kind == "sickness_extension" else None,
        )  # fmt: skip
    for kind, family, amount in (
        ("childbirth_addition", False, 50_000),
        ("childbirth_addition", True, 30_000),
        ("funeral_addition", False, 50_000),
        ("funeral_addition", True, 20_000),
    ):
        LumpAddition.objects.create(kind=kind, family=family, amount=amount, effective=(since, None), basis="規約60条")
    year = deciding.fiscal_year(today)
    for kind, yen in (
        (Kind.SICKNESS, 12_000_000), (Kind.SICKNESS_ADDITION, 2_400_000), (Kind.MATERNITY, 6_000_000),
        (Kind.MATERNITY_ADDITION, 1_200_000), (Kind.CHILDBIRTH, 8_000_000), (Kind.FAMILY_CHILDBIRTH, 6_000_000),
        (Kind.CHILDBIRTH_ADDITION, 1_000_000), (Kind.FUNERAL, 300_000), (Kind.FAMILY_FUNERAL, 300_000),
        (Kind.TRANSPORT, 100_000),
    ):  # fmt: skip
        Budget.objects.create(fiscal_year=year, kind=kind, amount=yen)


def _applied(chance: random.Random, member: Any, kind: Kind, today: date) -> cases.Applied | None:
    """What the person applied for; None where it cannot have happened (a man's birth)."""
    received = today - DAY * chance.randrange(1, 25)
    shared: dict[str, Any] = {
        "kind": kind,
        "member_id": member.pk,
        "patient_id": member.pk,
        "received": received,
        "root_id": None,
    }
    if kind is Kind.SICKNESS:
        last = received - DAY * chance.randrange(3, 20)
        first = last - DAY * chance.randrange(20, 75)
        facts = {
            "illness": chance.choice(ILLNESSES), "hospital": chance.choice(HOSPITALS), "onset_date": first - DAY * 4,
            "opinion_first": first, "opinion_last": last, "opinion_date": last + DAY,
        }  # fmt: skip
        return cases.Applied(**shared, first=first, last=last, facts=facts)
    if kind is Kind.MATERNITY:
        if member.sex != "2":
            return None
        born = received - DAY * 62
        facts = {"expected_date": born - DAY * 3, "born_date": born, "multiple": False, "institution": "ひなた産婦人科"}
        return cases.Applied(**shared, first=born - DAY * 41 - DAY * 3, last=born + DAY * 56, facts=facts)
    if kind is Kind.CHILDBIRTH:
        if member.sex != "2":
            return None
        facts = {
            "born_date": received - DAY * 30, "weeks": 39, "days": 2, "children": 1, "covered": True, "way": "direct",
            "fee": 432_000, "institution": "ひなた産婦人科",
        }  # fmt: skip
        return cases.Applied(**shared, first=None, last=None, facts=facts)
    if kind in (Kind.FUNERAL, Kind.FUNERAL_COST):
        died = received - DAY * 20
        own = kind is Kind.FUNERAL
        facts = {
            "died_date": died, "buried_date": died + DAY * 3, "claimant": f"{member.family_name} 一郎",
            "claimant_relation": "長男" if own else "友人", "maintained": own, "buries": True,
        }  # fmt: skip
        costs = () if own else (("火葬料", 12_000, True), ("棺・霊柩車", 98_000, True), ("返礼品", 60_000, False))
        return cases.Applied(**shared, first=None, last=None, facts=facts, costs=costs)
    facts = {
        "moved_date": received - DAY * 15, "paid_date": received - DAY * 15, "route": "ひなた市民病院から架空総合病院（寝台車）",
        "proper_treatment": True, "could_not_move": True, "unavoidable": True, "ordinary": 48_000, "actual": 52_500,
    }  # fmt: skip
    return cases.Applied(**shared, first=None, last=None, facts=facts)


def _one(chance: random.Random, clerks: Clerks, member: Any, kind: Kind, ending: str, today: date, place: int) -> int:
    # What is withheld has been there for longer.
    arrived = today - DAY * 30 if ending == "withheld" else today
    applied = _applied(chance, member, kind, arrived)
    if applied is None:
        kind, applied = Kind.SICKNESS, _applied(chance, member, Kind.SICKNESS, arrived)
    assert applied is not None
    activity = ACTIVITIES.get(kind, CASH_BENEFITS)
    with scope(activity, clerks.first, operation="change", way=WAY):
        try:
            case = cases.receive_case(
                by=clerks.first, applied=applied, key=uuid.uuid5(uuid.NAMESPACE_OID, f"cash {place}"), today=today
            )
        except UnableToProcess:
            return 0  # born after the day, or another case that the rules refuse
        if kind.daily and ending not in ("received", "documents"):
            _certify(chance, case, clerks.first, gap=ending == "review")
        _work(case, clerks, ending)
    if ending in ("approved", "paying", "refused"):
        with scope(activity, clerks.second, operation="decide", way=WAY):
            _decide(case, clerks, ending, today)
    if ending == "paying":
        with scope(activity, clerks.first, operation="change", way=WAY):
            current = Case.objects.get(pk=case.pk)
            if current.state == "approved":
                deciding.hand_to_payment(by=clerks.first, case_id=case.pk, version=None, due_date=today)
    return 1


def _certify(chance: random.Random, case: Case, by: Any, *, gap: bool) -> None:
    last = case.last - DAY * 7 if gap else case.last
    if last < case.first:
        return
    certificate = LabourCertificate.objects.create(
        case=case, member_id=case.member_id, first=case.first, last=last, certified_date=case.received_date,
        employer="ひなた物流株式会社", entered_by_id=by.pk,
        holidays=[day for day in (case.first + DAY * n for n in range((last - case.first).days + 1)) if day.weekday() >= 5],
    )  # fmt: skip
    if chance.random() < 0.4:
        LabourPay.objects.create(
            member_id=case.member_id, certificate=certificate, label="基本給", first=case.first + DAY * 10,
            last=case.first + DAY * 11, amount=4_000,
        )  # fmt: skip


def _work(case: Case, clerks: Clerks, ending: str) -> None:
    """From the arrival as far as the ending says."""
    by, pk = clerks.first, case.pk
    if ending == "received":
        return
    if ending == "documents":
        reviewing.move_case(
            by=by, case_id=pk, version=None, name="request_documents", reason="事業主の証明が届いていません。"
        )
        return
    if ending == "withdrawn":
        reviewing.move_case(
            by=by, case_id=pk, version=None, name="withdraw", reason="本人から取下げの申し出がありました。"
        )
        return
    reviewing.move_case(by=by, case_id=pk, version=None, name="start_review")
    if ending == "withheld":
        reviewing.move_case(by=by, case_id=pk, version=None, name="withhold", reason="年金の請求の結果を待っています。")
        return
    if ending == "review":
        return
    for row in CaseDocument.objects.filter(case=case, required=True):
        cases.set_document(
            by=by, case_id=pk, version=None, document_id=row.pk, state="checked", arrived=case.received_date, note=""
        )
    if ending in ("refused", "refusal"):
        reviewing.propose_refusal(
            by=by, case_id=pk, version=None, reason="療養担当者の意見では、請求の期間に労務不能と認められないため"
        )
        return
    for found in CaseFinding.objects.filter(case=case, standing=True, settled_by_id=None):
        cases.settle_finding(by=by, case_id=pk, version=None, finding_id=found.pk, words="書類と電話で確かめました。")
    reviewing.calculate_case(by=by, case_id=pk, version=None)
    for found in CaseFinding.objects.filter(case=case, standing=True, settled_by_id=None):
        reviewing.move_case(by=by, case_id=pk, version=None, name="review_again")
        cases.settle_finding(by=by, case_id=pk, version=None, finding_id=found.pk, words="書類で確かめました。")
        reviewing.calculate_case(by=by, case_id=pk, version=None)
    if ending == "calculated":
        return
    try:
        reviewing.submit_case(by=by, case_id=pk, version=None)
    except UnableToProcess:
        return  # nothing is payable: it stays computed, for the clerk to see why


def _decide(case: Case, clerks: Clerks, ending: str, today: date) -> None:
    current = Case.objects.get(pk=case.pk)
    if current.state != "awaiting_decision":
        return
    today = min(today, case.received_date + DAY * 9)
    if ending == "refused":
        deciding.refuse_case(
            by=clerks.second, case_id=case.pk, version=None, today=today,
            reason="療養担当者の意見では、請求の期間に労務不能と認められないため",
        )  # fmt: skip
    else:
        deciding.approve_case(by=clerks.second, case_id=case.pk, version=None, today=today)
