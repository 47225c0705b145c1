"""労務状況: certificates of employers inside the case they serve, and what they contradict."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from benefits.cash.actions import cases, labour
from benefits.cash.actions.labour import Certified
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.models import Case, CaseFinding, LabourCertificate
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.kinds import Kind
from privacy.scope import Refused, scope
from tests.benefits.cash.conftest import TODAY, applied, earning
from tests.members.enrollment.people import make_employer, make_member

pytestmark = [pytest.mark.django_db]
FIRST, LAST, SIGNED = date(2026, 9, 28), date(2026, 10, 31), date(2026, 11, 5)


def at(name: str, *args) -> str:
    return reverse(f"cash:{name}", args=args)


@pytest.fixture
def case(insured, act):
    return act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(), today=TODAY)


def findings(owner, case: Case, code: str) -> list[tuple[date, date, str]]:
    with owner():
        rows = CaseFinding.objects.filter(case=case, code=code, standing=True).order_by("first")
        return [(row.first, row.last, row.sentence) for row in rows]


def enter(act, case: Case, **values) -> LabourCertificate:
    fields = {"first": FIRST, "last": LAST, "certified": SIGNED, "employer": "ひなた物流株式会社", "days": {}} | values
    return act("鈴木", labour.enter_certificate, case_id=case.pk, version=None, given=Certified(**fields), today=TODAY)


def test_days_at_work_contradict_an_application_for_them(case, act, owner):
    days = {date(2026, 10, 1): "worked", date(2026, 10, 2): "worked", date(2026, 10, 20): "worked"}
    row = enter(act, case, days=days | {date(2026, 10, 3): "holiday"})
    found = findings(owner, case, "worked_claimed")
    assert [(first, last) for first, last, _words in found] == [
        (date(2026, 10, 1), date(2026, 10, 2)),
        (date(2026, 10, 20), date(2026, 10, 20)),
    ]
    assert "労務不能として申請されていますが、事業主は出勤と証明" in found[0][2]
    act("鈴木", labour.cancel_certificate, case_id=case.pk, version=None, certificate_id=row.pk)
    assert findings(owner, case, "worked_claimed") == [], "取り消した証明は、何も言わない"


def test_two_certificates_that_differ_name_the_day(case, act, owner):
    enter(act, case)
    enter(act, case, first=date(2026, 10, 20), days={date(2026, 10, 31): "leave"})
    [(first, last, words)] = findings(owner, case, "certificates_differ")
    assert first == last == date(2026, 10, 31) and "有給休暇・欠勤" in words


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"first": LAST, "last": FIRST}, "末日が初日より前"),
        ({"certified": date(2026, 10, 30)}, "過ぎた日についてだけ"),
        ({"certified": date(2026, 11, 25)}, "今日より後"),
        ({"first": date(2025, 1, 1)}, "大きく離れて"),
        ({"days": {date(2026, 11, 1): "worked"}}, "証明した期間の外の日"),
    ],
)
def test_impossible_certificates_are_refused(case, act, owner, values, sentence):
    with pytest.raises(UnableToProcess, match=sentence):
        enter(act, case, **values)
    with owner():
        assert LabourCertificate.objects.count() == 0


@pytest.mark.use(
    "labour_status", "maternity_allowance_review_payment", screens=["cash:maternity-detail", "cash:maternity-labour"]
)
def test_a_certificate_of_a_maternity_allowance_is_read_in_its_case_only(act, client_of, owner):
    with owner():
        mother = make_member(
            names=("標沢", "梢", "シルシザワ", "コズエ"), employer=make_employer(), birth_date=date(1994, 3, 2)
        )
        earning(mother, (date(2020, 9, 1), None, 22, 300_000))
    born = {"expected_date": date(2026, 7, 20), "born_date": date(2026, 7, 23), "multiple": False}
    span = {"first": date(2026, 6, 9), "last": date(2026, 9, 17), "received": date(2026, 9, 30)}
    given = applied(Kind.MATERNITY, mother, facts=born, **span)
    case = act(
        "鈴木", cases.receive_case, kind=Kind.MATERNITY, applied=given, key=uuid.uuid4(), today=date(2026, 9, 30)
    )
    clerk, stranger = client_of("鈴木"), client_of("高橋")
    page = at("maternity-labour", case.pk)
    assert stranger.get(page).status_code == 403 and clerk.get(at("sickness-labour", case.pk)).status_code == 404
    typed = {
        "version": case.version, "first": "R8.6.9", "last": "R8.9.17", "certified": "R8.9.25", "employer": "株式会社標",
        "note": "", "day_2026-06-09": "worked",
    }  # fmt: skip
    assert clerk.post(page, typed).status_code == 302
    assert "株式会社標" in clerk.get(at("maternity-detail", case.pk)).content.decode()
    assert "株式会社標" in clerk.get(page).content.decode()
    [(first, last, words)] = findings(owner, case, "worked_claimed")
    assert first == last == date(2026, 6, 9) and "労務に服さなかった日" in words


def test_the_work_of_the_lump_sums_cannot_read_certificates(personas):
    with pytest.raises(Refused), scope(CASH_BENEFITS, personas["鈴木"], operation="view"):
        list(LabourCertificate.objects.all())
