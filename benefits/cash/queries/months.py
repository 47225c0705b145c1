"""Decisions by month and year: the list for the chairman, totals by item, the budget beside them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Count, F, IntegerField, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from benefits.cash import choices
from benefits.cash.models import Budget, Decision, MonthClose
from benefits.cash.rules.kinds import Kind
from members.lifecycle.rules.terms import add_months
from privacy.seen import population

SIGNED = Choose(When(outcome="recover", then=-F("amount")), default=F("amount"), output_field=IntegerField())
"""Yen of a decision with its sign: what is to come back counts against what was granted."""

EXTRAS = {
    Kind.SICKNESS: Kind.SICKNESS_ADDITION,
    Kind.MATERNITY: Kind.MATERNITY_ADDITION,
    Kind.CHILDBIRTH: Kind.CHILDBIRTH_ADDITION,
    Kind.FAMILY_CHILDBIRTH: Kind.CHILDBIRTH_ADDITION,
    Kind.FUNERAL: Kind.FUNERAL_ADDITION,
    Kind.FUNERAL_COST: Kind.FUNERAL_ADDITION,
    Kind.FAMILY_FUNERAL: Kind.FUNERAL_ADDITION,
}
"""Under which item the addition of a kind is booked."""


def decisions_in(month: date) -> QuerySet[Decision]:
    """The decisions of a month with their cases, in the order of their days."""
    first = month.replace(day=1)
    rows = Decision.objects.filter(decided_date__gte=first, decided_date__lt=add_months(first, 1))
    return rows.select_related("case", "calculation").order_by("decided_date", "pk")


@dataclass(frozen=True)
class MonthTotal:
    """What was decided in a month: counts, and yen granted and to come back."""

    month: date
    granted: int
    refused: int
    recovered: int
    amount: int
    back: int
    close: MonthClose | None

    @property
    def count(self) -> int:
        return self.granted + self.refused + self.recovered


def months(limit: int = 24) -> list[MonthTotal]:
    """The latest months in which something was decided. Two statements."""
    rows = list(
        Decision.objects.annotate(month=TruncMonth("decided_date"))
        .values("month")
        .annotate(
            granted=Count("pk", filter=Q(outcome="grant")),
            refused=Count("pk", filter=Q(outcome="refuse")),
            recovered=Count("pk", filter=Q(outcome="recover")),
            given=Sum("amount", filter=Q(outcome="grant")),
            back=Sum("amount", filter=Q(outcome="recover")),
        )
        .order_by("-month")[:limit]
    )
    population("支給決定の月", len(rows))
    closes = {row.month: row for row in MonthClose.objects.exclude(state="reopened")}
    return [
        MonthTotal(
            row["month"], row["granted"], row["refused"], row["recovered"], row["given"] or 0, row["back"] or 0,
            closes.get(row["month"]),
        )
        for row in rows
    ]  # fmt: skip


def totals_of(month: date) -> tuple[int, int, str]:
    """How many decisions a month has, the yen granted less those to come back, and the digest of the list."""
    rows = list(decisions_in(month).values_list("pk", "outcome", "amount"))
    population("支給決定", len(rows))
    text = "\n".join(f"{pk}:{outcome}:{amount}" for pk, outcome, amount in rows)
    total = sum(-amount if outcome == "recover" else amount for _pk, outcome, amount in rows)
    return len(rows), total, hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Item:
    """One item of the budget: its yen, what was decided so far in the year, what is left, and how many decisions."""

    kind: Kind
    budget: int
    decided: int
    count: int

    @property
    def left(self) -> int:
        return self.budget - self.decided

    @property
    def percent(self) -> int | None:
        return self.decided * 100 // self.budget if self.budget else None


def items_of(fiscal_year: int) -> list[Item]:
    """Every item with what was decided in a fiscal year; additions of the by-laws are items of their own. Two statements."""
    rows = list(
        Decision.objects.filter(fiscal_year=fiscal_year)
        .values("case__kind")
        .annotate(yen=Sum(SIGNED), extra=Sum("extra"), count=Count("pk", filter=Q(outcome="grant")))
        .order_by()
    )
    population("年度の支給決定", sum(row["count"] for row in rows))
    decided: dict[Kind, int] = {}
    counts: dict[Kind, int] = {}
    for row in rows:
        kind = Kind(row["case__kind"])
        decided[kind] = decided.get(kind, 0) + (row["yen"] or 0) - (row["extra"] or 0)
        counts[kind] = counts.get(kind, 0) + row["count"]
        if row["extra"]:
            decided[EXTRAS[kind]] = decided.get(EXTRAS[kind], 0) + row["extra"]
    budget = {Kind(row.kind): row.amount for row in Budget.objects.filter(fiscal_year=fiscal_year)}
    order = [kind for kind in Kind if kind in budget or kind in decided or kind in choices.APPLIED_FOR]
    return [Item(kind, budget.get(kind, 0), decided.get(kind, 0), counts.get(kind, 0)) for kind in order]


def years() -> list[int]:
    """Fiscal years in which something was decided or budgeted, the latest first."""
    decided = set(Decision.objects.values_list("fiscal_year", flat=True).distinct())
    population("年度", len(decided))
    return sorted(decided | set(Budget.objects.values_list("fiscal_year", flat=True)), reverse=True)


def by_month(fiscal_year: int) -> dict[Kind, list[int]]:
    """Yen of each kind by month, April first."""
    rows = list(
        Decision.objects.filter(fiscal_year=fiscal_year)
        .annotate(month=TruncMonth("decided_date"))
        .values("case__kind", "month")
        .annotate(yen=Sum(SIGNED))
        .order_by()
    )
    population("月ごとの支給決定", len(rows))
    found: dict[Kind, list[int]] = {}
    for row in rows:
        place = (row["month"].month - 4) % 12
        found.setdefault(Kind(row["case__kind"]), [0] * 12)[place] += row["yen"] or 0
    return found
