"""全銀 files: 総合振込 (種別 21) and 給与振込 (種別 11) in records of 120 bytes, written and read back as the result.

1 header, data, 1 trailer, 1 end; half-width kana in CP932, so that a character is a byte. The fields stand in one table,
`layout`. Whether records end with CRLF and the file with 0x1A is the bank's option, and so is where the result of a
transfer stands when the same file comes back (`layout.ResultPlace`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from members.payments.files import layout, zengin_text
from members.payments.files.layout import GENERAL, LENGTH, SALARY, ResultPlace, UnableToWrite

__all__ = ["GENERAL", "LENGTH", "SALARY", "BankOptions", "Payer", "ResultPlace", "ResultRead", "ResultRow", "Transfer",
           "UnableToWrite", "read_result", "split", "write"]  # fmt: skip

MOST_COUNT, MOST_TOTAL, MOST_AMOUNT = 10**6 - 1, 10**12 - 1, 10**10 - 1
HOLDERS = {GENERAL: zengin_text.OF_GENERAL, SALARY: zengin_text.OF_SALARY}
"""Characters that may stand in the name of a payee, by 種別."""
KINDS = {GENERAL: (1, 2, 4, 9), SALARY: (1, 2)}
"""預金種目 that a record of each 種別 may name; 貯蓄 of 給与振込 is an option of the bank."""
SAVINGS = 4
LAST_BYTE = ResultPlace(LENGTH, *layout.read_codes(layout.RESULT_CODES))
"""Where a result stands when nothing else was agreed with the bank."""


@dataclass(frozen=True)
class BankOptions:
    """What a bank asks of the file. padding: what fills text fields and fillers, one byte. savings: whether 給与振込 may go
    to 貯蓄."""

    crlf: bool = True
    eof: bool = False
    padding: str = " "
    savings: bool = False


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
    paid: bool


@dataclass(frozen=True)
class ResultRead:
    """A result as read. client_code, day (MMDD): of the header. rows are to be used only when there are no problems."""

    kind: str
    client_code: str
    day: str
    rows: tuple[ResultRow, ...]
    problems: tuple[Problem, ...]


def allowed_kinds(kind: str, savings: bool) -> tuple[int, ...]:
    """預金種目 that this 種別 can be paid into. savings: whether the bank takes 貯蓄 in 給与振込 too."""
    return (*KINDS[kind], SAVINGS) if savings else KINDS[kind]


def may_stand(kind: str, holder: str) -> bool:
    """Whether a name can be the payee of a record of this 種別."""
    return all(character in HOLDERS[kind] for character in holder)


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
    records = [layout.put(layout.HEADER, vars(payer) | {"day": f"{payer.day:%m%d}"}, pad)]
    records += [_data(payer.kind, number, one, options) for number, one in enumerate(transfers, start=1)]
    records.append(layout.put(layout.TRAILER, {"count": len(transfers), "total": total}, pad))
    records.append(layout.put(layout.END, {}, pad))
    end = b"\r\n" if options.crlf else b""
    out = b"".join(_bytes(record) + end for record in records)
    return out + (b"\x1a" if options.eof else b"")


def _bytes(record: str) -> bytes:
    made = record.encode("cp932")
    if len(made) != LENGTH:
        raise UnableToWrite(f"記録の長さが{len(made)}バイトです。120バイトでなければなりません。")
    return made


def _data(kind: str, number: int, one: Transfer, options: BankOptions) -> str:
    where = f"{number}件目："
    if not 0 < one.amount <= MOST_AMOUNT:
        raise UnableToWrite(f"{where}金額は1円以上、10桁までにしてください。")
    if not one.holder:
        raise UnableToWrite(f"{where}受取人名がありません。")
    if not may_stand(kind, one.holder):
        raise UnableToWrite(f"{where}受取人名に、この種別の振込で使えない文字があります。")
    if one.account_kind not in allowed_kinds(kind, options.savings):
        raise UnableToWrite(f"{where}この種別の振込では、預金種目{one.account_kind}の口座に振り込めません。")
    return layout.put(layout.DATA[kind], vars(one) | {"customer": one.customer or "0"}, options.padding, where)


# --- reading a result -----------------------------------------------------------------------------------------------

FIGURES = re.compile(rb"[0-9]+\Z")


def split(body: bytes) -> list[bytes]:
    """The records, whichever way they are ended. 0x1A and empty ends are not records."""
    body = body.rstrip(b"\x1a\r\n")
    if b"\r" in body or b"\n" in body:
        return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return [body[at : at + LENGTH] for at in range(0, len(body), LENGTH)]


def read_result(body: bytes, place: ResultPlace = LAST_BYTE) -> ResultRead:
    """Rows of a result file and everything that is wrong with it, by record. Never raises for any bytes.

    place: where this bank writes the result of a transfer, and what its codes mean.
    """
    problems: list[Problem] = []
    rows: list[ResultRow] = []
    records = split(body) if body.strip(b"\x1a\r\n") else []
    if not records:
        return ResultRead("", "", "", (), (Problem(0, "ファイルが空です。銀行の画面からもう一度取り出してください。"),))
    kind, client, day, trailer, ended = "", "", "", None, False
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
            head = {name: part.decode("cp932", "replace") for name, part in layout.take(layout.HEADER, record).items()}
            kind, client, day = head["kind"], head["client_code"], head["day"]
            if kind not in (GENERAL, SALARY):
                problems.append(Problem(line, "種別が総合振込（21）でも給与振込（11）でもありません。"))
        elif first == b"2":
            if trailer is not None:
                problems.append(Problem(line, "トレーラの記録より後に、データの記録があります。"))
            rows += _result_row(line, record, place, problems)
        elif first == b"8":
            if trailer is not None:
                problems.append(Problem(line, "トレーラの記録（8）が二つあります。"))
            sums = layout.take(layout.TRAILER, record)
            trailer = (line, sums["count"], sums["total"])
        elif first == b"9":
            ended = True
        else:
            problems.append(
                Problem(line, "データ区分が1・2・8・9のどれでもありません。全銀のファイルか確かめてください。")
            )
    problems += _totals(rows, trailer)
    if not ended:
        problems.append(Problem(0, "エンドの記録（9）がありません。ファイルが途中で切れています。"))
    return ResultRead(kind, client, day, tuple(rows), tuple(problems))


FIGURES_OF_RESULT = {"amount": "金額", "customer": "顧客コード", "account_number": "口座番号"}


def _result_row(line: int, record: bytes, place: ResultPlace, problems: list[Problem]) -> list[ResultRow]:
    parts = layout.take(layout.DATA[GENERAL], record)
    for name, title in FIGURES_OF_RESULT.items():
        if not FIGURES.match(parts[name]):
            problems.append(Problem(line, f"{title}に数字でない文字があります。"))
            return []
    code = record[place.at - 1 : place.at].decode("cp932", "replace")
    if code not in place.codes:
        problems.append(
            Problem(
                line,
                f"{place.at}バイト目に振込結果の符号がありません。依頼のファイルではなく、結果のファイルを選んでください。",
            )
        )
        return []
    text = {name: part.decode("cp932", "replace") for name, part in parts.items()}
    return [
        ResultRow(
            line,
            text["customer"].lstrip("0"),
            int(parts["amount"]),
            text["bank_code"],
            text["branch_code"],
            text["account_number"],
            code,
            code == place.paid,
        )
    ]


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
