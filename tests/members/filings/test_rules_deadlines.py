"""The clocks: the Civil Code counts, the articles name the days, days off matter only at the end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.filings.enums import DependantChange, FilingKind, FilingRole
from members.filings.rules.codes import Change, Kind, Role
from members.filings.rules.deadlines import days_late, fact_day, filing_deadline, registration_clock
from members.lifecycle.rules.terms import closed_on

HOLIDAYS = {date(2026, 11, 3), date(2026, 11, 23), date(2027, 1, 1)}
CLOSED = closed_on(HOLIDAYS)


def test_the_rules_and_the_tables_use_the_same_codes():
    assert set(Kind) == set(FilingKind.values)
    assert set(Role) == set(FilingRole.values)
    assert set(Change) == set(DependantChange.values)


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 1))
KINDS = st.sampled_from(FilingKind.values)


@pytest.mark.parametrize(
    ("kind", "effective", "reason", "due"),
    [
        # 取得 on a Monday: counted from Tuesday, the fifth day is a Saturday, so Monday.
        ("acquisition", date(2026, 11, 9), "", date(2026, 11, 16)),
        ("acquisition", date(2026, 11, 4), "", date(2026, 11, 9)),
        # Retired on 31 October, lost on 1 November: the fact is 31 October.
        ("loss", date(2026, 11, 1), "retirement", date(2026, 11, 5)),
        # Another insurer the same day: the fact is that day.
        ("loss", date(2026, 11, 1), "other_insurer", date(2026, 11, 6)),
        # The fifth day is Saturday 21 November; Monday 23 is a holiday.
        ("dependant", date(2026, 11, 16), "", date(2026, 11, 24)),
        # 任意継続: the day of loss counts as the first of twenty.
        ("voluntary", date(2026, 10, 1), "", date(2026, 10, 20)),
    ],
)
def test_the_employers_deadline_is_counted_by_the_civil_code(kind, effective, reason, due):
    found = filing_deadline(kind, effective, CLOSED, reason=reason)
    assert found is not None and found.due == due
    assert found.steps[-1].figure == due


def test_where_the_law_names_no_days_there_is_no_deadline():
    day = date(2026, 11, 9)
    assert filing_deadline("name_change", day, CLOSED) is None
    assert filing_deadline("address_change", day, CLOSED) is None
    assert filing_deadline("dependant", day, CLOSED, change=DependantChange.REMOVE) is None
    assert days_late(None, day) == 0


def test_lateness_is_counted_in_calendar_days():
    deadline = filing_deadline("acquisition", date(2026, 11, 4), CLOSED)
    assert days_late(deadline, date(2026, 11, 9)) == 0
    assert days_late(deadline, date(2026, 11, 16)) == 7


def test_our_own_limit_is_five_days_from_receipt_and_warns_on_the_third():
    clock = registration_clock("acquisition", date(2026, 11, 9), CLOSED)
    assert clock is not None
    assert (clock.alarm, clock.due, clock.article) == (date(2026, 11, 12), date(2026, 11, 16), "則24条の4")


def test_an_alarm_that_would_fall_on_a_day_off_comes_before_it():
    # Received on Thursday 19 November: the third day is Sunday, the alarm comes on Friday.
    clock = registration_clock("dependant", date(2026, 11, 19), CLOSED)
    assert clock is not None
    assert (clock.alarm, clock.due) == (date(2026, 11, 20), date(2026, 11, 24))
    assert clock.article == "則39条（則24条の4）"


@pytest.mark.parametrize("kind", ["name_change", "address_change"])
def test_a_change_of_name_or_address_registers_no_qualification(kind):
    assert registration_clock(kind, date(2026, 11, 9), CLOSED) is None


@given(KINDS, DAYS)
def test_no_period_ends_on_a_day_off_or_before_its_days_have_passed(kind, day):
    clock = registration_clock(kind, day, CLOSED)
    if clock is not None:
        assert day + timedelta(days=5) <= clock.due and not CLOSED(clock.due)
        assert day <= clock.alarm <= day + timedelta(days=3)
    deadline = filing_deadline(kind, day, CLOSED, reason="retirement")
    if deadline is not None:
        assert fact_day(kind, day, reason="retirement") + timedelta(days=5) <= deadline.due
        assert not CLOSED(deadline.due)
        assert [step.article for step in deadline.steps[1:]] != []
