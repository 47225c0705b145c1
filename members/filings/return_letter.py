"""返戻の送付状: which filings go back to an employer, why, and what it is asked to do.

The names are those of the filing as the employer handed it in, so that the letter tells it nothing it did not write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import format_wareki, format_wareki_short

TEMPLATE = "filings/return_letter"
Values = Mapping[str, str | int | date | None]
ITEMS = (
    ("receipt_number", "受付番号"),
    ("title", "届"),
    ("number", "記号-番号"),
    ("name", "氏名"),
    ("received", "収受日"),
    ("returned", "返戻した日"),
    ("reason", "返戻の理由"),
    ("sentence", "お願いすること"),
)
WIDTHS = (24, 26, 20, 24, 22, 22, 20, 50)


@dataclass(frozen=True)
class Employer:
    """Whom the letter is for."""

    name: str
    symbol: str
    address: str = ""


def text(value: Any) -> str:
    return "" if value is None else str(value)


def day(value: Any) -> str:
    """令和8年4月1日 in short, from a date or its ISO text."""
    return format_wareki_short(date.fromisoformat(value) if isinstance(value, str) else value) if value else ""


SHOWN: Mapping[str, Callable[[Any], str]] = {"received": day, "returned": day}


def letter_data(
    rows: Sequence[Values],
    *,
    items: Iterable[str],
    employer: Employer,
    since: date,
    until: date,
    issued: date,
    sender: Mapping[str, str],
) -> dict[str, Any]:
    """What the template reads. since, until: the days of return, both included."""
    chosen = set(items)
    columns = [(code, head, width) for (code, head), width in zip(ITEMS, WIDTHS, strict=True) if code in chosen]
    return {
        "employer": {"name": employer.name, "symbol": employer.symbol, "address": employer.address},
        "issued": format_wareki(issued),
        "span": format_wareki(since) if since == until else f"{format_wareki(since)}から{format_wareki(until)}まで",
        "sender": dict(sender),
        "heads": [head for _code, head, _width in columns],
        "widths": [width for _code, _head, width in columns],
        "lines": [[SHOWN.get(code, text)(row.get(code)) for code, _head, _width in columns] for row in rows],
    }


def letter_pdf(rows: Sequence[Values], *, frame: Frame, **given: Any) -> bytes:
    """The letter as PDF; the other arguments are those of `letter_data`."""
    return render(TEMPLATE, letter_data(rows, **given), frame=frame)
