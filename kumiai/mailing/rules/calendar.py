"""When the association sends mail: on business days, in the hours of the day. No clock: the moment comes in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

# Longer than any row of closed days the calendar can hold (年末年始, 黄金週間).
HORIZON_DAYS = 30


class NoBusinessDay(ValueError):
    """No day within the horizon is open: the calendar handed in cannot be right."""


@dataclass(frozen=True)
class Hours:
    """The sending hours in local time: from `opens`, inclusive, to `closes`, exclusive.

    closed_days: (month, day) on which the association is closed every year beside the public holidays.
    """

    zone: tzinfo
    opens: time = time(7, 0)
    closes: time = time(21, 0)
    closed_days: frozenset[tuple[int, int]] = frozenset()


def is_business_day(day: date, *, holidays: Collection[date], hours: Hours) -> bool:
    """Neither Saturday, Sunday, a public holiday (国民の祝日に関する法律) nor a day the association is closed."""
    return day.weekday() < 5 and day not in holidays and (day.month, day.day) not in hours.closed_days


def opening_on_or_after(day: date, *, holidays: Collection[date], hours: Hours) -> datetime:
    """The opening of the first business day from `day` on, as an aware moment. NoBusinessDay beyond the horizon."""
    for ahead in range(HORIZON_DAYS):
        candidate = day + timedelta(days=ahead)
        if is_business_day(candidate, holidays=holidays, hours=hours):
            return datetime.combine(candidate, hours.opens, tzinfo=hours.zone)
    raise NoBusinessDay(f"{day.isoformat()} から{HORIZON_DAYS}日のあいだに営業日がありません。")


def may_send(at: datetime, *, holidays: Collection[date], hours: Hours) -> bool:
    """Whether mail may go out at this aware moment."""
    local = at.astimezone(hours.zone)
    return is_business_day(local.date(), holidays=holidays, hours=hours) and hours.opens <= local.time() < hours.closes
