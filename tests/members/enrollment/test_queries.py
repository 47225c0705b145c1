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
        assert ({row.member_id for row in page.rows}, page.total, page.registered) == (
            expected,
            (len(expected), False),
            (6, False),
        ), state
    shown = {row.member_id: row.status for row in listed(clerk, state="all").rows}
    assert shown[voluntary.pk] == Status.VOLUNTARY
    assert shown[left.pk] == Status.ENDED
    assert shown[later.pk] == Status.FUTURE


def test_a_person_insured_and_dependant_on_one_day_counts_once(owner, clerk):
    with owner():
        head, both = make_member(), make_member()
        DependantPeriod.objects.create(member=both, insured=head, relation="wife", period=since(date(2020, 1, 1)))
    assert (listed(clerk).total.number, listed(clerk, state="ended").total.number) == (2, 0)


def test_an_employer_brings_its_people_with_their_families(owner, clerk):
    with owner():
        employer = make_employer()
        head = make_member(employer=employer)
        child = make_member(insured=head, branch="01")
        make_member()
    page = listed(clerk, employer_id=employer.pk)
    assert {row.member_id for row in page.rows} == {head.pk, child.pk}
    assert page.total == (2, False)
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
    assert (row.number, row.protected, row.whom) == (f"＊-{hidden.number}-00", True, "適用課 小林（内線 121）")
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


@pytest.fixture
def kept_apart(owner, personas):
    """An employer with a protected insured person and their open child, and an open person with a protected child."""
    with owner():
        employer = make_employer("みちびき製作所")
        head = make_member(names=("小田切", "光", "オダギリ", "ヒカル"), employer=employer, protected=True)
        child = make_member(names=("小田", "翔", "オダ", "ショウ"), insured=head, branch="01")
        other = make_member(employer=employer)
        secret = make_member(names=("髙﨑", "陽", "タカサキ", "ヨウ"), insured=other, branch="01", protected=True)
        for member in (head, secret):
            protect(member, clerk_id=personas["1006"].pk)
    return employer, head, child, other, secret


def test_there_is_an_employer_to_hide(kept_apart, personas):
    employer, *people = kept_apart
    page = listed(personas["1006"], employer_id=employer.pk)
    assert {row.member_id for row in page.rows} == {member.pk for member in people}
    assert {row.employer for row in page.rows} == {"みちびき製作所"}
    assert page.left_out == 0


def test_no_line_of_a_family_shows_where_its_protected_insured_person_works(kept_apart, clerk):
    _employer, _head, child, other, _secret = kept_apart
    for page in (listed(clerk), listed(clerk, terms="オダ"), listed(clerk, kind="dependant", state="all")):
        assert {row.employer for row in page.rows if row.member_id == child.pk} == {""}
    assert {row.employer for row in listed(clerk).rows if row.member_id == other.pk} == {"みちびき製作所"}


def test_the_filter_by_employer_finds_nobody_whose_employer_is_hidden_and_counts_them_over_the_register(
    owner, kept_apart, clerk
):
    employer, _head, _child, other, _secret = kept_apart
    with owner():
        elsewhere = make_employer()
    page = listed(clerk, employer_id=employer.pk)
    assert [row.member_id for row in page.rows] == [other.pk]
    assert (page.total.number, page.left_out) == (1, 3)
    # Where nobody of theirs works, the figure is the same: it tells nothing about the employer.
    assert listed(clerk, employer_id=elsewhere.pk).left_out == 3


@pytest.mark.parametrize("sort", ["number", "kana", "birth"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_place_of_a_protected_line_tells_nothing(owner, kept_apart, clerk, sort, descending):
    _employer, head, _child, _other, secret = kept_apart
    assert not {head.pk, secret.pk} & {r.member_id for r in listed(clerk, sort=sort, descending=descending).rows}
    rows = listed(clerk, terms="タカサキ", sort=sort, descending=descending).rows
    assert rows[0].member_id == secret.pk and rows[0].number == f"＊-{secret.number}-01"
    # Nor can the list be made to begin behind a protected person.
    behind = listed(clerk, sort=sort, descending=descending, page=2, after=head.pk)
    assert behind.page == 1 and len(behind.rows) == 2


def test_pages_joined_by_their_lines_are_the_whole_list_in_both_directions(owner, clerk, monkeypatch):
    with owner():
        employer = make_employer()
        people = [make_member(employer=employer, birth_date=date(1980, 1, 1 + n % 3)) for n in range(11)]
    monkeypatch.setattr("members.enrollment.queries.listing.PAGE", 3)
    for sort in ("number", "kana", "birth"):
        for descending in (False, True):
            order = {"sort": sort, "descending": descending}
            pages = [listed(clerk, **order)]
            while pages[-1].follows:
                pages.append(listed(clerk, page=pages[-1].page + 1, after=pages[-1].last, **order))
            lines = [[row.member_id for row in page.rows] for page in pages]
            assert len(lines) == 4 and {pk for line in lines for pk in line} == {m.pk for m in people}
            by_number = [[r.member_id for r in listed(clerk, page=n, **order).rows] for n in (1, 2, 3, 4)]
            assert by_number == lines
            assert [r.member_id for r in listed(clerk, page=3, before=pages[3].first, **order).rows] == lines[2]


def test_counting_stops_at_the_cap_and_goes_on_when_asked(owner, clerk, monkeypatch):
    with owner():
        head = make_member()
        for branch in range(1, 6):
            make_member(insured=head, branch=f"0{branch}")
        hidden = make_member(protected=True)
        protect(hidden)
    monkeypatch.setattr("members.enrollment.queries.listing.CAP", 4)
    monkeypatch.setattr("members.enrollment.queries.listing.PROBED_CAP", 3)
    assert listed(clerk).total == (4, True)
    assert listed(clerk, count_all=True).total == (6, False)
    assert listed(clerk, state="all").total == (4, True)
    assert listed(clerk, state="all", count_all=True).total == (6, False)
    assert listed(clerk, kind="dependant").total == (3, True)
    assert listed(clerk, kind="dependant", count_all=True).total == (5, False)
    assert listed(clerk, kind="insured").total == (1, False)
    assert listed(clerk, state="ended").total == (0, False)


def test_who_holds_both_kinds_of_period_and_is_hidden_is_not_taken_from_the_count_twice(owner, clerk):
    with owner():
        head, both = make_member(), make_member(protected=True)
        protect(both)
        DependantPeriod.objects.create(member=both, insured=head, relation="wife", period=since(date(2020, 1, 1)))
    assert listed(clerk).total.number == 1 == len(listed(clerk).rows)
