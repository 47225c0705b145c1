"""オンライン資格確認等システムとのやりとり: results registered, results handed to the next insurer, and the answers, as CSV.

The interface specification goes to insurers only and is not public. So every format stands behind the one table COLUMNS:
code of the column, its head in the file, what may stand in it, and whether it must. When the specification is at hand, this
table is what changes. Each line carries a reference of ours (管理番号), by which an answer finds its result again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from health_programs.checkups.files import codes
from health_programs.checkups.files.documents import Problem, Submission
from health_programs.checkups.measures import ANSWERS, MEASURES
from kumiai.tabular import columns as kinds
from kumiai.tabular.columns import Column, Kind, Layout, Unreadable
from kumiai.tabular.reader import Reader, choose_head
from kumiai.tabular.reading import Row, read
from kumiai.tabular.writing import Encoding, csv_bytes, replacements


class Form(StrEnum):
    """結果登録, 保険者間の引き継ぎ, 受付結果, エラー."""

    RESULTS = "results"
    TRANSFER = "transfer"
    ANSWER = "answer"
    ERRORS = "errors"


def _code(length: str, words: str) -> Kind:
    """Exactly these digits or letters; full-width accepted."""

    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip()
        if not re.fullmatch(length, value):
            raise Unreadable("code", f"{words}ではありません。", f"{words}を入れてください。")
        return value

    return Kind("コード", words, read_cell)


def _insurer() -> Kind:
    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip().zfill(8)
        if not codes.is_insurer(value):
            remedy = "保険者番号8桁を確かめてください。"
            raise Unreadable("check_digit", "保険者番号の検証番号が合わないか、桁数が違います。", remedy)
        return value

    return Kind("保険者番号", "検証番号の合う8桁の数字", read_cell)


def _figure() -> Kind:
    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip()
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", value):
            raise Unreadable("number", "数値として読めません。", "数字と小数点だけを入れてください。")
        return value

    return Kind("数値", "数字と小数点", read_cell)


REFERENCE = Column(
    "reference", "管理番号", _code(r"[0-9A-Za-z\-]{1,20}", "20文字までの英数字"), required=True, example="R-0000001"
)
ACTIONS = {"register": "登録", "change": "変更", "cancel": "取消"}
_ACTION = (
    # 処理区分: empty stands for 登録. What changes or cancels names the line that was accepted before.
    Column(
        "action", "処理区分", kinds.choice({"1": "register", "2": "change", "3": "cancel"}, ACTIONS), example="登録"
    ),
    Column("former", "元の管理番号", REFERENCE.kind, example=""),
)
_PERSON = (
    Column("insurer_number", "保険者番号", _insurer(), required=True, example="06132013"),
    Column("symbol", "被保険者証等記号", kinds.text(20), example="12"),
    Column("number", "被保険者証等番号", kinds.text(20), required=True, example="3456"),
    Column("branch", "枝番", _code(r"[0-9]{2}", "2桁の数字"), example="00"),
    Column("kana", "氏名カナ", kinds.text(120), required=True, example="カクウ　ハナコ"),
    Column("birth_date", "生年月日", kinds.day(), required=True, example="1970-04-05"),
    Column("sex", "性別", _code(r"[12]", "1（男）か2（女）"), required=True, example="2"),
)
_VISIT = (
    Column("exam_date", "受診日", kinds.day(), required=True, example="2026-06-03"),
    Column("institution_code", "健診機関番号", _code(r"[0-9]{10}", "10桁の数字"), required=True, example="1310000011"),
    Column("program_code", "健診プログラム種別", _code(r"[0-9]{3}", "3桁の数字"), required=True, example="010"),
)
_VALUES = tuple(Column(one.key, one.label, _figure(), example="") for one in MEASURES)
_ANSWER_TITLES = {
    "urine_sugar": "尿糖", "urine_protein": "尿蛋白", "smoking": "喫煙", "medication_bp": "服薬（血圧）",
    "medication_glucose": "服薬（血糖）", "medication_lipid": "服薬（脂質）",
}  # fmt: skip
_CODED = tuple(Column(key, _ANSWER_TITLES[key], _code(r"[0-9]{1,2}", "コード")) for key in ANSWERS)
STATES = {"accepted": "登録済み", "rejected": "エラー"}
_STATE = kinds.choice({"1": "accepted", "2": "rejected"}, STATES)
_ERROR = (
    Column("error_code", "エラーコード", _code(r"[0-9A-Za-z\-]{1,10}", "10文字までの英数字"), example=""),
    Column("message", "エラー内容", kinds.text(300), example=""),
)

COLUMNS: Mapping[Form, Layout] = {
    Form.RESULTS: Layout("results", "健診結果の登録", (REFERENCE, *_ACTION, *_PERSON, *_VISIT, *_VALUES, *_CODED)),
    Form.TRANSFER: Layout(
        "transfer", "保険者間の引き継ぎ",
        (
            REFERENCE,
            Column("from_insurer", "引き継ぐ保険者番号", _insurer(), required=True, example="06132013"),
            Column("to_insurer", "引き継がれる保険者番号", _insurer(), required=True, example="06140248"),
            Column("requested_date", "求めを受けた日", kinds.day(), required=True, example="2026-07-01"),
            *_PERSON, *_VISIT, *_VALUES, *_CODED,
        ),
    ),
    Form.ANSWER: Layout(
        "answer", "受付結果",
        (
            REFERENCE,
            Column("state", "結果", _STATE, required=True, example="登録済み"),
            Column("answered_date", "処理日", kinds.day(), example="2026-07-02"),
            *_ERROR,
        ),
    ),
    Form.ERRORS: Layout(
        "errors", "エラー一覧",
        (
            REFERENCE,
            Column("line", "行番号", kinds.digits(7), example="2"),
            Column("field", "項目名", kinds.text(60), example="枝番"),
            Column("error_code", "エラーコード", _ERROR[0].kind, required=True, example="E0001"),
            _ERROR[1],
        ),
    ),
}  # fmt: skip
"""The one place that knows the formats. Ours until the specification is at hand: confirmed False."""
CONFIRMED = False


@dataclass(frozen=True)
class Link:
    """One line read or to be written: reference, and column → text (dates ISO)."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return self.values.get("reference", "")


@dataclass(frozen=True)
class Linked:
    """A file read: its good lines, and what is wrong with the others. notes: of the whole file."""

    rows: tuple[Link, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkFile:
    """A file written. lost: characters CP932 does not hold, written as their twin (one without a twin is refused)."""

    body: bytes
    lines: int
    lost: tuple[str, ...] = ()


def line_of(
    reference: str,
    one: Submission,
    *,
    from_insurer: str = "",
    to_insurer: str = "",
    requested_date: date | None = None,
) -> dict[str, str]:
    """The values of one result, for RESULTS and (with the two insurers and the day) TRANSFER."""
    person = one.identity
    values = {
        "reference": reference, "insurer_number": person.insurer_number, "symbol": person.symbol, "number": person.number,
        "branch": person.branch, "kana": person.kana, "birth_date": person.birth_date.isoformat(), "sex": person.sex,
        "exam_date": one.exam_date.isoformat(), "institution_code": one.institution_code, "program_code": one.program_code,
        "from_insurer": from_insurer, "to_insurer": to_insurer,
        "requested_date": requested_date.isoformat() if requested_date else "",
    }  # fmt: skip
    numbers, answers = one.numbers(), one.answers()
    values |= {measure.key: format(numbers[measure.key], "f") for measure in MEASURES if measure.key in numbers}
    values |= {key: str(answers[key]) for key in ANSWERS if key in answers}
    return {key: value for key, value in values.items() if value}


class Unwritable(ValueError):
    """A line would not be taken. problems: by line and field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"書き出せない行があります（{len(problems)}件）。")
        self.problems = problems


def write(form: Form, rows: Iterable[Mapping[str, str]], *, encoding: Encoding = "cp932") -> LinkFile:
    """The CSV of these rows. Every row is read back by the same table first; Unwritable where one would be refused."""
    layout = COLUMNS[form]
    lines = [[_cell(column, row) for column in layout.columns] for row in rows]
    heads = [column.title for column in layout.columns]
    body = csv_bytes(heads, lines, encoding=encoding)
    problems = read_file(form, body).problems
    if problems:
        raise Unwritable(problems)
    lost = tuple(one.code for one in replacements(lines)) if encoding == "cp932" else ()
    return LinkFile(body, len(lines), lost)


def _cell(column: Column, row: Mapping[str, str]) -> str:
    value = row.get(column.code, "")
    words = {"state": STATES, "action": ACTIONS}.get(column.code, {})
    return words.get(value, value)


def read_file(form: Form, data: bytes) -> Linked:
    """A file in CP932 or UTF-8. Lines with problems are left out and said by line and field. Nothing raises."""
    layout = COLUMNS[form]
    sheet = read(data)
    if sheet.problem is not None:
        return Linked(
            (), (Problem(sheet.problem.code, layout.title, sheet.problem.without_value, sheet.problem.remedy),)
        )
    head = choose_head(sheet.first_rows, layout)
    if head is None:
        what = "見出しの行が見つかりません。"
        return Linked(
            (), (Problem("no_head", layout.title, what, "様式の見出しがあるか確かめてください。"),), sheet.notes
        )
    places = layout.match(head.cells)
    absent = layout.missing(places)
    if absent:
        found = tuple(
            Problem(
                "no_column", column.title, "この列がありません。", "様式どおりの列があるか確かめてください。", head.line
            )
            for column in absent
        )
        return Linked((), found, sheet.notes)
    reader = Reader(layout, places)
    rows: list[Link] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    # Row numbers and lines start behind the head, whose own cell may hold line breaks.
    first = head.line - 1 + head.used
    for row in sheet.rows(first_line=first, number=head.number, width=len(head.cells)):
        if row.blank:
            continue
        _line(form, reader, row, rows, problems, seen)
    return Linked(tuple(rows), tuple(problems), sheet.notes)


def _line(
    form: Form, reader: Reader, row: Row, rows: list[Link], problems: list[Problem], seen: dict[str, int]
) -> None:
    parsed = reader.read(row)
    layout = reader.layout
    for problem, code in zip(parsed.problems, parsed.fields, strict=True):
        title = layout.column(code).title if code else layout.title
        problems.append(Problem(problem.code, title, problem.without_value, problem.remedy, row.line))
    if parsed.problems:
        return
    reference = parsed.values["reference"]
    if form == Form.ANSWER and parsed.values["state"] == "rejected" and "error_code" not in parsed.values:
        remedy = "エラーコードを入れるか、結果を確かめてください。"
        problems.append(Problem("empty", "エラーコード", "エラーなのにコードがありません。", remedy, row.line))
        return
    if form != Form.ERRORS:  # one result may have several errors
        if reference in seen:
            what = f"{seen[reference]}行目と同じ管理番号です。"
            problems.append(Problem("twice", REFERENCE.title, what, "どちらが正しいか確かめてください。", row.line))
            return
        seen[reference] = row.line
    rows.append(Link(row.line, parsed.values))
