"""Invented examinations, taken in by 高橋 of the health programme section."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from health_programs.checkups.actions import offers, results
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.files.documents import Identity, Observation, Submission
from health_programs.checkups.files.items import by_key
from members.enrollment.models import ContactPoint
from privacy.scope import scope

TODAY = date(2026, 11, 23)
SHEET = {
    "height": "170", "weight": "78", "bmi": "27.0", "waist": "92", "systolic": "145", "diastolic": "88",
    "tg_fasting": "180", "hdl": "45", "ldl": "150", "ast": "25", "alt": "30", "ggt": "40",
    "glucose_fasting": "104", "hba1c": "5.7",
}  # fmt: skip
ANSWERS = {"smoking": "3", "medication_bp": "2", "medication_glucose": "2", "medication_lipid": "2",
           "urine_sugar": "1", "urine_protein": "1"}  # fmt: skip


def observation(key: str, number: str) -> Observation:
    return Observation(by_key(key)[0].code, key=key, value=Decimal(number), unit=by_key(key)[0].unit)


def submission(member, day: date = date(2026, 6, 3), *, insurer: str = "06139992", **changes) -> Submission:
    """A whole result of a member; keys of measures change its values, None leaves one out."""
    of_identity = {name: changes.pop(name) for name in list(changes) if name in Identity.__dataclass_fields__}
    whole = {name: changes.pop(name) for name in list(changes) if name in Submission.__dataclass_fields__}
    numbers = {key: text for key, text in (SHEET | changes).items() if text is not None and key in SHEET | changes}
    answers = {key: str(changes.get(key, code)) for key, code in ANSWERS.items()}
    observations = tuple(observation(k, v) for k, v in numbers.items() if k not in ANSWERS)
    observations += tuple(Observation(by_key(k)[0].code, key=k, coded=v) for k, v in answers.items())
    identity = Identity(
        insurer, member.symbol, member.number, member.branch, f"{member.family_kana}　{member.given_kana}",
        member.birth_date, member.sex,
    )  # fmt: skip
    made = Submission(
        name="h1.xml", document_id="", identity=replace(identity, **of_identity), exam_date=day,
        institution_code="1310000011", institution_name="みなと架空健診クリニック", observations=observations, fasting=2,
    )  # fmt: skip
    return replace(made, **whole)


@pytest.fixture
def takahashi(personas):
    return personas["高橋"]


@pytest.fixture
def nakamura(personas):
    return personas["中村"]


@pytest.fixture
def mail_of(owner):
    """Give a member a mail address."""

    def give(member, address="p@members.example", period=(date(2020, 1, 1), None)):
        with owner():
            ContactPoint.objects.create(member=member, kind="email", value=address, period=period)

    return give


@pytest.fixture
def doing(takahashi):
    """Run a function in the scope of a work, by 高橋: doing(work, function, …)."""

    def run(activity, function, *args, operation: str = "change", **given):
        with scope(activity, takahashi, operation=operation):
            return function(*args, **given)

    return run


@pytest.fixture
def take(doing, takahashi):
    """take(submission, …) → what became of each."""

    def run(*submissions):
        return doing(CHECKUP_ADMINISTRATION, results.take, by_id=takahashi.pk, submissions=submissions)

    return run


@pytest.fixture
def offered(doing, takahashi):
    """特定健診 and one institution with a price of 8,800 yen."""

    def make():
        kind = offers.save_kind(
            by=takahashi, kind=None, code="specific", name="特定健康診査", age_from=40, age_to=74, sex="", relation="",
            statutory=True, ends_at_75=True, copayment=0, active=True,
        )  # fmt: skip
        place = offers.save_institution(
            by=takahashi, institution=None, code="1310000011", name="みなと架空健診クリニック", postal_code="",
            address="", telephone="", active=True,
        )  # fmt: skip
        offers.save_price(by=takahashi, institution=place, kind=kind, since=date(2026, 4, 1), until=None, price=8800)
        return kind, place

    return doing(CHECKUP_ADMINISTRATION, make)
