"""What a map makes of the first rows of a sample: cell by cell, then row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from health_programs.checkups.files import documents
from health_programs.checkups.files.desk import Desk
from health_programs.checkups.files.documents import Observation
from health_programs.checkups.files.items import Item
from health_programs.checkups.files.person_columns import DATES, LAYOUT, PROGRAMS, SEXES
from health_programs.checkups.files.result_csv import RowReader
from health_programs.checkups.files.result_map import MARKS, Shape, words_text
from health_programs.checkups.files.units import conversion
from kumiai.tabular.columns import Column
from kumiai.tabular.encodings import NAMED
from kumiai.tabular.reader import Reader
from kumiai.tabular.reading import Problem, Row

SHOWN = 4
LABELS = {"sex": SEXES, "program_code": PROGRAMS}


@dataclass
class Cell:
    """A cell of the sample, what it becomes, or what is wrong with it."""

    written: str
    becomes: str = ""
    wrong: str = ""


@dataclass
class Preview:
    """cells: place → the first cells. rows: (number, whether it can be taken, what is wrong) of every row of the sample."""

    cells: dict[int, list[Cell]] = field(default_factory=dict)
    rows: list[tuple[int, bool, list[tuple[str, str]]]] = field(default_factory=list)

    @property
    def good(self) -> int:
        return sum(fine for _number, fine, _said in self.rows)


def observed(one: Observation, item: Item) -> str:
    """An observation in words."""
    if one.state == documents.NOT_MEASURED:
        return one.text or "未実施"
    if one.state == documents.REFUSED:
        return "拒否"
    if one.coded:
        return f"{one.coded}　{item.codes.get(one.coded, '')}"
    if one.text:
        return one.text
    word = {documents.BELOW: "測定範囲より下", documents.ABOVE: "測定範囲より上"}.get(one.state, "")
    number = "" if one.value is None else f"{one.value:f}{item.unit and ' '}{item.unit}"
    return "　".join(part for part in (number, word or {"L": "低い（L）", "H": "高い（H）"}.get(one.flag, "")) if part)


def preview(rows: list[Row], reader: RowReader, *, complete: bool) -> Preview:
    """complete: the map can give a result, so that whole rows are judged as well."""
    found = Preview()
    people = {place: reader.people.layout.column(code) for code, place in reader.shape.places.items()}
    items = {one.column.place: one for one in reader.cells}
    for row in rows[:SHOWN]:
        for place in range(reader.width):
            raw = row.cells[place] if place < len(row.cells) else ""
            cell = Cell(raw[:60])
            if place in people:
                _person(cell, reader.people, people[place], raw, place)
            elif place in items:
                desk = Desk("")
                one = items[place].read(raw, desk)
                cell.becomes = observed(one, items[place].item) if one is not None else ""
                cell.wrong = next((problem.what for problem in desk.problems if problem.fatal), "")
            found.cells.setdefault(place, []).append(cell)
    if complete:
        for row in rows:
            line = reader.read(row)
            said = [(one.place, one.what) for one in line.problems]
            found.rows.append((row.number, line.submission is not None, said))
    return found


def _person(cell: Cell, reader: Reader, column: Column, raw: str, place: int) -> None:
    value = reader.value_of(column, raw, place)
    if isinstance(value, Problem):
        cell.wrong = value.what
    else:
        cell.becomes = LABELS.get(column.code, {}).get(value, value)


def told(shape: Shape) -> dict[str, Any]:
    """A saved map in words, for its page."""
    people = sorted((place, shape.heads[place], LAYOUT.column(code).title) for code, place in shape.places.items())
    constants = [
        (LAYOUT.column(code).title, LABELS.get(code, {}).get(text, text)) for code, text in shape.constants.items()
    ]
    items = []
    for one in shape.items:
        other = conversion(one.item, one.unit)
        unit = f"{other.unit} → {one.item.unit}" if other else one.item.unit
        items.append((one.place, one.head, one.item, unit, words_text(one.words)))
    marks = [(label, "、".join(shape.marks.get(state, ()))) for state, label, _hint in MARKS]
    return {
        "people": people,
        "constants": constants,
        "items": sorted(items, key=lambda row: row[0]),
        "marks": marks,
        "codec": NAMED.get(shape.codec, ""),
        "dates": DATES[shape.dates][0],
        "unused": shape.width - len(people) - len(items),
    }
