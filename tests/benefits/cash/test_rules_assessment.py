"""傷病手当金 of several applications: never negative, never above the daily amount, the parts make the whole, their order is nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.cash.rules.assessment import Claimed, Earnings, Withheld, sickness_allowance, spell_for
from benefits.cash.rules.calendar import Day
from benefits.cash.rules.continuation import Membership
from benefits.cash.rules.restrictions import Ground
from members.remuneration.rules.average import InsurerAverage
from members.remuneration.rules.grades import Grade
from members.remuneration.rules.periods import Period

DAY = timedelta(days=1)
FIRST = date(2026, 6, 1)
TABLE = tuple(
    Grade(number, standard, standard - 10_000, standard + 10_000, date(2016, 4, 1))
    for number, standard in enumerate((200_000, 220_000, 300_000, 320_000, 1_390_000), start=1)
)
INSURED = (Membership(date(2016, 4, 1), None),)


@dataclass(frozen=True)
class Illness:
    """The days of an illness, where they are cut into applications, and what the person earns."""

    days: tuple[Day, ...]
    cuts: tuple[int, ...]
    standard: int

    @property
    def earnings(self) -> Earnings:
        return Earnings(
            (Period(date(2016, 4, 1), None, self.standard),), TABLE, (InsurerAverage(date(2025, 9, 30), 300_000),)
        )

    @property
    def claims(self) -> tuple[Claimed, ...]:
        edges = (0, *self.cuts, len(self.days))
        parts = [self.days[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a]
        return tuple(Claimed(number, part[0].on, part[-1].on, part) for number, part in enumerate(parts, start=1))


@st.composite
def illnesses(draw: st.DrawFn) -> Illness:
    count = draw(st.integers(4, 40))
    marks = draw(
        st.lists(st.tuples(st.booleans(), st.sampled_from((0, 0, 0, 1, 4_000, 60_000))), min_size=count, max_size=count)
    )
    days = tuple(
        Day(on=FIRST + DAY * place, away=away or place < 4, pay=pay) for place, (away, pay) in enumerate(marks)
    )
    cuts = tuple(sorted(draw(st.sets(st.integers(1, count - 1), max_size=3))))
    return Illness(days, cuts, draw(st.sampled_from([grade.standard for grade in TABLE])))


@given(illnesses())
def test_parts_make_the_whole_and_no_day_passes_the_daily_amount(illness: Illness) -> None:
    found = [sickness_allowance(one, illness.claims, illness.earnings, INSURED) for one in illness.claims]
    whole_claim = Claimed(0, illness.days[0].on, illness.days[-1].on, illness.days)
    whole = sickness_allowance(whole_claim, (whole_claim,), illness.earnings, INSURED)
    assert sum(one.amount for one in found) == whole.amount >= 0
    assert sum(one.paid_days or 0 for one in found) == (whole.paid_days or 0)
    for one in (*found, whole):
        assert 0 <= one.amount <= (one.daily or 0) * (one.paid_days or 0)
        assert bool(one.refused) == (one.amount == 0)
        assert all(0 <= row.amount <= (one.daily or 0) for row in one.rows)


@given(illnesses(), st.randoms(use_true_random=False))
def test_the_order_of_the_applications_is_nothing(illness: Illness, chance: random.Random) -> None:
    mixed = list(illness.claims)
    chance.shuffle(mixed)
    for one in illness.claims:
        assert sickness_allowance(one, mixed, illness.earnings, INSURED) == sickness_allowance(
            one, illness.claims, illness.earnings, INSURED
        )


@given(illnesses(), st.integers(1, 100))
def test_what_is_withheld_is_a_part_of_what_is_due(illness: Illness, percent: int) -> None:
    restriction = Withheld(Ground.BRAWL, Fraction(percent, 100))
    for one in illness.claims:
        found = sickness_allowance(one, illness.claims, illness.earnings, INSURED, restriction=restriction)
        assert 0 <= found.withheld <= found.amount and found.total == found.amount - found.withheld


@given(illnesses(), st.integers(1, 100_000))
def test_more_pay_never_gives_more(illness: Illness, yen: int) -> None:
    richer = Illness(
        tuple(Day(on=day.on, away=day.away, pay=day.pay + yen) for day in illness.days), illness.cuts, illness.standard
    )
    for one, other in zip(illness.claims, richer.claims, strict=True):
        less = sickness_allowance(other, richer.claims, richer.earnings, INSURED).amount
        assert less <= sickness_allowance(one, illness.claims, illness.earnings, INSURED).amount


@pytest.mark.parametrize(
    ("rows", "on", "since", "lost"),
    [
        ([(date(2020, 1, 1), None)], date(2026, 1, 1), date(2020, 1, 1), None),
        # Another employer from the day of the loss on: one spell. A day between: two.
        ([(date(2020, 1, 1), date(2025, 4, 1)), (date(2025, 4, 1), None)], date(2026, 1, 1), date(2020, 1, 1), None),
        ([(date(2020, 1, 1), date(2025, 4, 1)), (date(2025, 4, 2), None)], date(2026, 1, 1), date(2025, 4, 2), None),
        (
            [(date(2020, 1, 1), date(2025, 4, 1)), (date(2025, 4, 2), None)],
            date(2025, 3, 1),
            date(2020, 1, 1),
            date(2025, 4, 1),
        ),
        ([(date(2020, 1, 1), date(2025, 4, 1)), (date(2025, 4, 1), None)], date(2025, 3, 1), date(2020, 1, 1), None),
        ([], date(2026, 1, 1), None, None),
    ],
)
def test_the_spell_of_a_day(rows, on, since, lost) -> None:
    found = spell_for([Membership(*row) for row in rows], on)
    assert (found.since, found.lost_on) == (since, lost)
