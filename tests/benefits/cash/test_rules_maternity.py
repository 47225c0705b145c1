"""出産手当金 by the day, 出産育児一時金, and the additions of an association."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.cash.rules import sickness
from benefits.cash.rules.additions import AdditionRule, add, target
from benefits.cash.rules.calendar import Day, days_between
from benefits.cash.rules.childbirth import Birth, Way, lump_sum, weeks
from benefits.cash.rules.continuation import Membership, continuation, one_year_insured, unbroken_since
from benefits.cash.rules.daily import Insured, Status, fixed
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.maternity import assess, due_by_day, window
from benefits.cash.rules.parameters import DEFAULTS, NoParameter, parameter_on

D = timedelta(days=1)
RATE = fixed(6_667)
EXPECTED = date(2026, 7, 1)


def test_the_days_of_a_birth() -> None:
    on_time = window(EXPECTED, EXPECTED)
    assert (on_time.first, on_time.last, on_time.days) == (date(2026, 5, 21), date(2026, 8, 26), 98)
    late = window(EXPECTED, EXPECTED + 5 * D)
    assert (late.first, late.days) == (on_time.first, 103)
    early = window(EXPECTED, EXPECTED - 5 * D)
    assert (early.first, early.days) == (on_time.first - 5 * D, 98)
    twins = window(EXPECTED, EXPECTED, multiple=True)
    assert (twins.first, twins.days) == (date(2026, 3, 26), 154)
    ahead = window(EXPECTED)
    assert (ahead.first, ahead.last, ahead.provisional, ahead.days) == (on_time.first, EXPECTED, True, 42)


@given(st.dates(date(2010, 1, 1), date(2050, 1, 1)), st.integers(-60, 30), st.booleans())
def test_the_period_follows_the_birth(expected: date, shift: int, multiple: bool) -> None:
    actual = expected + D * shift
    period = window(expected, actual, multiple=multiple)
    assert period.days == (98 if multiple else 42) + 56 + max(shift, 0)
    assert period.last == actual + 56 * D


def test_days_not_at_work_are_paid_without_waiting() -> None:
    period = window(EXPECTED, EXPECTED + 2 * D)
    days = days_between(period.first - D, period.last + D, at_work=[period.first], pay={period.first + D: 2_000})
    result = assess(days, RATE, period)
    assert [row.status for row in result.rows[:4]] == [Status.OUTSIDE, Status.ABLE, Status.PARTIAL, Status.FULL]
    assert result.rows[2].amount == 4_667
    assert result.rows[-1].status is Status.OUTSIDE
    assert result.paid_days == 99
    assert result.total == 98 * 6_667 + 4_667
    assert (result.start, result.rate) == (period.first + D, 6_667)
    assert result.claim_by is None


@pytest.mark.parametrize(("pay", "amount"), [(0, 6_667), (6_666, 1), (6_667, 0), (9_999, 0)])
def test_pay_leaves_the_difference(pay: int, amount: int) -> None:
    period = window(EXPECTED, EXPECTED)
    row = assess([Day(EXPECTED, pay=pay)], RATE, period).rows[0]
    assert (row.amount, row.deducted) == (amount, 6_667 - amount)
    assert row.status is (Status.FULL if not pay else Status.PARTIAL if amount else Status.COVERED)


def test_the_rate_is_that_of_the_first_day_paid() -> None:
    period = window(EXPECTED, EXPECTED)

    def rate(day: date) -> int:
        assert period.holds(day)
        return 5_000 if day.month == 5 else 8_000

    days = days_between(period.first - D, period.last)
    result = assess(days, rate, period)
    assert result.total == 98 * 5_000
    second = assess(days[60:], rate, period, started=(result.start, result.rate))
    assert {row.rate for row in second.rows} == {5_000}
    with pytest.raises(ValueError, match="0円以上"):
        assess(days, lambda _day: -1, period)


def test_after_the_loss_and_before_the_acquisition() -> None:
    period = window(EXPECTED, EXPECTED)
    days = days_between(EXPECTED, EXPECTED + 3 * D)
    going = assess(days, RATE, period, insured=Insured(lost_on=EXPECTED + 2 * D, continues=True))
    assert going.paid_days == 4
    stopped = assess(days, RATE, period, insured=Insured(since=EXPECTED + D, lost_on=EXPECTED + 2 * D))
    assert [row.status.value for row in stopped.rows] == ["not_insured", "full", "no_continuation", "no_continuation"]


def test_limitation_and_open_days() -> None:
    period = window(EXPECTED, EXPECTED)
    days = [Day(EXPECTED, received=date(2028, 7, 2)), Day(EXPECTED + D, received=date(2028, 7, 2))]
    result = assess(days, RATE, period)
    assert [row.status for row in result.rows] == [Status.BARRED, Status.FULL]
    assert result.claim_by == date(2028, 7, 3)
    open_day = assess([Day(EXPECTED, claimed=False), Day(EXPECTED + D)], RATE, period)
    assert open_day.claim_by == date(2028, 7, 1)
    assert assess([], RATE, period).claim_by is None


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 9_000)), min_size=1, max_size=60),
    st.integers(0, 60),
    st.integers(0, 12_000),
)
def test_two_applications_pay_what_one_pays(facts: list[tuple[bool, int]], cut: int, rate: int) -> None:
    period = window(EXPECTED, EXPECTED)
    days = [Day(period.first + D * n, away=away, pay=pay) for n, (away, pay) in enumerate(facts)]
    whole = assess(days, fixed(rate), period)
    first = assess(days[:cut], fixed(rate), period)
    started = (first.start, first.rate) if first.start and first.rate is not None else None
    second = assess(days[cut:], fixed(rate), period, started=started)
    assert (*first.rows, *second.rows) == whole.rows
    assert first.total + second.total == whole.total == sum(run.subtotal for run in whole.runs)
    assert all(0 <= row.amount <= rate for row in whole.rows)
    assert all(row.deducted + row.amount == rate for row in whole.rows if row.paid)


def test_sickness_of_the_same_days_is_the_difference_only() -> None:
    period = window(EXPECTED, EXPECTED)
    birth = assess(days_between(EXPECTED, EXPECTED + 3 * D, pay={EXPECTED + 3 * D: 9_000}), fixed(5_000), period)
    due = due_by_day(birth)
    assert due == {EXPECTED: 5_000, EXPECTED + D: 5_000, EXPECTED + 2 * D: 5_000}
    days = days_between(EXPECTED - 3 * D, EXPECTED + 3 * D, maternity=due)
    ill = sickness.assess(days, RATE)
    assert [row.amount for row in ill.rows] == [0, 0, 0, 1_667, 1_667, 1_667, 6_667]


@pytest.mark.parametrize(
    ("day", "with_addend", "without"),
    [
        (date(2009, 10, 1), 420_000, 390_000),
        (date(2014, 12, 31), 420_000, 390_000),
        (date(2015, 1, 1), 420_000, 404_000),
        (date(2021, 12, 31), 420_000, 404_000),
        (date(2022, 1, 1), 420_000, 408_000),
        (date(2023, 3, 31), 420_000, 408_000),
        (date(2023, 4, 1), 500_000, 488_000),
        (date(2026, 11, 22), 500_000, 488_000),
    ],
)
def test_the_amount_of_the_day_of_birth(day: date, with_addend: int, without: int) -> None:
    assert lump_sum(Birth(day, 280)).amount == with_addend
    assert lump_sum(Birth(day, 280, covered=False)).amount == without


@pytest.mark.parametrize(
    ("days", "amount"),
    [(weeks(12, 0), 0), (weeks(12, 1), 488_000), (weeks(21, 6), 488_000), (weeks(22), 500_000), (weeks(40), 500_000)],
)
def test_the_weeks_of_pregnancy(days: int, amount: int) -> None:
    found = lump_sum(Birth(date(2026, 5, 1), days))
    assert found.amount == amount
    assert bool(found.refused) is (amount == 0)


@pytest.mark.parametrize(
    ("way", "fee", "institution", "person", "own"),
    [
        (Way.DIRECT, 470_000, 470_000, 30_000, 0),
        (Way.DIRECT, 500_000, 500_000, 0, 0),
        (Way.DIRECT, 530_000, 500_000, 0, 30_000),
        (Way.AGENT, 1, 1, 499_999, 0),
        (Way.CASH, 530_000, 0, 500_000, 30_000),
    ],
)
def test_institution_and_person_share_the_amount(way: Way, fee: int, institution: int, person: int, own: int) -> None:
    found = lump_sum(Birth(date(2026, 5, 1), 280), way=way, fee=fee, extra_each=20_000)
    assert (found.to_institution, found.to_person, found.own_share, found.extra) == (institution, person, own, 20_000)
    assert found.total == 520_000


@given(st.integers(1, 4), st.sampled_from(Way), st.integers(0, 3_000_000), st.integers(0, 100_000), st.booleans())
def test_parts_sum_to_the_whole(children: int, way: Way, fee: int, extra: int, family: bool) -> None:
    found = lump_sum(Birth(date(2026, 5, 1), 280, children), way=way, fee=fee, extra_each=extra, family=family)
    assert found.amount == 500_000 * children == found.to_institution + found.to_person
    assert found.total == found.amount + extra * children
    assert min(found.to_institution, found.to_person, found.own_share) >= 0
    assert found.kind is (Kind.FAMILY_CHILDBIRTH if family else Kind.CHILDBIRTH)


def test_an_own_addend_stays_within_the_limit() -> None:
    assert lump_sum(Birth(date(2026, 5, 1), 280), addend=30_000).amount == 518_000
    with pytest.raises(ValueError, match="30,000円を超えられません"):
        lump_sum(Birth(date(2026, 5, 1), 280), addend=30_001)
    for wrong in (
        lambda: lump_sum(Birth(date(2026, 5, 1), 280), fee=-1),
        lambda: Birth(date(2026, 5, 1), 280, 0),
        lambda: Birth(date(2026, 5, 1), -1),
        lambda: weeks(22, 7),
    ):
        with pytest.raises(ValueError, match="以上"):
            wrong()


def test_after_the_loss_within_six_months() -> None:
    lost = date(2026, 4, 1)

    def ask(day: date, **facts: object):
        return lump_sum(Birth(day, 280), lost_on=lost, **facts)

    assert ask(date(2026, 3, 31)).amount == 500_000
    assert "1年以上" in ask(lost).refused
    assert ask(lost, one_year=True).amount == 500_000
    assert ask(date(2026, 9, 30), one_year=True).warning == ""
    edge = ask(date(2026, 10, 1), one_year=True)
    assert edge.amount == 500_000
    assert "数え方" in edge.warning
    assert "6か月を過ぎた" in ask(date(2026, 10, 2), one_year=True).refused
    assert "被扶養者" in ask(lost, one_year=True, family=True).refused


def test_a_day_without_figures_is_an_error() -> None:
    with pytest.raises(NoParameter, match="ありません"):
        lump_sum(Birth(date(2009, 9, 30), 280))
    with pytest.raises(NoParameter, match="重なっています"):
        parameter_on("childbirth.base", date(2026, 1, 1), (*DEFAULTS, *DEFAULTS))


def test_the_tables_have_no_gap_and_no_overlap() -> None:
    for code in {row.code for row in DEFAULTS}:
        rows = sorted((row for row in DEFAULTS if row.code == code), key=lambda row: row.effective_from)
        assert [row.effective_until for row in rows[:-1]] == [row.effective_from for row in rows[1:]]
        assert rows[-1].effective_until is None
        assert all(row.basis and row.value >= 0 for row in rows)
    assert parameter_on("childbirth.base", date(2026, 1, 1)).confirmed


def test_a_year_without_a_break() -> None:
    lost = date(2026, 4, 1)
    assert one_year_insured([Membership(date(2025, 4, 1), lost)], lost)
    assert not one_year_insured([Membership(date(2025, 4, 2), lost)], lost)
    two = [Membership(date(2024, 1, 1), date(2025, 9, 1)), Membership(date(2025, 9, 1), None)]
    assert unbroken_since(two, lost) == date(2024, 1, 1)
    gap = [Membership(date(2024, 1, 1), date(2025, 8, 31)), Membership(date(2025, 9, 1), lost)]
    assert not one_year_insured(gap, lost)
    mixed = [Membership(date(2024, 1, 1), date(2025, 9, 1), mutual=True), Membership(date(2025, 9, 1), lost)]
    assert not one_year_insured(mixed, lost)
    assert not one_year_insured([Membership(date(2020, 1, 1), lost, voluntary=True)], lost)
    year = [Membership(date(2025, 4, 1), lost)]
    assert continuation(year, lost, receiving=True).allowed
    assert "状態ではありません" in continuation(year, lost, receiving=False).reason
    assert "船員保険" in continuation(year, lost, receiving=True, seaman=True).reason
    assert "1年以上" in continuation([], lost, receiving=True).reason


def rule(kind: Kind = Kind.SICKNESS_ADDITION, share: Fraction = Fraction(85, 100), **facts: object) -> AdditionRule:
    return AdditionRule(kind, share, date(2020, 1, 1), None, "規約第60条", **facts)


START = date(2026, 4, 1)


def test_an_addition_reaches_the_share() -> None:
    pay = {START + 4 * D: 7_000, START + 5 * D: 8_400, START + 6 * D: 9_000}
    rows = sickness.assess(days_between(START, START + 6 * D, pay=pay), RATE).rows
    found = add(rows, 10_000, rule())
    assert [(row.on.day, row.amount) for row in found.rows] == [(4, 1_833)]
    assert found.total == 1_833
    wide = add(rows, 10_000, rule(covered=True))
    # 8,500 less 7,000, less 8,400; on the last day the pay alone passes 8,500.
    assert [(row.on.day, row.amount) for row in wide.rows] == [(4, 1_833), (5, 1_500), (6, 100)]


def test_an_addition_has_its_own_limits() -> None:
    rows = sickness.assess(days_between(START, START + 9 * D), RATE).rows
    found = add(rows, 10_000, rule(max_days=5), used=2)
    assert (found.paid_days, found.used, found.left) == (3, 5, 0)
    assert add(rows, 10_000, rule(max_days=0)).total == 0
    gone = Insured(lost_on=START + 5 * D, continues=True)
    assert add(rows, 10_000, rule(), insured=gone).paid_days == 2
    assert add(rows, 10_000, rule(after_loss=True), insured=gone).paid_days == 7
    late = AdditionRule(Kind.SICKNESS_ADDITION, Fraction(1), START + 8 * D, START + 9 * D, "規約")
    assert add(rows, 10_000, late).paid_days == 1
    assert target(rule(unit=100, share=Fraction(333, 1000)), 10_000) == 3_300


def test_the_extension_begins_where_the_law_ends() -> None:
    carried = sickness.Carried(
        waiting=3, last=START - D, start=date(2024, 10, 1), rate=6_667, used=sickness.term_days(date(2024, 10, 1)) - 2
    )
    rows = sickness.assess(days_between(START, START + 6 * D, pay={START + 6 * D: 1_000}), RATE, carried=carried).rows
    found = add(rows, 10_000, rule(Kind.SICKNESS_EXTENSION, Fraction(2, 3), max_days=180))
    assert [row.amount for row in found.rows] == [6_666, 6_666, 6_666, 6_666, 5_666]
    assert found.left == 175


@pytest.mark.parametrize(
    "facts", [{"share": Fraction(0)}, {"share": Fraction(2)}, {"unit": 0}, {"max_days": -1}, {"kind": Kind.SICKNESS}]
)
def test_rules_that_make_no_sense_are_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="付加金"):
        rule(**facts)


@given(st.integers(0, 50_000), st.fractions(Fraction(1, 100), 1), st.integers(0, 9_000))
def test_additions_never_pass_the_share(base: int, share: Fraction, pay: int) -> None:
    rows = sickness.assess(days_between(START, START + 5 * D, pay={START + 4 * D: pay}), RATE).rows
    found = add(rows, base, rule(share=share, covered=True))
    law = {row.on: row for row in rows}
    for row in found.rows:
        assert row.amount > 0
        assert row.amount + law[row.on].received + law[row.on].amount == target(rule(share=share), base)
    assert add(rows, 0, rule()).total == 0


def test_what_the_working_shows_agrees_with_the_days() -> None:
    period = window(EXPECTED, EXPECTED)
    assert [step.figure for step in period.steps if step.label == "期間の日数"] == [period.days]
    assert assess([Day(EXPECTED)], RATE, period).rows[0].deductions == ()
    lost = date(2026, 4, 1)
    found = continuation([Membership(date(2025, 4, 1), lost)], lost, receiving=True)
    assert found.steps[1].figure == date(2025, 4, 1)
    # Two memberships at once: the longer one reaches back.
    both = [Membership(date(2026, 1, 1), lost), Membership(date(2024, 1, 1), lost)]
    assert unbroken_since(both, lost) == date(2024, 1, 1)
