"""What the search field understands, and the keys it is matched with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.enrollment import search
from members.enrollment.rules.numbers import CardNumber

MISAKI = search.name_keys("髙﨑", "美咲", "タカサキ", "ミサキ")


@pytest.mark.parametrize("typed", ["高崎", "髙﨑", "髙崎　美咲", "たかさき", "ﾀｶｻｷ ﾐｻｷ", "タカサキミ"])
def test_every_way_of_typing_a_name_begins_its_key(typed):
    terms = search.understand(typed)
    assert any(key.startswith(terms.name) for key in MISAKI)


@pytest.mark.parametrize("typed", ["崎美咲", "美咲", "みさき", "サキミ", "ﾐｻｷ", "高崎美咲"])
def test_a_part_inside_a_name_begins_one_of_its_tokens(typed):
    terms = search.understand(typed)
    assert any(token.startswith(terms.name) for token in search.tokens(*MISAKI))


def test_a_name_of_one_character_has_a_token():
    assert search.tokens("凜", "リ") == ["リ", "凜"]


@given(st.text(alphabet="高崎美咲渡辺斎藤", min_size=2, max_size=12), st.data())
def test_any_two_neighbours_in_a_key_are_found(key, data):
    start = data.draw(st.integers(0, len(key) - 2))
    assert any(token.startswith(key[start : start + 2]) for token in search.tokens(key, ""))


@pytest.mark.parametrize(
    "typed", ["1979-9-27", "1979/9/27", "S54.9.27", "S54-9-27", "昭和54年9月27日", "１９７９－９－２７", "19790927"]
)
def test_a_date_is_a_birth_date_in_both_calendars(typed):
    assert search.understand(typed) == search.Terms(birth=date(1979, 9, 27))


def test_a_date_beside_a_name_narrows_it():
    assert search.understand("S54.9.27 タカサキ") == search.Terms(birth=date(1979, 9, 27), name="タカサキ")


@pytest.mark.parametrize(
    ("typed", "number"), [("12-3456", CardNumber("12", "3456")), ("1-194-00", CardNumber("1", "194", "00"))]
)
def test_a_number_is_a_number(typed, number):
    assert search.understand(typed) == search.Terms(number=number)


@pytest.mark.parametrize("typed", ["540927", "昭和65年1月1日"])
def test_a_date_that_cannot_be_is_said_and_not_guessed(typed):
    terms = search.understand(typed)
    assert terms.problem
    assert terms.birth is None and terms.number is None


@pytest.mark.parametrize("typed", ["", "  ", "　"])
def test_nothing_typed_is_no_search(typed):
    assert search.understand(typed).empty
