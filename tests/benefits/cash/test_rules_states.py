"""The life of a case, and what cases do to each other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.cash.rules.concurrency import Claim, check, higher_by_day, settle_in_advance
from benefits.cash.rules.daily import Row, Status
from benefits.cash.rules.duplicates import Entry, duplicates, overlap
from benefits.cash.rules.findings import Effect, stretches
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import (
    BY_NAME,
    DECIDED,
    EDITABLE,
    FINAL,
    MOVES,
    SAME_PERSON,
    Operation,
    State,
    UnknownMove,
    can_move,
    move_named,
    moves_from,
    why_not,
)

D = timedelta(days=1)
START = date(2026, 4, 1)


def reach(start: State, without: frozenset[str] = frozenset()) -> set[State]:
    found, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        for move in moves_from(state):
            if move.name not in without and move.target not in found:
                found.add(move.target)
                ahead.append(move.target)
    return found


def test_every_state_is_reached_and_leads_to_an_end() -> None:
    assert reach(State.RECEIVED) == set(State)
    for state in State:
        assert reach(state) & FINAL
        assert state.label


def test_nothing_is_paid_without_a_second_person() -> None:
    second = frozenset(move.name for move in MOVES if move.second_person)
    assert second == {"send_back", "approve", "refuse", "decide_recovery", "pay_again"}
    alone = reach(State.RECEIVED, without=second)
    assert not alone & {State.APPROVED, State.REFUSED, State.IN_PAYMENT, State.PAID, State.RECOVERING, State.CLOSED}
    assert State.IN_PAYMENT not in reach(State.RECEIVED, without=frozenset({"approve"}))
    for move in MOVES:
        assert move.operation is Operation.DECIDE or not move.second_person


def test_a_correction_is_decided_again() -> None:
    assert not reach(State.CORRECTING, without=frozenset({"approve", "refuse", "decide_recovery"})) & DECIDED
    assert not EDITABLE & DECIDED


def test_every_pair_of_state_and_move_has_an_answer() -> None:
    assert len(BY_NAME) == len(MOVES)
    for state in State:
        for move in MOVES:
            sentence = why_not(state, move.name)
            assert can_move(state, move.name) is (sentence == "") is (move in moves_from(state))
            if sentence:
                assert sentence.startswith(f"この申請は「{state.label}」です。")
                assert sentence.endswith("。")
    assert why_not(State.AWAITING_DECISION, "approve", same_person=True) == SAME_PERSON
    assert why_not(State.AWAITING_DECISION, "withdraw", same_person=True) == ""
    with pytest.raises(UnknownMove):
        can_move(State.PAID, "fly")
    assert move_named("approve").target is State.APPROVED


def test_a_payment_waiting_cannot_be_corrected_or_withdrawn() -> None:
    assert not can_move(State.IN_PAYMENT, "correct")
    assert "支払から外して" in why_not(State.IN_PAYMENT, "correct")
    assert not can_move(State.PAID, "withdraw")
    assert moves_from(State.WITHDRAWN) == ()


def claim(reference: str, kind: Kind, first: int = 0, last: int = 9, **facts: object) -> Claim:
    return Claim(reference, kind, START + D * first, START + D * last, **facts)


def test_maternity_comes_first_whichever_was_applied_for_first() -> None:
    ill, birth = claim("1", Kind.SICKNESS), claim("2", Kind.MATERNITY, 5, 20)
    for one, two in ((ill, birth), (birth, ill)):
        (found,) = check(one, [two, one])
        assert (found.code, found.effect) == ("maternity_first", Effect.DIFFERENCE)
        assert (found.first, found.last, found.others) == (START + 5 * D, START + 9 * D, (two.reference,))
    assert check(ill, [claim("2", Kind.MATERNITY, 10, 20)]) == ()


def test_two_illnesses_two_lump_sums_accidents_and_seamen() -> None:
    one, two = claim("1", Kind.SICKNESS, event="腰"), claim("2", Kind.SICKNESS, event="腕")
    assert [f.code for f in check(one, [two])] == ["two_illnesses"]
    assert check(one, [claim("3", Kind.SICKNESS, event="腰")]) == ()
    own, family = claim("1", Kind.CHILDBIRTH, event="b"), claim("2", Kind.FAMILY_CHILDBIRTH, event="b")
    assert [(f.code, f.effect) for f in check(own, [family])] == [("one_event", Effect.CHOOSE)]
    assert check(own, [claim("2", Kind.FAMILY_CHILDBIRTH, event="c")]) == ()
    death = [claim("2", Kind.FUNERAL, event="d")]
    assert [f.article for f in check(claim("1", Kind.FUNERAL_COST, event="d"), death)] == ["法100条・113条"]
    assert [f.code for f in check(claim("1", Kind.SICKNESS, industrial_accident=True), [])] == ["industrial_accident"]
    assert check(claim("1", Kind.MATERNITY, industrial_accident=True), []) == ()
    assert [f.code for f in check(claim("1", Kind.MATERNITY, seaman=True, after_loss=True), [])] == ["seaman"]
    assert check(claim("1", Kind.MATERNITY, seaman=True), []) == ()
    with pytest.raises(ValueError, match="終わりが始まりより前"):
        claim("1", Kind.SICKNESS, 5, 4)


def paid_row(day: int, amount: int, rate: int = 0) -> Row:
    return Row(START + D * day, Status.FULL, rate or amount, amount=amount)


def test_sickness_paid_on_days_of_maternity_counts_in_advance() -> None:
    maternity = [paid_row(0, 5_000), paid_row(1, 5_000), Row(START + 2 * D, Status.ABLE)]
    paid = {START: (6_667, 1_667), START + D: (7_000, 1_000), START + 2 * D: (6_667, 6_667), START + 9 * D: (1, 0)}
    found = settle_in_advance(maternity, paid)
    assert (found.due, found.in_advance, found.payable, found.over) == (10_000, 10_000, 0, 1_000)
    assert found.days == (START, START + D)
    assert settle_in_advance(maternity, {START: (1_667, 1_667)}).payable == 10_000
    with pytest.raises(ValueError, match="0円以上"):
        settle_in_advance(maternity, {START: (-1, 0)})


@given(
    st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 9_000), st.integers(0, 9_000)), min_size=1, max_size=30)
)
def test_settling_loses_no_yen(facts: list[tuple[int, int, int]]) -> None:
    rows = [paid_row(n, due) for n, (due, _paid, _own) in enumerate(facts)]
    paid = {START + D * n: (amount, min(own, amount)) for n, (_due, amount, own) in enumerate(facts)}
    found = settle_in_advance(rows, paid)
    assert found.in_advance + found.payable == found.due == sum(due for due, _paid, _own in facts)
    assert found.in_advance + found.over + sum(own for _amount, own in paid.values()) == sum(
        a for a, _own in paid.values()
    )
    assert min(found.payable, found.over, found.in_advance) >= 0


def test_the_higher_of_two_illnesses() -> None:
    one = [paid_row(0, 5_000), paid_row(1, 5_000), paid_row(2, 5_000), paid_row(3, 5_000)]
    two = [paid_row(1, 5_000), paid_row(2, 1_000, 6_000), Row(START + 3 * D, Status.COVERED, 9_000)]
    assert higher_by_day(one, two) == {START + D: "one", START + 2 * D: "two"}


def entry(reference: str, kind: Kind, first: int = 0, last: int | None = None, **facts: object) -> Entry:
    end = START + D * (first if last is None else last)
    return Entry(reference, str(facts.pop("person", "p")), kind, START + D * first, end, **facts)


def test_the_same_days_are_found() -> None:
    here = entry("1", Kind.SICKNESS, 0, 9, illness="腰")
    others = [
        entry("1", Kind.SICKNESS, 0, 9, illness="腰"),
        entry("2", Kind.SICKNESS, 9, 12, illness="腰", paid=True),
        entry("3", Kind.SICKNESS, 5, 6, illness="腰"),
        entry("4", Kind.SICKNESS, 5, 6, illness="腕"),
        entry("5", Kind.SICKNESS, 5, 6, illness="腰", person="q"),
        entry("6", Kind.MATERNITY, 5, 6),
        entry("7", Kind.SICKNESS, 10, 11, illness="腰"),
    ]
    found = duplicates(here, others)
    assert [(f.others, f.effect) for f in found] == [(("3",), Effect.CONFIRM), (("2",), Effect.REFUSE)]
    assert (found[1].first, found[1].last) == (START + 9 * D, START + 9 * D)
    assert overlap(here, others) == ((START + 5 * D, START + 6 * D), (START + 9 * D, START + 9 * D))
    assert [f.code for f in duplicates(others[5], [entry("8", Kind.MATERNITY, 6, 7)])] == ["same_days"]


def test_the_same_event_is_found() -> None:
    birth = entry("1", Kind.CHILDBIRTH)
    assert [f.effect for f in duplicates(birth, [entry("2", Kind.CHILDBIRTH, paid=True)])] == [Effect.REFUSE]
    assert [f.code for f in duplicates(birth, [entry("2", Kind.CHILDBIRTH, 7)])] == ["near_event"]
    assert duplicates(birth, [entry("2", Kind.CHILDBIRTH, 8)]) == ()
    assert duplicates(birth, [entry("2", Kind.TRANSPORT)]) == ()
    death = entry("1", Kind.FUNERAL)
    assert [f.code for f in duplicates(death, [entry("2", Kind.FUNERAL_COST, 100)])] == ["same_event"]
    family = entry("1", Kind.FAMILY_FUNERAL)
    assert [f.code for f in duplicates(family, [entry("2", Kind.FAMILY_FUNERAL, 3)])] == ["same_event"]
    moved = entry("1", Kind.TRANSPORT)
    assert [f.code for f in duplicates(moved, [entry("2", Kind.TRANSPORT)])] == ["same_event"]
    assert duplicates(moved, [entry("2", Kind.TRANSPORT, 1)]) == ()


@given(st.sets(st.integers(0, 40)))
def test_stretches_hold_every_day_once(days: set[int]) -> None:
    found = stretches(START + D * day for day in days)
    assert sum((last - first).days + 1 for first, last in found) == len(days)
    assert all(b[0] - a[1] > D for a, b in zip(found, found[1:], strict=False))


def test_names_for_the_clerk() -> None:
    assert {effect.label for effect in Effect} == {"支給しない", "差額を支給", "選択が必要", "確認が必要"}
    assert [status for status in Status if not status.reason] == [Status.FULL]
    assert all(status.reason.endswith("。") for status in Status if status is not Status.FULL)
    assert all(status.label and status.article for status in Status)
    assert [kind.label for kind in (Kind.SICKNESS, Kind.FUNERAL_COST)] == ["傷病手当金", "埋葬費"]
