"""A whole CSV by a layout: its good lines, and what is wrong with the others by line and field. Pure; nothing raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kumiai.tabular.columns import Layout
from kumiai.tabular.reader import Reader, choose_head
from kumiai.tabular.reading import read
from kumiai.tabular.writing import Encoding, csv_bytes


@dataclass(frozen=True)
class Fault:
    """What is wrong: line 0 is the whole file. field: the head of the column. what and remedy repeat no value."""

    line: int
    field: str
    what: str
    remedy: str

    @property
    def place(self) -> str:
        return f"{self.line}行目　{self.field}" if self.line else self.field


@dataclass(frozen=True)
class Line:
    """One good line: column code → text (days in ISO form)."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Lines:
    """A file as read. notes: of the whole file, as what its characters were."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)


def read_lines(layout: Layout, data: bytes) -> Lines:
    """A file in CP932 or UTF-8. Lines with faults are left out and told."""
    sheet = read(data)
    if sheet.problem is not None:
        return Lines((), (Fault(0, layout.title, sheet.problem.without_value, sheet.problem.remedy),))
    head = choose_head(sheet.first_rows, layout)
    if head is None:
        fault = Fault(0, layout.title, "見出しの行が見つかりません。", "様式の見出しがあるか確かめてください。")
        return Lines((), (fault,), sheet.notes)
    places = layout.match(head.cells)
    absent = layout.missing(places)
    if absent:
        remedy = "様式どおりの列があるか確かめてください。"
        faults = tuple(Fault(head.line, column.title, "この列がありません。", remedy) for column in absent)
        return Lines((), faults, sheet.notes)
    reader, good, wrong = Reader(layout, places), [], []
    # Row numbers and lines start behind the head, whose own cell may hold line breaks.
    for row in sheet.rows(first_line=head.line - 1 + head.used, number=head.number, width=len(head.cells)):
        if row.blank:
            continue
        parsed = reader.read(row)
        if not parsed.problems:
            good.append(Line(row.line, dict(parsed.values)))
        for problem, code in zip(parsed.problems, parsed.fields, strict=True):
            title = layout.column(code).title if code else "行"
            wrong.append(Fault(row.line, title, problem.without_value, problem.remedy))
    return Lines(tuple(good), tuple(wrong), sheet.notes)


def names_column(layout: Layout, data: bytes, code: str) -> bool:
    """Whether the head of a file names this column."""
    sheet = read(data)
    head = None if sheet.problem is not None else choose_head(sheet.first_rows, layout)
    return head is not None and code in layout.match(head.cells)


class Unwritable(ValueError):
    """A line would not be taken by its own layout. faults: by line (the head is line 1) and field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"書き出せない行があります（{len(faults)}件）。")
        self.faults = tuple(faults)


def write_lines(layout: Layout, rows: Iterable[Mapping[str, str]], *, encoding: Encoding = "cp932") -> bytes:
    """The CSV of these rows, read back by the same layout first. Raises Unwritable where a row would be refused."""
    cells = [[row.get(column.code, "") for column in layout.columns] for row in rows]
    body = csv_bytes([column.title for column in layout.columns], cells, encoding=encoding)
    faults = read_lines(layout, body).faults
    if faults:
        raise Unwritable(faults)
    return body
