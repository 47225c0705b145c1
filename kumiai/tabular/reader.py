"""Rows of a file read by a layout: column → value, and what is wrong with it. Pure; nothing that may stand in a file raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kumiai.tabular.columns import Column, Layout, Unreadable, Value, plain
from kumiai.tabular.reading import Problem, Row, problem_at

REMEMBERED = 100_000
NOWHERE = 1_000_000


class Parsed(NamedTuple):
    """What a row says: column → value; and what is wrong with it, each problem with the place of its cell."""

    values: dict[str, Value]
    problems: tuple[Problem, ...]
    fields: tuple[str, ...] = ()  # the column of each problem, "" for the whole row


@dataclass
class Reader:
    """Reads the rows of one file by a layout.

    places: column → place in the row. constants: column → text for every row. translations: column → {text: text}.
    """

    layout: Layout
    places: Mapping[str, int]
    constants: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Each column of the file with its place and what was read before; what the other columns hold in every row.
        self.plan: list[tuple[Column, str, int, dict[str, Any]]] = []
        self.fixed: list[tuple[str, Value | Problem]] = []
        for column in self.layout.columns:
            place = self.places.get(column.code)
            if place is None:
                fixed = self.value_of(column, "", NOWHERE)
                if fixed != "":
                    self.fixed.append((column.code, fixed))
            else:
                self.plan.append((column, column.code, place, {}))
        self._code_at = {place: code for code, place in self.places.items()}

    def read(self, row: Row) -> Parsed:
        """Nothing raises: a row with problems gives those of its values that can be read."""
        cells, width = row.cells, len(row.cells)
        problems = list(row.problems)
        fields: list[str] = []
        if problems:
            fields = [self._code_at.get(p.column, "") if p.column is not None else "" for p in problems]
            if any(problem.column is None for problem in problems):
                return Parsed({}, tuple(problems), tuple(fields))
        values: dict[str, Value] = {}
        for code, fixed in self.fixed:
            if isinstance(fixed, str):
                values[code] = fixed
            else:
                problems.append(fixed)
                fields.append(code)
        for column, code, place, known in self.plan:
            raw = cells[place] if place < width else ""
            found = known.get(raw)
            if found is None:
                found = self.value_of(column, raw, place)
                if len(known) < REMEMBERED:
                    known[raw] = found
            if isinstance(found, str):
                if found:
                    values[code] = found
            elif code not in fields:  # a cell of damaged characters was named before
                problems.append(found)
                fields.append(code)
        if not problems:
            for first, second in self.layout.either:
                if first not in values and second not in values:
                    problems.append(_empty(self.layout.column(first), None))
                    fields.append(first)
        return Parsed(values, tuple(problems), tuple(fields))

    def value_of(self, column: Column, raw: str, place: int) -> Value | Problem:
        """What a cell of a column says, or what is wrong with it."""
        shown = None if place == NOWHERE else place
        text = plain(raw)
        text = self.translations.get(column.code, {}).get(text, text)
        text = text or self.constants.get(column.code, "")
        if not text:
            return _empty(column, shown) if column.required and not column.default else column.default
        try:
            return column.kind.read(text)
        except Unreadable as unreadable:
            return problem_at(unreadable.problem, shown, raw.strip())


def _empty(column: Column, place: int | None) -> Problem:
    return Problem("empty", "入っていません。", f"{column.title}を入れてください。", place)


def choose_head(rows: Sequence[Row], layout: Layout) -> Row | None:
    """The row of the first ones that names most of the layout's columns; None when none names two."""
    best, most = None, 1
    for row in rows[:15]:
        count = len(layout.match(row.cells))
        if count > most:
            best, most = row, count
    return best
