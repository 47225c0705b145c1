"""利用履歴: for a person who asks, when and for what the register was used about them (個情法33条).

Those who work here stand as their section, not by name; refused attempts stand too, for they show that the wall held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import format_number, format_wareki
from members.enrollment.files.common import Values, text

TEMPLATE = "enrollment/usage_record"
ITEMS = (
    ("at", "いつ"),
    ("section", "どの課が"),
    ("activity", "何のために"),
    ("operation", "操作"),
)


def usage_data(rows: Sequence[Values], *, name: str, number: str, issued: date) -> dict[str, Any]:
    """What the template reads. rows: values by the codes of ITEMS, newest first."""
    purposes = Counter(text(row.get("activity")) for row in rows)
    return {
        "name": name,
        "number": number,
        "issued": format_wareki(issued),
        "heads": [title for _code, title in ITEMS],
        "purposes": [[purpose, f"{format_number(count)}件"] for purpose, count in purposes.most_common()],
        "lines": [[text(row.get(code)) for code, _title in ITEMS] for row in rows],
    }


def usage_pdf(rows: Sequence[Values], *, name: str, number: str, issued: date, frame: Frame) -> bytes:
    """利用履歴 as A4 portrait: how often for what, then every use."""
    return render(TEMPLATE, usage_data(rows, name=name, number=number, issued=issued), frame=frame)
