"""What a day's 傷病手当金 is reduced by: remuneration, 出産手当金, pensions (法103条, 108条, 令36条の2, 則89条).

Read in the statute (法108条1項・3項, 103条1項): without 障害厚生年金 the difference is taken to the remuneration, or to
出産手当金, or to both together (出産手当金 then being what remains of it after the remuneration, 法108条2項). With
障害厚生年金 for the same illness the larger of its 360th and those counts, the latter at most the daily amount. Old-age
pensions (法108条5項) count only for those paid after the loss of the qualification; the article takes the difference to
「傷病手当金の額」, read here as what remains after the other adjustments. A 360th drops fractions of a yen, taken from the
sum of the pensions (則89条).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from benefits.cash.rules.calendar import Day
from benefits.cash.rules.daily import Deduction

PENSION_DIVISOR = 360


@dataclass(frozen=True)
class Pension:
    """A pension in yen a year, payable from `first` to `last` (None: still).

    old_age False: 障害厚生年金 for the same illness, or 障害基礎年金 for the same cause; True: 老齢退職年金給付.
    """

    annual: int
    first: date
    last: date | None = None
    old_age: bool = False

    def __post_init__(self) -> None:
        if self.annual < 0:
            raise ValueError("年金の額は0円以上です。")

    def payable_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Lump:
    """障害手当金 for the same illness: the day it became receivable and its amount in yen (法108条4項)."""

    on: date
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("障害手当金の額は0円以上です。")


def daily_pension(pensions: Iterable[Pension], day: date, *, old_age: bool) -> int:
    """The 360th of the pensions of a kind payable on a day, fractions of a yen dropped (則89条)."""
    return sum(p.annual for p in pensions if p.old_age is old_age and p.payable_on(day)) // PENSION_DIVISOR


def maternity_due(rate: int, pay: int) -> int:
    """出産手当金 of a day: the daily amount less the remuneration of the day, never below 0 (法108条2項)."""
    return max(rate - pay, 0)


def earnings(day: Day) -> tuple[Deduction, ...]:
    """Remuneration and 出産手当金 of a day, before the daily amount limits them."""
    found = []
    if day.pay:
        found.append(Deduction("報酬", day.pay, "法108条1項"))
    if day.maternity is not None and (due := maternity_due(day.maternity, day.pay)):
        found.append(Deduction("出産手当金", due, "法103条1項"))
    return tuple(found)


def deductions(day: Day, rate: int, pensions: Iterable[Pension], *, after_loss: bool) -> tuple[Deduction, ...]:
    """What is deducted from the daily amount on a day; together at most the daily amount."""
    pensions = tuple(pensions)
    found = list(_limited(earnings(day), rate))
    disability = daily_pension(pensions, day.on, old_age=False)
    if disability:
        other = sum(deduction.amount for deduction in found)
        if disability > other:
            found = [Deduction("障害年金（360分の1）", min(disability, rate), "法108条3項・則89条1項")]
    if after_loss and (old := daily_pension(pensions, day.on, old_age=True)):
        found.append(Deduction("老齢退職年金（360分の1）", old, "法108条5項・則89条2項"))
    return tuple(_limited(found, rate))


def received(day: Day, pensions: Iterable[Pension], *, after_loss: bool) -> int:
    """All that is received on a day beside the benefit, in yen, not limited to the daily amount."""
    pensions = tuple(pensions)
    other = sum(deduction.amount for deduction in earnings(day))
    old = daily_pension(pensions, day.on, old_age=True) if after_loss else 0
    return max(other, daily_pension(pensions, day.on, old_age=False)) + old


def _limited(found: Iterable[Deduction], rate: int) -> Iterable[Deduction]:
    """The deductions in turn, until together they reach the daily amount."""
    left = rate
    for deduction in found:
        taken = min(deduction.amount, left)
        if taken:
            left -= taken
            yield Deduction(deduction.label, taken, deduction.article)
