"""What a 訂正届 or 取消届 would touch, for the clerk to see before it happens."""

from __future__ import annotations

from datetime import date
from typing import Any

from members.filings import register
from members.filings.models import Filing


def touched_lines(filing: Filing, first: date | None) -> list[Any]:
    """What the register holds about the person from a day on. Nothing where the day is unknown."""
    person = filing.dependant or filing.member
    day = first or filing.effective_date
    if person is None or day is None:
        return []
    return register.touched_by(person, day)
