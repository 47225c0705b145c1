"""What an employer may be told of its own workers: results of a year item by item, and how far each has applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count

from health_programs.checkups.enums import BookingState, ResultState
from health_programs.checkups.models import Booking, CheckupResult, Target
from privacy.outputs.door import among
from privacy.seen import population, shown


def _matched(year: int) -> Any:
    return CheckupResult.objects.filter(fiscal_year=year, state=ResultState.MATCHED, statutory=True, insured=True)


def examined_people(year: int, employer_id: int) -> list[int]:
    """Workers whose result of the year says that they were the employer's on the day, in the order of numbers."""
    rows = _matched(year).filter(employer_id=employer_id).order_by("member__symbol_order", "member__number_order")
    ids = list(rows.values_list("member_id", flat=True))
    population("事業主への提供の対象", len(ids))
    return ids


def exam_days(year: int, ids: Sequence[int]) -> dict[int, date]:
    """Member id → the day of the examination of the year."""
    found = dict(_matched(year).filter(member_id__in=among(ids)).values_list("member_id", "exam_date"))
    shown(found)
    return found


def results(year: int, ids: Sequence[int]) -> dict[int, CheckupResult]:
    """Member id → the result of the year."""
    return {row.member_id: row for row in _matched(year).filter(member_id__in=among(ids)) if row.member_id}


def due_people(year: int, employer_id: int) -> list[int]:
    """Workers of the employer who are due for a checkup in the year, in the order of numbers."""
    rows = Target.objects.filter(fiscal_year=year, gone=False, insured=True, employer_id=employer_id)
    found = rows.order_by("member__symbol_order", "member__number_order").values_list("member_id", flat=True)
    ids = list(dict.fromkeys(found))
    population("申込状況の対象", len(ids))
    return ids


def standing(year: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Member id → kind, state in words, day and place of what they applied for; nothing of a result."""
    rows = (
        Booking.objects.select_related("kind", "institution")
        .filter(fiscal_year=year, member_id__in=among(ids))
        .exclude(state=BookingState.CANCELLED)
        .order_by("pk")
    )
    found: dict[int, dict[str, Any]] = {
        pk: {"kind": "", "state": "申込なし", "date": None, "institution": ""} for pk in ids
    }
    for row in rows:
        found[row.member_id] = {
            "kind": row.kind.name,
            "state": "申込済み",
            "date": row.date,
            "institution": row.institution.name,
        }
    return found


def counts_by_employer(year: int) -> dict[int, tuple[int, int]]:
    """Employer id → (results, people due) of the year. Two statements."""
    results = dict(_matched(year).values_list("employer_id").annotate(Count("pk")).order_by())
    rows = Target.objects.filter(fiscal_year=year, gone=False, insured=True)
    due = dict(rows.values_list("employer_id").annotate(Count("member_id", distinct=True)).order_by())
    population("事業主ごとの人数", sum(results.values()) + sum(due.values()))
    return {pk: (results.get(pk, 0), due.get(pk, 0)) for pk in {*results, *due} if pk is not None}
