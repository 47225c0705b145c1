"""CSV of results by an institution's map: one row in, one submission or the reasons why not. Nothing is taken half.

The same checks as of the XML: what an item may hold, check digits, dates. Problems name line and field, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from health_programs.checkups.files import codes, documents
from health_programs.checkups.files.checkup_xml import FIRST_BIRTH
from health_programs.checkups.files.desk import Desk
from health_programs.checkups.files.documents import Identity, Observation, Problem, Submission
from health_programs.checkups.files.items import QUANTITY
from health_programs.checkups.files.observations import UNMEASURABLE, beyond
from health_programs.checkups.files.person_columns import EXAM_DATE, card_parts, layout
from health_programs.checkups.files.result_map import (
    ABOVE,
    BELOW,
    HIGH,
    LOW,
    NOT_MEASURED,
    REFUSED,
    ItemColumn,
    Shape,
    answers,
    misfits,
    strangers,
    word_key,
)
from health_programs.checkups.files.units import Conversion, conversion
from kumiai.tabular.columns import plain
from kumiai.tabular.reader import Reader
from kumiai.tabular.reading import Problem as Unread
from kumiai.tabular.reading import Row, Sheet, read

FIX = "健診機関に確かめ、直したファイルを受け取ってください。"
MAP = "書き方が変わったのなら、列の対応を直して読み直してください。"
LONGEST = 1000
REMEMBERED = 20_000
_NUMBER = re.compile(r"[+\-]?[0-9]{1,9}(\.[0-9]{1,6})?|\.[0-9]{1,6}")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


class Line(NamedTuple):
    """What one row of the table gave. number: of the spreadsheet. submission: None where something fatal stands."""

    number: int
    submission: Submission | None
    problems: tuple[Problem, ...]
    observations: tuple[Observation, ...] = ()


@dataclass
class Opened:
    """A file as the map reads it. problem: why nothing can be read: [what, remedy]. notes: of the whole file."""

    sheet: Sheet
    problem: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    first_line: int = 0
    first_number: int = 0

    def rows(self, *, line: int, number: int, width: int) -> Iterator[Row]:
        """Rows that hold something, from a line on. number: how many rows came before."""
        return (row for row in self.sheet.rows(first_line=line, number=number, width=width) if not row.blank)


def open_sheet(data: bytes, shape: Shape, name: str) -> Opened:
    """The file in the encoding of the map, its head compared with the map's."""
    sheet = read(data, codec=shape.codec, delimiter=shape.delimiter)
    if sheet.problem is not None:
        return Opened(sheet, problem=[sheet.problem.without_value, sheet.problem.remedy])
    notes = [Problem("sheet", name, one, "そのまま読みました。", fatal=False) for one in sheet.notes]
    opened = Opened(sheet, notes=notes)
    if not shape.head_row:
        return _without_head(opened, shape)
    where = f"文字コードは{sheet.encoding}、区切りは{sheet.delimiter_label}として読みました。"
    head = next((row for row in sheet.rows() if row.number == shape.head_row), None)
    if head is None or any(one.column is None for one in head.problems):
        opened.problem = [f"見出しの行（{shape.head_row}行目）を読めません。", f"{where}{_ADAPT}"]
        return opened
    said = misfits(shape, head.cells)
    if said:
        more = f"ほか{len(said) - 6}列。" if len(said) > 6 else ""
        opened.problem = [f"見出しが、列の対応と合いません。{''.join(said[:6])}{more}", f"{where}{_ADAPT}"]
        return opened
    new = strangers(shape, head.cells)
    if new:
        names = "、".join(f"「{one}」" for one in new[:10])
        what = f"列の対応にない列が{len(new)}列あります（{names}）。読んでいません。"
        notes.append(Problem("strange_columns", name, what, "要る項目なら、列の対応に加えて読み直してください。", fatal=False))  # fmt: skip
    opened.first_line, opened.first_number = head.line - 1 + head.used, head.number
    return opened


_ADAPT = "新しい見出しに合わせて列の対応を保存し、読み直してください。健診機関にも確かめてください。"


def _without_head(opened: Opened, shape: Shape) -> Opened:
    first = opened.sheet.first_rows[0]
    if len(first.cells) != shape.width:
        opened.problem = [
            f"列の数が、列の対応と合いません（対応は{shape.width}列、ファイルは{len(first.cells)}列）。", _ADAPT,
        ]  # fmt: skip
    return opened


class RowReader:
    """Reads the rows of one file by one map; equal cells of a column are looked at once."""

    def __init__(
        self, shape: Shape, *, institution: tuple[str, str], insurers: Collection[str], received: date, width: int = 0
    ) -> None:
        self.shape, self.institution, self.received = shape, institution, received
        self.insurers = {one.zfill(8) for one in insurers}
        self.width = width or shape.width
        self.people = Reader(layout(shape.dates), shape.places, shape.constants, shape.words)
        self.cells = [ItemReader(one, shape) for one in shape.items]

    def read(self, row: Row) -> Line:
        """Nothing raises: a row with problems says which."""
        desk = Desk(f"{row.number}行目")
        parsed = self.people.read(row)
        named = set()
        for problem, code in zip(parsed.problems, parsed.fields, strict=True):
            title = self.people.layout.column(code).title if code else self._item_at(problem)
            desk.wrong(problem.code, title, problem.without_value, remedy=FIX)
            named.add(problem.column)
            if problem.column is None and not code:
                return Line(row.number, None, tuple(desk.problems))
        observations = []
        for cell in self.cells:
            place = cell.column.place
            if place in named:
                continue
            one = cell.read(row.cells[place] if place < len(row.cells) else "", desk)
            if one is not None:
                observations.append(one)
        if not observations and not desk.stopped:
            desk.wrong("no_items", "検査結果", "検査項目が一つも入っていません。", remedy=FIX)
        submission = None if desk.stopped else self._submission(desk, parsed.values, tuple(observations))
        problems = tuple(desk.problems)
        return Line(row.number, None if desk.stopped else submission, problems, tuple(observations))

    def _item_at(self, problem: Unread) -> str:
        if problem.column is None:
            return ""
        found = next((one for one in self.shape.items if one.place == problem.column), None)
        return found.item.name if found else f"{problem.column + 1}列目"

    def _submission(
        self, desk: Desk, values: dict[str, str], observations: tuple[Observation, ...]
    ) -> Submission | None:
        born, examined = date.fromisoformat(values["birth_date"]), date.fromisoformat(values[EXAM_DATE])
        insurer = values["insurer_number"]
        symbol, number, branch = card_parts(values)
        if not codes.is_insurer(insurer):
            desk.wrong("check_digit", "保険者番号", "検証番号が合わないか、桁数が違います。", remedy=FIX)
        elif insurer not in self.insurers:
            remedy = "当組合あてか確かめ、違えば送付元に返してください。"
            desk.note("other_insurer", "保険者番号", "ほかの保険者の番号です。", remedy=remedy)
        if born < FIRST_BIRTH:
            desk.wrong("date", "生年月日", "1900年より前の日です。", remedy=FIX)
        if examined < born:
            desk.wrong("date_order", "受診日", "生年月日より前の日です。", remedy=FIX)
        if examined > self.received:
            desk.wrong("future", "受診日", "ファイルの収受日より後の日です。", remedy=FIX)
        if desk.stopped:
            return None
        fasting = next((int(one.coded) for one in observations if one.key == "fasting_hours" and one.coded), None)
        kana = values["kana"].replace(" ", "　")
        return Submission(
            name=desk.name,
            document_id=values.get("document_id", ""),
            identity=Identity(insurer, symbol, number, branch, kana, born, values["sex"]),
            exam_date=examined,
            institution_code=self.institution[0],
            institution_name=self.institution[1],
            observations=observations,
            report_code="10" if values["program_code"] == "010" else "40",
            program_code=values["program_code"],
            voucher_number=values.get("voucher_number", ""),
            fasting=fasting,
        )


class ItemReader:
    """Reads the cells of one column as observations."""

    def __init__(self, column: ItemColumn, shape: Shape) -> None:
        self.column, self.item = column, column.item
        self.conversion: Conversion | None = conversion(self.item, column.unit)
        self.absent = {
            word_key(word): state for state in (NOT_MEASURED, REFUSED) for word in shape.marks.get(state, ())
        }
        self.answers = answers(self.item, column.words) if self.item.coded else {}
        marks = [(word_key(word), state) for state in (BELOW, ABOVE, LOW, HIGH) for word in shape.marks.get(state, ())]
        self.marks = sorted((one for one in marks if one[0]), key=lambda one: -len(one[0]))
        own = (self.conversion.unit,) if self.conversion else (self.item.unit, self.item.ucum)
        self.units = sorted({word_key(one) for one in own if one}, key=len, reverse=True)
        self._seen: dict[str, tuple[Observation | None, tuple[Problem, ...]]] = {}

    def read(self, cell: str, desk: Desk) -> Observation | None:
        """The observation of a cell; None where it is empty or wrong."""
        found = self._seen.get(cell)
        if found is None:
            alone = Desk(desk.name)
            one = self._read(plain(cell), alone)
            found = one, tuple(alone.problems)
            if len(self._seen) < REMEMBERED:
                self._seen[cell] = found
        for problem in found[1]:
            tell = desk.wrong if problem.fatal else desk.note
            tell(problem.code, self.item.name, problem.what, remedy=problem.remedy)
        return found[0]

    def _read(self, text: str, desk: Desk) -> Observation | None:
        item = self.item
        if not text:
            return None
        key = word_key(text)
        if key in self.absent:
            state = documents.REFUSED if self.absent[key] == REFUSED else documents.NOT_MEASURED
            return Observation(item.code, item.key, state=state, text=UNMEASURABLE if "不" in text else "")
        if item.kind == QUANTITY:
            return self._quantity(key, desk)
        if item.coded:
            coded = self.answers.get(key)
            if coded is None:
                desk.wrong("word", item.name, "列の対応にない言葉です。", remedy=MAP)
                return None
            return Observation(item.code, item.key, coded=coded)
        if len(text) > LONGEST:
            desk.wrong("long", item.name, f"長すぎます（{LONGEST}文字まで）。", remedy=FIX)
            return None
        if re.match(r"[=+@＝＋＠].", text):
            desk.wrong("formula", item.name, "計算式として動く値です。", remedy=FIX)
            return None
        if item.longest and len(text) > item.longest:
            desk.note("long_text", item.name, f"{item.longest}文字を超えています。")
        return Observation(item.code, item.key, text=" ".join(text.split()))

    def _quantity(self, text: str, desk: Desk) -> Observation | None:
        item = self.item
        text, says = self._without_mark(self._bare(text))
        flag = {BELOW: "L", LOW: "L", ABOVE: "H", HIGH: "H"}.get(says, "")
        number = Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) or _GROUPED.fullmatch(text) else None
        if number is None and (text or not says):
            desk.wrong("number", item.name, "数値として読めません。", remedy=MAP)
            return None
        if number is not None and self.conversion is not None:
            number = self.conversion.into(number, item)
        if number is None or says in (BELOW, ABOVE):
            state = documents.BELOW if flag == "L" else documents.ABOVE
            number = number if number is not None else item.least if flag == "L" else item.most
        else:
            state = beyond(item, number, flag, item.name, None, desk)
        if desk.stopped:
            return None
        return Observation(item.code, item.key, number, unit=item.ucum, state=state, flag=flag)

    def _bare(self, text: str) -> str:
        """The number without its unit."""
        for unit in self.units:
            if text.endswith(unit):
                return text.removesuffix(unit)
        return text

    def _without_mark(self, text: str) -> tuple[str, str]:
        """The number without the mark before or behind it, and what the mark says."""
        for mark, says in self.marks:
            if text.startswith(mark):
                return self._bare(text.removeprefix(mark)), says
            if text.endswith(mark):
                return self._bare(text.removesuffix(mark)), says
        return text, ""
