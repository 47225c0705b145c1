"""What a change touches, in words, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.ui.formats import format_wareki


@dataclass(frozen=True)
class PreviewLine:
    """One thing that changes: of whom, what, now and afterwards. `ends`: nothing of it is left."""

    who: str
    what: str
    before: str
    after: str
    ends: bool = False


def days(period: tuple[date, date | None] | None) -> str:
    """平成28年10月1日から令和7年10月1日（喪失・終わりの日）; "" for none."""
    if period is None:
        return ""
    start, end = period
    return f"{format_wareki(start)} から {format_wareki(end)}" if end else f"{format_wareki(start)} から"


def lines_of(preview: Any) -> list[PreviewLine]:
    """The table: periods that move, begin or are taken back, then numbers."""
    found = [
        PreviewLine(
            f"{line.branch}　{line.name}", line.what, days(line.before), days(line.after), ends=line.after is None
        )
        for line in preview.lines
    ]
    found += [PreviewLine("", "記号-番号-枝番", old, new) for old, new in preview.numbers]
    return found


def documents_of(preview: Any) -> list[tuple[str, str, str]]:
    """(document, day it holds from, day received) of the documents from that day on."""
    return [
        (
            f"{report.get_kind_display()} {report.receipt_number}",
            format_wareki(report.effective_date),
            format_wareki(report.received_date),
        )
        for report in preview.reports
    ]
