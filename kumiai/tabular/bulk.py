"""Many rows at once: the columns of a stretch of a file as lists, each different cell of a column read once. Pure.

A row that is not as rows nearly always are (wrong number of cells, a cell over two lines, a character that shows damage, a
value that cannot be read) is read by itself by `Sheet.rows` and `Reader.read`: what is said of it is the same either way.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress

from kumiai.tabular.columns import Column
from kumiai.tabular.reader import REMEMBERED, Parsed, Reader
from kumiai.tabular.reading import Problem, Row, Sheet


@dataclass
class Block:
    """A stretch of rows. number, line: of the row and the line of the text before the first. lines: how many it takes.

    cells: by column, when every row is plain and none is empty; else None, and `rows` holds them one by one.
    """

    number: int
    line: int
    lines: int
    cells: list[Sequence[str]] | None = None
    rows: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return self.lines if self.cells is not None else len(self.rows)

    def row(self, place: int) -> Row:
        if self.cells is None:
            return self.rows[place]
        return Row(self.number + place + 1, self.line + place + 1, tuple(column[place] for column in self.cells))


def blocks(sheet: Sheet, *, first_line: int, number: int, width: int, size: int) -> Iterator[Block]:
    """Every row from a line on, in stretches of about so many. number: how many rows came before."""
    line, most = first_line, len(sheet.lines)
    able = not sheet.suspicious and 0 < width <= sheet.limits.cells
    while line < most:
        texts = sheet.lines[line : line + size]
        cells = None
        if able and sheet.bad_lines.keys().isdisjoint(range(line, line + len(texts))):
            cells = _plain_cells(texts, sheet.delimiter, width)
        if cells is not None:
            block = Block(number, line, len(texts), cells)
            number += len(texts)
        else:
            rows, at = [], line
            for row in sheet.rows(first_line=line, number=number, width=width):
                rows.append(row)
                at += row.used
                if at - line >= size:
                    break
            block = Block(number, line, at - line, rows=rows)
            number += len(rows)
        yield block
        line += block.lines


def _plain_cells(texts: list[str], delimiter: str, width: int) -> list[Sequence[str]] | None:
    """The columns of lines that are a whole row each, none of them empty; None where one is not."""
    whole = f"{delimiter}\n{delimiter}".join(texts)
    if '"' in whole:
        try:
            rows = list(csv.reader(texts, delimiter=delimiter, strict=True))
        except csv.Error:
            return None
        if len(rows) != len(texts) or any(len(row) != width for row in rows):
            return None
        cells = list(chain.from_iterable(rows))
        columns: list[Sequence[str]] = [cells[place::width] for place in range(width)]
    else:
        # No line holds a line break: every row is whole when one stands after each `width` cells.
        cells = whole.split(delimiter)
        if len(cells) != len(texts) * (width + 1) - 1 or cells[width :: width + 1].count("\n") != len(texts) - 1:
            return None
        columns = [cells[place :: width + 1] for place in range(width)]
    if not all(map(str.strip, columns[0])):  # a row may be empty
        return None if any(not any(map(str.strip, row)) for row in zip(*columns, strict=True)) else columns
    return columns


@dataclass(frozen=True)
class Table:
    """What the rows of a block say. columns: by `codes`, "" for nothing; of no meaning in rows that are odd.

    odd: place → a row with problems, None for an empty one. fixed: what every row has besides.
    """

    codes: tuple[str, ...]
    columns: list[Sequence[str]]
    fixed: dict[str, str]
    odd: dict[int, Parsed | None]
    size: int

    def good_columns(self) -> list[Sequence[str]]:
        """The columns without the odd rows."""
        if not self.odd:
            return self.columns
        good = [place not in self.odd for place in range(self.size)]
        return [list(compress(column, good)) for column in self.columns]

    def parsed(self) -> Iterator[tuple[int, Parsed]]:
        """Place and contents of every row that is not empty, in order, as `Reader.read` gives them."""
        fixed, codes, odd = self.fixed, self.codes, self.odd
        every = zip(*self.columns, strict=True) if self.columns else iter([()] * self.size)
        for place, row in enumerate(every):
            if place in odd:
                one = odd[place]
                if one is not None:
                    yield place, one
                continue
            values = dict(fixed)
            values.update(pair for pair in zip(codes, row, strict=True) if pair[1])
            yield place, Parsed(values, ())


class BulkReader:
    """Reads blocks by the plan of a `Reader`; remembers what every different cell of a column says."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._known: list[dict[str, str]] = [{} for _one in reader.plan]
        self._unreadable: list[set[str]] = [set() for _one in reader.plan]
        self._same = [self._same_of(column) for column, *_rest in reader.plan]
        self._broken = [problem for _code, problem in reader.fixed if isinstance(problem, Problem)]

    def _same_of(self, column: Column) -> Callable[[str], object] | None:
        translated = self.reader.translations.get(column.code)
        return re.compile(column.kind.same).fullmatch if column.kind.same and not translated else None

    def read(self, block: Block) -> Table:
        """Nothing raises."""
        reader, size = self.reader, len(block)
        codes = tuple(code for _column, code, _place, _seen in reader.plan)
        fixed = {code: value for code, value in reader.fixed if isinstance(value, str)}
        columns: list[Sequence[str]] = []
        odd: dict[int, Parsed | None] = {}
        if block.cells is None or self._broken or any(place >= len(block.cells) for _c, _d, place, _s in reader.plan):
            for at in range(size):
                row = block.row(at)
                odd[at] = None if row.blank else reader.read(row)
            return Table(codes, [[""] * size for _code in codes], fixed, odd, size)
        strange: set[int] = set()
        for index, (column, _code, place, _seen) in enumerate(reader.plan):
            values, wrong = self._column(index, column, place, block.cells[place])
            columns.append(values)
            strange |= wrong
        strange |= self._neither(codes, columns, fixed)
        odd.update((at, reader.read(block.row(at))) for at in strange)
        return Table(codes, columns, fixed, odd, size)

    def _column(self, index: int, column: Column, place: int, cells: Sequence[str]) -> tuple[Sequence[str], set[int]]:
        """The values of a column, and the rows whose cell has a problem (their value is empty)."""
        known, unreadable, same = self._known[index], self._unreadable[index], self._same[index]
        if len(known) > REMEMBERED:
            known.clear()
            unreadable.clear()
        different = set(cells)
        new = different.difference(known)
        if same is not None and 2 * len(new) > len(cells) and all(map(same, different)):
            return cells, set()  # numbers and the like: nothing worth remembering
        for cell in new:
            value = cell if same is not None and same(cell) else self.reader.value_of(column, cell, place)
            known[cell] = value if isinstance(value, str) else ""
            if not isinstance(value, str):
                unreadable.add(cell)
        values = [known[cells[0]]] * len(cells) if len(different) == 1 else list(map(known.__getitem__, cells))
        if unreadable.isdisjoint(different):
            return values, set()
        return values, {at for at, cell in enumerate(cells) if cell in unreadable}

    def _neither(self, codes: tuple[str, ...], columns: list[Sequence[str]], fixed: dict[str, str]) -> set[int]:
        """Rows where neither of two columns is filled of which one must be."""
        found: set[int] = set()
        for pair in self.reader.layout.either:
            if any(code in fixed for code in pair):
                continue
            there = [columns[codes.index(code)] for code in pair if code in codes]
            if not there or "" in there[0]:
                texts = zip(*there, strict=True) if there else ()
                found.update(at for at, row in enumerate(texts) if not any(row))
        return found


# --- COPY -------------------------------------------------------------------------------------------------------------

_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_RARE = re.compile(r"[\\\r]")
NULL = "\\N"


def copy_text(columns: Sequence[Sequence[str | None]]) -> str:
    """Rows in the text format of PostgreSQL's COPY, of their columns. None is NULL."""
    try:
        found = "\n".join(map("\t".join, zip(*columns, strict=True)))  # type: ignore[arg-type]
    except TypeError:
        pass  # a NULL among them
    else:
        rows = len(columns[0])
        if found.count("\t") == rows * (len(columns) - 1) and found.count("\n") == rows - 1 and not _RARE.search(found):
            return found + "\n"
    escaped = [[NULL if cell is None else cell.translate(_ESCAPED) for cell in column] for column in columns]
    return "".join(map("%s\n".__mod__, map("\t".join, zip(*escaped, strict=True))))
