"""Rules of the register against the reference's worked examples."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.enrollment.enums import LossReason
from members.enrollment.rules.numbers import CardNumber, insurer_check_digit, is_insurer_number, parse_card_number
from members.enrollment.rules.qualification import loss_date, voluntary_term, withdrawal_loss

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize("number", ["06132013", "06140248", "01130012", "31130461", "39131156", "133066"])
def test_published_insurer_numbers_carry_their_check_digit(number):
    assert is_insurer_number(number)


@pytest.mark.parametrize("number", ["06132014", "0613201", "061320133", "0613201x", ""])
def test_other_figures_are_no_insurer_number(number):
    assert not is_insurer_number(number)


@given(st.from_regex(r"[0-9]{7}", fullmatch=True), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_never_passes(digits, place, shift):
    whole = digits + str(insurer_check_digit(digits))
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    assert is_insurer_number(whole)
    assert not is_insurer_number(wrong)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("12-3456", CardNumber("12", "3456")),
        ("１２－３４５６", CardNumber("12", "3456")),
        ("12 3456", CardNumber("12", "3456")),
        ("12　3456", CardNumber("12", "3456")),
        ("12ー3456ー1", CardNumber("12", "3456", "01")),
        (" 12-3456-00 ", CardNumber("12", "3456", "00")),
    ],
)
def test_a_number_is_understood_as_staff_type_it(typed, understood):
    assert parse_card_number(typed) == understood


@pytest.mark.parametrize("typed", ["", "タカサキ", "12", "12-", "12-3456-001", "12-3456-00-1"])
def test_what_is_no_number_is_not_made_one(typed):
    assert parse_card_number(typed) is None


@given(
    st.from_regex(r"[1-9][0-9]{0,7}", fullmatch=True), st.from_regex(r"[0-9]{1,8}", fullmatch=True), st.integers(0, 99)
)
def test_a_written_number_is_read_back(symbol, number, branch):
    assert parse_card_number(f"{symbol}-{number}-{branch:02d}") == CardNumber(symbol, number, f"{branch:02d}")


def test_retirement_on_the_last_day_of_a_month_is_lost_on_the_first():
    assert loss_date("retirement", date(2026, 3, 31)).day == date(2026, 4, 1)
    assert loss_date("retirement", date(2026, 3, 30)).day == date(2026, 3, 31)


def test_another_insurer_takes_over_the_same_day():
    assert loss_date("other_insurer", date(2026, 4, 1)).day == date(2026, 4, 1)


def test_at_75_the_qualification_is_lost_on_the_birthday():
    assert loss_date("age_75", date(2026, 11, 23)).day == date(2026, 11, 23)


@given(days)
def test_a_loss_is_the_day_or_the_next_and_says_why(event):
    for reason in LossReason.values:
        if reason in ("withdrawal", "other"):
            continue
        found = loss_date(reason, event)
        assert found.day - event in (timedelta(0), timedelta(days=1))
        assert found.steps[-1][2].startswith(("法36条", "法38条", "高確法"))


def test_a_reason_without_a_rule_is_not_guessed():
    with pytest.raises(ValueError, match="withdrawal"):
        loss_date("withdrawal", date(2026, 1, 1))


@given(days)
def test_a_withdrawal_takes_effect_on_the_next_first(accepted):
    lost = withdrawal_loss(accepted).day
    assert lost.day == 1
    assert timedelta(0) < lost - accepted <= timedelta(days=31)


def test_continued_insurance_lasts_two_years():
    assert voluntary_term(date(2025, 10, 1)) == date(2027, 10, 1)
    assert voluntary_term(date(2024, 2, 29)) == date(2026, 3, 1)
