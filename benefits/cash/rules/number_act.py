"""What a copy under 番号法22条 says of a case: what all its decisions together have given. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

RECORD_YEARS = 7
"""番号法23条1項・2項 and its order: a record of inquiries and provisions is kept for seven years."""


class Given(Protocol):
    """A decision, as far as a copy needs it: yen granted (支給) or to come back (返納), the additions among them."""

    outcome: str
    amount: int
    extra: int
    decided_date: date


@dataclass(frozen=True)
class Standing:
    """What a case has given in all, in yen. amount includes what went to the institution and the additions (extra)."""

    amount: int
    extra: int
    decided_date: date


class Step(StrEnum):
    """What is to be done with the copy of a case."""

    REGISTER = "register"
    CHANGE = "change"
    CANCEL = "cancel"
    NOTHING = "nothing"


def standing(decisions: Sequence[Given], to_institution: int = 0) -> Standing | None:
    """Of the decisions in their order; None while nothing was granted. Never negative: more cannot come back than went out."""
    if not any(row.outcome == "grant" for row in decisions):
        return None
    net = sum(row.amount * {"grant": 1, "recover": -1}.get(row.outcome, 0) for row in decisions)
    extra = max(0, sum(row.extra for row in decisions))
    amount = max(0, net) + to_institution
    return Standing(amount, min(extra, amount), decisions[-1].decided_date)


def step(now: Standing | None, *, registered: bool, same: bool) -> Step:
    """registered: whether a copy was accepted and not cancelled. same: whether it says what a copy would say now."""
    given = now is not None and now.amount > 0
    if not registered:
        return Step.REGISTER if given else Step.NOTHING
    if not given:
        return Step.CANCEL
    return Step.NOTHING if same else Step.CHANGE


def keep_until(day: date) -> date:
    """The last day on which the record of this day has to be kept (29 February counts as the 28th)."""
    try:
        return day.replace(year=day.year + RECORD_YEARS)
    except ValueError:
        return day.replace(year=day.year + RECORD_YEARS, day=28)
