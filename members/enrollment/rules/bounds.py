"""What follows when the days of an insured person's qualification move: the days of those who depend on it.

A dependant is one of an insured person (健康保険法3条7項): no day of theirs lies outside that person's own days. Pure
functions over half-open periods; `end` None runs on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ARTICLE = "法3条7項"


@dataclass(frozen=True)
class Span:
    """A period of somebody who depends on the insured person. `follows`: it ended because the insured person's did."""

    key: int
    start: date
    end: date | None
    follows: bool = False


@dataclass(frozen=True)
class Effect:
    """What becomes of a span. `cancelled`: no day of it is left."""

    span: Span
    start: date
    end: date | None
    follows: bool
    cancelled: bool = False
    article: str = ARTICLE

    @property
    def moved(self) -> bool:
        return self.cancelled or (self.start, self.end, self.follows) != (
            self.span.start,
            self.span.end,
            self.span.follows,
        )


def _until(end: date | None) -> date:
    return end or date.max


def within(span: Span, *, start: date, end: date | None) -> Effect:
    """The part of a span inside [start, end)."""
    first = max(span.start, start)
    last = min(_until(span.end), _until(end))
    if first >= last:
        return Effect(span, span.start, span.end, span.follows, cancelled=True)
    cut = end is not None and last == end and (span.end is None or span.end >= end)
    follows = span.follows if span.end == end else cut
    return Effect(span, first, None if last == date.max else last, follows)


def moved(
    spans: Iterable[Span],
    *,
    old_start: date,
    old_end: date | None,
    new_start: date,
    new_end: date | None,
) -> list[Effect]:
    """What becomes of the spans inside [old_start, old_end) when it becomes [new_start, new_end).

    What began with the qualification goes on beginning with it, what ended because of it goes on ending with it; the rest
    is cut to the new days. Spans of other days of the same person (before old_start, from old_end on) are left alone.
    Only spans that change are returned.
    """
    effects = []
    for span in spans:
        if span.start < old_start or (old_end is not None and span.start >= old_end):
            continue
        start = new_start if span.start == old_start else span.start
        end = new_end if span.follows and span.end == old_end else span.end
        if end is not None and start >= end:
            effect = Effect(span, span.start, span.end, span.follows, cancelled=True)
        else:
            inside = within(Span(span.key, start, end, span.follows and end is not None), start=new_start, end=new_end)
            effect = Effect(
                span,
                span.start if inside.cancelled else inside.start,
                span.end if inside.cancelled else inside.end,
                span.follows if inside.cancelled else inside.follows,
                inside.cancelled,
            )
        if effect.moved:
            effects.append(effect)
    return effects
