"""Grades, what is in force in a month, and the daily base of twelve months."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kumiai.reference
from members.remuneration.rules.average import (
    InsurerAverage,
    NoInsurerAverage,
    NoRemuneration,
    average_of_twelve,
    base_day,
    reference_day,
)
from members.remuneration.rules.grades import (
    Grade,
    NoGrade,
    daily_base,
    grade_for,
    grade_of_standard,
    round_to_ten,
    round_to_yen,
    two_thirds,
)
from members.remuneration.rules.periods import Period, by_month, consecutive_until, standard_of
from members.remuneration.rules.working import Step, Working

FILE = Path(kumiai.reference.__file__).parent / "data" / "remuneration_grades.csv"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


TABLE = tuple(
    Grade(
        int(r["grade"]),
        int(r["standard_monthly"]),
        int(r["lower"]),
        int(r["upper"]) if r["upper"] else None,
        date.fromisoformat(r["from"]),
        _day(r["until"]),
    )
    for r in rows()
)
DAY = date(2026, 4, 1)
STANDARDS = st.sampled_from([row.standard for row in TABLE])


@pytest.mark.parametrize(
    ("pay", "grade"),
    [(0, 1), (62_999, 1), (63_000, 2), (338_000, 24), (329_999, 23), (330_000, 24), (1_354_999, 49), (1_355_000, 50)],
)
def test_the_lower_bound_belongs_to_the_higher_grade(pay: int, grade: int) -> None:
    assert grade_for(TABLE, pay, DAY).grade == grade


def test_every_published_daily_amount_is_a_thirtieth_to_ten_yen() -> None:
    for row in rows():
        assert daily_base(int(row["standard_monthly"])) == int(row["standard_daily"])


def test_no_table_no_grade() -> None:
    with pytest.raises(NoGrade, match="等級表がありません"):
        grade_for(TABLE, 100_000, date(2016, 3, 31))
    with pytest.raises(NoGrade, match="301,000"):
        grade_of_standard(TABLE, 301_000, DAY)
    with pytest.raises(NoGrade, match="当たる等級"):
        grade_for(TABLE[1:], 100, DAY)
    with pytest.raises(ValueError, match="0円以上"):
        grade_for(TABLE, -1, DAY)
    assert grade_of_standard(TABLE, 300_000, DAY).grade == 22


def test_rounding_at_its_edges() -> None:
    assert round_to_ten(Fraction(49_999, 10_000)) == 0
    assert round_to_ten(Fraction(5)) == 10
    assert round_to_ten(Fraction(149, 10)) == 10
    assert round_to_ten(Fraction(15)) == 20
    assert round_to_yen(Fraction(4_999, 10_000)) == 0
    assert round_to_yen(Fraction(1, 2)) == 1
    assert round_to_yen(Fraction(149, 100)) == 1
    assert daily_base(Fraction(150 - 1, 1)) == 0
    assert daily_base(150) == 10


@pytest.mark.parametrize(
    ("average", "base", "daily"),
    [
        (300_000, 10_000, 6_667),
        (200_000, 6_670, 4_447),
        (320_000, 10_670, 7_113),
        (260_000, 8_670, 5_780),
        (410_000, 13_670, 9_113),
    ],
)
def test_published_examples(average: int, base: int, daily: int) -> None:
    assert (daily_base(average), two_thirds(base)) == (base, daily)


def test_negative_amounts_are_refused() -> None:
    for wrong in (lambda: daily_base(-1), lambda: two_thirds(-10), lambda: Period(DAY, None, -1)):
        with pytest.raises(ValueError, match="0円以上"):
            wrong()
    with pytest.raises(ValueError, match="終わりが始まりより前"):
        Period(DAY, DAY - timedelta(days=1), 1)


@given(st.fractions(min_value=0, max_value=2_000_000))
def test_rounding_is_never_off_by_more_than_half(amount: Fraction) -> None:
    assert -5 < round_to_ten(amount) - amount <= 5
    assert Fraction(-1, 2) < round_to_yen(amount) - amount <= Fraction(1, 2)


def test_the_latest_of_a_month_counts_and_only_what_is_known() -> None:
    first = Period(date(2026, 1, 1), date(2026, 5, 10), 300_000)
    second = Period(date(2026, 5, 20), None, 200_000, voluntary=True)
    assert standard_of([first, second], date(2026, 5, 1)).standard == 200_000
    assert standard_of([first, second], date(2026, 5, 1), date(2026, 5, 19)).standard == 300_000
    assert standard_of([first, second], date(2025, 12, 1)) is None
    months = by_month([first, second], date(2025, 11, 30), date(2026, 6, 1))
    assert [(m.month.month, m.standard) for m in months][-2:] == [(5, 200_000), (6, 200_000)]
    assert len(months) == 6
    assert [m.voluntary for m in months] == [False] * 4 + [True] * 2


def test_a_month_without_a_standard_ends_the_run() -> None:
    old = Period(date(2025, 1, 1), date(2025, 10, 31), 300_000)
    new = Period(date(2025, 12, 1), None, 200_000)
    assert len(consecutive_until([old, new], date(2026, 3, 5))) == 4
    close = Period(date(2025, 11, 30), None, 200_000)
    assert len(consecutive_until([old, close], date(2026, 3, 5))) == 12
    other = Period(date(2025, 1, 1), date(2025, 11, 30), 300_000, own=False)
    assert len(consecutive_until([other, new], date(2026, 3, 5))) == 4


def test_twelve_months_up_to_the_month_of_start() -> None:
    periods = [Period(date(2020, 4, 1), date(2025, 8, 31), 260_000), Period(date(2025, 9, 1), None, 320_000)]
    found = average_of_twelve(periods, date(2026, 4, 10), table=TABLE)
    # May to August 260,000 (4), September to April 320,000 (8): 3,600,000 / 12 = 300,000
    assert (found.base, found.daily, found.rule) == (10_000, 6_667, "twelve")
    assert found.months[0].month == date(2025, 5, 1)
    assert Step("標準報酬月額の合計", 3_600_000, "法99条2項") in found.steps
    assert found.steps[-1].figure == 6_667


def test_fewer_months_take_the_lower() -> None:
    periods = [Period(date(2026, 1, 1), None, 410_000)]
    averages = [InsurerAverage(date(2025, 9, 30), Fraction(3_331_234, 10)), InsurerAverage(date(2024, 9, 30), 1)]
    found = average_of_twelve(periods, date(2026, 4, 1), table=TABLE, insurer_averages=averages)
    assert (found.base, found.daily, found.rule) == (11_330, 7_553, "insurer")
    lower = average_of_twelve(
        [Period(date(2026, 1, 1), None, 200_000)], date(2026, 4, 1), table=TABLE, insurer_averages=averages
    )
    assert (lower.base, lower.daily, lower.rule) == (6_670, 4_447, "own")
    with pytest.raises(NoInsurerAverage, match="2025年9月30日"):
        average_of_twelve(periods, date(2026, 4, 1), table=TABLE)
    with pytest.raises(NoInsurerAverage, match="2024年9月30日"):
        average_of_twelve(periods, date(2026, 3, 31), table=TABLE)
    with pytest.raises(NoRemuneration, match="2025年12月"):
        average_of_twelve(periods, date(2025, 12, 31), table=TABLE)


def test_eleven_and_twelve_months_differ() -> None:
    eleven = [Period(date(2025, 6, 30), None, 500_000)]
    twelve = [Period(date(2025, 5, 31), None, 500_000)]
    known = [InsurerAverage(date(2025, 9, 30), 300_000)]
    assert average_of_twelve(eleven, date(2026, 4, 1), table=TABLE, insurer_averages=known).base == 10_000
    assert average_of_twelve(twelve, date(2026, 4, 1), table=TABLE, insurer_averages=known).base == 16_670


def test_only_this_insurer_counts() -> None:
    periods = [Period(date(2020, 1, 1), None, 500_000)]
    known = [InsurerAverage(date(2025, 9, 30), 300_000)]
    cut = average_of_twelve(
        periods, date(2026, 4, 1), table=TABLE, insurer_since=date(2026, 2, 1), insurer_averages=known
    )
    assert (len(cut.months), cut.base) == (3, 10_000)
    gone = [Period(date(2020, 1, 1), date(2026, 1, 31), 500_000), Period(date(2026, 2, 1), None, 200_000)]
    cut = average_of_twelve(gone, date(2026, 4, 1), table=TABLE, insurer_since=date(2026, 2, 1), insurer_averages=known)
    assert (len(cut.months), cut.base) == (3, 6_670)


def test_after_loss_the_day_before_the_loss_closes_the_months() -> None:
    assert base_day(date(2026, 4, 10), date(2026, 4, 1)) == date(2026, 3, 31)
    assert base_day(date(2026, 4, 1), date(2026, 4, 1)) == date(2026, 3, 31)
    assert base_day(date(2026, 3, 31), date(2026, 4, 1)) == date(2026, 3, 31)
    assert base_day(date(2026, 3, 31), None) == date(2026, 3, 31)
    periods = [Period(date(2020, 1, 1), date(2026, 3, 31), 300_000)]
    found = average_of_twelve(periods, date(2026, 4, 10), table=TABLE, lost_on=date(2026, 4, 1))
    assert found.daily == 6_667
    assert any(step.article == "則84条の2第1項" for step in found.steps)


def test_voluntary_months_count_and_are_shown() -> None:
    periods = [
        Period(date(2024, 1, 1), date(2025, 9, 30), 300_000),
        Period(date(2025, 10, 1), None, 240_000, voluntary=True),
    ]
    found = average_of_twelve(periods, date(2026, 4, 1), table=TABLE)
    assert found.base == daily_base(Fraction(5 * 300_000 + 7 * 240_000, 12))
    assert Step("うち任意継続の月数", 7, "則84条の2第5項") in found.steps


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (date(2026, 3, 31), date(2024, 9, 30)),
        (date(2026, 4, 1), date(2025, 9, 30)),
        (date(2026, 12, 31), date(2025, 9, 30)),
    ],
)
def test_the_reference_day_is_of_the_fiscal_year_before(start: date, day: date) -> None:
    assert reference_day(start) == day


@given(
    st.lists(STANDARDS, min_size=1, max_size=14),
    st.integers(min_value=58_000, max_value=1_400_000),
)
def test_the_base_lies_between_the_lowest_and_the_highest(standards: list[int], insurer: int) -> None:
    start = date(2026, 4, 15)
    periods, month = [], date(2026, 4, 1)
    for standard in standards:
        periods.append(Period(month, month + timedelta(days=27), standard))
        month = (month - timedelta(days=1)).replace(day=1)
    known = [InsurerAverage(date(2025, 9, 30), insurer)]
    found = average_of_twelve(periods, start, table=TABLE, insurer_averages=known)
    assert 0 < found.base <= daily_base(max(standards[:12]))
    assert found.base % 10 == 0
    assert found.rule == "twelve" or found.base <= daily_base(grade_for(TABLE, insurer, start).standard)
    assert found.daily == two_thirds(found.base) <= found.base


def test_a_working_is_kept_as_text() -> None:
    working = Working().add("日", date(2026, 4, 1)).add("額", 1234, "法99条2項", "x").join([Step("率", Fraction(7, 3))])
    assert [row["figure"] for row in working.as_rows()] == ["2026-04-01", "1,234", "2.33"]
    assert working.join(Working((Step("語", "なし"), Step("整", Fraction(4))))).as_rows()[-1]["figure"] == "4"
    assert working.as_rows()[1] == {"label": "額", "figure": "1,234", "article": "法99条2項", "parameter": "x"}


def test_equal_averages_are_the_own_one_and_edges_of_periods_count() -> None:
    known = [InsurerAverage(date(2025, 9, 30), 300_000)]
    short = [Period(date(2026, 1, 1), None, 300_000)]
    assert average_of_twelve(short, date(2026, 4, 1), table=TABLE, insurer_averages=known).rule == "own"
    day = date(2026, 3, 31)
    edge = [Period(date(2026, 1, 1), day, 200_000), Period(date(2026, 4, 1), None, 300_000)]
    found = average_of_twelve(edge, date(2026, 4, 1), table=TABLE, insurer_since=day, insurer_averages=known)
    assert [month.standard for month in found.months] == [200_000, 300_000]
    assert Period(day, day, 0).touches(date(2026, 3, 1))


def test_a_figure_without_a_fraction_has_commas_like_any_other():
    assert Step("平均", Fraction(530_000)).shown == "530,000"
    assert Step("平均", Fraction(910_000, 3)).shown == "303,333.33"
