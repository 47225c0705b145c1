"""Standard remuneration as the rules read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

from kumiai.reference.models import RemunerationGrade
from members.remuneration.enums import Decision
from members.remuneration.models import InsurerAverage, StandardRemuneration
from members.remuneration.rules import average, grades, periods

DAY = timedelta(days=1)


def periods_of(member_ids: Iterable[int]) -> dict[int, tuple[periods.Period, ...]]:
    """Of each person the periods of standard remuneration, oldest first; nobody is missing. One statement."""
    ids = list(dict.fromkeys(member_ids))
    found: dict[int, list[periods.Period]] = {pk: [] for pk in ids}
    rows = StandardRemuneration.objects.filter(member_id__in=ids, cancelled=False).order_by("member_id", "period")
    for row in rows:
        end = row.period.upper - DAY if row.period.upper else None
        voluntary = row.decision == Decision.VOLUNTARY
        found[row.member_id].append(periods.Period(row.period.lower, end, row.standard, voluntary, row.own))
    return {pk: tuple(rows) for pk, rows in found.items()}


def insurer_averages() -> tuple[average.InsurerAverage, ...]:
    """The association's own averages of all insured, one for each 30 September that is known."""
    rows = InsurerAverage.objects.order_by("on")
    return tuple(average.InsurerAverage(row.on, Fraction(row.average)) for row in rows)


def grade_table() -> tuple[grades.Grade, ...]:
    """The grades of all days, as the rules take them."""
    return tuple(
        grades.Grade(
            row.grade,
            row.standard_monthly,
            row.remuneration.lower or 0,
            row.remuneration.upper,
            row.effective.lower,
            row.effective.upper,
        )
        for row in RemunerationGrade.objects.order_by("effective", "grade")
    )
