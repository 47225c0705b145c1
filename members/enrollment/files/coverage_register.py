"""適用台帳: who an employer's people are on a day, as the employer may receive it.

Items: number, name, kana, birth date, sex, kind, first day and day of loss of the insured people the employer files for,
and beneath each the dependants it reported (則24条, 則38条). No address, no contact: the employer has its own, and a
register of qualifications needs none. Who is left out because they are protected is told to the clerk, not to the employer:
a number would already say that there is somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kumiai.documents import Frame, render
from kumiai.ui.formats import format_number, format_wareki
from members.enrollment.files.common import Addressee, Printed, Values, day, text

TEMPLATE = "enrollment/coverage_register"
INSURED, FAMILY = "本人", "家族"
ITEMS = (
    ("symbol", "記号"),
    ("number", "番号"),
    ("branch", "枝番"),
    ("name", "氏名"),
    ("kana", "氏名カナ"),
    ("birth_date", "生年月日"),
    ("sex", "性別"),
    ("role", "本人・家族"),
    ("kind", "種別・続柄"),
    ("start", "取得日・認定日"),
    ("end", "喪失日・削除日"),
)
PRINTED = (
    Printed(("symbol", "number", "branch"), "記号-番号-枝番", 34, text),
    Printed(("name",), "氏名", 52, text),
    Printed(("kana",), "氏名カナ", 56, text),
    Printed(("birth_date",), "生年月日", 21, day),
    Printed(("sex",), "性別", 10, text),
    Printed(("role",), "本人・家族", 17, text),
    Printed(("kind",), "種別・続柄", 24, text),
    Printed(("start",), "取得日・認定日", 25, day),
    Printed(("end",), "喪失日・削除日", 25, day),
)


def register_data(rows: Sequence[Values], *, items: Iterable[str], employer: Addressee, on: date) -> dict[str, Any]:
    """What the template reads. rows: values by the codes of ITEMS, dates as such or in ISO form. items: codes chosen."""
    chosen = frozenset(items)
    columns = [column for column in PRINTED if chosen.intersection(column.codes)]
    family = [row.get("role") == FAMILY for row in rows]
    return {
        "employer": employer.name,
        "symbol": employer.symbol,
        "on": format_wareki(on),
        "insured": format_number(family.count(False)),
        "dependants": format_number(family.count(True)),
        "roles": "role" in chosen,
        "heads": [column.head for column in columns],
        "widths": [column.width for column in columns],
        "name": next((place for place, column in enumerate(columns) if column.codes == ("name",)), -1),
        "lines": [
            {"family": inner, "cells": [column.cell(row, chosen) for column in columns]}
            for row, inner in zip(rows, family, strict=True)
        ],
    }


def register_pdf(rows: Sequence[Values], *, items: Iterable[str], employer: Addressee, on: date, frame: Frame) -> bytes:
    """適用台帳 as A4 landscape, its head repeated on every page, totals at the end."""
    return render(TEMPLATE, register_data(rows, items=items, employer=employer, on=on), frame=frame)
