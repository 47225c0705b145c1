"""Standard remuneration as the rules read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Count, QuerySet

from kumiai.reference.models import RemunerationGrade
from members.enrollment import queries as register
from members.lifecycle.rules.terms import add_months
from members.remuneration.enums import Decision, Outcome
from members.remuneration.models import InsurerAverage, RemunerationFile, RemunerationLine, StandardRemuneration
from members.remuneration.rules import average, grades, periods
from privacy.seen import population

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


# --- Screens ------------------------------------------------------------------------------------------------------------


def decisions(*, decision: str = "", month: date | None = None, user_id: int) -> QuerySet[StandardRemuneration]:
    """Decisions, the latest to take effect first; of protected people only for named clerks."""
    rows = StandardRemuneration.objects.filter(cancelled=False).exclude(
        member_id__in=register.hidden_from(user_id).values("pk")
    )
    if decision:
        rows = rows.filter(decision=decision)
    if month:
        rows = rows.filter(period__startswith__gte=month, period__startswith__lt=add_months(month, 1))
    return rows.order_by("-period__startswith", "-pk")


def story_of(member_id: int) -> list[StandardRemuneration]:
    """All decisions of one person, cancelled ones last."""
    return list(StandardRemuneration.objects.filter(member_id=member_id).order_by("cancelled", "-period__startswith"))


def row_of(pk: int) -> StandardRemuneration | None:
    return StandardRemuneration.objects.filter(pk=pk).first()


def files() -> QuerySet[RemunerationFile]:
    return RemunerationFile.objects.order_by("-pk")


def file_of(pk: int) -> RemunerationFile | None:
    return RemunerationFile.objects.filter(pk=pk).first()


def lines_of(file: RemunerationFile, outcome: str = "") -> QuerySet[RemunerationLine]:
    rows = RemunerationLine.objects.filter(file=file)
    return (rows.filter(outcome=outcome) if outcome else rows).order_by("line")


def outcome_counts(file: RemunerationFile) -> dict[str, int]:
    counts = dict(RemunerationLine.objects.filter(file=file).values_list("outcome").annotate(Count("pk")).order_by())
    population("取り込みの行", sum(counts.values()))
    return counts


def waiting_lines(file_id: int, outcome: str = Outcome.NEW) -> int:
    count = RemunerationLine.objects.filter(file_id=file_id, outcome=outcome).count()
    population("取り込みの行", count)
    return count
