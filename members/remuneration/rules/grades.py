"""Grades of the standard monthly remuneration and the daily amounts that rest on it (法40条1項, 99条2項).

The table comes in as rows; nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

DAYS_OF_A_MONTH = 30


class NoGrade(ValueError):
    """The table has no row for the day or the amount; the sentence is for the clerk."""


@dataclass(frozen=True)
class Grade:
    """One row of the table: grade, standard monthly amount, the remuneration from `lower` to below `upper` (yen; None
    for the highest grade), the first day it holds and the first day it no longer holds (None: still in force).
    """

    grade: int
    standard: int
    lower: int
    upper: int | None
    effective_from: date
    effective_until: date | None = None
    basis: str = "法40条1項"

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


def grades_on(table: Iterable[Grade], day: date) -> tuple[Grade, ...]:
    """The rows in force on a day, lowest first. NoGrade when the table does not reach the day."""
    rows = tuple(sorted((row for row in table if row.holds_on(day)), key=lambda row: row.grade))
    if not rows:
        raise NoGrade(f"{day.isoformat()} に有効な標準報酬月額の等級表がありません。")
    return rows


def grade_for(table: Iterable[Grade], remuneration: int | Fraction, day: date) -> Grade:
    """The grade of a monthly remuneration in yen on a day: at the lower bound the higher grade (法40条1項「以上…未満」).

    ValueError for a negative amount.
    """
    if remuneration < 0:
        raise ValueError("報酬月額は0円以上です。")
    rows = grades_on(table, day)
    for row in rows:
        if remuneration >= row.lower and (row.upper is None or remuneration < row.upper):
            return row
    raise NoGrade(f"報酬月額 {remuneration} 円に当たる等級が等級表にありません。")


def grade_of_standard(table: Iterable[Grade], standard: int, day: date) -> Grade:
    """The row of a standard monthly amount on a day. NoGrade when no grade has that amount."""
    for row in grades_on(table, day):
        if row.standard == standard:
            return row
    raise NoGrade(f"標準報酬月額 {standard:,} 円は {day.isoformat()} の等級表にありません。")


def round_to_ten(amount: Fraction) -> int:
    """To 10 yen: less than 5 yen is dropped, 5 yen or more becomes 10 yen (法99条2項). Exact, no floats."""
    return ((amount + 5) // 10) * 10


def round_to_yen(amount: Fraction) -> int:
    """To 1 yen: less than 50 sen is dropped, 50 sen or more becomes 1 yen (法99条2項). Exact, no floats."""
    return (amount * 2 + 1) // 2


def daily_base(average: int | Fraction) -> int:
    """One thirtieth of a monthly average, to 10 yen (法99条2項), in yen. ValueError for a negative average."""
    if average < 0:
        raise ValueError("標準報酬月額の平均は0円以上です。")
    return round_to_ten(Fraction(average) / DAYS_OF_A_MONTH)


def two_thirds(base: int) -> int:
    """Two thirds of the daily base, to 1 yen (法99条2項): the daily amount of 傷病手当金 and 出産手当金 (法102条2項)."""
    if base < 0:
        raise ValueError("日額の基礎は0円以上です。")
    return round_to_yen(Fraction(base * 2, 3))
