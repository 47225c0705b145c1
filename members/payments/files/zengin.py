"""全銀 files: 総合振込 (種別 21) and 給与振込 (種別 11) in records of 120 bytes, written and read back as the result.

1 header, data, 1 trailer, 1 end; half-width kana in CP932, so that a character is a byte. Whether records end with CRLF
and the file with 0x1A is the bank's option. The result of a transfer is the same file with a code (`RESULTS`) in the last
byte of each data record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LENGTH = 120
MOST_COUNT, MOST_TOTAL, MOST_AMOUNT = 10**6 - 1, 10**12 - 1, 10**10 - 1
GENERAL, SALARY = "21", "11"
RESULT_AT = 119
PAID = "0"
RESULTS = {
    "0": "振込済み",
    "1": "資金不足",
    "2": "口座なし",
    "3": "名義相違",
    "4": "口座解約",
    "5": "組戻し",
    "8": "振込依頼人の都合",
    "9": "その他",
}
"""Codes as this association agreed them with its bank; they are written into the last byte of the data record."""


class UnableToWrite(ValueError):
    """A file that no bank would take; the text is a sentence for the clerk."""


@dataclass(frozen=True)
class BankOptions:
    """What a bank asks of the file. padding: what fills text fields and dummies, one byte."""

    crlf: bool = True
    eof: bool = False
    padding: str = " "


@dataclass(frozen=True)
class Payer:
    """The header: who pays, from which account. day: the day of transfer, written MMDD."""

    kind: str
    client_code: str
    client_name: str
    day: date
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_kind: int
    account_number: str


@dataclass(frozen=True)
class Transfer:
    """A data record. amount: yen above zero. customer: up to 20 digits, ours to find the payment again."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_kind: int
    account_number: str
    holder: str
    amount: int
    customer: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file, and in which record (1 is the header; 0: the file as a whole)."""

    line: int
    message: str


@dataclass(frozen=True)
class ResultRow:
    """One data record of a result."""

    line: int
    customer: str
    amount: int
    bank_code: str
    branch_code: str
    account_number: str
    code: str

    @property
    def paid(self) -> bool:
        return self.code == PAID


@dataclass(frozen=True)
class ResultRead:
    """A result as read. day: MMDD of the header. rows are to be used only when there are no problems."""

    kind: str
    day: str
    rows: tuple[ResultRow, ...]
    problems: tuple[Problem, ...]


def _figure(value: int | str, width: int, what: str) -> str:
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > width:
        raise UnableToWrite(f"{what}は、{width}桁までの数字にしてください。")
    return text.rjust(width, "0")


def _text(value: str, width: int, what: str, padding: str) -> str:
    try:
        size = len(value.encode("cp932"))
    except UnicodeEncodeError:
        raise UnableToWrite(f"{what}に、銀行のファイルで使えない文字があります。") from None
    if size > width or size != len(value):
        raise UnableToWrite(f"{what}は、半角{width}文字までにしてください。")
    return value.ljust(width, padding)


def write(payer: Payer, transfers: Sequence[Transfer], options: BankOptions | None = None) -> bytes:
    """The bytes of a file. Raises UnableToWrite for an empty file, a figure too long, or a character a bank cannot read."""
    options = options or BankOptions()
    if payer.kind not in (GENERAL, SALARY):
        raise UnableToWrite("種別は、総合振込（21）か給与振込（11）にしてください。")
    if not transfers or len(transfers) > MOST_COUNT:
        raise UnableToWrite("ファイルの件数は、1件から999,999件までです。")
    total = sum(one.amount for one in transfers)
    if total > MOST_TOTAL:
        raise UnableToWrite("合計の金額が12桁を超えます。回を分けてください。")
    pad = options.padding
    records = [_header(payer, pad)]
    records += [_data(payer.kind, number, one, pad) for number, one in enumerate(transfers, start=1)]
    records.append("8" + _figure(len(transfers), 6, "合計件数") + _figure(total, 12, "合計金額") + pad * 101)
    records.append("9" + pad * 119)
    end = b"\r\n" if options.crlf else b""
    out = b"".join(_bytes(record) + end for record in records)
    return out + (b"\x1a" if options.eof else b"")


def _bytes(record: str) -> bytes:
    made = record.encode("cp932")
    if len(made) != LENGTH:
        raise UnableToWrite(f"記録の長さが{len(made)}バイトです。120バイトでなければなりません。")
    return made


def _header(payer: Payer, pad: str) -> str:
    return (
        "1" + payer.kind + "0"
        + _figure(payer.client_code, 10, "振込依頼人コード")
        + _text(payer.client_name, 40, "振込依頼人名", pad)
        + f"{payer.day:%m%d}"
        + _figure(payer.bank_code, 4, "仕向銀行番号")
        + _text(payer.bank_name, 15, "仕向銀行名", pad)
        + _figure(payer.branch_code, 3, "仕向支店番号")
        + _text(payer.branch_name, 15, "仕向支店名", pad)
        + _figure(payer.account_kind, 1, "預金種目")
        + _figure(payer.account_number, 7, "依頼人の口座番号")
        + pad * 17
    )  # fmt: skip


def _data(kind: str, number: int, one: Transfer, pad: str) -> str:
    if not 0 < one.amount <= MOST_AMOUNT:
        raise UnableToWrite(f"{number}件目：金額は1円以上、10桁までにしてください。")
    if not one.holder:
        raise UnableToWrite(f"{number}件目：受取人名がありません。")
    customer = _figure(one.customer or "0", 20, "顧客コード")
    body = (
        "2"
        + _figure(one.bank_code, 4, f"{number}件目：銀行番号")
        + _text(one.bank_name, 15, f"{number}件目：銀行名", pad)
        + _figure(one.branch_code, 3, f"{number}件目：支店番号")
        + _text(one.branch_name, 15, f"{number}件目：支店名", pad)
        + "0000"
        + _figure(one.account_kind, 1, f"{number}件目：預金種目")
        + _figure(one.account_number, 7, f"{number}件目：口座番号")
        + _text(one.holder, 30, f"{number}件目：受取人名", pad)
        + _figure(one.amount, 10, f"{number}件目：金額")
        + "0"
        + customer
    )  # fmt: skip
    return body + ("7" + pad + pad * 7 if kind == GENERAL else pad * 9)


# --- reading a result -----------------------------------------------------------------------------------------------

FIGURES = re.compile(rb"[0-9]+\Z")


def split(body: bytes) -> list[bytes]:
    """The records, whichever way they are ended. 0x1A and empty ends are not records."""
    body = body.rstrip(b"\x1a\r\n")
    if b"\r" in body or b"\n" in body:
        return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return [body[at : at + LENGTH] for at in range(0, len(body), LENGTH)]


def read_result(body: bytes) -> ResultRead:
    """Rows of a result file and everything that is wrong with it, by record. Never raises for any bytes."""
    problems: list[Problem] = []
    rows: list[ResultRow] = []
    records = split(body) if body.strip(b"\x1a\r\n") else []
    if not records:
        return ResultRead("", "", (), (Problem(0, "ファイルが空です。銀行の画面からもう一度取り出してください。"),))
    kind, day, trailer, ended = "", "", None, False
    for line, record in enumerate(records, start=1):
        if len(record) != LENGTH:
            problems.append(
                Problem(line, f"長さが{len(record)}バイトです。120バイトのはずです。途中で切れていませんか。")
            )
            continue
        first = record[:1]
        if ended:
            problems.append(Problem(line, "エンドの記録より後に記録があります。"))
        elif (line == 1) != (first == b"1"):
            problems.append(Problem(line, "ヘッダーの記録（1）は、ファイルの最初に一つだけです。"))
        elif first == b"1":
            kind, day = record[1:3].decode("cp932", "replace"), record[54:58].decode("cp932", "replace")
            if kind not in (GENERAL, SALARY):
                problems.append(Problem(line, "種別が総合振込（21）でも給与振込（11）でもありません。"))
        elif first == b"2":
            if trailer is not None:
                problems.append(Problem(line, "トレーラの記録より後に、データの記録があります。"))
            rows += _result_row(line, record, problems)
        elif first == b"8":
            if trailer is not None:
                problems.append(Problem(line, "トレーラの記録（8）が二つあります。"))
            trailer = (line, record[1:7], record[7:19])
        elif first == b"9":
            ended = True
        else:
            problems.append(
                Problem(line, "データ区分が1・2・8・9のどれでもありません。全銀のファイルか確かめてください。")
            )
    problems += _totals(rows, trailer)
    if not ended:
        problems.append(Problem(0, "エンドの記録（9）がありません。ファイルが途中で切れています。"))
    return ResultRead(kind, day, tuple(rows), tuple(problems))


def _result_row(line: int, record: bytes, problems: list[Problem]) -> list[ResultRow]:
    parts = {"金額": record[80:90], "顧客コード": record[91:111], "口座番号": record[43:50]}
    for what, part in parts.items():
        if not FIGURES.match(part):
            problems.append(Problem(line, f"{what}に数字でない文字があります。"))
            return []
    code = record[RESULT_AT:].decode("cp932", "replace")
    if code not in RESULTS:
        problems.append(
            Problem(line, "振込結果の符号がありません。依頼のファイルではなく、結果のファイルを選んでください。")
        )
        return []
    customer = parts["顧客コード"].decode().lstrip("0")
    where = record[1:5].decode("cp932", "replace"), record[20:23].decode("cp932", "replace")
    return [ResultRow(line, customer, int(parts["金額"]), *where, parts["口座番号"].decode(), code)]


def _totals(rows: Sequence[ResultRow], trailer: tuple[int, bytes, bytes] | None) -> list[Problem]:
    if trailer is None:
        return [Problem(0, "トレーラの記録（8）がありません。ファイルが途中で切れています。")]
    line, count, total = trailer
    if not FIGURES.match(count) or not FIGURES.match(total):
        return [Problem(line, "合計の件数か金額に、数字でない文字があります。")]
    found = []
    if int(count) != len(rows):
        found.append(Problem(line, f"合計件数は{int(count):,}件ですが、データは{len(rows):,}件です。"))
    amount = sum(row.amount for row in rows)
    if int(total) != amount:
        found.append(Problem(line, f"合計金額は{int(total):,}円ですが、データの合計は{amount:,}円です。"))
    return found
