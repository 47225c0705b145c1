"""任意継続 by the law: two months, twenty days, two years, the ways it ends."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members.lifecycle.rules import voluntary as rules
from members.lifecycle.rules.terms import closed_on, last_of_month, next_open, period_end, whole_months

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
OPEN = closed_on(set())


def never(_day: date) -> bool:
    return False


def apply(**changes):
    facts = {
        "lost": date(2026, 4, 1),
        "applied": date(2026, 4, 10),
        "insured_from": date(2020, 4, 1),
        "reason": "retirement",
        "birth": date(1980, 5, 7),
        "closed": never,
    } | changes
    return rules.may_apply(**facts)


def refused(**changes) -> set[str]:
    return {test.code for test in apply(**changes).failed}


def test_who_left_work_after_six_years_and_applies_in_ten_days_may_go_on():
    decision = apply()

    assert decision.allowed
    assert decision.deadline == date(2026, 4, 20)
    assert all(test.article for test in decision.tests)


# --- twenty days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "deadline"),
    [
        (date(2026, 4, 1), date(2026, 4, 20)),
        (date(2026, 10, 1), date(2026, 10, 20)),
        (date(2026, 11, 4), date(2026, 11, 24)),  # the 23rd is a holiday, a Monday
        (date(2026, 10, 13), date(2026, 11, 2)),  # the 1st is a Sunday
        (date(2026, 12, 14), date(2027, 1, 4)),  # 2 and 3 January are no days of business
    ],
)
def test_the_application_is_due_on_the_twentieth_day_or_the_next_open_one(lost, deadline):
    closed = closed_on({date(2026, 11, 3), date(2026, 11, 23), date(2027, 1, 1)})

    assert rules.application_deadline(lost, closed).day == deadline


def test_the_twentieth_day_is_in_time_and_the_twenty_first_is_not():
    assert refused(applied=date(2026, 4, 20)) == set()
    assert refused(applied=date(2026, 4, 21)) == {"deadline"}


def test_a_late_application_passes_with_a_just_cause_and_says_so():
    decision = apply(applied=date(2026, 6, 1), just_cause=True)

    assert decision.allowed
    assert decision.late
    assert {test.code: test.article for test in decision.tests}["deadline"] == "法37条1項ただし書"


def test_an_application_before_the_loss_is_none_whatever_the_cause():
    assert refused(applied=date(2026, 3, 31), just_cause=True) == {"deadline"}


@given(lost=DAYS, gap=st.integers(-30, 60), cause=st.booleans())
def test_in_time_means_from_the_loss_to_the_nineteenth_day_after(lost, gap, cause):
    decision = apply(
        lost=lost,
        applied=lost + timedelta(days=gap),
        insured_from=lost - timedelta(days=400),
        birth=lost - timedelta(days=9000),
        just_cause=cause,
    )

    assert decision.allowed == (gap >= 0 and (gap <= 19 or cause))


# --- two months -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "lost", "enough"),
    [
        (date(2026, 2, 1), date(2026, 4, 1), True),
        (date(2026, 2, 2), date(2026, 4, 1), False),
        (date(2026, 2, 2), date(2026, 4, 2), True),
        (date(2025, 12, 31), date(2026, 2, 28), False),
        (date(2025, 12, 31), date(2026, 3, 1), True),  # no 31 February: the period ends with the month
        (date(2023, 12, 30), date(2024, 2, 29), False),
        (date(2023, 12, 29), date(2024, 2, 29), True),
    ],
)
def test_two_months_are_counted_by_the_calendar(since, lost, enough):
    decision = apply(lost=lost, applied=lost, insured_from=since)

    assert decision.allowed is enough


def test_nobody_who_was_not_insured_the_day_before():
    assert refused(insured_from=None) == {"months"}


def test_periods_without_a_gap_count_together_and_a_day_of_gap_breaks_them():
    lost = date(2026, 4, 1)
    joined = [(date(2026, 3, 10), lost), (date(2025, 6, 1), date(2026, 3, 10))]
    broken = [(date(2026, 3, 10), lost), (date(2025, 6, 1), date(2026, 3, 9))]

    assert rules.continuous_from(joined, lost) == date(2025, 6, 1)
    assert rules.continuous_from(broken, lost) == date(2026, 3, 10)
    assert rules.continuous_from([(date(2025, 6, 1), date(2026, 3, 31))], lost) is None


@given(first=DAYS, months=st.integers(1, 40))
def test_a_period_of_months_is_complete_the_day_after_its_last_day_and_not_before(first, months):
    last = period_end(first, months)

    assert whole_months(first, last + timedelta(days=1)) == months
    assert whole_months(first, last) == months - 1


# --- who may not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["retirement", "excluded", "office_closed"])
def test_who_left_work_or_was_excluded_may(reason):
    assert refused(reason=reason) == set()


@pytest.mark.parametrize("reason", ["death", "other_insurer", "term_ended", "non_payment", "withdrawal"])
def test_other_losses_do_not_open_the_way(reason):
    assert refused(reason=reason) == {"reason"}


def test_who_is_75_on_the_day_of_loss_belongs_to_the_care_of_the_old():
    assert refused(birth=date(1951, 4, 1)) == {"elderly"}  # 75 on the very day
    assert refused(birth=date(1951, 4, 2)) == set()  # 75 the day after: a day of 任意継続


def test_who_is_insured_again_or_a_seaman_may_not():
    assert refused(insured_again=True) == {"insured"}
    assert refused(seaman=True) == {"seaman"}


# --- how it ends ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "lost"),
    [
        (date(2024, 4, 1), date(2026, 4, 1)),
        (date(2024, 11, 16), date(2026, 11, 16)),
        (date(2024, 2, 29), date(2026, 3, 1)),
        (date(2022, 3, 1), date(2024, 3, 1)),
    ],
)
def test_it_lasts_two_years(start, lost):
    assert rules.term_end(start).day == lost


@given(start=DAYS)
def test_a_term_is_two_years_from_the_first_day(start):
    end = rules.term_end(start)

    assert whole_months(start, end.day) == 24
    assert whole_months(start, end.day - timedelta(days=1)) == 23
    assert end.steps[-1].figure == end.day


@given(accepted=DAYS)
def test_withdrawal_ends_with_the_month_of_acceptance(accepted):
    lost = rules.withdrawal(accepted).day

    assert lost.day == 1
    assert last_of_month(accepted) == lost - timedelta(days=1)


def test_an_unpaid_month_ends_it_the_day_after_the_due_date():
    assert rules.non_payment(date(2026, 6, 10), first=False, start=date(2026, 4, 1)).day == date(2026, 6, 11)


def test_an_unpaid_first_premium_means_it_never_began():
    found = rules.non_payment(date(2026, 4, 30), first=True, start=date(2026, 4, 1))

    assert found.day == date(2026, 4, 1)
    assert found.steps[-1].article == "法37条2項"


@pytest.mark.parametrize(("kind", "article"), [("insured", "4号"), ("seaman", "5号"), ("elderly", "6号")])
def test_another_insurance_ends_it_on_the_day_itself(kind, article):
    found = rules.ended_at_once(kind, date(2026, 6, 1))

    assert found.day == date(2026, 6, 1)
    assert article in found.steps[0].article


def test_death_ends_it_the_day_after():
    assert rules.death(date(2026, 6, 1)).day == date(2026, 6, 2)


# --- instalments ----------------------------------------------------------------------------------------------------


def test_premiums_are_due_on_the_tenth_or_the_next_open_day():
    due = [i.due for i in rules.instalments(date(2026, 4, 1), date(2026, 4, 30), OPEN)]

    assert due[:4] == [date(2026, 4, 30), date(2026, 5, 11), date(2026, 6, 10), date(2026, 7, 10)]


def test_months_whose_day_has_passed_are_due_with_the_first():
    found = rules.instalments(date(2026, 4, 1), date(2026, 5, 15), OPEN)

    assert [i.first for i in found[:3]] == [True, True, False]
    assert found[1].due == date(2026, 5, 15)


@given(start=DAYS, days=st.integers(0, 60))
@example(start=date(2000, 2, 29), days=0)
def test_a_full_term_has_twenty_four_months_from_that_of_the_beginning(start, days):
    found = rules.instalments(start, start + timedelta(days=days), OPEN)

    # Two years from 29 February end on 28 February (民法143条): lost on 1 March, so that February is a month of it.
    assert len(found) == (25 if (start.month, start.day) == (2, 29) else 24)
    assert found[0].month == start.replace(day=1)
    assert found[0].first
    assert all(later.month > earlier.month for earlier, later in zip(found, found[1:], strict=False))
    assert all(not OPEN(i.due) for i in found if not i.first)
    assert all(i.due >= next_open(i.month.replace(day=10), OPEN) for i in found if not i.first)
