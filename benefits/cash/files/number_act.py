"""番号法に基づく情報連携のファイル: copies of decided benefits, inquiries, and what comes back, as CSV.

The interface specification of the intermediate server (医療保険者等向け中間サーバー等) goes to insurers only and is not public.
So every format stands behind the one table COLUMNS: code of the column, its head in the file, what may stand in it, and
whether it must. When the specification is at hand, this table is what changes. Each line carries a reference of ours
(管理番号), by which what comes back finds its line again. People are named by 被保険者等記号・番号・枝番: the intermediate server
holds their 個人番号, these files never do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from kumiai.tabular import columns as kinds
from kumiai.tabular.columns import Column, Kind, Layout, Unreadable
from kumiai.tabular.lines import Fault, Line, Lines, names_column, read_lines, write_lines
from kumiai.tabular.writing import Encoding
from members.enrollment.rules.numbers import is_insurer_number


class Form(StrEnum):
    COPIES = "copies"
    INQUIRIES = "inquiries"
    RECEIPTS = "receipts"
    ANSWERS = "answers"


def _code(pattern: str, words: str) -> Kind:
    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip()
        if not re.fullmatch(pattern, value):
            raise Unreadable("code", f"{words}ではありません。", f"{words}を入れてください。")
        return value

    return Kind("コード", words, read_cell)


def _insurer() -> Kind:
    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip().zfill(8)
        if not is_insurer_number(value):
            what = "保険者番号の検証番号が合わないか、桁数が違います。"
            raise Unreadable("check_digit", what, "保険者番号8桁を確かめてください。")
        return value

    return Kind("保険者番号", "検証番号の合う8桁の数字", read_cell)


def _yen() -> Kind:
    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", cell).strip().removesuffix("円").replace(",", "")
        if not re.fullmatch(r"[0-9]{1,8}", value):
            raise Unreadable("yen", "金額として読めません。", "0円から99,999,999円までの整数を入れてください。")
        return str(int(value))

    return Kind("金額", "円。8桁まで", read_cell)


def _holder() -> Kind:
    base = kinds.text(30)

    def read_cell(cell: str) -> str:
        value = unicodedata.normalize("NFKC", base.read(cell))
        if not re.fullmatch(r"[ァ-ヶーA-Z0-9 ().\-/]+", value.upper()):
            raise Unreadable("holder", "名義に使えない文字があります。", "口座の名義のカナを確かめてください。")
        return value.upper()

    return Kind("口座名義", "カタカナ。30文字まで", read_cell)


ACTIONS = {"register": "登録", "change": "変更", "cancel": "取消"}
MATTERS = {"account": "公金受取口座", "pension": "年金給付"}
BENEFITS = {
    "sickness": "傷病手当金", "maternity": "出産手当金", "childbirth": "出産育児一時金", "family_childbirth": "家族出産育児一時金",
    "funeral": "埋葬料", "funeral_cost": "埋葬費", "family_funeral": "家族埋葬料", "transport": "移送費",
    "family_transport": "家族移送費",
}  # fmt: skip
"""Kinds of which a copy is registered. The additions of the by-laws stand in the line of the benefit they add to."""
RECEIVED = {"accepted": "登録済み", "rejected": "エラー"}
ANSWERED = {"found": "該当あり", "none": "該当なし", "rejected": "エラー"}
PENSIONS = {"disability": "障害厚生年金", "disability_lump": "障害手当金", "old_age": "老齢退職年金給付"}
"""法108条3項・4項・5項: what a 傷病手当金 is adjusted by."""


def _choice(labels: Mapping[str, str]) -> Kind:
    return kinds.choice({str(number): code for number, code in enumerate(labels, start=1)}, labels)


REFERENCE = Column(
    "reference",
    "管理番号",
    _code(r"[0-9A-Za-z\-]{1,20}", "20文字までの英数字"),
    required=True,
    example="F000001-000001",
)
_PERSON = (
    Column("insurer_number", "保険者番号", _insurer(), required=True, example="06139992"),
    Column("symbol", "被保険者証等記号", kinds.text(20), required=True, example="12"),
    Column("number", "被保険者証等番号", kinds.text(20), required=True, example="3456"),
    Column("branch", "枝番", _code(r"[0-9]{2}", "2桁の数字"), required=True, example="00"),
    Column("kana", "氏名カナ", kinds.text(120), required=True, example="カクウ　ハナコ"),
    Column("birth_date", "生年月日", kinds.day(), required=True, example="1970-04-05"),
    Column("sex", "性別", _code(r"[12]", "1（男）か2（女）"), required=True, example="2"),
)
_ERROR = (
    Column("error_code", "エラーコード", _code(r"[0-9A-Za-z\-]{1,10}", "10文字までの英数字")),
    Column("message", "エラー内容", kinds.text(300)),
)

COLUMNS: Mapping[Form, Layout] = {
    Form.COPIES: Layout(
        "copies", "給付の情報の副本",
        (
            REFERENCE,
            Column("action", "処理区分", _choice(ACTIONS), required=True, example="登録"),
            Column("former", "元の管理番号", REFERENCE.kind),
            *_PERSON,
            Column("patient_branch", "対象の人の枝番", _code(r"[0-9]{2}", "2桁の数字"), required=True, example="00"),
            Column("benefit", "給付の種類", _choice(BENEFITS), required=True, example="傷病手当金"),
            Column("decided_date", "支給決定日", kinds.day(), required=True, example="2026-11-20"),
            Column("first", "期間の初日", kinds.day(), required=True, example="2026-09-01"),
            Column("last", "期間の末日", kinds.day(), required=True, example="2026-09-30"),
            Column("days", "支給日数", kinds.digits(4), example="27"),
            Column("amount", "支給額", _yen(), required=True, example="179820"),
            Column("extra", "うち付加金", _yen(), required=True, example="0"),
            Column("undisclosed", "不開示該当", _code(r"[01]", "0か1"), required=True, example="0"),
        ),
    ),
    Form.INQUIRIES: Layout(
        "inquiries", "情報の照会",
        (
            REFERENCE,
            Column("matter", "照会する情報", _choice(MATTERS), required=True, example="公金受取口座"),
            *_PERSON,
            Column("benefit", "給付の種類", _choice(BENEFITS), required=True, example="傷病手当金"),
            Column("on", "基準日", kinds.day(), required=True, example="2026-11-20"),
        ),
    ),
    Form.RECEIPTS: Layout(
        "receipts", "副本の受付結果",
        (
            REFERENCE,
            Column("state", "結果", _choice(RECEIVED), required=True, example="登録済み"),
            Column("answered_date", "処理日", kinds.day(), example="2026-11-21"),
            *_ERROR,
        ),
    ),
    Form.ANSWERS: Layout(
        "answers", "照会の回答",
        (
            REFERENCE,
            Column("found", "照会の結果", _choice(ANSWERED), required=True, example="該当あり"),
            Column("answered_date", "回答日", kinds.day(), required=True, example="2026-11-21"),
            *_ERROR,
            Column("bank_code", "金融機関コード", kinds.digits(4, least=4, pad=4), example="0001"),
            Column("branch_code", "支店コード", kinds.digits(3, least=3, pad=3), example="001"),
            Column("account_kind", "預金種目", _choice({"1": "普通", "2": "当座", "4": "貯蓄"}), example="普通"),
            Column("account_number", "口座番号", kinds.digits(7, pad=7), example="1234567"),
            Column("holder", "口座名義カナ", _holder(), example="カクウ ハナコ"),
            Column("pension", "年金の種類", _choice(PENSIONS)),
            Column("pension_code", "年金コード", kinds.digits(4, least=4, pad=4)),
            Column("pension_first", "年金の支給の初日", kinds.day()),
            Column("pension_last", "年金の支給の末日", kinds.day()),
            Column("pension_annual", "年金の年額", _yen()),
        ),
    ),
}  # fmt: skip
"""The one place that knows the formats. Ours until the specification is at hand: CONFIRMED False."""
CONFIRMED = False
_WORDS: Mapping[str, Mapping[str, str]] = {
    "action": ACTIONS, "matter": MATTERS, "benefit": BENEFITS, "state": RECEIVED, "found": ANSWERED, "pension": PENSIONS,
    "account_kind": {"1": "普通", "2": "当座", "4": "貯蓄"},
}  # fmt: skip
ACCOUNT = ("bank_code", "branch_code", "account_kind", "account_number", "holder")
PENSION = ("pension", "pension_first", "pension_annual")


def write(form: Form, rows: Iterable[Mapping[str, str]], *, encoding: Encoding = "cp932") -> bytes:
    """The CSV of these rows. Raises kumiai.tabular.lines.Unwritable where one would be refused."""
    told = [{code: _WORDS.get(code, {}).get(value, value) for code, value in row.items()} for row in rows]
    return write_lines(COLUMNS[form], told, encoding=encoding)


def form_of(data: bytes) -> Form:
    """Which of the two that come back a file is, by its head: 照会の結果 stands in answers only."""
    return Form.ANSWERS if names_column(COLUMNS[Form.ANSWERS], data, "found") else Form.RECEIPTS


def read(form: Form, data: bytes) -> Lines:
    """A file read, and what is wrong between the columns of a line or between two lines. Nothing raises."""
    found = read_lines(COLUMNS[form], data)
    good: list[Line] = []
    wrong = list(found.faults)
    seen: dict[str, dict[tuple[str, str], int]] = {}
    for line in found.lines:
        fault = _contradiction(form, line) or _twice(line, seen)
        if fault is None:
            good.append(line)
        else:
            wrong.append(fault)
    return Lines(tuple(good), tuple(sorted(wrong, key=lambda one: one.line)), found.notes)


def _contradiction(form: Form, line: Line) -> Fault | None:
    values = line.values
    result = values.get("state") or values.get("found")
    if form in (Form.RECEIPTS, Form.ANSWERS) and result == "rejected" and not values.get("error_code"):
        remedy = "エラーコードを入れるか、結果を確かめてください。"
        return Fault(line.line, "エラーコード", "エラーなのにコードがありません。", remedy)
    if form != Form.ANSWERS:
        return None
    told = [code for code in (*ACCOUNT, *PENSION) if values.get(code)]
    if result != "found":
        what = "該当がないのに、口座か年金の内容があります。"
        return (
            Fault(line.line, "照会の結果", what, "結果と内容のどちらが正しいか、照会先に確かめてください。")
            if told
            else None
        )
    account, pension = any(code in ACCOUNT for code in told), any(code in PENSION for code in told)
    if account == pension:
        what = "該当ありなのに、口座か年金のどちらか一方の内容がそろっていません。"
        return Fault(line.line, "照会の結果", what, "口座か年金のどちらか一方を入れてください。")
    for code in ACCOUNT if account else PENSION:
        if not values.get(code):
            title = COLUMNS[form].column(code).title
            return Fault(line.line, title, "入っていません。", f"{title}を入れてください。")
    if pension and values.get("pension_last", "9999") < values["pension_first"]:
        return Fault(line.line, "年金の支給の末日", "初日より前です。", "初日と末日を確かめてください。")
    return None


def _twice(line: Line, seen: dict[str, dict[tuple[str, str], int]]) -> Fault | None:
    """One line a reference; only of pensions somebody may have several, each with its own first day."""
    values = line.values
    key = (values.get("pension", ""), values.get("pension_first", ""))
    known = seen.setdefault(values["reference"], {})
    same = known.get(key) if all(pension for pension, _first in (key, *known)) else next(iter(known.values()), None)
    if same is not None:
        what = f"{same}行目と同じ管理番号です。"
        return Fault(line.line, REFERENCE.title, what, "どちらが正しいか確かめてください。")
    known[key] = line.line
    return None
