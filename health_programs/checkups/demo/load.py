"""Invented examinations of the demonstration members: five years, every level, and the awkward cases.

Written by the actions of the portal in the scope of their own work, so it runs as a serving login role.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model

from health_programs.checkups.actions import archives, bookings, judging, offers, results, targets
from health_programs.checkups.activities import (
    CHECKUP_ADMINISTRATION,
    COHORT_TARGETING,
    GUIDANCE_TARGETING,
    TREATMENT_RECOMMENDATION,
)
from health_programs.checkups.demo import campaigns as demo_campaigns
from health_programs.checkups.demo import cohorts as demo_cohorts
from health_programs.checkups.demo import government as demo_reports
from health_programs.checkups.demo import online_eligibility as demo_link
from health_programs.checkups.demo import tables as demo_tables
from health_programs.checkups.enums import CampaignAim
from health_programs.checkups.files.documents import Claim, Identity, Observation, Submission
from health_programs.checkups.files.items import by_key
from health_programs.checkups.files.writing import DELIVERY, Party, Sender, write_archive
from health_programs.checkups.models import CheckupResult, Target
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import targets as queries
from health_programs.checkups.queries.campaigns import AIMS
from health_programs.checkups.rules import ages
from kumiai.jobs import engine
from members.enrollment import queries as enrollment
from members.enrollment.queries import coverage
from privacy.scope import Way, scope
from privacy.seen import shown

WAY = Way(name="デモの仕事", view="checkups.demo")
YEARS = 5
MOST = 4000
"""People with results; with 3,000 members everybody who is due, so that the analysis has something to tell."""
AT_ONCE = 500
"""Submissions taken in one transaction."""
PLACES = (
    ("1312345679", "なにわ健診センター", "大阪府大阪市北区架空2-1"),
    ("1398765436", "ひなた総合クリニック", "東京都千代田区架空3-4"),
    ("1410000002", "みなと人間ドックセンター", "神奈川県横浜市中区架空1-5"),
)
# Key → (middle for 40 years, spread, how much worse a year of age makes it).
BODY = {
    "systolic": (118, 14, 0.5),
    "diastolic": (73, 9, 0.25),
    "tg_fasting": (105, 55, 0.8),
    "hdl": (60, 13, -0.05),
    "ldl": (118, 28, 0.3),
    "ast": (22, 7, 0.1),
    "alt": (23, 12, 0.0),
    "ggt": (34, 25, 0.2),
    "glucose_fasting": (93, 11, 0.4),
}


def load(*, seed: int, today: date) -> int:
    """Kinds, institutions and prices; who is due this year; results of five years; levels and cases. How many results."""
    user = get_user_model().objects.filter(staff_number="1003").first()
    if user is None:
        return 0
    dice = random.Random(seed + 8)
    year = ages.fiscal_year(today)
    with scope(CHECKUP_ADMINISTRATION, user, operation="change", way=WAY):
        _offers(user)
        plan = targets.open_year(by=user, fiscal_year=year)
        after: int | None = 0
        while after is not None:
            after, _done, _counts = targets.count_some(fiscal_year=plan.fiscal_year, after=after)
        targets.finish_count(fiscal_year=year)
        people = _people(year)
        made = 0
        for turn in range(YEARS):
            made += _year(dice, year - YEARS + 1 + turn, people, turn, today, user)
        jobs = [_archive(dice, user, today, people), _table(dice, user, today, people)]
    # Read before a work is opened: whole rows of staff are in reach of none of them.
    second = get_user_model().objects.filter(staff_number=demo_campaigns.SECOND).first()
    # Sent before some of the people book, and before the last results come in.
    demo_campaigns.finish(by=user, today=today, second=second, aim=CampaignAim.REMINDER)
    with scope(CHECKUP_ADMINISTRATION, user, operation="change", way=WAY):
        _plans(dice, user, today, people)
    for job in jobs:
        if job is not None:
            engine.run(job)
    for activity, work in (
        (GUIDANCE_TARGETING, _levels),
        (TREATMENT_RECOMMENDATION, _cases),
        (COHORT_TARGETING, lambda by, _year: demo_cohorts.load(by=by, today=today)),
    ):
        with scope(activity, user, operation="change", way=WAY):
            work(user, year)
    demo_campaigns.finish(by=user, today=today, second=second, aim=CampaignAim.TREATMENT)
    with scope(TREATMENT_RECOMMENDATION, user, operation="change", way=WAY):
        demo_campaigns.answer(by=user, today=today)
    for aim in CampaignAim:
        with scope(AIMS[aim].activity, user, operation="change", way=WAY):
            demo_campaigns.load(by=user, today=today, second=second, aim=aim)
    demo_reports.load(by=user, second=second, today=today)
    demo_link.load(by=user, second=second, today=today)
    return made


def _offers(user) -> None:
    kinds = [
        offers.save_kind(
            by=user, kind=None, code="specific", name="特定健康診査", age_from=40, age_to=74, sex="", relation="",
            statutory=True, ends_at_75=True, copayment=0, active=True,
        ),
        offers.save_kind(
            by=user, kind=None, code="dock", name="人間ドック", age_from=35, age_to=74, sex="", relation="insured",
            statutory=True, ends_at_75=True, copayment=5000, active=True,
        ),
        offers.save_kind(
            by=user, kind=None, code="women", name="婦人科健診", age_from=20, age_to=74, sex="2", relation="",
            statutory=False, ends_at_75=True, copayment=1000, active=True,
        ),
    ]  # fmt: skip
    for code, name, address in PLACES:
        place = offers.save_institution(
            by=user, institution=None, code=code, name=name, postal_code="1000000", address=address,
            telephone="03-0000-0000", active=True,
        )  # fmt: skip
        for kind, price in zip(kinds, (8800, 38500, 4400), strict=True):
            offers.save_price(by=user, institution=place, kind=kind, since=date(2020, 4, 1), until=None, price=price)


def _people(year: int) -> list:
    """People due for 特定健診 this year, protected ones left out: their results come by other ways."""
    due = Target.objects.filter(fiscal_year=year, kind__code="specific", gone=False).order_by("member_id")
    ids = list(due.values_list("member_id", flat=True)[: MOST * 2])
    shown(ids)
    return [one for one in enrollment.members_by_id(ids).values() if not one.protected][:MOST]


def _observations(dice: random.Random, member, year: int, drift: float) -> tuple[Observation, ...]:
    age = ages.year_end_age(member.birth_date, year)
    base = random.Random(member.pk)  # the same body every year
    place = random.Random(member.symbol)  # companies differ: shifts, canteens, smoking rooms
    male = member.sex == "1"
    heavier, tenser = place.gauss(0, 1.2), place.gauss(0, 4)
    height = round(base.gauss(171 if male else 158, 6), 1)
    weight = round(height**2 / 10000 * base.gauss(24 if male else 22, 3.2) + heavier + drift, 1)
    burden = (weight / height**2 * 10000 - 22.5) / 3.2  # who is heavy has more of everything
    waist = round(weight * (1.16 if male else 1.32) + base.gauss(5, 4), 1)
    numbers = {"height": height, "weight": weight, "waist": waist}
    for key, (middle, spread, slope) in BODY.items():
        own = base.gauss(0, 0.8)
        number = middle + own * spread + (age - 40) * slope + dice.gauss(0, 0.35) * spread + drift
        number += tenser if key == "systolic" else 0
        number += burden * spread * (-0.3 if key == "hdl" else 0.1 if key == "ldl" else 0.45)
        numbers[key] = max(round(number), 12)
    found = [
        Observation(by_key(key)[0].code, key=key, value=Decimal(str(number)), unit=by_key(key)[0].unit)
        for key, number in numbers.items()
    ]
    hba1c = Decimal(str(round(max(4.6, 5.3 + (numbers["glucose_fasting"] - 91) / 28), 1)))
    found.append(Observation(by_key("hba1c")[0].code, key="hba1c", value=hba1c, unit=by_key("hba1c")[0].unit))
    treated = numbers["systolic"] >= 140 and base.random() < 0.5
    smokers = (0.26 if male else 0.09) + place.uniform(-0.08, 0.14)
    answers = {
        "smoking": 1 if base.random() < smokers else 3,
        "medication_bp": 1 if treated else 2,
        "medication_glucose": 1 if numbers["glucose_fasting"] >= 126 and base.random() < 0.5 else 2,
        "medication_lipid": 1 if numbers["ldl"] >= 150 and base.random() < 0.4 else 2,
        "urine_sugar": 3 if numbers["glucose_fasting"] >= 160 else 1,
        "urine_protein": 3 if base.random() < 0.03 else 1,
    }
    found += [Observation(by_key(key)[0].code, key=key, coded=str(code)) for key, code in answers.items()]
    return tuple(found)


def _submission(dice: random.Random, member, day: date, place: tuple[str, str, str], drift: float) -> Submission:
    observations = _observations(dice, member, ages.fiscal_year(day), drift)
    if dice.random() < 0.03:  # the waist could not be measured
        observations = tuple(
            Observation(one.code, key="waist", unit=one.unit, state="not_measured") if one.key == "waist" else one
            for one in observations
        )
    kana = member.kana.replace(" ", "　")
    if dice.random() < 0.01:
        kana += "ア"  # a reading that differs: waits for a clerk
    return Submission(
        name=f"デモ{member.pk}",
        document_id="",
        identity=Identity(
            settings.ASSOCIATION["insurer_number"], member.symbol, member.number, member.branch, kana,
            member.birth_date, member.sex,
        ),
        exam_date=day,
        institution_code=place[0],
        institution_name=place[1],
        observations=observations,
        fasting=2,
    )  # fmt: skip


def _year(dice: random.Random, year: int, people: list, turn: int, today: date, user) -> int:
    rows = []
    ids = [member.pk for member in people]
    stays = coverage.covered_days(ids, ages.first_day(year), ages.last_day(year))
    for member in people:
        if dice.random() > (0.45 if turn == YEARS - 1 else 0.8):
            continue
        day = ages.first_day(year) + timedelta(days=dice.randint(30, 220))
        periods = stays.get(member.pk, ((), False, None))[0]
        if day > today or not any(start <= day and (end is None or day < end) for start, end in periods):
            continue
        rows.append(_submission(dice, member, day, dice.choice(PLACES), turn * dice.uniform(-0.4, 0.9)))
        if turn == YEARS - 1 and dice.random() < 0.03:
            rows.append(_submission(dice, member, min(day + timedelta(days=20), today), PLACES[1], 0.0))
    for start in range(0, len(rows), AT_ONCE):
        results.take(by_id=user.pk, submissions=rows[start : start + AT_ONCE])
    return len(rows)


def _archive(dice: random.Random, user, today: date, people: list) -> int:
    """One archive of an institution with invoices, one of them at another price, one person nobody knows: its job."""
    day = today - timedelta(days=9)
    code, name, _address = PLACES[0]
    done = set(CheckupResult.objects.filter(fiscal_year=ages.fiscal_year(day)).values_list("member_id", flat=True))
    shown([pk for pk in done if pk])
    chosen = [member for member in people if member.pk not in done][-14:]
    rows = [_submission(dice, member, day, PLACES[0], 0.0) for member in chosen]
    rows[-1] = replace(rows[-1], identity=replace(rows[-1].identity, number="987654"))
    rows = [replace(row, document_id=f"DEMO-{place:04d}") for place, row in enumerate(rows, start=1)]
    claims = [
        Claim("", code, row.identity, day, price, 0, price)
        for place, row in enumerate(rows)
        for price in [9900 if place == 3 else 8800]
    ]
    sender = Sender(
        Party.institution(code, name), Party.insurer(settings.ASSOCIATION["insurer_number"]), today - timedelta(days=2)
    )
    written = write_archive(sender, rows, claims, purpose=DELIVERY)
    made = archives.receive(by=user, name=written.name, body=written.body, received_date=today - timedelta(days=1))
    assert made.job is not None
    return made.job.pk


def _table(dice: random.Random, user, today: date, people: list) -> int | None:
    """A CSV of an institution with errors in it, of people without a result of this year: its job."""
    day = today - timedelta(days=6)
    done = set(CheckupResult.objects.filter(fiscal_year=ages.fiscal_year(day)).values_list("member_id", flat=True))
    shown([pk for pk in done if pk])
    chosen = [member for member in people if member.pk not in done][:12]
    rows = [_submission(dice, member, day, PLACES[0], 0.0) for member in chosen]
    return demo_tables.load(by=user, today=today, rows=rows)


def _plans(dice: random.Random, user, today: date, people: list) -> None:
    """Some bookings to come and some vouchers."""
    kind, places = queries.kinds()[0], queries.institutions()
    for member in people[:60]:
        try:
            if dice.random() < 0.3:
                bookings.book(
                    by=user, member_id=member.pk, kind=kind, institution=dice.choice(places),
                    day=today + timedelta(days=dice.randint(3, 90)), note="",
                )  # fmt: skip
            bookings.issue_voucher(
                by=user, member_id=member.pk, fiscal_year=ages.fiscal_year(today), kind=kind, today=today
            )
        except UnableToMove:
            continue  # no longer covered on that day: this person stays without


def _levels(user, year: int) -> None:
    for fiscal in range(year - YEARS + 1, year + 1):
        while judging.stratify_some(by_id=user.pk, fiscal_year=fiscal)[0]:
            pass


def _cases(user, year: int) -> None:
    after: int | None = 0
    while after is not None:
        after, _done, _counts = judging.find_some(fiscal_year=year, after=after)
