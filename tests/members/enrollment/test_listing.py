"""The conditions of the member list in the address, without a database."""

from datetime import date
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.ui.paging import page_number, pages
from members.enrollment.presentation.listing import FIRST_DAY, KINDS, LAST_DAY, SORTS, STATES, Conditions, chips

SEARCH = UUID("11111111-2222-3333-4444-555555555555")

conditions = st.builds(
    Conditions,
    state=st.sampled_from(list(STATES)),
    employer=st.none() | st.integers(1, 10**9),
    kind=st.sampled_from(list(KINDS)),
    on=st.none() | st.dates(FIRST_DAY, LAST_DAY),
    search=st.none() | st.uuids(),
    sort=st.sampled_from([*SORTS, *("-" + name for name in SORTS)]),
    page=st.integers(1, 400),
)


@given(conditions)
def test_the_address_carries_every_condition_there_and_back(given_conditions):
    again = dict(parse_qsl(given_conditions.query().removeprefix("?")))
    assert Conditions.from_query(again) == given_conditions


@given(st.dictionaries(st.sampled_from(["state", "employer", "kind", "on", "search", "sort", "page"]), st.text()))
def test_an_address_that_cannot_be_understood_is_not_an_error(query):
    understood = Conditions.from_query(query)
    assert understood.page >= 1
    assert understood.state in STATES and understood.kind in KINDS


def test_any_new_condition_begins_again_at_the_first_page():
    chosen = Conditions(kind="insured", page=7)
    assert "page" not in chosen.query(sort="kana")
    assert "page=8" in chosen.query(page=8)


def test_each_chip_takes_away_only_itself():
    chosen = Conditions(state="all", employer=3, kind="dependant", on=date(2026, 4, 1), search=SEARCH)
    found = chips(chosen, employer_name="本社", search_terms="タカサキ", on_text="令8.4.1")
    assert [(chip.label, chip.value) for chip in found] == [
        ("検索", "タカサキ"),
        ("資格", "すべて"),
        ("事業所", "本社"),
        ("区分", "被扶養者"),
        ("基準日", "令8.4.1"),
    ]
    left = {chip.label: dict(parse_qsl(chip.url.removeprefix("?"))) for chip in found}
    assert "search" not in left["検索"] and left["検索"]["employer"] == "3"
    assert "employer" not in left["事業所"] and left["事業所"]["kind"] == "dependant"
    assert "タカサキ" not in "".join(chip.url for chip in found)


def test_without_conditions_there_is_nothing_to_take_away():
    assert chips(Conditions()) == []
    assert not Conditions().narrowed
    assert Conditions().query() == "?"


def test_choosing_the_sorted_head_again_turns_the_order():
    heads = {head.name: head for head in Conditions(sort="kana").heads()}
    assert heads["kana"].order == "ascending" and "sort=-kana" in heads["kana"].url
    assert heads["birth"].order == "none"


@pytest.mark.parametrize(
    ("page", "last", "expected"),
    [(1, 1, [1]), (1, 3, [1, 2, 3]), (10, 200, [1, 2, None, 9, 10, 11, None, 199, 200])],
)
def test_page_numbers_show_the_ends_and_the_neighbours(page, last, expected):
    bar = pages(page, last, last * 50, lambda number: f"?page={number}", unit="名")
    assert [link.number for link in bar.links] == expected
    assert [link.number for link in bar.links if link.current] == [page]


def test_the_last_page_says_which_lines_it_shows():
    bar = pages(3, 3, 101, lambda number: f"?page={number}", unit="名")
    assert (bar.first_line, bar.last_line, bar.next_url, bar.previous_url) == (101, 101, "", "?page=2")


@pytest.mark.parametrize("text", ["", "0", "-3", "9" * 5000, "３", "x", None])
def test_what_is_no_page_is_the_first(text):
    assert page_number(text) == 1


def test_behind_the_counted_pages_the_bar_leads_on_without_naming_an_end():
    bar = pages(1, 200, 10_000, lambda number: f"?page={number}", unit="名", next_url="?page=2&after=9", open_end=True)
    assert bar.links[-1].number is None and bar.next_url == "?page=2&after=9"
    beyond = pages(240, 200, 10_000, lambda number: f"?page={number}", unit="名", next_url="?page=241", open_end=True)
    assert [link.number for link in beyond.links] == [1, 2, None, 199, 200, None, 240]
    assert beyond.links[-1].current and (beyond.first_line, beyond.last_line) == (11_951, 12_000)
