"""Standard remuneration of every insured demonstration member: set on acquisition, again each September, some revised between.

A function of (seed, today), written in bulk in the scope of its own work, so it runs as a serving login role.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model

from members.enrollment.queries import coverage, members_in
from members.remuneration.activities import REMUNERATION_SETTINGS, STANDARD_REMUNERATION
from members.remuneration.enums import Decision
from members.remuneration.models import InsurerAverage, StandardRemuneration
from members.remuneration.queries import grade_table
from members.remuneration.rules.grades import Grade, grades_on
from privacy.scope import Way, scope
from privacy.seen import population

WAY = Way(name="デモの仕事", view="remuneration.demo")
YEARS = 4
BATCH = 5_000
AVERAGE = Decimal("356140.00")


def load(seed: int, today: date) -> dict[str, int]:
    """Periods of the last years for all insured, and the association's average of each 30 September. Once."""
    clerk = get_user_model().objects.get(staff_number="1001")
    chance, made = random.Random(seed), 0
    first = date(today.year - YEARS, 9, 1)
    table = tuple(grades_on(grade_table(), today))
    with scope(STANDARD_REMUNERATION, clerk, operation="change", way=WAY):
        if StandardRemuneration.objects.first() is not None:
            return {"標準報酬月額": 0}
        ids = list(members_in("all", today).filter(insured__isnull=True).order_by("pk").values_list("pk", flat=True))
        population("被保険者", len(ids))
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            spans = coverage.covered_days(some, first, today)
            rows = [row for pk in some if pk in spans for row in _rows(chance, pk, spans[pk][0], first, today, table)]
            StandardRemuneration.objects.bulk_create(rows, batch_size=BATCH)
            made += len(rows)
    with scope(REMUNERATION_SETTINGS, get_user_model().objects.get(staff_number="1004"), operation="change", way=WAY):
        _averages(today)
    return {"標準報酬月額": made}


def _averages(today: date) -> None:
    """The association's own average of each 30 September."""
    for year in range(today.year - YEARS, today.year + 1):
        if date(year, 9, 30) <= today and not InsurerAverage.objects.filter(on=date(year, 9, 30)).exists():
            InsurerAverage.objects.create(on=date(year, 9, 30), average=AVERAGE, basis="決算資料（デモ用）")


def _rows(chance: random.Random, pk: int, spans: Any, first: date, today: date, table: tuple[Grade, ...]) -> list[Any]:
    grade, rows = chance.randrange(14, 34), []
    for number, (since, until) in enumerate(sorted(spans)):
        edges = [max(since, first)]
        for year in range(first.year, today.year + 1):
            edges += [day for day in (date(year, 9, 1),) if edges[0] < day <= today]
            if chance.random() < 0.15:
                edges.append(date(year, chance.choice((2, 4, 6, 11)), 1))
        days = sorted({day for day in edges if since <= day and (until is None or day < until) and day <= today})
        for place, day in enumerate(days):
            end = days[place + 1] if place + 1 < len(days) else until
            if place or number:
                grade = min(max(grade + chance.choice((-1, 0, 0, 0, 1, 1, 2)), 1), len(table))
            row = table[grade - 1]
            kind = Decision.PERIODIC if day.month == 9 else Decision.REVISION
            if day == since:
                kind = Decision.ACQUISITION
            rows.append(
                StandardRemuneration(
                    member_id=pk, period=(day, end), grade=row.grade, standard=row.standard,
                    remuneration=min(row.lower + 1_500, (row.upper or row.lower + 5_000) - 1), decision=kind,
                )
            )  # fmt: skip
    return rows
