"""The day of transfer, and whether the name on an account is the member's. Pure: holidays are passed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

DAY = timedelta(days=1)


def is_bank_day(day: date, holidays: Collection[date]) -> bool:
    """Banks are closed on Saturdays, Sundays, holidays and from 12-31 to 01-03 (銀行法施行令5条1項)."""
    closed = (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and day not in holidays and not closed


def transfer_day(wanted: date, holidays: Collection[date], *, previous: bool = True) -> date:
    """The wanted day, or where banks are closed the nearest bank day before it (`previous`) or after it."""
    day = wanted
    while not is_bank_day(day, holidays):
        day = day - DAY if previous else day + DAY
    return day


def due_until(day: date, holidays: Collection[date], *, previous: bool = True) -> date:
    """The last due day that a run of this bank day pays: with `previous`, the closed days that follow it too."""
    last = day
    while previous and not is_bank_day(last + DAY, holidays):
        last += DAY
    return last
