"""Which standard monthly remuneration is in force in a month, from the periods in which each was (法40条から44条).

Of several in one month the latest counts, and only those in force on or before the day asked (則84条の2第6項).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from members.lifecycle.rules.terms import add_months, last_of_month


@dataclass(frozen=True)
class Period:
    """A standard monthly remuneration in yen, in force from `start` to `end`, both included (None: still in force).

    own: decided by the association that pays, or by one whose rights it took over on a merger, a division or a
    dissolution (法99条2項, 則84条の2第2項から第4項). voluntary: of a 任意継続 member (則84条の2第5項: counts as well).
    """

    start: date
    end: date | None
    standard: int
    voluntary: bool = False
    own: bool = True

    def __post_init__(self) -> None:
        if self.standard < 0:
            raise ValueError("標準報酬月額は0円以上です。")
        if self.end is not None and self.end < self.start:
            raise ValueError("標準報酬月額の期間の終わりが始まりより前です。")

    def touches(self, month: date) -> bool:
        first = month.replace(day=1)
        return self.start <= last_of_month(first) and (self.end is None or self.end >= first)


@dataclass(frozen=True)
class MonthStandard:
    """The standard monthly remuneration of one month (its first day)."""

    month: date
    standard: int
    voluntary: bool = False


def standard_of(periods: Iterable[Period], month: date, known_on: date | None = None) -> MonthStandard | None:
    """What counts for a month: the period that began last among those in force in the month and begun by `known_on`.

    None when nothing was in force. `known_on` is the first day of payment; without it the whole month counts.
    """
    first = month.replace(day=1)
    found = [p for p in periods if p.touches(first) and (known_on is None or p.start <= known_on)]
    if not found:
        return None
    latest = max(found, key=lambda period: period.start)
    return MonthStandard(first, latest.standard, latest.voluntary)


def by_month(periods: Iterable[Period], first: date, last: date) -> tuple[MonthStandard, ...]:
    """Every month from that of `first` to that of `last` in which a standard was in force, oldest first."""
    rows = tuple(periods)
    month = first.replace(day=1)
    months: list[MonthStandard] = []
    while month <= last:
        if found := standard_of(rows, month):
            months.append(found)
        month = add_months(month, 1)
    return tuple(months)


def consecutive_until(periods: Iterable[Period], day: date, count: int = 12) -> tuple[MonthStandard, ...]:
    """The latest months without a gap, up to and including the month of a day, at most `count`, oldest first.

    Only those of the own insurer (法99条2項). A whole calendar month without a standard ends the run; a gap of some
    days inside a month does not, since the article asks for months in which a standard was set.
    """
    own = tuple(period for period in periods if period.own)
    month = day.replace(day=1)
    months: list[MonthStandard] = []
    while len(months) < count and (found := standard_of(own, month, day)):
        months.append(found)
        month = add_months(month, -1)
    return tuple(reversed(months))
