"""10名未満の集団: what is published is attacked by subtraction and by linear programming over everything published of a year."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from health_programs.checkups.rules.publication import OVER, REST, Chosen, Line, Year
from health_programs.checkups.rules.suppression import FLOOR, adjacent, joined, pooled

BANDS = ("a40", "a45", "a50")
EMPLOYERS = (1, 2, 3)
SEXES = ("1", "2")
CELLS = tuple(product(SEXES, BANDS, EMPLOYERS, (OVER, REST)))
KEY = "pressure"

counts = st.integers(0, 60)
tables = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda two: {"y": two[0], "n": two[1]}),
    min_size=1,
    max_size=8,
)


@given(tables)
def test_every_published_cell_counts_ten_and_the_groups_divide_all_rows(rows):
    named = list(enumerate(rows))
    for release in (pooled(named, classes="yn"), adjacent(named, classes="yn")):
        total = {one: sum(row[one] for row in rows) for one in "yn"}
        if not release.groups:
            assert min(total.values()) < FLOOR
            continue
        assert all(count >= FLOOR for group in release.groups for count in group.cells.values())
        told = [row for group in release.groups for row in group.rows]
        assert sorted(told) == [row for row, cells in named if sum(cells.values())]
        assert {one: sum(group.cells[one] for group in release.groups) for one in "yn"} == total


@given(tables)
def test_neighbours_only_are_put_together_and_at_most_one_group_without_order(rows):
    named = list(enumerate(rows))
    present = [row for row, cells in named if sum(cells.values())]
    for group in adjacent(named, classes="yn").groups:
        place = present.index(group.rows[0])
        assert tuple(present[place : place + len(group.rows)]) == group.rows
    assert len(pooled(named, classes="yn").shared) <= 1


def test_one_small_row_takes_a_second_with_it():
    found = pooled([("A", {"y": 3, "n": 40}), ("B", {"y": 25, "n": 40}), ("C", {"y": 12, "n": 20})], classes="yn")
    assert found.cells("A") is None and found.cells("C") is None
    assert found.cells("B") == {"y": 25, "n": 40}
    assert found.of("A").cells == {"y": 15, "n": 60}


def test_rows_that_stood_together_stay_together():
    rows = [("A", {"y": 30, "n": 40}), ("B", {"y": 25, "n": 40}), ("C", {"y": 12, "n": 20})]
    assert pooled(rows, classes="yn", within=[("A", "B")]).of("A").rows == ("A", "B")
    assert adjacent(rows, classes="yn", within=[("B", "C")]).of("C").rows == ("B", "C")


def test_joined_is_coarser_than_both():
    one = adjacent([(n, {"n": 5 if n < 2 else 20}) for n in range(4)], classes="n")
    other = adjacent([(n, {"n": 5 if n in (1, 2) else 20}) for n in range(4)], classes="n")
    for group in [*one.groups, *other.groups]:
        assert any(set(group.rows) <= set(rows) for rows in joined([one, other]))


def _year(base: dict) -> Year:
    lines = []
    for sex, band, employer in product(SEXES, BANDS, EMPLOYERS):
        over, rest = base[sex, band, employer, OVER], base[sex, band, employer, REST]
        lines.append(Line(sex, band, employer, over + rest, {(KEY, OVER): over}))
    return Year(lines, BANDS)


def _published(year: Year) -> list[tuple[frozenset, int]]:
    """Everything told: (cells that are added up, their count)."""

    def cells(sex=SEXES, band=BANDS, employer=EMPLOYERS, name=(OVER, REST)):
        return frozenset(product(sex, band, employer, name))

    told = []
    people, one = year.people, year.measures[KEY]
    if people.whole:
        told.append((cells(), people.whole["all"]))
    if one.whole:
        told += [(cells(name=[name]), count) for name, count in one.whole.items()]
    for release, way in ((people.by_sex, "sex"), (people.by_band, "band"), (people.by_employer, "employer")):
        told += [(cells(**{way: group.rows}), group.people) for group in release.groups]
    for release, way in ((one.by_sex, "sex"), (one.by_band, "band"), (one.by_employer, "employer")):
        told += [(cells(**{way: g.rows}, name=[name]), n) for g in release.groups for name, n in g.cells.items()]
    for release, way in ((year.sex_by_band, "band"), (year.sex_by_employer, "employer")):
        for group in release.groups:
            for (_key, sex, name), count in group.cells.items():
                told.append((cells(sex=[sex], name=[name], **{way: group.rows}), count))
    return told


def _bounds(told, target) -> tuple[float, float]:
    place = {cell: number for number, cell in enumerate(CELLS)}
    left = np.zeros((len(told), len(CELLS)))
    for row, (cells, _count) in enumerate(told):
        left[row, [place[cell] for cell in cells]] = 1
    right = [count for _cells, count in told]
    cost = np.zeros(len(CELLS))
    cost[[place[cell] for cell in target]] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(sign * cost, A_eq=left if told else None, b_eq=right if told else None, method="highs")
        ends.append(sign * found.fun if found.status == 0 else float("inf"))
    return ends[0], ends[1]


def _suppressed(base: dict, told) -> list[tuple[str, frozenset, int]]:
    """Every group under ten that some filter asks for, of people and of classes."""
    found = []
    for sex, band, employer in product((None, *SEXES), (None, *BANDS), (None, *EMPLOYERS)):
        if band and employer:
            continue
        for names in ((OVER,), (REST,), (OVER, REST)):
            target = frozenset(
                product(
                    [sex] if sex else SEXES, [band] if band else BANDS, [employer] if employer else EMPLOYERS, names
                )
            )
            count = sum(base[cell] for cell in target)
            # That nobody at all of a sex, an age or an employer has a result is told (0); of a sex at an age it is not.
            people = sum(base[cell] for cell in CELLS if _row(cell, band, employer))
            people = people if any(base[cell] for cell in CELLS if sex in (None, cell[0])) else 0
            if count < FLOOR and people:
                found.append((f"{sex} {band} {employer} {names}", target, count))
    return found


def _row(cell, band, employer) -> bool:
    return (not band or cell[1] == band) and (not employer or cell[2] == employer)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 40)), min_size=len(CELLS), max_size=len(CELLS)),
    st.sampled_from((0, 0, 2, 12)),
)
@example([0] * (len(CELLS) - 1) + [10], 0)
def test_no_count_under_ten_can_be_told_from_everything_published(few, more):
    base = {cell: few[n] + more for n, cell in enumerate(CELLS)}
    told = _published(_year(base))
    assert all(count >= FLOOR for _cells, count in told)
    for what, target, count in _suppressed(base, told):
        low, high = _bounds(told, target)
        assert low <= count + 1e-6, what
        assert high >= FLOOR - 1e-6, f"{what}: {count} lies between {low} and {high}"


def test_the_attack_finds_what_naive_suppression_leaves():
    """The attack itself works: hiding only the small row is undone by the total."""
    base = dict.fromkeys(CELLS, 20) | {("1", "a40", 1, OVER): 1, ("2", "a40", 1, OVER): 0}
    small = frozenset(product(SEXES, BANDS, [1], [OVER]))
    base |= dict.fromkeys(small, 1)
    whole = frozenset(product(SEXES, BANDS, EMPLOYERS, [OVER]))
    others = [frozenset(product(SEXES, BANDS, [employer], [OVER])) for employer in (2, 3)]
    told = [(cells, sum(base[cell] for cell in cells)) for cells in (whole, *others)]
    assert _bounds(told, small) == pytest.approx((6, 6))
    told = _published(_year(base))
    low, high = _bounds(told, small)
    assert low < 6 < FLOOR <= high


def test_two_tables_that_differ_by_one_employer_tell_nothing_about_it():
    base = dict.fromkeys(CELLS, 30) | {cell: 0 for cell in CELLS if cell[2] == 3} | {("1", "a40", 3, REST): 4}
    year = _year(base)
    assert year.count(Chosen()) == 30 * 24 + 4
    assert year.count(Chosen(employer=3)) is None
    hidden = [employer for employer in EMPLOYERS if year.count(Chosen(employer=employer)) is None]
    assert len(hidden) == 2
    told = sum(year.count(Chosen(employer=one)) or 0 for one in EMPLOYERS)
    assert year.count(Chosen()) - told >= FLOOR


def test_age_and_employer_never_cross_and_zero_of_a_sex_is_not_told():
    base = dict.fromkeys(CELLS, 30) | {cell: 0 for cell in CELLS if cell[0] == "2" and cell[2] == 1}
    year = _year(base)
    assert year.count(Chosen("2", employer=1)) is None
    assert year.count(Chosen("", "a40")) == 30 * 2 * 6 - 60
    assert Counter(year.told(KEY, Chosen("", "a40")))[OVER] == 150
