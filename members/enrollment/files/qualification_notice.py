"""資格取得・喪失確認通知書: what the association confirmed, to the employer (法39条1項・49条1項, 則46条1項).

A letter an employer, and in it every acquisition and every loss confirmed in the period, with number and days. The
employer tells its people (法49条2項), so how to appeal stands in it too (法189条1項・192条). 任意継続 has no place here: its
acquisition and loss need no confirmation (法39条1項ただし書).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import format_number, format_wareki
from members.enrollment.files.common import Addressee, Printed, Values, day, text

TEMPLATE = "enrollment/qualification_notice"
ACQUIRED, LOST = "資格取得", "資格喪失"
ITEMS = (
    ("what", "区分"),
    ("number", "記号-番号-枝番"),
    ("name", "氏名"),
    ("kana", "氏名カナ"),
    ("birth_date", "生年月日"),
    ("sex", "性別"),
    ("day", "取得日・喪失日"),
    ("reason", "理由"),
    ("confirmed", "確認日"),
)
PRINTED = (
    Printed(("what",), "区分", 26, text),
    Printed(("number",), "記号-番号-枝番", 25, text),
    Printed(("name",), "氏名", 28, text),
    Printed(("kana",), "氏名カナ", 31, text),
    Printed(("birth_date",), "生年月日", 18, day),
    Printed(("sex",), "性別", 9, text),
    Printed(("day",), "取得・喪失日", 20, day),
    Printed(("reason",), "理由", 23, text),
    Printed(("confirmed",), "確認日", 18, day),
)


@dataclass(frozen=True)
class Letter:
    """One employer's notice: values by the codes of ITEMS, dates as such or in ISO form."""

    employer: Addressee
    rows: Sequence[Values]


@dataclass(frozen=True)
class Sender:
    """The association as a letter names it."""

    name: str
    postal_code: str
    address: str
    representative: str
    contact: str


def notice_data(
    letters: Sequence[Letter], *, items: Iterable[str], since: date, until: date, issued: date, sender: Sender
) -> dict[str, Any]:
    """What the template reads. since, until: the days of confirmation the notice covers, both included."""
    chosen = frozenset(items)
    columns = [column for column in PRINTED if chosen.intersection(column.codes)]
    return {
        "issued": format_wareki(issued),
        "span": f"{format_wareki(since)}から{format_wareki(until)}まで" if since != until else format_wareki(since),
        "sender": vars(sender),
        "heads": [column.head for column in columns],
        "widths": [column.width for column in columns],
        "letters": [
            {
                "employer": letter.employer.name,
                "symbol": letter.employer.symbol,
                "postal": letter.employer.postal,
                "address": letter.employer.address,
                "counts": _counts(letter.rows) if "what" in chosen else f"合計　{format_number(len(letter.rows))}件",
                "lines": [[column.cell(row, chosen) for column in columns] for row in letter.rows],
            }
            for letter in letters
        ],
    }


def _counts(rows: Sequence[Values]) -> str:
    """資格取得　3件　　資格喪失　2件, corrections and cancellations among the third."""
    kinds = [text(row.get("what")) for row in rows]
    acquired, lost = kinds.count(ACQUIRED), kinds.count(LOST)
    parts = [f"資格取得　{format_number(acquired)}件", f"資格喪失　{format_number(lost)}件"]
    rest = len(kinds) - acquired - lost
    return "　　".join([*parts, f"訂正・取消　{format_number(rest)}件"] if rest else parts)


def notice_pdf(
    letters: Sequence[Letter],
    *,
    items: Iterable[str],
    since: date,
    until: date,
    issued: date,
    sender: Sender,
    frame: Frame,
) -> bytes:
    """The letters, each on pages of its own that count from 1."""
    found = notice_data(letters, items=items, since=since, until=until, issued=issued, sender=sender)
    return render(TEMPLATE, found, frame=frame)
