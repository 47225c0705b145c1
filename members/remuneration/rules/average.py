"""The daily base of 傷病手当金 and 出産手当金 from the standard monthly remuneration of twelve months (法99条2項).

Read in the statute: the months are those up to and including the month in which payment begins; only remuneration set
by the present insurer counts (with the exceptions of 則84条の2第2項から第5項); the average is not rounded, one thirtieth
of it is rounded to 10 yen; with fewer than twelve months the lower of two rounded thirtieths counts, the own one or
that of all insured on 30 September of the year before the fiscal year in which payment begins, by its grade.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from members.remuneration.rules.grades import Grade, daily_base, grade_for, two_thirds
from members.remuneration.rules.periods import MonthStandard, Period, consecutive_until
from members.remuneration.rules.working import Step

MONTHS = 12
ARTICLE = "法99条2項"


class NoRemuneration(ValueError):
    """No standard monthly remuneration of this insurer in the month payment begins."""


class NoInsurerAverage(ValueError):
    """Fewer than twelve months, and the average of all insured on the day that counts is not known."""


@dataclass(frozen=True)
class InsurerAverage:
    """The average standard monthly remuneration of all insured of the association on a 30 September, in yen."""

    on: date
    average: int | Fraction


@dataclass(frozen=True)
class Average:
    """What was found: the months, the daily base (yen, a multiple of 10), the daily amount (yen), how, the working.

    rule: "twelve" (twelve months), "own" (fewer, the own average is lower or equal), "insurer" (fewer, that of all).
    """

    start: date
    months: tuple[MonthStandard, ...]
    base: int
    daily: int
    rule: str
    steps: tuple[Step, ...]


def reference_day(start: date) -> date:
    """30 September of the fiscal year (April to March) before the one in which payment begins (法99条2項2号)."""
    fiscal_year = start.year if start.month >= 4 else start.year - 1
    return date(fiscal_year - 1, 9, 30)


def base_day(start: date, lost_on: date | None) -> date:
    """The day whose month closes the twelve: the first day of payment, or the day before the loss (not that of 任意継続)
    when payment begins on the day of loss or later (則84条の2第1項).
    """
    if lost_on is not None and start >= lost_on:
        return lost_on - timedelta(days=1)
    return start


def average_of_twelve(
    periods: Iterable[Period],
    start: date,
    *,
    table: Iterable[Grade],
    insurer_since: date | None = None,
    insurer_averages: Iterable[InsurerAverage] = (),
    lost_on: date | None = None,
) -> Average:
    """The daily base and the daily amount for payment that begins on `start`, with the working.

    insurer_since: the first day with this insurer; what is before is left out. insurer_averages: one for each 30
    September. Raises NoRemuneration, NoInsurerAverage (only when it is needed) and NoGrade, each with a sentence.
    """
    closing = base_day(start, lost_on)
    rows = tuple(_clipped(periods, insurer_since))
    months = consecutive_until(rows, closing, MONTHS)
    if not months:
        raise NoRemuneration(
            f"{closing.year}年{closing.month}月に当組合の標準報酬月額がないため、日額を計算できません。"
            "標準報酬月額の記録を確かめてください。"
        )
    total = sum(month.standard for month in months)
    own = Fraction(total, len(months))
    own_base = daily_base(own)
    steps = [Step("支給を始める日", start, ARTICLE)]
    if closing != start:
        steps.append(Step("平均する期間の終わりの日（資格を喪失した日の前日）", closing, "則84条の2第1項"))
    steps += [
        Step("平均する月", f"{_month(months[0].month)}から{_month(months[-1].month)}まで", ARTICLE),
        Step("月数", len(months), ARTICLE),
    ]
    voluntary = sum(month.voluntary for month in months)
    if voluntary:
        steps.append(Step("うち任意継続の月数", voluntary, "則84条の2第5項"))
    steps += [
        Step("標準報酬月額の合計", total, ARTICLE),
        Step("標準報酬月額の平均", own, ARTICLE),
        Step("平均の30分の1（10円未満四捨五入）", own_base, ARTICLE),
    ]
    base, rule = own_base, "twelve"
    if len(months) < MONTHS:
        day = reference_day(start)
        known = next((row for row in insurer_averages if row.on == day), None)
        if known is None:
            raise NoInsurerAverage(
                f"標準報酬月額のある月が{len(months)}か月のため、{day.year}年9月30日の全被保険者の平均が必要です。"
                "組合の数値として登録してください。"
            )
        grade = grade_for(table, known.average, start)
        all_base = daily_base(grade.standard)
        rule = "own" if own_base <= all_base else "insurer"
        base = min(own_base, all_base)
        steps += [
            Step(
                "全被保険者の標準報酬月額の平均", Fraction(known.average), f"{ARTICLE}2号", f"{day.isoformat()} の平均"
            ),
            Step(f"平均を報酬月額とみなした標準報酬月額（{grade.grade}級）", grade.standard, f"{ARTICLE}2号"),
            Step("その30分の1（10円未満四捨五入）", all_base, f"{ARTICLE}2号"),
            Step("少ない方の額", base, f"{ARTICLE}ただし書"),
        ]
    daily = two_thirds(base)
    steps.append(Step("支給日額（3分の2、1円未満四捨五入）", daily, ARTICLE))
    return Average(start, months, base, daily, rule, tuple(steps))


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _clipped(periods: Iterable[Period], since: date | None) -> Iterable[Period]:
    """The periods from a day on; those that ended before it are left out."""
    for period in periods:
        if since is None or period.start >= since:
            yield period
        elif period.end is None or period.end >= since:
            yield replace(period, start=since)
