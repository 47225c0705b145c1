"""What the columns of a file mean: declared once; the check, the template and the help page all read it here. Pure.

A `Layout` is a kind of file: its columns in the order of the template. A `Column` has the names its head may carry, whether
it must be filled, and a `Kind` that turns what stands in the cell into a value, or says what is wrong and what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kumiai.tabular.reading import Problem
from kumiai.tabular.writing import csv_bytes, restored
from kumiai.ui.formats import FIRST_DAY, LAST_DAY, UnreadableDate, parse_date
from kumiai.ui.kana import NotKana, kana_input

Value = str


class Unreadable(Exception):
    """A cell cannot be taken. code and general name the case without the value, what may repeat it."""

    def __init__(self, code: str, what: str, remedy: str, general: str = "") -> None:
        super().__init__(what)
        self.problem = Problem(code, what, remedy, general=general or what)


@dataclass(frozen=True)
class Kind:
    """How a cell is read. word: what it is, for the help. accepts: what may be typed. read: text → value, or Unreadable.

    A value is text: a date in ISO form, a code, digits, or the text itself. Reading the same text twice gives the same.
    same: a pattern of cells that are their own value, for reading many at once.
    """

    word: str
    accepts: str
    read: Callable[[str], Value]
    same: str = ""


@dataclass(frozen=True)
class Column:
    """One column. code: its name in the program. title: its head in the template. aliases: other heads it is known by.

    required: must be filled in every row. default: the value of an empty cell. hint: for the help. example: invented.
    """

    code: str
    title: str
    kind: Kind
    required: bool = False
    aliases: tuple[str, ...] = ()
    default: Value = ""
    hint: str = ""
    example: str = ""

    @property
    def heads(self) -> tuple[str, ...]:
        return (self.title, *self.aliases)


@dataclass(frozen=True)
class Layout:
    """A kind of file. either: pairs of columns of which one must be there and filled (氏 or 氏名)."""

    code: str
    title: str
    columns: tuple[Column, ...]
    either: tuple[tuple[str, str], ...] = ()

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(column.code for column in self.columns)

    def match(self, head: Sequence[str]) -> dict[str, int]:
        """Column → its place, by the names of the head. The first of two equal heads counts."""
        places: dict[str, int] = {}
        for place, text in enumerate(head):
            places.setdefault(head_key(text), place)
        found: dict[str, int] = {}
        for column in self.columns:
            for name in column.heads:
                if head_key(name) in places and places[head_key(name)] not in found.values():
                    found[column.code] = places[head_key(name)]
                    break
        return found

    def missing(self, known: Collection[str]) -> list[Column]:
        """Columns that must be there and are neither in the file nor a constant."""
        found = [c for c in self.columns if c.required and c.code not in known]
        found += [self.column(a) for a, b in self.either if a not in known and b not in known]
        return found

    def template(self) -> bytes:
        """The file to fill in: the head and one invented line. UTF-8 with BOM, CRLF."""
        shown = [c for c in self.columns if not any(c.code == second for _first, second in self.either)]
        return csv_bytes([c.title for c in shown], [[c.example for c in shown]])


def head_key(text: str) -> str:
    """A head as it is compared: NFKC, without spaces, brackets and marks of what must be filled."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s　※*＊:：_\-・.()（）\[\]【】\"']|必須|任意", "", plain).casefold()


# --- Kinds ------------------------------------------------------------------------------------------------------------

_WRAPPED = re.compile(r'="([^"]*)"\Z')
_FORMULA = re.compile(r"[=+\-@＝＋－＠].")


def plain(cell: str) -> str:
    """The cell without spaces around, without ="…" of a spreadsheet, without the apostrophe that made it harmless."""
    text = cell.strip(" \t\n\u3000")
    wrapped = _WRAPPED.match(text)
    return wrapped[1].strip() if wrapped else restored(text)


def _check_formula(text: str) -> None:
    if _FORMULA.match(text):
        raise Unreadable(
            "formula",
            f"「{text[:20]}」は計算式として動く値です。",
            "先頭の = + - @ を除いた値を入れてください。",
            general="計算式として動く値があります。",
        )


def text(most: int, word: str = "文字") -> Kind:
    """Text as typed, at most so many characters; no formula."""

    def read(cell: str) -> Value:
        _check_formula(cell)
        if len(cell) > most:
            raise Unreadable(
                "long",
                f"{len(cell)}文字あります。{most}文字までです。",
                f"{most}文字までに縮めてください。",
            )
        return " ".join(cell.split("\n")).strip()

    return Kind(
        word,
        f"{most}文字まで。書いたとおりに登録します",
        read,
        same=rf"[^=+\-@＝＋－＠'\s](?:[^\n]{{0,{most - 2}}}[^\s])?",
    )


def name(most: int) -> Kind:
    """A part of a name, as typed: nothing is normalised, letters only are looked at."""
    base = text(most)

    def read(cell: str) -> Value:
        value = base.read(cell)
        if any(c.isdigit() for c in value):
            raise Unreadable(
                "name_digit",
                f"「{value}」に数字があります。",
                "列がずれていないか確かめて、氏名を入れてください。",
                general="氏名に数字があります。",
            )
        return value

    return Kind("氏名", f"{most}文字まで。異体字も書いたとおりに登録します", read)


def kana(most: int) -> Kind:
    """A reading: half-width kana and hiragana become full-width katakana."""

    def read(cell: str) -> Value:
        try:
            value = kana_input(cell)
        except NotKana as wrong:
            raise Unreadable(
                "kana",
                str(wrong).split("。")[0] + "。",
                "カタカナで入れてください。",
                general="カタカナでない文字があります。",
            ) from None
        if len(value) > most:
            raise Unreadable(
                "long", f"{len(value)}文字あります。{most}文字までです。", f"{most}文字までに縮めてください。"
            )
        return value

    return Kind("カナ", "全角・半角のカタカナ、ひらがな。全角カタカナで登録します", read)


_USUAL_DATE = re.compile(r"[0-9]{8}|[0-9]{4}([/-])[0-9]{2}\1[0-9]{2}")


def day() -> Kind:
    """A date in either calendar, as the forms take it; kept in ISO form."""

    def read(cell: str) -> Value:
        if _USUAL_DATE.fullmatch(cell):  # as programs write it; what does not exist is told below
            try:
                found = date.fromisoformat(cell.replace("/", "-"))
            except ValueError:
                found = None
            if found is not None and FIRST_DAY <= found <= LAST_DAY:
                return found.isoformat()
        # What a spreadsheet makes of a date: 1979/9/27 0:00.
        try:
            return parse_date(re.sub(r"[ T]0?0?:00(:00)?\Z", "", cell)).date.isoformat()
        except UnreadableDate as unreadable:
            first, _stop, rest = str(unreadable).partition("。")
            remedy = rest or "S54.9.27 か 1979-9-27 のように入れてください。"
            general = "日付として読めないか、年が一つに定まりません。"
            raise Unreadable("date", f"{first}。", remedy.replace("入力して", "入れて"), general) from None
        except (ValueError, OverflowError):
            raise Unreadable(
                "date", "日付として読めません。", "S54.9.27 か 1979-9-27 のように入れてください。"
            ) from None

    return Kind("日付", "S54.9.27、昭和54年9月27日、1979/9/27、19790927", read)


_DECIMALS = re.compile(r"\.0+\Z")
_DASHES = re.compile(r"[\s\-‐‑‒–—―−ー]")


def digits(most: int, *, least: int = 1, pad: int = 0) -> Kind:
    """Digits; full-width accepted, spaces and hyphens dropped, a `.0` of a spreadsheet too. pad: to so many with zeros."""

    def read(cell: str) -> Value:
        if cell.isascii() and cell.isdigit():
            value = cell
        else:
            value = _DECIMALS.sub("", _DASHES.sub("", unicodedata.normalize("NFKC", cell)))
        if not (value.isascii() and value.isdigit()):
            raise Unreadable(
                "digits",
                f"「{cell[:20]}」は数字ではありません。",
                "数字だけを入れてください。",
                general="数字でない文字があります。",
            )
        value = value.zfill(pad)
        if not least <= len(value) <= most:
            size = f"{most}桁" if least == most else f"{least}桁から{most}桁"
            raise Unreadable(
                "digits_length",
                f"{len(value)}桁です。{size}の数字です。",
                "桁数を確かめてください。表計算で先頭の0が消えることがあります。",
                general=f"桁数が違います。{size}の数字です。",
            )
        return value

    words = f"{most}桁の数字" if least == most else f"{most}桁までの数字"
    return Kind("数字", words, read)


def number(most: int) -> Kind:
    """A number by which somebody or something is known: digits, leading zeros dropped."""
    base = digits(most + 4)

    def read(cell: str) -> Value:
        value = base.read(cell).lstrip("0")
        if not value or len(value) > most:
            raise Unreadable("number", f"{most}桁までの数字です。", "番号を確かめてください。")
        return value

    return Kind("数字", f"{most}桁までの数字。先頭の0は無視します", read, same=rf"[1-9][0-9]{{0,{most - 1}}}")


def symbol(most: int) -> Kind:
    """記号: digits or capital letters."""

    def read(cell: str) -> Value:
        value = re.sub(r"\.0+\Z", "", unicodedata.normalize("NFKC", cell).strip().upper())
        if not re.fullmatch(rf"[0-9A-Z]{{1,{most}}}", value):
            raise Unreadable(
                "symbol",
                f"「{cell[:20]}」は記号ではありません。",
                f"{most}文字までの数字か英字です。",
                general="記号として読めません。",
            )
        return value

    return Kind("記号", f"{most}文字までの数字・英字", read)


def choice(words: Mapping[str, str], labels: Mapping[str, str]) -> Kind:
    """One of several. words: what may be typed → code. labels: code → what it is called."""
    known = {head_key(word): code for word, code in words.items()} | {head_key(v): k for k, v in labels.items()}
    offered = "、".join(dict.fromkeys(labels.values()))

    def read(cell: str) -> Value:
        code = known.get(head_key(re.sub(r"\.0+\Z", "", cell)))
        if code is None:
            raise Unreadable(
                "choice",
                f"「{cell[:20]}」は使えません。",
                f"{offered}のどれかを入れてください。",
                general="決められた言葉でも符号でもありません。",
            )
        return code

    extra = "、".join(
        f"{word}＝{labels[code]}" for word, code in words.items() if word.isascii() and word not in labels
    )
    return Kind("選択", offered + (f"（符号 {extra}）" if extra else ""), read)


def postal_code() -> Kind:
    base = digits(7, least=5)

    def read(cell: str) -> Value:
        """A spreadsheet drops the zeros in front: 001-0011 arrives as 10011."""
        return base.read(cell.removeprefix("〒")).zfill(7)

    return Kind("郵便番号", "7桁の数字。105-0011 のようにも書けます", read)
