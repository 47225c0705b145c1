"""People with remuneration and accounts, and clerks of 給付課 who move cases."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.activities import CASH_BENEFITS, MATERNITY_ALLOWANCE, SICKNESS_ALLOWANCE
from benefits.cash.models import Case, CaseDocument, CaseFinding, LabourCertificate
from benefits.cash.rules.kinds import Kind
from members.remuneration.models import InsurerAverage, StandardRemuneration
from privacy.scope import scope
from tests.members.enrollment.people import make_employer, make_member
from tests.members.payments.conftest import make_account

TODAY = date(2026, 11, 24)
ACTIVITIES = {Kind.SICKNESS: SICKNESS_ALLOWANCE, Kind.MATERNITY: MATERNITY_ALLOWANCE}
ILL = {
    "illness": "腰椎椎間板ヘルニア", "hospital": "架空総合病院", "opinion_first": date(2026, 9, 28),
    "opinion_last": date(2026, 10, 31), "opinion_date": date(2026, 11, 5),
}  # fmt: skip


def applied(kind: Kind, member, **values) -> cases.Applied:
    """An application; of 傷病手当金 34 days from 28 September 2026 unless told otherwise."""
    fields = {
        "kind": kind, "member_id": member.pk, "patient_id": member.pk, "received": date(2026, 11, 9), "first": None,
        "last": None, "root_id": None, "facts": {},
    }  # fmt: skip
    if kind is Kind.SICKNESS:
        fields |= {"first": date(2026, 9, 28), "last": date(2026, 10, 31), "facts": ILL}
    return cases.Applied(**fields | values)


def earning(member, *steps: tuple[date, date | None, int, int]) -> None:
    """Standard remuneration: (first day, end, grade, yen)."""
    for first, end, grade, yen in steps:
        StandardRemuneration.objects.create(
            member=member, period=(first, end), grade=grade, standard=yen, decision="periodic"
        )


@pytest.fixture
def insured(owner):
    """Insured since 2016, 300,000 yen and from September 2026 on 320,000 yen a month, with an account."""
    with owner():
        member = make_member(names=("渡邊", "健一郎", "ワタナベ", "ケンイチロウ"), employer=make_employer(), sex="1")
        earning(member, (date(2020, 9, 1), date(2026, 9, 1), 22, 300_000), (date(2026, 9, 1), None, 23, 320_000))
        make_account(member, holder="ﾜﾀﾅﾍﾞ ｹﾝｲﾁﾛｳ")
        InsurerAverage.objects.create(on=date(2025, 9, 30), average=Decimal("310000"), basis="決算資料")
    return member


@pytest.fixture
def act(personas):
    """Do something as one of the clerks of 給付課, in a scope of its own."""

    def doing(who: str, what, *, kind: Kind = Kind.SICKNESS, operation: str = "change", **values):
        activity = ACTIVITIES.get(kind, CASH_BENEFITS)
        with scope(activity, personas[who], operation=operation):
            return what(by=personas[who], **values) if operation != "view" else what(**values)

    return doing


@pytest.fixture
def ready(act, owner):
    """A case whose papers are there, whose findings are settled, and that was computed."""

    def making(kind: Kind, member, *, who: str = "鈴木", certificate: bool = True, **values) -> Case:
        case = act(
            who, cases.receive_case, kind=kind, applied=applied(kind, member, **values), key=uuid.uuid4(), today=TODAY
        )
        if kind.daily and certificate:
            act(who, certify, kind=kind, case=case)
        complete(act, who, case, kind)
        act(who, reviewing.move_case, kind=kind, case_id=case.pk, version=None, name="start_review")
        complete(act, who, case, kind)
        act(who, reviewing.calculate_case, kind=kind, case_id=case.pk, version=None)
        return read(act, kind, case)

    return making


def certify(*, by, case: Case, **values) -> LabourCertificate:
    fields = {
        "first": case.first, "last": case.last, "certified_date": case.received_date, "employer": "ひなた物流株式会社",
        "entered_by_id": by.pk,
    } | values  # fmt: skip
    return LabourCertificate.objects.create(case=case, member_id=case.member_id, **fields)


def complete(act, who: str, case: Case, kind: Kind) -> None:
    def doing(*, by):
        for row in CaseDocument.objects.filter(case=case):
            if row.required:
                cases.set_document(
                    by=by, case_id=case.pk, version=None, document_id=row.pk, state="checked",
                    arrived=case.received_date, note="",
                )  # fmt: skip
        cases.refresh_findings(case)
        for found in CaseFinding.objects.filter(case=case, standing=True, settled_by_id=None):
            cases.settle_finding(
                by=by, case_id=case.pk, version=None, finding_id=found.pk, words="書類で確かめました。"
            )

    act(who, doing, kind=kind)


def read(act, kind: Kind, case: Case) -> Case:
    return act("鈴木", lambda: Case.objects.get(pk=case.pk), kind=kind, operation="view")


def granted(act, ready, member, kind: Kind = Kind.SICKNESS, **values):
    """A case granted by 加藤 and handed to payment; the case and its decision."""
    case = ready(kind, member, **values)
    act("鈴木", reviewing.submit_case, kind=kind, case_id=case.pk, version=None)
    decision = act(
        "加藤", deciding.approve_case, kind=kind, operation="decide", case_id=case.pk, version=None, today=TODAY
    )
    act("鈴木", deciding.hand_to_payment, kind=kind, case_id=case.pk, version=None, due_date=TODAY + timedelta(days=7))
    return read(act, kind, case), decision
