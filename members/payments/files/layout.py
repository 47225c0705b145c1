"""The columns of a 全銀 record of 120 bytes, in one table: every field, where it begins, how long it is, what it holds.

`figure`: digits, filled with zeros from the left; else text in half-width kana, filled from the right with the bank's
filler. A field without a name is a filler. 総合振込 (21) and 給与振込 (11) differ in the last 29 bytes of a data record alone.

The layout has no place for a result. Where a bank sends the file back with a code, it stands in a byte that the order
leaves free; which one is an option of each bank (`ResultPlace`, kept in 振込元の設定):

    record  byte (from 1)      field of the order
    data    91                 新規コード
    data    112–120            振込指定区分, 識別表示 and filler of 総合振込; filler of 給与振込
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LENGTH = 120
GENERAL, SALARY = "21", "11"


class UnableToWrite(ValueError):
    """A file that no bank would take; the text is a sentence for the clerk."""


@dataclass(frozen=True)
class Field:
    """One field of a record. at: its first byte, from 0. constant: what always stands there."""

    name: str
    title: str
    at: int
    length: int
    figure: bool = False
    constant: str = ""

    @property
    def end(self) -> int:
        return self.at + self.length


HEADER = (
    Field("", "データ区分", 0, 1, True, "1"),
    Field("kind", "種別コード", 1, 2, True),
    Field("", "コード区分", 3, 1, True, "0"),
    Field("client_code", "振込依頼人コード", 4, 10, True),
    Field("client_name", "振込依頼人名", 14, 40),
    Field("day", "取組日", 54, 4, True),
    Field("bank_code", "仕向銀行番号", 58, 4, True),
    Field("bank_name", "仕向銀行名", 62, 15),
    Field("branch_code", "仕向支店番号", 77, 3, True),
    Field("branch_name", "仕向支店名", 80, 15),
    Field("account_kind", "預金種目", 95, 1, True),
    Field("account_number", "依頼人の口座番号", 96, 7, True),
    Field("", "ダミー", 103, 17),
)
_PAYEE = (
    Field("", "データ区分", 0, 1, True, "2"),
    Field("bank_code", "銀行番号", 1, 4, True),
    Field("bank_name", "銀行名", 5, 15),
    Field("branch_code", "支店番号", 20, 3, True),
    Field("branch_name", "支店名", 23, 15),
    Field("", "手形交換所番号", 38, 4, True, "0000"),
    Field("account_kind", "預金種目", 42, 1, True),
    Field("account_number", "口座番号", 43, 7, True),
    Field("holder", "受取人名", 50, 30),
    Field("amount", "金額", 80, 10, True),
    Field("", "新規コード", 90, 1, True, "0"),
    Field("customer", "顧客コード", 91, 20, True),
)
DATA = {
    GENERAL: (
        *_PAYEE,
        Field("", "振込指定区分", 111, 1, True, "7"),
        Field("", "識別表示", 112, 1),
        Field("", "ダミー", 113, 7),
    ),
    SALARY: (*_PAYEE, Field("", "ダミー", 111, 9)),
}
TRAILER = (
    Field("", "データ区分", 0, 1, True, "8"),
    Field("count", "合計件数", 1, 6, True),
    Field("total", "合計金額", 7, 12, True),
    Field("", "ダミー", 19, 101),
)
END = (Field("", "データ区分", 0, 1, True, "9"), Field("", "ダミー", 1, 119))

FREE_BYTES = (91, *range(112, 121))
"""Bytes of a data record, from 1, that an order leaves free: a bank's code of the result can only stand there."""


@dataclass(frozen=True)
class ResultPlace:
    """Where a bank writes what became of a transfer. at: the byte of the data record, from 1. codes: code → its meaning;
    paid: the one code that says that the money arrived."""

    at: int
    codes: Mapping[str, str]
    paid: str

    def __post_init__(self) -> None:
        if self.at not in FREE_BYTES:
            raise ValueError("結果の符号の位置は、91か、112から120までにしてください。")
        if self.paid not in self.codes or any(len(code) != 1 or not code.isascii() for code in self.codes):
            raise ValueError("結果の符号は半角1文字ずつにし、最初の行を「振り込まれた」ことを示す符号にしてください。")


class BadCodes(ValueError):
    """A table of result codes that cannot be read; the text is a sentence."""


def read_codes(text: str) -> tuple[dict[str, str], str]:
    """The codes as they are kept in the setting, one a line: "0 振込済み"; the first says that the money arrived."""
    codes: dict[str, str] = {}
    for number, line in enumerate(text.strip().splitlines(), start=1):
        code, _, meaning = line.strip().partition(" ")
        if len(code) != 1 or not code.isascii() or not code.isalnum() or not meaning.strip():
            raise BadCodes(f"{number}行目：半角の英数字1文字、空白、意味の順に書いてください（例：「0 振込済み」）。")
        if code in codes:
            raise BadCodes(f"{number}行目：符号「{code}」が二度あります。")
        codes[code] = meaning.strip()
    if len(codes) < 2:
        raise BadCodes("振り込まれたことを示す符号（1行目）と、戻されたことを示す符号を書いてください。")
    return codes, next(iter(codes))


RESULT_CODES = "0 振込済み\n1 資金不足\n2 口座なし\n3 名義相違\n4 口座解約\n5 組戻し\n8 振込依頼人の都合\n9 その他"
"""The codes a setting begins with; those the bank uses are written over them."""


def put(fields: tuple[Field, ...], values: Mapping[str, str | int], padding: str, where: str = "") -> str:
    """A record of these values. where: put before the name of a field in what is said about it. Raises UnableToWrite."""
    out = []
    for field in fields:
        if field.constant:
            out.append(field.constant)
        elif not field.name:
            out.append(padding * field.length)
        elif field.figure:
            out.append(_figure(values[field.name], field, where))
        else:
            out.append(_text(str(values[field.name]), field, where, padding))
    return "".join(out)


def _figure(value: str | int, field: Field, where: str) -> str:
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > field.length:
        raise UnableToWrite(f"{where}{field.title}は、{field.length}桁までの数字にしてください。")
    return text.rjust(field.length, "0")


def _text(value: str, field: Field, where: str, padding: str) -> str:
    try:
        size = len(value.encode("cp932"))
    except UnicodeEncodeError:
        raise UnableToWrite(f"{where}{field.title}に、銀行のファイルで使えない文字があります。") from None
    if size > field.length or size != len(value):
        raise UnableToWrite(f"{where}{field.title}は、半角{field.length}文字までにしてください。")
    return value.ljust(field.length, padding)


def take(fields: tuple[Field, ...], record: bytes) -> dict[str, bytes]:
    """The named fields of a record, as bytes."""
    return {field.name: record[field.at : field.end] for field in fields if field.name}
