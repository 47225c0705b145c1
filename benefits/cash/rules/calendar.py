"""The days of an application as the rules read them: away from work or not, what was paid for the day, when claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)


class DaysDiffer(ValueError):
    """Two applications say different things about a day; the sentence names it."""


@dataclass(frozen=True)
class Day:
    """One day of a person.

    away: for 傷病手当金 unable to work because of the illness, for 出産手当金 not at work. pay: remuneration for the day in
    yen (paid leave, allowances). holiday: no working day; it counts like any other, and is only shown. claimed and
    received: whether the day is applied for, and when that arrived (for the limitation; None: not checked).
    accident: benefits of 労災 for the same illness (法55条1項). maternity: the daily amount of 出産手当金 by 法102条2項 on
    a day for which it is due, before its own adjustment; None when it is not due.
    """

    on: date
    away: bool = True
    pay: int = 0
    holiday: bool = False
    claimed: bool = True
    received: date | None = None
    accident: bool = False
    maternity: int | None = None

    def __post_init__(self) -> None:
        if self.pay < 0:
            raise ValueError(f"{self.on.isoformat()} の報酬の額は0円以上です。")
        if self.maternity is not None and self.maternity < 0:
            raise ValueError(f"{self.on.isoformat()} の出産手当金の額は0円以上です。")


@dataclass(frozen=True)
class Pay:
    """Remuneration for a stretch of days (both included) in yen, as the employer certifies it.

    per: "day" each day has the amount; "calendar" the amount is for the whole stretch, divided by its days; "thirty" a
    monthly amount, divided by 30. Fractions of a yen are dropped, so that a division never costs the member a yen.
    """

    first: date
    last: date
    amount: int
    per: str = "day"

    def each(self) -> int:
        if self.amount < 0 or self.last < self.first:
            raise ValueError("報酬の額または期間が正しくありません。")
        if self.per == "day":
            return self.amount
        if self.per == "thirty":
            return self.amount // 30
        if self.per == "calendar":
            return self.amount // ((self.last - self.first).days + 1)
        raise ValueError(f"報酬の割り方「{self.per}」はありません。")


def pay_by_day(pieces: Iterable[Pay]) -> dict[date, int]:
    """The remuneration of each day; pieces on the same day add up."""
    found: dict[date, int] = {}
    for piece in pieces:
        each, day = piece.each(), piece.first
        while day <= piece.last:
            found[day] = found.get(day, 0) + each
            day += DAY
    return found


def days_between(
    first: date,
    last: date,
    *,
    at_work: Iterable[date] = (),
    holidays: Iterable[date] = (),
    pay: Mapping[date, int] | None = None,
    received: date | None = None,
    maternity: Mapping[date, int] | None = None,
) -> tuple[Day, ...]:
    """Every day from first to last, both included, away from work except on the days given. ValueError if reversed."""
    if last < first:
        raise ValueError("期間の終わりが始まりより前です。")
    worked, free, paid, due = frozenset(at_work), frozenset(holidays), pay or {}, maternity or {}
    return tuple(
        Day(
            on=day,
            away=day not in worked,
            pay=paid.get(day, 0),
            holiday=day in free,
            received=received,
            maternity=due.get(day),
        )
        for day in (first + DAY * index for index in range((last - first).days + 1))
    )


def merged(*applications: Iterable[Day]) -> tuple[Day, ...]:
    """The days of several applications in the order of the calendar, whichever arrived first.

    A day in two applications that say the same is one day, claimed when either claims it, received when it first
    arrived. DaysDiffer when they differ.
    """
    found: dict[date, Day] = {}
    for application in applications:
        for day in application:
            old = found.get(day.on)
            if old is None:
                found[day.on] = day
                continue
            if replace(old, claimed=True, received=None) != replace(day, claimed=True, received=None):
                raise DaysDiffer(
                    f"{day.on.isoformat()} の内容が申請の間で違っています。どちらが正しいか確かめてください。"
                )
            if old.claimed != day.claimed:
                # A day nobody claimed says nothing about when the claim arrived.
                found[day.on] = old if old.claimed else day
                continue
            arrivals = [arrival for arrival in (old.received, day.received) if arrival is not None]
            found[day.on] = replace(old, received=min(arrivals) if arrivals else None)
    return tuple(found[on] for on in sorted(found))


def in_order(days: Iterable[Day]) -> tuple[Day, ...]:
    """Days sorted; ValueError when a day is there twice."""
    rows = tuple(sorted(days, key=lambda day: day.on))
    for before, after in zip(rows, rows[1:], strict=False):
        if before.on == after.on:
            raise DaysDiffer(f"{before.on.isoformat()} が2度あります。")
    return rows
