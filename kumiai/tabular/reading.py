"""CSV as offices send it: bytes in, rows and problems out. Pure; no bytes whatever raise an exception.

Understood: UTF-8 with and without BOM, CP932, UTF-16 and UTF-32, EUC-JP; comma, tab, semicolon, bar; CRLF, LF, CR, mixed;
quoted cells with line breaks; NUL and Ctrl-Z after the last line. A bad line never takes its neighbours with it: text is
decoded line by line where the whole cannot be, and a quotation mark that is never closed ends with its own line.

Rows are numbered as a spreadsheet numbers them (a cell with line breaks is one row; empty rows count), so that what is
said of row 14 is found in row 14. `Row.line` is the line of a text editor.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from kumiai.tabular.encodings import Decoded, decode, decode_as, foreign_format

DELIMITERS = {",": "コンマ", "\t": "タブ", ";": "セミコロン", "|": "縦線"}


@dataclass(frozen=True)
class Limits:
    """What a file may hold. Bytes of the file, characters of a line, lines, cells of a row, lines of one cell."""

    file_bytes: int = 64 * 1024 * 1024
    line_characters: int = 20_000
    lines: int = 500_000
    cells: int = 300
    lines_of_cell: int = 20


LIMITS = Limits()


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken. code: of the sentence, without anybody's data. column: place of the cell, None: the row.

    what, remedy: sentences for the clerk who sees the row; what may repeat the value. general: what without the value.
    """

    code: str
    what: str
    remedy: str
    column: int | None = None
    value: str = ""
    general: str = ""

    @property
    def without_value(self) -> str:
        return self.general or self.what


class Row(NamedTuple):
    """One row of the table. number: of the spreadsheet, from 1. line: of a text editor, from 1. used: its lines."""

    number: int
    line: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    used: int = 1

    @property
    def blank(self) -> bool:
        return not self.problems and not any(cell.strip() for cell in self.cells)


@dataclass
class Sheet:
    """A file as read. `problem`: why nothing at all can be read of it. `notes`: what the clerk should know of it."""

    encoding: str = ""
    delimiter: str = ","
    size: int = 0
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    lines: list[str] = field(default_factory=list)
    bad_lines: dict[int, Problem] = field(default_factory=dict)
    suspicious: bool = False
    ends_with_break: bool = True
    limits: Limits = LIMITS
    # How many quotation marks were found unclosed: after a thousand no more following lines are looked at for the end.
    unclosed: int = 0

    @property
    def delimiter_label(self) -> str:
        return DELIMITERS[self.delimiter]

    def rows(self, *, first_line: int = 0, number: int = 0, width: int | None = None) -> Iterator[Row]:
        """Every row from a line on (0 is the first), empty ones included. `number`: how many rows came before.

        width: how many cells a row has to have; None leaves it open (the rows above the head).
        """
        place, delimiter, lines = first_line, self.delimiter, self.lines
        plain = not self.suspicious and width is not None and width <= self.limits.cells
        while place < len(lines):
            text = lines[place]
            number += 1
            used = 1
            problems: tuple[Problem, ...] = ()
            if place in self.bad_lines:
                yield Row(number, place + 1, (text[:200],), (self.bad_lines[place],))
                place += 1
                continue
            if '"' in text:
                cells, used, problems = self._quoted(place, width)
            else:
                cells = text.split(delimiter)
                if plain and len(cells) == width:  # the row as it nearly always is
                    yield Row(number, place + 1, tuple(cells))
                    place += 1
                    continue
            if not problems:
                problems = self._problems(cells, place, used, width)
            if width is not None and len(cells) > width:
                del cells[width:]
            yield Row(number, place + 1, tuple(cells), problems, used)
            place += used

    # --- One row ------------------------------------------------------------------------------------------------------
    def _quoted(self, place: int, width: int | None) -> tuple[list[str], int, tuple[Problem, ...]]:
        """The cells of a row with quotation marks, and how many lines it takes."""
        text, used = self.lines[place], 1
        most = self.limits.lines_of_cell if self.unclosed < 1000 else 1
        while True:
            try:
                cells = next(csv.reader([text], delimiter=self.delimiter, strict=True))
            except csv.Error as error:
                following = place + used
                if "unexpected end" not in str(error):
                    if used == 1:
                        return [text[:200]], 1, (_MALFORMED,)
                    break
                if used >= most or following >= len(self.lines) or following in self.bad_lines:
                    break
                text = f"{text}\n{self.lines[following]}"
                used += 1
                if len(text) > self.limits.line_characters:
                    break
                continue
            except StopIteration:
                return [""], 1, ()
            if used > 1 and width is not None and len(cells) != width and self._stands_alone(place, used, width):
                break
            return cells, used, ()
        self.unclosed += 1
        return [self.lines[place][:200]], 1, (_UNCLOSED,)

    def _stands_alone(self, place: int, used: int, width: int) -> bool:
        """Whether one of the lines that a quotation mark swallowed is a whole row by itself."""
        for line in self.lines[place + 1 : place + used]:
            try:
                if len(next(csv.reader([line], delimiter=self.delimiter, strict=True))) == width:
                    return True
            except (csv.Error, StopIteration):
                continue
        return False

    def _problems(self, cells: list[str], place: int, used: int, width: int | None) -> tuple[Problem, ...]:
        found: list[Problem] = []
        if len(cells) > self.limits.cells:
            return (_too_many(len(cells), self.limits.cells),)
        if width is not None and len(cells) != width and any(cell.strip() for cell in cells):
            last = place + used >= len(self.lines) and not self.ends_with_break
            if len(cells) < width:
                found.append(_cut(len(cells), width) if last else _too_few(len(cells), width))
            elif any(cell.strip() for cell in cells[width:]):
                found.append(_too_many(len(cells), width))
        if self.suspicious:
            for column, cell in enumerate(cells):
                problem = suspicious_cell(cell)
                if problem is not None:
                    found.append(problem_at(problem, column, cell))
        return tuple(found)

    @cached_property
    def first_rows(self) -> list[Row]:
        """The first thirty rows that hold something, for choosing the head and for the map."""
        found = []
        for row in self.rows():
            if not row.blank:
                found.append(row)
            if len(found) == 30 or row.number > 200:
                break
        return found


_MALFORMED = Problem(
    "quote",
    '引用符（"）のあとに、区切りでない文字があります。',
    "値の中の引用符は二つ続けて書くか、引用符を消してください。",
)
_UNCLOSED = Problem(
    "quote_open",
    '引用符（"）が閉じていません。',
    "この行の引用符を閉じるか、消してください。",
)


def problem_at(problem: Problem, column: int | None, value: str) -> Problem:
    return Problem(problem.code, problem.what, problem.remedy, column, value[:200], problem.general)


def _too_few(found: int, width: int) -> Problem:
    return Problem(
        "columns_few",
        f"列が足りません。見出しは{width}列ですが、この行は{found}列です。",
        "空の項目も区切りを入れて、見出しと同じ数の列にしてください。",
    )


def _too_many(found: int, width: int) -> Problem:
    return Problem(
        "columns_many",
        f"列が多すぎます。見出しは{width}列ですが、この行は{found}列です。",
        '値の中に区切りの文字があるときは、値を引用符（"）で囲んでください。',
    )


def _cut(found: int, width: int) -> Problem:
    return Problem(
        "cut",
        f"ファイルが途中で切れています。最後の行は{width}列のうち{found}列までしかありません。",
        "元のファイルを作り直して、全体を出し直してください。",
    )


# --- Characters that show damage ----------------------------------------------------------------------------------------

# Control characters (a tab may be the delimiter, a line break stands in a quoted cell), the replacement character, the
# private areas where 外字 live, and the geta mark 〓 that other programs leave where one was.
_SUSPICIOUS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ue000-\uf8ff〓\U000f0000-\U0010ffff]")

_NUL = Problem("nul", "値の中に NUL（文字コード0）があります。", "ファイルを作り直して、出し直してください。")
_CONTROL = Problem("control", "目に見えない制御文字があります。", "この値を打ち直して、出し直してください。")
_DAMAGED = Problem("damaged", "文字化けした文字（�）があります。", "元の文字を確かめて、UTF-8 で保存し直してください。")
_GAIJI = Problem(
    "gaiji",
    "外字があります。この文字は、作った機械のほかでは読めません。",
    "JISの文字に置き換えるか、UTF-8 で保存し直してください。",
)
_GETA = Problem("geta", "「〓」があります。外字が失われた跡です。", "元の文字を確かめて、正しい文字を入れてください。")


def suspicious_cell(cell: str) -> Problem | None:
    """What is wrong with the characters of a cell; None for nothing."""
    found = _SUSPICIOUS.search(cell)
    if found is None:
        return None
    character = found[0]
    if character == "\x00":
        return _NUL
    if character == "\ufffd":
        return _DAMAGED
    if character == "〓":
        return _GETA
    return _CONTROL if unicodedata.category(character) == "Cc" else _GAIJI


# --- The whole file ---------------------------------------------------------------------------------------------------


def read(data: bytes, *, limits: Limits = LIMITS, codec: str = "", delimiter: str = "") -> Sheet:
    """What stands in a file. Anything that offers slices and a length will do; nothing is decoded of a file too large.

    codec, delimiter: where the sender is known to write so; found out where they are empty.
    """
    size = len(data)
    if size > limits.file_bytes:
        return Sheet(size=size, limits=limits, problem=_too_large(size, limits))
    foreign = foreign_format(data[:4096])
    if foreign:
        return Sheet(size=size, limits=limits, problem=_foreign(foreign))
    decoded = decode_as(bytes(data), codec) if codec else decode(bytes(data))
    text = decoded.text
    ends = text.endswith(("\n", "\r")) if text is not None else bytes(data)[-1:] in (b"\n", b"\r")
    lines, bad = _lines(decoded, limits)
    if not any(line.strip() for line in lines[:1000]) and not any(map(str.strip, lines)):
        return Sheet(size=size, limits=limits, problem=_EMPTY)
    if len(lines) > limits.lines:
        return Sheet(size=size, limits=limits, problem=_too_many_lines(len(lines), limits))
    suspicious = bool(_SUSPICIOUS.search(text)) if text is not None else True
    notes = list(decoded.notes)
    if not ends:
        notes.append("最後の行に改行がありません。途中で切れていないか、最後の行を確かめてください。")
    return Sheet(
        encoding=decoded.label,
        delimiter=delimiter or _delimiter(lines),
        size=size,
        notes=tuple(notes),
        lines=lines,
        bad_lines=bad,
        suspicious=suspicious,
        ends_with_break=ends,
        limits=limits,
    )


def _lines(decoded: Decoded, limits: Limits) -> tuple[list[str], dict[int, Problem]]:
    """The lines without their breaks, and those that cannot be taken."""
    bad: dict[int, Problem] = {}
    if decoded.text is not None:
        lines = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    else:
        lines = []
        for place, raw in enumerate(decoded.raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")):
            try:
                lines.append(raw.decode(decoded.codec))
            except UnicodeError as error:
                lines.append(raw[: limits.line_characters].decode(decoded.codec, "replace"))
                bad[place] = _undecodable(raw, error, decoded)
    if lines and lines[-1] == "":
        lines.pop()
    if max(map(len, lines), default=0) > limits.line_characters:
        for place, line in enumerate(lines):
            if len(line) > limits.line_characters:
                lines[place] = line[:200]
                bad[place] = _long_line(len(line), limits)
    return lines, bad


def _undecodable(raw: bytes, error: UnicodeError, decoded: Decoded) -> Problem:
    start = getattr(error, "start", 0)
    before = len(raw[:start].decode(decoded.codec, "ignore"))
    seen = " ".join(f"{byte:02X}" for byte in raw[start : start + 2])
    return Problem(
        "encoding",
        f"{before + 1}文字目（{seen}）が{decoded.label}の文字として読めません。",
        "ファイル全体を UTF-8 で保存し直してください。この行だけ別の文字コードで書かれているか、途中で切れています。",
        general=f"{decoded.label}として読めない文字があります。",
    )


def _long_line(length: int, limits: Limits) -> Problem:
    return Problem(
        "line_long",
        f"行が長すぎます（{length:,}文字）。1行は{limits.line_characters:,}文字までです。",
        "改行が失われていないか確かめて、ファイルを作り直してください。",
    )


def _too_large(size: int, limits: Limits) -> Problem:
    return Problem(
        "file_large",
        f"ファイルが大きすぎます（{size:,}バイト）。{limits.file_bytes // 1024 // 1024}MBまで読めます。",
        "ファイルを分けて、別々に取り込んでください。",
    )


def _too_many_lines(count: int, limits: Limits) -> Problem:
    return Problem(
        "lines_many",
        f"行が多すぎます（{count:,}行）。{limits.lines:,}行まで読めます。",
        "空の行を消すか、ファイルを分けて、別々に取り込んでください。",
    )


def _foreign(name: str) -> Problem:
    return Problem(
        "not_text",
        f"これは{name}です。CSVではありません。",
        "表計算の「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで、保存し直してください。",
    )


_EMPTY = Problem("empty", "ファイルに何も書かれていません。", "正しいファイルを選んだか確かめてください。")


def _delimiter(lines: list[str]) -> str:
    """The character that divides the first lines most often outside quotation marks; a comma where there is none."""
    best, most = ",", 0
    head = [line for line in lines[:50] if line.strip()][:5]
    for delimiter in DELIMITERS:
        counts = [re.sub(r'"[^"]*"?', "", line).count(delimiter) for line in head]
        score = max(counts, default=0) * 10 + sum(count > 0 for count in counts)
        if score > most and max(counts, default=0):
            best, most = delimiter, score
    return best
