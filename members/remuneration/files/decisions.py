"""標準報酬の決定の CSV: number, the day it holds from, remuneration, kind; every bad line told by field. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kumiai.tabular import columns as kinds
from kumiai.tabular.columns import Column, Kind, Layout, Unreadable
from kumiai.tabular.reader import Reader, choose_head
from kumiai.tabular.reading import read
from kumiai.ui.formats import UnreadableDate, parse_date
from members.remuneration.enums import Decision

MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?\Z")
ERA_MONTH = re.compile(r"(?:令和|[Rr])(\d{1,2})[-/.年](\d{1,2})月?\Z")


def _first_day() -> Kind:
    """A day, or a month whose first day is meant."""

    def read_cell(cell: str) -> str:
        text = unicodedata.normalize("NFKC", cell).strip()
        month = MONTH.match(text)
        era = ERA_MONTH.match(text)
        try:
            if month:
                return date(int(month[1]), int(month[2]), 1).isoformat()
            if era:
                return date(2018 + int(era[1]), int(era[2]), 1).isoformat()
            return parse_date(text).date.isoformat()
        except (UnreadableDate, ValueError):
            raise Unreadable(
                "month", f"「{cell[:20]}」は年月として読めません。", "R8.9、2026-09、2026-09-01 のように入れてください。",
                general="年月として読めません。",
            ) from None  # fmt: skip

    return Kind("年月", "年月（その月の1日）か年月日", read_cell)


_WORDS = {
    **{choice.label: choice.value for choice in Decision},
    "取得": Decision.ACQUISITION.value,
    "算定": Decision.PERIODIC.value,
    "定時": Decision.PERIODIC.value,
    "月変": Decision.REVISION.value,
    "随時": Decision.REVISION.value,
}
LAYOUT = Layout(
    "decisions",
    "標準報酬の決定",
    (
        Column("symbol", "記号", kinds.text(8), required=True, example="12"),
        Column("number", "番号", kinds.text(8), required=True, example="3456"),
        Column("first", "改定年月", _first_day(), required=True, aliases=("適用年月", "改定日"), example="2026-09"),
        Column("remuneration", "報酬月額", kinds.number(8), required=True, aliases=("平均額",), example="321500"),
        Column("grade", "等級", kinds.digits(2), example="23", hint="空けてもかまいません。書くと報酬月額と照合します"),
        Column(
            "decision", "決定の種類", kinds.choice(_WORDS, {c.value: str(c.label) for c in Decision}), required=True,
            aliases=("理由",), example="定時決定",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line as read: its line in the file, its values by column, and what is wrong with it."""

    line: int
    values: dict[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """A file as read. problem: why nothing of it can be read."""

    lines: tuple[Line, ...]
    problem: str = ""


def read_decisions(data: bytes) -> Decisions:
    """A file in UTF-8 or CP932. Nothing raises: what cannot be read is told by line and field."""
    sheet = read(data)
    if sheet.problem is not None:
        return Decisions((), f"{sheet.problem.without_value}{sheet.problem.remedy}")
    head = choose_head(sheet.first_rows, LAYOUT)
    if head is None:
        return Decisions((), "見出しの行が見つかりません。ひな型の見出しを付けてください。")
    places = LAYOUT.match(head.cells)
    absent = LAYOUT.missing(places)
    if absent:
        return Decisions((), f"「{'」「'.join(column.title for column in absent)}」の列がありません。")
    reader, found = Reader(LAYOUT, places), []
    for row in sheet.rows(first_line=head.line - 1 + head.used, number=head.number, width=len(head.cells)):
        if row.blank:
            continue
        parsed = reader.read(row)
        problems = tuple(
            f"{LAYOUT.column(code).title if code else '行'}：{problem.without_value}{problem.remedy}"
            for problem, code in zip(parsed.problems, parsed.fields, strict=True)
        )
        found.append(Line(row.line, dict(parsed.values), problems))
    return Decisions(tuple(found))
