"""The days of those who depend on an insured person whose own days move."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from members.enrollment.rules.bounds import Span, moved, within

DAY = timedelta(days=1)
START, LOST = date(2020, 4, 1), date(2026, 4, 1)


def one(span, **values):
    given_days = {"old_start": START, "old_end": LOST, "new_start": START, "new_end": LOST} | values
    found = moved([span], **given_days)
    return found[0] if found else None


def test_a_loss_ends_the_family_the_same_day():
    effect = one(Span(1, START, None), old_end=None, new_end=LOST)
    assert (effect.start, effect.end, effect.follows, effect.cancelled) == (START, LOST, True, False)


def test_a_loss_leaves_those_who_had_gone_before():
    assert one(Span(1, START, date(2024, 1, 1)), old_end=None, new_end=LOST) is None


def test_a_loss_cancels_who_would_begin_after_it():
    assert one(Span(1, LOST, None), old_end=None, new_end=LOST).cancelled


def test_a_loss_taken_back_lets_the_family_run_on_but_not_those_who_left_for_themselves():
    assert one(Span(1, START, LOST, follows=True), new_end=None).end is None
    assert one(Span(1, START, LOST, follows=False), new_end=None) is None


def test_a_later_loss_moves_those_who_ended_with_it():
    effect = one(Span(1, START, LOST, follows=True), new_end=LOST + 30 * DAY)
    assert (effect.end, effect.follows) == (LOST + 30 * DAY, True)


def test_an_earlier_loss_cuts_who_had_left_after_it():
    effect = one(Span(1, START, LOST - DAY), new_end=LOST - 10 * DAY)
    assert (effect.end, effect.follows) == (LOST - 10 * DAY, True)


def test_who_began_with_the_qualification_goes_on_beginning_with_it():
    assert one(Span(1, START, LOST, follows=True), new_start=START - DAY).start == START - DAY
    assert one(Span(1, START + DAY, LOST, follows=True), new_start=START - DAY) is None


def test_other_days_of_the_same_person_are_left_alone():
    assert one(Span(1, START - 10 * DAY, START), new_start=START + DAY) is None
    assert one(Span(1, LOST, None), new_end=LOST - DAY) is None


days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
ends = st.none() | days


@given(st.lists(st.tuples(days, ends, st.booleans()), max_size=5), days, ends, days, ends)
def test_no_day_of_the_family_lies_outside_the_insured_persons(spans, old_start, old_end, new_start, new_end):
    assume(old_end is None or old_end > old_start)
    assume(new_end is None or new_end > new_start)
    family = [
        Span(key, start, end, follows and end is not None)
        for key, (start, end, follows) in enumerate(spans)
        if end is None or end > start
    ]
    touched = {
        e.span.key: e for e in moved(family, old_start=old_start, old_end=old_end, new_start=new_start, new_end=new_end)
    }
    for span in family:
        inside = span.start >= old_start and (old_end is None or span.start < old_end)
        effect = touched.get(span.key)
        if not inside:
            assert effect is None
            continue
        start, end = (effect.start, effect.end) if effect else (span.start, span.end)
        if effect is None or not effect.cancelled:
            assert new_start <= start
            assert (end or date.max) <= (new_end or date.max)
            assert end is None or start < end


@given(days, ends, days, ends)
def test_a_cut_keeps_exactly_the_common_days(start, end, first, last):
    assume(end is None or end > start)
    assume(last is None or last > first)
    effect = within(Span(1, start, end), start=first, end=last)
    common = max(start, first) < min(end or date.max, last or date.max)
    assert effect.cancelled is not common
