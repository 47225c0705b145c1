"""傷病手当金 by the day: waiting, amounts, adjustments, the term, after the loss, split applications."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benefits.cash.rules.adjustment import Lump, Pension
from benefits.cash.rules.calendar import Day, DaysDiffer, Pay, days_between, merged, pay_by_day
from benefits.cash.rules.daily import Insured, Status, fixed, group
from benefits.cash.rules.sickness import (
    Carried,
    OutOfOrder,
    assess,
    could_receive,
    term_days,
    term_end,
)

D = timedelta(days=1)
START = date(2026, 4, 1)
RATE = fixed(6_667)


def stay(count: int, first: date = START, **facts: object) -> tuple[Day, ...]:
    return tuple(Day(first + D * n, **facts) for n in range(count))


def statuses(result) -> list[str]:
    return [row.status.value for row in result.rows]


def test_three_days_of_waiting_then_the_daily_amount() -> None:
    result = assess(stay(30), RATE)
    assert statuses(result) == ["waiting"] * 3 + ["full"] * 27
    assert result.total == 27 * 6_667
    assert result.start == date(2026, 4, 4)
    assert (result.term, result.remaining) == (term_days(date(2026, 4, 4)), term_days(date(2026, 4, 4)) - 27)
    assert [(run.days, run.subtotal) for run in result.runs] == [(3, 0), (27, 180_009)]
    assert result.claim_by == date(2028, 5, 1)
    assert any(step.figure == "6,667円×27日＝180,009円" for step in result.steps)


def test_holidays_and_paid_leave_count_as_waiting() -> None:
    days = (Day(START, pay=20_000), Day(START + D, holiday=True), Day(START + 2 * D, holiday=True), Day(START + 3 * D))
    assert statuses(assess(days, RATE)) == ["waiting"] * 3 + ["full"]


def test_the_three_days_must_follow_each_other() -> None:
    away = [True, True, False, True, True, True, True, False, True]
    days = [Day(START + D * n, away=value) for n, value in enumerate(away)]
    assert statuses(assess(days, RATE)) == [
        "waiting",
        "waiting",
        "able",
        "waiting",
        "waiting",
        "waiting",
        "full",
        "able",
        "full",
    ]
    gap = [Day(START), Day(START + D), Day(START + 3 * D), Day(START + 4 * D)]
    assert statuses(assess(gap, RATE)) == ["waiting"] * 4


@pytest.mark.parametrize(
    ("pay", "amount", "status"),
    [
        (0, 6_667, Status.FULL),
        (1, 6_666, Status.PARTIAL),
        (6_666, 1, Status.PARTIAL),
        (6_667, 0, Status.COVERED),
        (20_000, 0, Status.COVERED),
    ],
)
def test_pay_of_the_day_leaves_the_difference(pay: int, amount: int, status: Status) -> None:
    row = assess([*stay(3), Day(START + 3 * D, pay=pay)], RATE).rows[-1]
    assert (row.amount, row.status) == (amount, status)
    assert row.deducted == min(pay, 6_667)
    assert row.deducted + row.amount == row.rate


def test_a_covered_day_neither_begins_the_benefit_nor_uses_the_term() -> None:
    days = [*stay(3), Day(START + 3 * D, pay=9_000), *stay(2, START + 4 * D)]
    asked: list[date] = []

    def rate(day: date) -> int:
        asked.append(day)
        return 5_000

    result = assess(days, rate)
    assert result.start == START + 4 * D
    assert result.carried.used == 2
    assert asked == [START + 3 * D, START + 4 * D]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2022, 1, 1), date(2023, 6, 30), 546),
        (date(2025, 8, 31), date(2027, 2, 28), 547),
        (date(2026, 3, 1), date(2027, 8, 31), 549),
        (date(2026, 4, 4), date(2027, 10, 3), 548),
        (date(2027, 9, 1), date(2029, 2, 28), 547),
        (date(2022, 9, 1), date(2024, 2, 29), 547),
    ],
)
def test_a_year_and_six_months_in_days(start: date, end: date, count: int) -> None:
    assert (term_end(start), term_days(start)) == (end, count)


@given(st.dates(date(2020, 7, 2), date(2060, 1, 1)))
def test_the_term_is_between_545_and_550_days(start: date) -> None:
    assert 546 <= term_days(start) <= 550


def test_the_term_counts_paid_days_only_and_ends_the_benefit() -> None:
    count = term_days(START + 3 * D)
    days = list(stay(3 + count + 2))
    days[100] = replace(days[100], away=False)
    result = assess(days, RATE)
    assert result.carried.used == count
    assert result.remaining == 0
    assert statuses(result)[-2:] == ["full", "exhausted"]
    assert result.total == count * 6_667


def test_the_old_term_ran_by_the_calendar() -> None:
    carried = Carried(waiting=3, last=date(2021, 12, 30), start=date(2020, 7, 1), rate=6_667, used=10)
    result = assess(stay(2, date(2021, 12, 31)), RATE, carried=carried)
    assert statuses(result) == ["full", "exhausted"]
    assert result.remaining == 0
    newer = replace(carried, start=date(2020, 7, 2))
    assert statuses(assess(stay(2, date(2022, 1, 2)), RATE, carried=newer)) == ["full", "full"]


@pytest.mark.parametrize(
    ("maternity", "pay", "amount"),
    [(6_667, 0, 0), (5_000, 0, 1_667), (5_000, 2_000, 1_667), (5_000, 6_000, 667), (9_000, 0, 0), (None, 2_000, 4_667)],
)
def test_maternity_comes_first_and_the_difference_is_paid(maternity: int | None, pay: int, amount: int) -> None:
    row = assess([*stay(3), Day(START + 3 * D, pay=pay, maternity=maternity)], RATE).rows[-1]
    assert row.amount == amount
    if maternity and maternity > pay:
        assert ("出産手当金", "法103条1項") in [(d.label, d.article) for d in row.deductions]


@pytest.mark.parametrize(
    ("annual", "amount"),
    [(0, 6_667), (359, 6_667), (360, 6_666), (719, 6_666), (6_667 * 360 - 1, 1), (6_667 * 360, 0), (9_000_000, 0)],
)
def test_a_disability_pension_counts_its_360th_without_fractions(annual: int, amount: int) -> None:
    result = assess(stay(4), RATE, pensions=[Pension(annual, START)])
    assert result.rows[-1].amount == amount


def test_disability_pensions_are_added_before_they_are_divided() -> None:
    pensions = [Pension(500, START), Pension(300, START)]
    assert assess(stay(4), RATE, pensions=pensions).rows[-1].deducted == 2
    assert assess(stay(4), RATE, pensions=[Pension(800, START + 4 * D)]).rows[-1].deducted == 0
    assert assess(stay(4), RATE, pensions=[Pension(800, START, START + 2 * D)]).rows[-1].deducted == 0


@pytest.mark.parametrize(("pay", "amount"), [(0, 3_667), (2_000, 3_667), (3_000, 3_667), (4_000, 2_667), (7_000, 0)])
def test_the_larger_of_pay_and_disability_pension_counts(pay: int, amount: int) -> None:
    pension = Pension(3_000 * 360, START)
    row = assess([*stay(3), Day(START + 3 * D, pay=pay)], RATE, pensions=[pension]).rows[-1]
    assert row.amount == amount


def test_old_age_pensions_count_only_after_the_loss() -> None:
    pension = Pension(2_000 * 360, START, old_age=True)
    result = assess(stay(6), RATE, insured=Insured(lost_on=START + 4 * D, continues=True), pensions=[pension])
    assert [row.amount for row in result.rows[3:]] == [6_667, 4_667, 4_667]
    full = Pension(7_000 * 360, START, old_age=True)
    result = assess(stay(6), RATE, insured=Insured(lost_on=START + 4 * D, continues=True), pensions=[full])
    assert [row.status for row in result.rows[4:]] == [Status.COVERED] * 2


def test_a_disability_lump_sum_is_used_up_first() -> None:
    lump = Lump(START + 4 * D, 15_000)
    result = assess(stay(10), RATE, lump=lump)
    # 6,667 × 2 = 13,334 < 15,000 ≤ 20,001: 5,001 on the third day.
    assert [row.amount for row in result.rows[3:]] == [6_667, 0, 0, 5_001, 6_667, 6_667, 6_667]
    assert statuses(result)[4:7] == ["disability_lump", "disability_lump", "partial"]
    assert result.carried.used == 5
    even = assess(stay(10), RATE, lump=Lump(START + 4 * D, 13_334))
    assert [row.amount for row in even.rows[3:]] == [6_667, 0, 0, 6_667, 6_667, 6_667, 6_667]
    paid = [replace(day, pay=5_000) if day.on == START + 6 * D else day for day in stay(10)]
    assert assess(paid, RATE, lump=lump).rows[6].amount == 1_667


def test_work_accidents_are_not_paid_and_do_not_complete_the_waiting() -> None:
    days = [*stay(2), Day(START + 2 * D, accident=True), *stay(3, START + 3 * D), Day(START + 6 * D, accident=True)]
    assert statuses(assess(days, RATE)) == [
        "waiting",
        "waiting",
        "accident",
        "waiting",
        "waiting",
        "waiting",
        "accident",
    ]


def test_after_the_loss_a_day_of_ability_ends_it_for_good() -> None:
    days = list(stay(10))
    days[6] = replace(days[6], away=False)
    lost = START + 5 * D
    going = assess(days, RATE, insured=Insured(lost_on=lost, continues=True))
    assert statuses(going)[3:] == ["full"] * 3 + ["able", "ended", "ended", "ended"]
    assert could_receive(going.rows[4])
    before = assess(days, RATE, insured=Insured(lost_on=START + 8 * D, continues=True))
    assert statuses(before)[3:] == ["full"] * 3 + ["able", "full", "full", "full"]
    stopped = assess(days, RATE, insured=Insured(lost_on=lost))
    assert statuses(stopped)[5:] == ["no_continuation"] * 5
    again = assess(stay(2, START + 10 * D), RATE, insured=Insured(lost_on=lost, continues=True), carried=going.carried)
    assert statuses(again) == ["ended", "ended"]


def test_the_waiting_is_completed_while_insured() -> None:
    result = assess(stay(6), RATE, insured=Insured(lost_on=START + 2 * D, continues=True))
    assert statuses(result) == ["waiting", "waiting"] + ["no_continuation"] * 4
    early = assess(stay(6), RATE, insured=Insured(since=START + 2 * D))
    assert statuses(early) == ["not_insured"] * 2 + ["waiting"] * 3 + ["full"]


def test_each_day_has_its_own_limitation() -> None:
    day = date(2024, 4, 10)
    days = [Day(day + D * n, received=date(2026, 4, 14)) for n in range(6)]
    result = assess(days, RATE)
    # 13 April 2024 may be claimed until 13 April 2026, 14 April until the 14th.
    assert statuses(result) == ["waiting"] * 3 + ["barred", "full", "full"]
    assert result.start == date(2024, 4, 14)


def test_unclaimed_days_keep_their_deadline() -> None:
    days = [*stay(4), Day(START + 4 * D, claimed=False), *stay(2, START + 5 * D)]
    result = assess(days, RATE)
    assert statuses(result)[3:] == ["full", "unclaimed", "full", "full"]
    assert result.claim_by == date(2028, 4, 5)
    assert assess([], RATE).claim_by is None


def test_earlier_days_ask_for_a_new_assessment() -> None:
    first = assess(stay(5), RATE)
    with pytest.raises(OutOfOrder, match="最初の日から"):
        assess(stay(2, START + 4 * D), RATE, carried=first.carried)
    with pytest.raises(DaysDiffer, match="2度"):
        assess([Day(START), Day(START)], RATE)
    with pytest.raises(ValueError, match="0円以上"):
        assess(stay(4), lambda _day: -1)


def test_pay_pieces_by_day() -> None:
    last = START + 9 * D
    pay = pay_by_day([Pay(START, last, 1_005, "calendar"), Pay(START, START, 300), Pay(last, last, 3_029, "thirty")])
    assert (pay[START], pay[START + D], pay[last]) == (400, 100, 200)
    for wrong in (Pay(START, last, 1, "week"), Pay(last, START, 1), Pay(START, last, -1)):
        with pytest.raises(ValueError, match="報酬の"):
            wrong.each()
    days = days_between(START, START + 2 * D, at_work=[START], holidays=[START + D], pay=pay, maternity={START: 5})
    assert [(d.away, d.holiday, d.pay, d.maternity) for d in days] == [
        (False, False, 400, 5),
        (True, True, 100, None),
        (True, False, 100, None),
    ]
    with pytest.raises(ValueError, match="終わりが始まりより前"):
        days_between(last, START)


def test_merging_keeps_the_first_arrival_and_refuses_contradictions() -> None:
    early, late = date(2026, 5, 1), date(2026, 6, 1)
    one = (Day(START, received=late), Day(START + D, claimed=False))
    two = (Day(START, received=early), Day(START + D, received=early))
    assert merged(one, two) == merged(two, one) == (Day(START, received=early), Day(START + D, received=early))
    with pytest.raises(DaysDiffer, match="違っています"):
        merged([Day(START)], [Day(START, pay=1)])


FACTS = st.lists(
    st.tuples(
        st.booleans(),
        st.booleans(),
        st.sampled_from([0, 0, 0, 1, 3_000, 6_666, 6_667, 12_000]),
        st.sampled_from([None, None, 0, 4_000, 6_667, 9_000]),
    ),
    min_size=1,
    max_size=50,
)


def build(facts: list[tuple[bool, bool, int, int | None]]) -> list[Day]:
    return [
        Day(START + D * n, away=one or two, pay=pay, maternity=maternity)
        for n, (one, two, pay, maternity) in enumerate(facts)
    ]


@settings(max_examples=150)
@given(
    FACTS,
    st.integers(0, 50),
    st.integers(0, 4_000_000),
    st.integers(0, 60_000),
    st.integers(0, 50),
    st.booleans(),
    st.integers(0, 10_000),
)
def test_two_applications_in_a_row_pay_what_one_pays(
    facts: list[tuple[bool, bool, int, int | None]],
    cut: int,
    annual: int,
    lump: int,
    lost: int,
    continues: bool,
    rate: int,
) -> None:
    days = build(facts)
    rules = {
        "insured": Insured(lost_on=START + D * lost, continues=continues),
        "pensions": [Pension(annual, START + 5 * D), Pension(annual // 2, START, old_age=True)],
        "lump": Lump(START + 10 * D, lump),
    }
    whole = assess(days, fixed(rate), **rules)
    first = assess(days[:cut], fixed(rate), **rules)
    second = assess(days[cut:], fixed(rate), carried=first.carried, **rules)
    assert (*first.rows, *second.rows) == whole.rows
    assert first.total + second.total == whole.total
    assert second.carried == whole.carried
    for row in whole.rows:
        assert 0 <= row.amount <= row.rate <= rate
        assert row.deducted + row.amount == row.rate or not row.paid
        assert sum(d.amount for d in row.deductions) == row.deducted
        assert row.paid == (row.amount > 0)
    assert sum(run.subtotal for run in whole.runs) == whole.total == sum(row.amount for row in whole.rows)
    assert sum(run.days for run in whole.runs) == len(days)


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_applications_arrive_does_not_matter(facts, random) -> None:
    days = build(facts)
    parts = [days[n : n + 7] for n in range(0, len(days), 7)]
    shuffled = parts[:]
    random.shuffle(shuffled)
    assert assess(merged(*shuffled), RATE) == assess(merged(*parts), RATE) == assess(days, RATE)


@given(FACTS)
def test_runs_of_equal_days_say_the_same_as_the_days(facts) -> None:
    rows = assess(build(facts), RATE).rows
    runs = group(reversed(rows))
    assert [run.first for run in runs][0] == rows[0].on
    assert all(run.each * run.days == run.subtotal for run in runs)
    assert all(a.last + D == b.first for a, b in zip(runs, runs[1:], strict=False))


def test_the_day_the_lump_sum_is_reached_adds_up() -> None:
    result = assess(stay(10), RATE, lump=Lump(START + 4 * D, 15_000))
    assert [row.deducted for row in result.rows[4:8]] == [6_667, 6_667, 1_666, 0]
    assert [(d.label, d.amount) for d in result.rows[6].deductions] == [("障害手当金", 1_666)]
    # The excess is a whole day's difference: nothing is deducted, and no line of 0 yen is shown.
    paid = [replace(day, pay=1_666) if day.on == START + 6 * D else day for day in stay(10)]
    row = assess(paid, RATE, lump=Lump(START + 4 * D, 15_000)).rows[6]
    assert (row.amount, [(d.label, d.amount) for d in row.deductions]) == (5_001, [("報酬", 1_666)])


def test_the_first_day_of_the_new_term_is_totalled() -> None:
    carried = Carried(waiting=3, last=date(2022, 1, 1), start=date(2020, 7, 2), rate=6_667, used=10)
    result = assess(stay(2, date(2022, 1, 2)), RATE, carried=carried)
    assert result.remaining == term_days(date(2020, 7, 2)) - 12
    old = assess(stay(1, date(2021, 12, 30)), RATE, carried=replace(carried, start=date(2020, 7, 1), last=None))
    assert old.remaining == 1


def test_pensions_count_on_their_first_and_last_day_and_equal_pay_keeps_its_name() -> None:
    day = START + 3 * D
    assert assess(stay(4), RATE, pensions=[Pension(3_600, day, day)]).rows[-1].deducted == 10
    row = assess([*stay(3), Day(day, pay=3_000)], RATE, pensions=[Pension(3_000 * 360, START)]).rows[-1]
    assert [(d.label, d.amount) for d in row.deductions] == [("報酬", 3_000)]
    assert row.received == 3_000


def test_all_that_is_received_is_told_apart_from_what_is_deducted() -> None:
    pensions = [Pension(4_000 * 360, START), Pension(1_000 * 360, START, old_age=True)]
    frame = Insured(lost_on=START + 4 * D, continues=True)
    days = [*stay(3), Day(START + 3 * D, pay=9_000), Day(START + 4 * D, pay=2_000)]
    rows = assess(days, RATE, pensions=pensions, insured=frame).rows
    assert [(row.deducted, row.received) for row in rows[3:]] == [(6_667, 9_000), (5_000, 5_000)]
