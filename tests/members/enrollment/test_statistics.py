"""加入者の統計: the numbers against counting one by one, by whom it may be seen, and constant statements."""

import random
import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kumiai.ui.formats import age_on
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import DependantPeriod, EligibilityPeriod, Member
from members.enrollment.presentation.pyramid import SIDE, nice_step, pyramid
from members.enrollment.statistics import DEPENDANT, INSURED, Band, counting_days, statistics
from privacy.scope import scope
from tests.members.enrollment.people import make_employer, make_member, protect, since

PAGE = reverse("enrollment:member-statistics")
TODAY = date(2026, 11, 22)


@pytest.fixture
def counted(personas):
    def count(*, year=2026, today=TODAY, members=None):
        with scope(MEMBER_ADMINISTRATION, personas["1001"].pk):
            return statistics(year=year, today=today, members=members)

    return count


@pytest.fixture
def many(owner, db):
    """Two hundred people with random periods, some of them protected, some dependants."""
    dice = random.Random(7)
    with owner():
        employers = [make_employer(f"架空工業第{n}") for n in range(3)]
        heads: list[Member] = []
        for place in range(200):
            start = date(2023, 4, 1) + timedelta(days=dice.randrange(1600))
            birth = date(1930, 1, 1) + timedelta(days=dice.randrange(34_000))
            insured = dice.choice(heads) if place % 3 == 2 else None
            member = make_member(
                insured=insured, birth_date=birth, sex=dice.choice("12"), employer=dice.choice(employers), start=start,
                protected=place % 17 == 0, branch=f"{place % 97 + 1:02}" if insured else "00",
            )  # fmt: skip
            if not insured:
                heads.append(member)
            table = DependantPeriod if insured else EligibilityPeriod
            if dice.random() < 0.5:
                reason = (
                    {"end_reason": "employed"} if insured else {"loss_reason": dice.choice(["retirement", "death", ""])}
                )
                end = start + timedelta(days=dice.randrange(1, 900))
                table.objects.filter(member=member).update(period=since(start, end), **reason)
            if not insured and dice.random() < 0.2:
                table.objects.filter(member=member).update(kind="voluntary")


def test_the_days_of_a_year_that_is_over_and_of_one_that_runs():
    assert counting_days(2024, TODAY)[0] == date(2024, 4, 1)
    assert counting_days(2024, TODAY)[-2:] == [date(2025, 3, 1), date(2025, 4, 1)]
    assert len(counting_days(2024, TODAY)) == 13
    assert counting_days(2026, TODAY)[-2:] == [date(2026, 11, 1), date(2026, 11, 23)]
    assert counting_days(2026, date(2026, 4, 1)) == [date(2026, 4, 1), date(2026, 4, 2)]
    assert counting_days(2025, date(2026, 3, 31))[-1] == date(2026, 4, 1)
    with pytest.raises(ValueError, match="まだ始まっていません"):
        counting_days(2027, TODAY)


@pytest.mark.parametrize("year", [2023, 2025, 2026])
def test_every_number_is_what_counting_one_by_one_gives(many, owner, counted, year):
    found = counted(year=year)
    first, end = date(year, 4, 1), min(date(year + 1, 4, 1), TODAY + timedelta(days=1))
    with owner():
        insured = list(EligibilityPeriod.objects.filter(member__protected=False).select_related("member", "employer"))
        dependants = list(DependantPeriod.objects.filter(member__protected=False).select_related("member"))
        held = [p.member for p in insured if found.on in p.period]
        kept = [p.member for p in dependants if found.on in p.period]
        heads = {p.member_id: p for p in EligibilityPeriod.objects.select_related("employer") if found.on in p.period}
        left_out = [
            member
            for member in Member.objects.filter(protected=True)
            if any(found.on in p.period for p in [*member.eligibility_periods.all(), *member.dependant_periods.all()])
        ]
    for month in found.months:
        assert month.insured == sum(month.day in p.period for p in insured)
        assert month.voluntary == sum(month.day in p.period for p in insured if p.kind == "voluntary")
        assert month.dependants == sum(month.day in p.period for p in dependants)
    begun = [p for p in insured if first <= p.period.lower < end]
    ended = [p for p in insured if p.period.upper and first <= p.period.upper < end]
    assert found.acquired == len(begun)
    assert {m.label: m.count for m in found.losses} == {
        label: number
        for label, code in (("退職", "retirement"), ("死亡", "death"), ("理由の記載なし", ""))
        if (number := sum(p.loss_reason == code for p in ended))
    }
    assert found.certifications == sum(first <= p.period.lower < end for p in dependants)
    assert found.removed == sum(bool(p.period.upper) and first <= p.period.upper < end for p in dependants)
    assert found.left_out == len(left_out)
    ages = [age_on(member.birth_date, found.on) for member in held]
    family_ages = [age_on(member.birth_date, found.on) for member in kept]
    assert found.average_ages[INSURED] == pytest.approx(sum(ages) / len(ages))
    assert found.average_ages[DEPENDANT] == pytest.approx(sum(family_ages) / len(family_ages))
    for band in found.bands:
        inside = range(band.first, 200 if band.last is None else band.last + 1)
        for people, role in ((held, "insured"), (kept, "dependant")):
            for sex, word in (("1", "men"), ("2", "women")):
                assert getattr(band, f"{role}_{word}") == sum(
                    p.sex == sex and age_on(p.birth_date, found.on) in inside for p in people
                )
    for line in found.employers:
        own = [p for p in insured if (p.employer.name if p.kind != "voluntary" else "") == line.name]
        assert line.insured == sum(found.on in p.period for p in own)
        assert line.acquired == sum(p in begun for p in own)
        assert line.lost == sum(p in ended for p in own)
        assert line.dependants == sum(_employer_of(heads.get(member.insured_id)) == line.name for member in kept)
    assert sum(line.insured for line in found.employers) == found.now.insured
    assert sum(line.dependants for line in found.employers) == found.now.dependants
    assert sum(band.total for band in found.bands) == found.now.total


def _employer_of(period) -> str:
    return period.employer.name if period and period.kind != "voluntary" else ""


def test_an_age_is_reached_on_the_day_before_the_birthday(owner, counted):
    with owner():
        make_member(birth_date=TODAY.replace(year=2006) + timedelta(days=1))
        make_member(birth_date=TODAY.replace(year=2006) + timedelta(days=2))
    bands = {band.first: band.total for band in counted().bands}
    assert (bands[15], bands[20]) == (1, 1)


def test_who_is_beyond_75_stands_in_a_band_of_their_own(owner, counted):
    with owner():
        make_member(birth_date=date(1970, 1, 1))
        assert [band.first for band in counted().bands][-1] == 70
        make_member(birth_date=date(1940, 1, 1))
    assert (counted().bands[-1].label, counted().bands[-1].total) == ("75歳以上", 1)


def test_protected_people_are_in_no_number_and_counted_apart(owner, counted):
    with owner():
        make_member()
        hidden = make_member(protected=True)
        protect(hidden)
    found = counted()
    assert (found.now.insured, found.left_out) == (1, 1)
    assert sum(line.total for line in found.employers) == 1


def test_only_the_people_asked_for_are_counted(owner, counted):
    with owner():
        one, _other = make_member(), make_member()
    assert counted(members=[one.pk]).now.total == 1
    assert counted(members=[]).now.total == 0


def test_an_empty_register_has_numbers_too(counted):
    found = counted()
    assert (found.now.total, found.dependant_rate, found.average_ages["all"], found.employers) == (0, None, None, ())


def test_the_count_is_on_record_without_its_people(owner, counted, events):
    with owner():
        make_member()
    counted()
    event = events()[-1]
    assert event.populations == {"statistics.members": 1} and event.subjects == []


# --- the drawing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (8, 2), (20, 5), (21, 10), (999, 500), (8001, 5000)]
)
def test_the_scale_has_round_steps(most, step):
    assert nice_step(most) == step


def test_bars_are_as_long_as_their_people_are_many():
    drawn = pyramid([Band(0, 4, 30, 10, 10, 0), Band(5, 9, 0, 40, 0, 0)])
    young, old = drawn.rows[1], drawn.rows[0]
    assert drawn.ticks[-1].label == "40"
    assert young.insured_men.width == pytest.approx(SIDE * 30 / 40)
    assert young.dependant_men.x == pytest.approx(drawn.left - SIDE)
    assert old.insured_women.width == SIDE and old.insured_women.x == drawn.right
    assert old.insured_men.width == 0


@pytest.mark.parametrize("count", [0, 1, 7, 99, 100, 12_345])
def test_no_bar_leaves_the_drawing(count):
    drawn = pyramid([Band(0, 4, count, count // 2, count // 3, count), Band(5, 9)])
    for row in drawn.rows:
        for part in (row.insured_men, row.dependant_men, row.insured_women, row.dependant_women):
            assert part.x >= 0 and part.x + part.width <= drawn.width + 0.02


def test_the_drawing_is_well_formed_and_carries_no_style():
    drawn = pyramid([Band(n, n + 4, n, 1, 2, 3) for n in range(0, 75, 5)])
    text = render_to_string("members/enrollment/components/pyramid.svg", {"p": drawn, "label": "図"})
    tree = ElementTree.fromstring(text)
    assert len(tree.findall(".//{http://www.w3.org/2000/svg}rect")) == 15 * 4
    assert "style" not in text


# --- the screen ---------------------------------------------------------------------------------------------------------


def test_the_screen_shows_numbers_and_no_name(sato, owner):
    with owner():
        make_member(employer=make_employer("架空運輸株式会社"))
    page = sato.get(PAGE).content.decode()
    assert "架空運輸株式会社" in page and "被保険者" in page and "髙﨑" not in page
    assert 'class="pyramid"' in page and " style=" not in page


def test_the_screen_is_for_those_who_may_see_members(suzuki, ito, owner):
    with owner():
        make_member(employer=make_employer("架空運輸株式会社"))
    assert suzuki.get(PAGE).status_code == 200
    refused = ito.get(PAGE)
    assert refused.status_code == 403 and "架空運輸株式会社" not in refused.content.decode()


@pytest.mark.parametrize("year", ["1999", "9999", "abc", "-1", "２０２５", "20250"])
def test_a_year_without_statistics_is_not_found(sato, year):
    assert sato.get(PAGE, {"year": year}).status_code == 404


def test_a_year_that_is_over_ends_on_its_last_day(sato):
    assert "令和7年3月31日（年度末）" in sato.get(PAGE, {"year": "2024"}).content.decode()


def test_the_list_leads_to_the_statistics(sato):
    assert PAGE in sato.get(reverse("enrollment:member-list")).content.decode()


def test_handing_out_is_offered_to_those_who_may(sato, suzuki):
    door = reverse("outputs:output-request", args=["enrollment.statistics"])
    assert door in sato.get(PAGE).content.decode()
    assert door not in suzuki.get(PAGE).content.decode()


def test_the_number_of_statements_does_not_depend_on_the_number_of_people(sato, owner):
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert sato.get(PAGE).status_code == 200
        return len(caught)

    with owner():
        make_member()
    statements()
    one = statements()
    with owner():
        head = make_member()
        make_member(insured=head, branch="01")
        make_member(start=timezone.localdate())
    assert statements() == one
