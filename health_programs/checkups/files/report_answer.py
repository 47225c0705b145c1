"""支払基金の回答（受付・返戻）of 国への実績報告 as CSV: which archive, taken or returned, and every error by its document.

What the public knows of the answer is that it is a list of errors (受付エラー連絡票); its form goes to insurers only. So the
format stands behind the one table COLUMNS, as the formats of オンライン資格確認 do: when the specification is at hand, this table
is what changes. A document is named by its file in the archive or by its 連番; the whole archive is 0 or an empty cell.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from health_programs.checkups.files.documents import Problem
from kumiai.tabular import columns as kinds
from kumiai.tabular.columns import Column, Kind, Layout, Unreadable
from kumiai.tabular.reader import Reader, choose_head
from kumiai.tabular.reading import read

CONFIRMED = False
MOST = 1_000
ACCEPTED, RETURNED = "accepted", "returned"
STATES = {ACCEPTED: "受付", RETURNED: "返戻"}
DOCUMENT = re.compile(r"(?P<of>h[0-9A-Za-z]{8,10}[0-9]{8}[0-9]{2})(?P<position>[0-9]{6})(?:\.xml)?\Z")


def _code(pattern: str, words: str) -> Kind:
    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip()
        if not re.fullmatch(pattern, value):
            raise Unreadable("code", f"{words}ではありません。", f"{words}を入れてください。")
        return value

    return Kind("コード", words, read_cell)


def _document() -> Kind:
    words = "ファイルの名前（h…xml）か、連番"

    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip().rpartition("/")[2]
        if not (DOCUMENT.match(value) or re.fullmatch(r"[0-9]{1,6}", value)):
            raise Unreadable("document", "文書の名前でも連番でもありません。", f"{words}を入れてください。")
        return value

    return Kind("文書", words, read_cell)


COLUMNS = Layout(
    "report_answer",
    "実績報告の回答",
    (
        Column(
            "receipt_number", "受付番号", _code(r"[0-9A-Za-z\-]{1,30}", "30文字までの英数字とハイフン"), required=True,
            example="R-2026-000001",
        ),
        Column(
            "state", "結果", kinds.choice({"1": ACCEPTED, "2": RETURNED}, STATES), required=True,
            aliases=("受付結果",), example="返戻",
        ),
        Column("day", "処理日", kinds.day(), required=True, aliases=("受付日", "返戻日"), example="2026-10-20"),
        Column(
            "document", "文書", _document(), aliases=("ファイル名", "連番"), example="12",
            hint="ファイル全体の誤りは、空けるか0にします",
        ),
        Column("error_code", "エラーコード", _code(r"[0-9A-Za-z\-]{1,20}", "20文字までの英数字とハイフン"), example="E0301"),
        Column("message", "エラー内容", kinds.text(200), aliases=("内容",), example="項目コードの誤り"),
    ),
)  # fmt: skip
"""The one place that knows the format. Ours until the specification is at hand: CONFIRMED False."""


@dataclass(frozen=True)
class Error:
    """One error. position: 連番 of the document, 0 for the whole archive. of: its file's name without 連番, if it was named."""

    line: int
    position: int
    code: str
    message: str
    of: str = ""


@dataclass(frozen=True)
class Answer:
    """A file that can be used as a whole. errors: empty where the archive was accepted."""

    receipt_number: str
    accepted: bool
    day: date
    errors: tuple[Error, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A file read: its answer, or what is wrong with it. An answer is used whole or not at all."""

    answer: Answer | None
    problems: tuple[Problem, ...] = ()


def read_answer(data: bytes) -> Answered:
    """A file in CP932 or UTF-8. Nothing raises; no problem repeats what stands in the file."""
    sheet = read(data)
    if sheet.problem is not None:
        return _whole(sheet.problem.code, sheet.problem.without_value, sheet.problem.remedy)
    head = choose_head(sheet.first_rows, COLUMNS)
    if head is None:
        return _whole("no_head", "見出しの行が見つかりません。", "回答の見出しがあるか確かめてください。")
    places = COLUMNS.match(head.cells)
    absent = COLUMNS.missing(places)
    if absent:
        remedy = "回答の見出しどおりの列があるか確かめてください。"
        return Answered(
            None, tuple(Problem("no_column", one.title, "この列がありません。", remedy, head.line) for one in absent)
        )
    reader = Reader(COLUMNS, places)
    rows: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    for row in sheet.rows(first_line=head.line - 1 + head.used, number=head.number, width=len(head.cells)):
        if row.blank:
            continue
        parsed = reader.read(row)
        for problem, code in zip(parsed.problems, parsed.fields, strict=True):
            title = COLUMNS.column(code).title if code else COLUMNS.title
            problems.append(Problem(problem.code, title, problem.without_value, problem.remedy, row.line))
        if not parsed.problems:
            rows.append((row.line, dict(parsed.values)))
    problems += _disagreeing(rows)
    if not rows and not problems:
        return _whole("empty", "見出しの下に行がありません。", "回答のファイルか確かめてください。")
    if len(rows) > MOST:
        return _whole("many", f"{MOST:,}行を超えています。", "分けて記録できないときは、管理者に相談してください。")
    return Answered(None, tuple(problems)) if problems else Answered(_answer(rows))


def _whole(code: str, what: str, remedy: str) -> Answered:
    return Answered(None, (Problem(code, COLUMNS.title, what, remedy),))


def _disagreeing(rows: list[tuple[int, dict[str, str]]]) -> list[Problem]:
    """What no single line can tell: every line is of one receipt, and an error stands in a return and nowhere else."""
    found: list[Problem] = []
    for line, values in rows:
        for code in ("receipt_number", "state", "day"):
            if values[code] != rows[0][1][code]:
                title = COLUMNS.column(code).title
                what = f"{rows[0][0]}行目と違います。"
                found.append(Problem("mixed", title, what, "一つの報告への回答だけを取り込んでください。", line))
        told = values.get("error_code", "")
        if values["state"] == RETURNED and not told:
            what, remedy = "返戻なのにエラーコードがありません。", "エラーコードを入れるか、結果を確かめてください。"
            found.append(Problem("empty", COLUMNS.column("error_code").title, what, remedy, line))
        if values["state"] == ACCEPTED and (told or len(rows) > 1):
            what, remedy = "受付なのに、誤りの行があります。", "受付か返戻か、支払基金に確かめてください。"
            found.append(Problem("mixed", COLUMNS.column("state").title, what, remedy, line))
    return found


def _answer(rows: list[tuple[int, dict[str, str]]]) -> Answer:
    first = rows[0][1]
    accepted = first["state"] == ACCEPTED
    errors = () if accepted else tuple(_error(line, values) for line, values in rows)
    return Answer(first["receipt_number"], accepted, date.fromisoformat(first["day"]), errors)


def _error(line: int, values: dict[str, str]) -> Error:
    named = DOCUMENT.match(values.get("document", ""))
    position = int(named["position"] if named else values.get("document") or 0)
    return Error(line, position, values["error_code"], values.get("message", ""), named["of"] if named else "")
