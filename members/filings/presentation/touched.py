"""What a 訂正届 or 取消届 would touch, for the clerk to see before it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.ui.formats import format_wareki
from members.enrollment.enums import EligibilityKind, Relation
from members.filings import queries, register
from members.filings.models import Filing


@dataclass(frozen=True)
class Touched:
    """One thing in the register: what it is, what it says now, what the clerk has to do about it."""

    what: str
    detail: str
    action: str


def touched_lines(filing: Filing, *, user_id: int, first: date | None) -> list[Touched]:
    """What stands in the register about the person of a filing from a day on. Constant number of statements."""
    person = filing.dependant or filing.member
    if person is None or first is None:
        return []
    found = register.person(person.pk, user_id, first)
    if found is None or not found.visible:
        return []
    lines = [_eligibility(row) for row in found.eligibility if _touches(row.period, first)]
    lines += [
        Touched("被扶養者の期間", f"{Relation(row.relation).label}　{_span(row.period)}", "日付が合うか確かめます")
        for row in [*found.own_dependant_periods, *found.family]
        if _touches(row.period, first)
    ]
    original = filing.corrects_id or filing.pk
    later = [f for f in queries.processed_since(person.pk, first) if f.pk not in (original, filing.pk)]
    lines += [
        Touched(f"{f.title} {f.receipt_number}", _day(f.effective_date), "続けて直す要があるか確かめます")
        for f in later
    ]
    return lines


def _eligibility(row: Any) -> Touched:
    voluntary = row.kind == EligibilityKind.VOLUNTARY
    return Touched(
        "任意継続の資格" if voluntary else "資格の期間",
        _span(row.period) + (f"　{row.employer.name}" if row.employer else ""),
        "この届で日付が動きます",
    )


def _touches(period: Any, first: date) -> bool:
    return not period.isempty and (period.upper is None or period.upper >= first)


def _span(period: Any) -> str:
    end = f"{format_wareki(period.upper)}まで（その日を含まない）" if period.upper else ""
    return f"{format_wareki(period.lower)}から{end}"


def _day(day: date | None) -> str:
    return format_wareki(day) if day else ""
