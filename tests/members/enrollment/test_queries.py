"""Reads of the register behind the wall, as the clerk 佐藤."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.enrollment import queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.enums import Status
from members.enrollment.models import DependantPeriod, EligibilityPeriod, SavedSearch
from privacy.scope import scope
from tests.members.enrollment.people import make_employer, make_member, protect, since

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def clerk(personas):
    return personas["1001"]


def listed(user, **conditions):
    with scope(MEMBER_ADMINISTRATION, user):
        return queries.member_list(user_id=user.pk, on=TODAY, **conditions)


def found(user, terms):
    return {row.member_id for row in listed(user, terms=terms).rows}


def test_the_list_has_as_many_statements_for_three_people_as_for_one(owner, clerk):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            listed(clerk)
        return len(captured)

    with owner():
        make_member(insured=make_member(), branch="01")
    few = statements()
    with owner():
        for _again in range(3):
            make_member(insured=make_member(), branch="01")
    assert statements() == few


def test_states_divide_the_register_on_a_day(owner, clerk):
    with owner():
        active, left, voluntary, later = (make_member() for _ in range(4))
        child = make_member(insured=active, branch="01")
        gone = make_member(insured=active, branch="02")
        EligibilityPeriod.objects.filter(member=left).update(period=since(date(2016, 1, 1), TODAY))
        EligibilityPeriod.objects.filter(member=voluntary).update(kind="voluntary")
        EligibilityPeriod.objects.filter(member=later).update(period=since(TODAY + timedelta(days=1)))
        DependantPeriod.objects.filter(member=gone).update(period=since(date(2016, 1, 1), date(2020, 1, 1)))
    states = {
        "active": {active.pk, voluntary.pk, child.pk},
        "voluntary": {voluntary.pk},
        "ended": {left.pk, later.pk, gone.pk},
        "all": {active.pk, voluntary.pk, child.pk, left.pk, later.pk, gone.pk},
    }
    for state, expected in states.items():
        page = listed(clerk, state=state)
        assert ({row.member_id for row in page.rows}, page.total, page.registered) == (expected, len(expected), 6), (
            state
        )
    shown = {row.member_id: row.status for row in listed(clerk, state="all").rows}
    assert shown[voluntary.pk] == Status.VOLUNTARY
    assert shown[left.pk] == Status.ENDED
    assert shown[later.pk] == Status.FUTURE


def test_a_person_insured_and_dependant_on_one_day_counts_once(owner, clerk):
    with owner():
        head, both = make_member(), make_member()
        DependantPeriod.objects.create(member=both, insured=head, relation="wife", period=since(date(2020, 1, 1)))
    assert (listed(clerk).total, listed(clerk, state="ended").total) == (2, 0)


def test_an_employer_brings_its_people_with_their_families(owner, clerk):
    with owner():
        employer = make_employer()
        head = make_member(employer=employer)
        child = make_member(insured=head, branch="01")
        make_member()
    page = listed(clerk, employer_id=employer.pk)
    assert {row.member_id for row in page.rows} == {head.pk, child.pk}
    assert page.total == 2
    assert {row.employer for row in page.rows} == {employer.name}


def test_two_comes_before_ten(owner, clerk):
    with owner():
        people = [make_member() for _ in range(3)]
        for member, number in zip(people, (10, 2, 1), strict=True):
            type(member).objects.filter(pk=member.pk).update(number=str(number), number_order=number)
    assert [row.member_id for row in listed(clerk).rows] == [m.pk for m in reversed(people)]
    assert [row.member_id for row in listed(clerk, descending=True).rows] == [m.pk for m in people]


@pytest.mark.parametrize(
    "typed", ["高崎", "髙﨑 美咲", "たかさき みさき", "ﾀｶｻｷ", "崎美", "みさき", "S55.5.7", "1980-5-7 タカサキ"]
)
def test_one_field_finds_the_person(owner, clerk, typed):
    with owner():
        wanted = make_member()
        make_member(names=("鈴木", "一郎", "スズキ", "イチロウ"), birth_date=date(1970, 1, 1))
    assert found(clerk, typed) == {wanted.pk}


def test_a_search_looks_among_everybody_and_a_miss_is_empty(owner, clerk):
    with owner():
        left = make_member()
        EligibilityPeriod.objects.filter(member=left).update(period=since(date(2016, 1, 1), date(2020, 1, 1)))
    assert found(clerk, "タカサキ") == {left.pk}
    assert found(clerk, "ゼゼゼ") == set()


def test_an_exact_number_names_the_one_person(owner, clerk):
    with owner():
        head = make_member()
        child = make_member(insured=head, branch="01")
    assert listed(clerk, terms=f"{head.symbol}-{head.number}").exact == head.pk
    assert listed(clerk, terms=f"{head.symbol} {head.number} 1").exact == child.pk
    assert listed(clerk, terms=f"{head.symbol}-99999").exact is None


def test_a_protected_person_shows_number_and_whom_to_ask_only(owner, clerk, personas):
    with owner():
        hidden = make_member(protected=True)
        protect(hidden, clerk_id=personas["1006"].pk)
    (row,) = listed(clerk, terms="タカサキ").rows
    assert (row.number, row.protected, row.whom) == (hidden.card_number, True, "適用課 小林（内線 121）")
    assert (row.name, row.kana, row.birth_date, row.employer) == ("", "", None, "")
    (open_row,) = listed(personas["1006"], terms="タカサキ").rows
    assert open_row.name == "髙﨑 美咲"


def test_a_protected_page_holds_nothing_for_a_clerk_who_is_not_named(owner, clerk):
    with owner():
        hidden = make_member(protected=True)
        protect(hidden)
    with scope(MEMBER_ADMINISTRATION, clerk):
        person = queries.person(member_id=hidden.pk, user_id=clerk.pk, on=TODAY)
    assert not person.visible
    assert (person.addresses, person.contacts, person.eligibility, person.family) == ([], [], [], [])


def test_a_saved_search_opens_for_its_owner_until_it_expires(owner, clerk, personas):
    with owner():
        fresh = SavedSearch.objects.create(owner_id=clerk.pk, terms="タカサキ")
        old = SavedSearch.objects.create(
            owner_id=clerk.pk, terms="スズキ", created_at=timezone.now() - SavedSearch.KEPT_FOR - timedelta(minutes=1)
        )
    with scope(MEMBER_ADMINISTRATION, clerk):
        assert queries.saved_search(search_id=fresh.pk, owner_id=clerk.pk).terms == "タカサキ"
        assert queries.saved_search(search_id=fresh.pk, owner_id=personas["1006"].pk) is None
        assert queries.saved_search(search_id=old.pk, owner_id=clerk.pk) is None
        assert queries.saved_search(search_id=uuid.uuid4(), owner_id=clerk.pk) is None
