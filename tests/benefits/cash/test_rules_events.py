"""Funeral, transport, limitation, recovery, appeal, restrictions: the benefits and terms of single events."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.cash.rules import appeal
from benefits.cash.rules.continuation import last_day_after_loss, on_the_edge
from benefits.cash.rules.funeral import Claimant, Cost, after_loss_allowed, family_funeral, funeral
from benefits.cash.rules.kinds import NAMES, Kind
from benefits.cash.rules.limitation import EVENTS, last_claim_day, limitation
from benefits.cash.rules.recovery import by_amount, by_count, difference, outstanding, recovery_term
from benefits.cash.rules.restrictions import RESTRICTIONS, Ground, deceit_allowed, restrict
from benefits.cash.rules.transport import Transport, transport
from members.lifecycle.rules.terms import closed_on

D = timedelta(days=1)
DIED = date(2026, 5, 10)
WIFE = Claimant("配偶者", maintained=True, buries=True)
FRIEND = Claimant("友人", maintained=False, buries=True)


def test_the_maintained_person_who_buries_is_paid() -> None:
    found = funeral(DIED, [FRIEND, WIFE], [Cost("火葬料", 10_000)], extra=20_000)
    assert (found.kind, found.payee, found.amount, found.extra) == (Kind.FUNERAL, "配偶者", 50_000, 20_000)


@pytest.mark.parametrize(("cost", "amount"), [(0, 0), (1, 1), (49_999, 49_999), (50_000, 50_000), (300_000, 50_000)])
def test_else_who_buried_gets_the_cost_up_to_the_amount(cost: int, amount: int) -> None:
    items = [Cost("火葬料", cost), Cost("飲食費", 99_999, counted=False)]
    away = Claimant("姉", maintained=True, buries=False)
    found = funeral(DIED, [away, FRIEND], items, extra=20_000)
    assert (found.kind, found.payee, found.amount, found.extra) == (Kind.FUNERAL_COST, "友人", amount, 0)
    assert bool(found.refused) is (amount == 0)


def test_nobody_buries_or_the_death_does_not_count() -> None:
    assert funeral(DIED, [Claimant("姉", True, False)]).refused == "埋葬を行う者が確かめられません。"
    assert "105条" in funeral(DIED, [WIFE], counts=False).refused
    for wrong in (lambda: Cost("火葬料", -1), lambda: funeral(DIED, [WIFE], extra=-1)):
        with pytest.raises(ValueError, match="0円以上"):
            wrong()


def test_a_dependants_death() -> None:
    found = family_funeral(DIED, "被保険者", dependant_on_the_day=True, extra=10_000)
    assert (found.kind, found.payee, found.amount, found.extra) == (Kind.FAMILY_FUNERAL, "被保険者", 50_000, 10_000)
    assert "死産" in family_funeral(DIED, "被保険者", dependant_on_the_day=False, stillborn=True).refused
    assert "被扶養者でない" in family_funeral(DIED, "被保険者", dependant_on_the_day=False).refused
    with pytest.raises(ValueError, match="0円以上"):
        family_funeral(DIED, "被保険者", dependant_on_the_day=True, extra=-1)


@pytest.mark.parametrize(
    ("died", "facts", "counts"),
    [
        (date(2026, 3, 31), {}, True),
        (date(2026, 4, 1), {}, True),
        (date(2026, 7, 1), {}, True),
        (date(2026, 7, 2), {}, False),
        (date(2026, 12, 1), {"receiving": True}, True),
        (date(2026, 12, 1), {"received_until": date(2026, 8, 31)}, True),
        (date(2026, 12, 2), {"received_until": date(2026, 8, 31)}, False),
    ],
)
def test_deaths_after_the_loss(died: date, facts: dict[str, object], counts: bool) -> None:
    assert after_loss_allowed(died, date(2026, 4, 1), **facts) is counts
    assert after_loss_allowed(died, None)


def test_months_after_the_loss() -> None:
    assert last_day_after_loss(date(2026, 4, 1), 3) == date(2026, 7, 1)
    assert last_day_after_loss(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert on_the_edge(date(2026, 4, 1), date(2026, 7, 1), 3)
    assert not on_the_edge(date(2026, 4, 1), date(2026, 6, 30), 3)
    # February has no 31st: both ways of counting end on the 28th.
    assert not on_the_edge(date(2025, 8, 31), date(2026, 2, 28), 6)


def trip(**facts: object) -> Transport:
    base = {"proper_treatment": True, "could_not_move": True, "unavoidable": True, "ordinary": 30_000, "actual": 45_000}
    return Transport(**{**base, **facts})


def test_the_ordinary_route_never_more_than_was_spent() -> None:
    assert transport(trip()).amount == 30_000
    assert transport(trip(actual=29_999)).amount == 29_999
    assert transport(trip(attendant_ordinary=5_000, attendant_actual=9_000)).amount == 30_000
    assert transport(trip(attended=True, attendant_ordinary=5_000, attendant_actual=9_000)).amount == 35_000
    assert transport(trip(family=True)).kind is Kind.FAMILY_TRANSPORT
    with pytest.raises(ValueError, match="0円以上"):
        trip(actual=-1)


@pytest.mark.parametrize("name", ["proper_treatment", "could_not_move", "unavoidable"])
def test_all_three_conditions_must_hold(name: str) -> None:
    found = transport(trip(**{name: False}))
    assert found.amount == 0
    assert len(found.refused) == 1
    assert "則81条" in found.refused[0]


def test_two_years_from_the_day_after_the_event() -> None:
    assert set(EVENTS) == set(Kind) == set(NAMES)
    assert last_claim_day(date(2024, 4, 10)) == date(2026, 4, 10)
    assert last_claim_day(date(2024, 2, 28)) == date(2026, 2, 28)
    assert last_claim_day(date(2024, 2, 29)) == date(2026, 2, 28)
    found = limitation(Kind.FUNERAL_COST, date(2024, 5, 10))
    assert (found.first, found.last) == (date(2024, 5, 11), date(2026, 5, 10))
    assert not found.barred(date(2026, 5, 10))
    assert found.barred(date(2026, 5, 11))
    assert found.steps[0].label == "埋葬の日"
    # 10 May 2026 is a Sunday.
    closed = closed_on(frozenset())
    assert limitation(Kind.FUNERAL, date(2024, 5, 10), closed).last == date(2026, 5, 11)


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)))
def test_a_later_event_is_never_barred_earlier(event: date) -> None:
    assert last_claim_day(event) <= last_claim_day(event + D)
    assert 730 <= (last_claim_day(event) - event).days <= 731


def test_a_correction_goes_one_way() -> None:
    assert (difference(100, 60).recover, difference(100, 60).pay_more) == (40, 0)
    assert (difference(60, 100).recover, difference(60, 100).pay_more) == (0, 40)
    with pytest.raises(ValueError, match="0円以上"):
        difference(-1, 0)


def test_instalments() -> None:
    plan = by_count(100_000, 3, date(2026, 12, 5), closed=closed_on(frozenset({date(2027, 1, 1)})))
    assert [row.amount for row in plan] == [33_334, 33_333, 33_333]
    # The last days of January and February 2027 are Sundays.
    assert [row.due for row in plan] == [date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 1)]
    assert [row.left for row in plan] == [66_666, 33_333, 0]
    assert [row.amount for row in by_amount(100_000, 40_000, date(2026, 12, 1))] == [40_000, 40_000, 20_000]
    assert [row.amount for row in by_amount(80_000, 40_000, date(2026, 12, 1))] == [40_000, 40_000]
    assert [row.due.day for row in by_amount(2, 1, date(2027, 1, 1), day=30)] == [30, 28]
    assert outstanding(plan, 40_000, date(2027, 2, 2)) == (60_000, 26_667)
    assert outstanding(plan, 200_000, date(2027, 12, 2)) == (0, 0)
    assert outstanding(plan, 0, date(2026, 12, 31)) == (100_000, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: by_count(0, 1, DIED),
        lambda: by_count(2, 3, DIED),
        lambda: by_count(2, 0, DIED),
        lambda: by_amount(2, 0, DIED),
        lambda: by_amount(2, 1, DIED, day=32),
        lambda: outstanding([], -1, DIED),
        lambda: recovery_term(DIED, DIED - D),
    ],
)
def test_plans_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="。"):
        wrong()


@given(st.integers(1, 5_000_000), st.integers(1, 120), st.integers(1, 31))
def test_instalments_sum_to_the_whole(total: int, count: int, day: int) -> None:
    plan = by_count(total, min(count, total), DIED, day=day)
    assert sum(row.amount for row in plan) == total
    assert len(plan) == min(count, total)
    assert plan[-1].left == 0
    assert all(row.amount > 0 for row in plan)
    assert all(a.due < b.due and a.left - b.amount == b.left for a, b in zip(plan, plan[1:], strict=False))
    other = by_amount(total, -(-total // count), DIED)
    assert sum(row.amount for row in other) == total
    assert len(other) <= count


def test_until_when_a_return_may_be_demanded() -> None:
    paid = date(2020, 4, 10)
    assert recovery_term(paid, date(2021, 4, 10)).last == date(2026, 4, 10)
    assert recovery_term(paid, date(2029, 4, 10)).last == date(2030, 4, 10)
    assert recovery_term(paid, date(2021, 4, 10), deceit=True).last == date(2022, 4, 10)


def test_terms_of_appeal() -> None:
    known = date(2026, 11, 24)
    assert appeal.deadline(appeal.FIRST, known).last == date(2027, 2, 24)
    # 24 April 2027 is a Saturday.
    assert appeal.deadline(appeal.SECOND, date(2027, 2, 24), closed_on(frozenset())).last == date(2027, 4, 26)
    assert appeal.deadline(appeal.FIRST, date(2026, 11, 30)).last == date(2027, 2, 28)
    assert appeal.deadline(appeal.COURT, known).last == date(2027, 5, 24)
    assert [term.confirmed for term in appeal.TERMS] == [False, False, True, False]
    with pytest.raises(ValueError, match="別の期間"):
        appeal.deadline(appeal.FIRST, date(2016, 3, 31))
    letter = "".join(appeal.letter_sentences("関東信越厚生局"))
    for word in ("3か月以内", "社会保険審査官（関東信越厚生局）", "社会保険審査会", "6か月以内"):
        assert word in letter
    assert "（）" not in "".join(appeal.letter_sentences())


def test_restrictions() -> None:
    assert restrict(100_001, Ground.BRAWL, Fraction(1, 2)).withheld == 50_000
    assert restrict(100, Ground.CRIME, Fraction(1), dependant=True).payable == 0
    for facts in (
        (Ground.CRIME, Fraction(1, 2), False),
        (Ground.DETAINED, Fraction(1, 2), False),
        (Ground.DISOBEDIENCE, Fraction(1), False),
        (Ground.DECEIT, Fraction(1, 2), True),
        (Ground.REFUSED_EXAMINATION, Fraction(1), True),
        (Ground.BRAWL, Fraction(0), False),
    ):
        with pytest.raises(ValueError, match="法1|割合"):
            restrict(100, facts[0], facts[1], dependant=facts[2])
    assert set(RESTRICTIONS) == set(Ground)


@given(st.integers(0, 1_000_000), st.fractions(Fraction(1, 1000), Fraction(999, 1000)))
def test_what_is_withheld_and_paid_is_the_whole(amount: int, share: Fraction) -> None:
    found = restrict(amount, Ground.DISOBEDIENCE, share)
    assert found.withheld + found.payable == amount
    assert 0 <= found.withheld <= amount * share


def test_deceit_is_withheld_for_six_months_and_within_a_year() -> None:
    ask = (date(2026, 4, 1), date(2026, 9, 30))
    assert deceit_allowed(Kind.SICKNESS, date(2025, 4, 1), date(2026, 4, 1), *ask) == ""
    assert "1年" in deceit_allowed(Kind.SICKNESS, date(2025, 4, 1), date(2026, 4, 2), *ask)
    assert "6か月" in deceit_allowed(Kind.MATERNITY, date(2025, 4, 1), date(2026, 4, 1), ask[0], ask[1] + D)
    assert "6か月" in deceit_allowed(Kind.MATERNITY, date(2025, 4, 1), date(2026, 4, 1), ask[1], ask[0])
    assert "出産手当金です" in deceit_allowed(Kind.FUNERAL, date(2025, 4, 1), date(2026, 4, 1), *ask)
