"""Rows for the letters: who is told, where, and what a protected person's row does not hold."""

from datetime import date

import pytest

from members.lifecycle.actions import planning
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.queries import notices
from privacy.scope import scope

pytestmark = pytest.mark.django_db


def told(personas, **days):
    with scope(LIFECYCLE, personas["1001"]):
        return notices.age_notices(**days)


@pytest.fixture
def december(at_night):
    """The night of 30 November has announced December."""

    def run():
        at_night(planning.plan, date(2026, 11, 30))
        at_night(planning.announce, date(2026, 11, 30))

    return run


def test_who_turns_75_is_told_with_the_number_of_family_who_lose_with_them(born, december, personas):
    head = born(date(1951, 12, 24), names=("長谷川", "健一", "ハセガワ", "ケンイチ"))
    born(date(1955, 3, 1), insured=head, relation="wife", branch="01")
    december()

    (row,) = told(personas, first=date(2026, 12, 1), last=date(2026, 12, 31), kind=75)

    assert (row.member_id, row.event_date, row.dependants) == (head.pk, date(2026, 12, 24), 1)


def test_a_dependant_is_told_with_the_insured_person(born, december, personas):
    head = born(date(1980, 1, 1), names=("長谷川", "健一", "ハセガワ", "ケンイチ"))
    mother = born(date(1951, 12, 24), insured=head, relation="mother", branch="01")
    december()

    (row,) = told(personas, first=date(2026, 12, 1), last=date(2026, 12, 31))

    assert (row.member_id, row.dependant, row.dependants) == (mother.pk, True, 0)


def test_everybody_told_stands_in_the_access_log(born, december, personas, events):
    member = born(date(1986, 12, 24))
    december()

    told(personas, first=date(2026, 12, 1), last=date(2026, 12, 31))

    assert member.pk in events()[-1].subjects


def test_what_is_only_planned_is_not_told_yet(born, at_night, personas):
    born(date(1986, 12, 24))
    at_night(planning.plan, date(2026, 11, 1))

    assert told(personas, first=date(2026, 12, 1), last=date(2026, 12, 31)) == []
