"""Counting periods of months and days (民法140条から143条, 年齢計算ニ関スル法律)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5

Closed = Callable[[date], bool]
"""Whether the counter is closed on a day."""


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def first_of_next_month(day: date) -> date:
    return last_of_month(day) + DAY


def add_months(month: date, count: int) -> date:
    """The first of the month `count` months after (before, when negative) the month of a day."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def period_end(first: date, months: int) -> date:
    """The last day of a period of so many months whose first day counts (民法143条).

    The day before the corresponding day; where the last month has no such day, its last day. So two years from
    29 February 2024 end on 28 February 2026, and a person born on 29 February reaches every age on 28 February.
    """
    month = add_months(first, months)
    if first.day > last_of_month(month).day:
        return last_of_month(month)
    return month.replace(day=first.day) - DAY


def whole_months(first: date, end: date) -> int:
    """Completed months from `first` until (not including) `end`; 0 when none is complete."""
    months = max((end.year - first.year) * 12 + end.month - first.month + 1, 0)
    while months and period_end(first, months) >= end:
        months -= 1
    return months


def closed_on(holidays: frozenset[date] | set[date]) -> Closed:
    """Days on which nothing is due (民法142条): Saturdays, Sundays, public holidays, 2 and 3 January."""

    def closed(day: date) -> bool:
        return day.weekday() >= SATURDAY or day in holidays or (day.month == 1 and day.day in (2, 3))

    return closed


def next_open(day: date, closed: Closed) -> date:
    """The day itself, or the next one on which the counter is open (民法142条)."""
    while closed(day):
        day += DAY
    return day
