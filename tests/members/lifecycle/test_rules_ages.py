"""Ages by the law, over every birthday from 明治 to the year 2100."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.lifecycle.rules import ages
from members.lifecycle.rules.terms import last_of_month

FIRST, LAST = date(1868, 1, 25), date(2100, 12, 31)
BIRTHS = st.dates(FIRST, LAST)
LEAP = [date(year, 2, 29) for year in range(1868, 2101) if year % 4 == 0 and (year % 100 or year % 400 == 0)]


def every_birthday():
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


def birthday(birth: date, age: int) -> date:
    """The birthday of that age by the calendar; 1 March for 29 February in a common year."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


@pytest.mark.parametrize("age", ages.AGES)
def test_every_birthday_reaches_the_age_on_the_day_before(age):
    for birth in every_birthday():
        assert ages.age_reached_on(birth, age) == birthday(birth, age) - timedelta(days=1)


@pytest.mark.parametrize("age", ages.AGES)
def test_no_later_birth_takes_effect_earlier(age):
    """So the people of a stretch of days are a stretch of birth dates, which an index finds."""
    before = None
    for birth in every_birthday():
        effective = ages.effective_on(birth, age)
        assert before is None or effective >= before
        before = effective


def test_who_was_born_on_29_february_reaches_every_age_on_28_february():
    for birth in LEAP:
        for age in ages.AGES:
            reached = ages.age_reached_on(birth, age)
            assert (reached.month, reached.day) == (2, 28)


def test_75_takes_effect_on_the_birthday():
    for birth in every_birthday():
        assert ages.effective_on(birth, 75) == birthday(birth, 75)


def test_70_begins_on_the_first_of_the_month_after_and_for_the_first_born_in_the_month_of_the_birthday():
    for birth in every_birthday():
        effective = ages.effective_on(birth, 70)
        assert effective.day == 1
        if birth.day == 1:
            assert effective == birthday(birth, 70)
        elif (birth.month, birth.day) == (2, 29):
            assert effective == date(birth.year + 70, 3, 1)
        else:
            assert effective == last_of_month(birthday(birth, 70)) + timedelta(days=1)


@pytest.mark.parametrize("age", [40, 65])
def test_the_month_of_care_premiums_is_that_of_the_day_before_the_birthday(age):
    for birth in every_birthday():
        assert ages.effective_on(birth, age) == birthday(birth, age) - timedelta(days=1)


@pytest.mark.parametrize(
    ("birth", "age", "reached", "effective"),
    [
        (date(1986, 4, 1), 40, date(2026, 3, 31), date(2026, 3, 31)),  # 1日生まれ: care premium from March
        (date(1986, 4, 2), 40, date(2026, 4, 1), date(2026, 4, 1)),
        (date(1961, 12, 1), 65, date(2026, 11, 30), date(2026, 11, 30)),  # no care premium for November already
        (date(1956, 12, 1), 70, date(2026, 11, 30), date(2026, 12, 1)),
        (date(1956, 12, 2), 70, date(2026, 12, 1), date(2027, 1, 1)),
        (date(1951, 12, 1), 75, date(2026, 11, 30), date(2026, 12, 1)),
        (date(1952, 1, 1), 75, date(2026, 12, 31), date(2027, 1, 1)),
        (date(1952, 2, 29), 75, date(2027, 2, 28), date(2027, 3, 1)),  # 75 years on is never a leap year
        (date(1952, 2, 29), 70, date(2022, 2, 28), date(2022, 3, 1)),
        (date(1984, 2, 29), 40, date(2024, 2, 28), date(2024, 2, 28)),
        (date(1926, 12, 25), 75, date(2001, 12, 24), date(2001, 12, 25)),  # the first day of 昭和
        (date(1989, 1, 7), 40, date(2029, 1, 6), date(2029, 1, 6)),  # the last day of 昭和
    ],
)
def test_known_cases(birth, age, reached, effective):
    found = ages.age_dates(birth, age)

    assert (found.reached, found.effective) == (reached, effective)


@given(birth=BIRTHS, age=st.sampled_from(ages.AGES))
def test_the_working_ends_with_what_takes_effect_and_names_its_articles(birth, age):
    found = ages.age_dates(birth, age)

    assert found.steps[0].figure == birth
    assert found.steps[1].figure == found.reached
    assert found.effective in [step.figure for step in found.steps]
    assert all(step.article for step in found.steps[1:])
    assert found.effective == ages.effective_on(birth, age)


@given(first=st.dates(date(1960, 1, 1), date(2100, 1, 1)), days=st.integers(0, 70), age=st.sampled_from(ages.AGES))
def test_the_births_of_a_stretch_are_all_of_them_and_no_others(first, days, age):
    last = first + timedelta(days=days)

    found = ages.births_effective(age, first, last)

    for dates in found.values():
        assert first <= dates.effective <= last
    if found:
        lowest, highest = min(found), max(found)
        assert len(found) == (highest - lowest).days + 1
        assert not first <= ages.effective_on(lowest - timedelta(days=1), age) <= last
        assert not first <= ages.effective_on(highest + timedelta(days=1), age) <= last
    elif age != 70:
        pytest.fail("every stretch of days has its births")


@given(effective=st.dates(date(1900, 2, 1), LAST))
def test_the_announcement_is_a_month_ahead(effective):
    announced = ages.announce_from(effective)

    assert 28 <= (effective - announced).days <= 31
    assert (announced.year * 12 + announced.month) == (effective.year * 12 + effective.month - 1)


def test_other_ages_have_no_consequence():
    with pytest.raises(ValueError, match="nothing follows"):
        ages.effective_on(date(1980, 1, 1), 60)
