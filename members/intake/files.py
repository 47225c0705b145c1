"""誤りの一覧: which line, which field, what happened, how it is written; not one value of the line.

So it may go back to the employer by any way: it says of nobody what stands in a file they have themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kumiai.tabular.columns import Layout
from kumiai.tabular.writing import csv_bytes
from kumiai.ui.formats import format_wareki

HEAD = ("行", "項目", "何が起きたか", "どう直すか")


def error_list(lines: Iterable[Any], *, layout: Layout, title: str, by: str, at: datetime) -> bytes:
    """The CSV. lines: with `number` and `messages` as the import stages them."""
    rows: list[tuple[int, str, str, str]] = []
    for line in lines:
        for column, head, _value, _what, remedy, general in line.messages:
            known = column in layout.codes
            rows.append((line.number, head, general, f"{layout.column(column).kind.accepts}。" if known else remedy))
    foot = [f"{title}　{len(rows)}件", f"{by}　{format_wareki(at.date())} {at:%H:%M}", "氏名などの値は載せていません。"]
    return csv_bytes(HEAD, rows, foot=foot)
