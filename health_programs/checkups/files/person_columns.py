"""Columns of an institution's CSV that say whose result it is, when and where: read as every table of the portal is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from kumiai.tabular import columns
from kumiai.tabular.columns import Column, Kind, Layout, Unreadable, Value

SEXES = {"1": "男", "2": "女"}
_SEX_WORDS = {"1": "1", "2": "2", "01": "1", "02": "2", "M": "1", "F": "2", "男性": "1", "女性": "2", "オトコ": "1", "オンナ": "2"}  # fmt: skip

PROGRAMS = {
    "010": "特定健診",
    "020": "広域連合の健診",
    "030": "事業者健診",
    "040": "学校健診",
    "060": "がん検診",
    "990": "その他",
}
"""健診プログラム種別. The first three count as 特定健診."""

# How a date may be written where it cannot be told from the text: code → (word, pattern, order of year, month and day).
DATES: dict[str, tuple[str, str]] = {
    "": ("和暦・西暦（S54.9.27、1979/9/27、19790927）", ""),
    "mdy": ("月/日/年（9/27/1979）", r"(?P<m>\d{1,2})\D(?P<d>\d{1,2})\D(?P<y>\d{4})"),
    "dmy": ("日/月/年（27/9/1979）", r"(?P<d>\d{1,2})\D(?P<m>\d{1,2})\D(?P<y>\d{4})"),
    "era": (
        "元号の数字（1明治 2大正 3昭和 4平成 5令和、3540927）",
        r"(?P<e>[1-5])(?P<y>\d{2})(?P<m>\d{2})(?P<d>\d{2})",
    ),
}
_ERA_STARTS = {"1": 1867, "2": 1911, "3": 1925, "4": 1988, "5": 2018}


def day(written: str) -> Kind:
    """A date written in one of DATES."""
    usual = columns.day()
    if not written:
        return usual
    word, pattern = DATES[written]

    def read(cell: str) -> Value:
        found = re.fullmatch(pattern, unicodedata.normalize("NFKC", cell).strip(), re.ASCII)
        try:
            if found is None:
                raise ValueError
            year = int(found["y"]) + (_ERA_STARTS[found["e"]] if written == "era" else 0)
            return usual.read(date(year, int(found["m"]), int(found["d"])).isoformat())
        except ValueError:
            raise Unreadable("date", f"日付として読めません（{word}）。", "列の対応の「日付の書き方」を確かめてください。") from None  # fmt: skip

    return Kind("日付", word, read)


def _card() -> Kind:
    """記号・番号 in one cell: 12-3456, 12・3456, 12-3456-00, 12 3456."""

    def read(cell: str) -> Value:
        text = re.sub(r"[\s\-‐‑–—―−ー・･/]+", "-", unicodedata.normalize("NFKC", cell).strip())
        if not re.fullmatch(r"[^-]{1,20}-[0-9]{1,10}(-[0-9]{1,2})?", text):
            raise Unreadable(
                "card", "記号と番号に分けられません。", "12-3456 か 12-3456-00 のように書かれているか確かめてください。"
            )
        return text

    return Kind("記号・番号", "12-3456、12・3456、12-3456-00", read)


def _insurer() -> Kind:
    base = columns.digits(8, pad=8)
    return Kind("保険者番号", "8桁の数字。先頭の0が消えていれば補います", base.read)


CARD = ("symbol", "number", "branch")
EXAM_DATE, BIRTH_DATE = "exam_date", "birth_date"

COLUMNS = (
    Column("insurer_number", "保険者番号", _insurer(), required=True, aliases=("保険者No", "健保番号（保険者）"),
           hint="列がないときは、決まった値に当組合の番号を入れます", example="06139992"),
    Column("symbol", "記号", columns.text(40), aliases=("被保険者証等記号", "被保険者記号", "証記号", "保険証記号"), example="12"),
    Column("number", "番号", columns.digits(10), aliases=("被保険者証等番号", "被保険者番号", "証番号", "保険証番号"), example="3456"),
    Column("branch", "枝番", columns.digits(2, pad=2), aliases=("被保険者証等枝番", "枝番号"), example="00"),
    Column("card", "記号・番号（一つの列）", _card(), aliases=("記号番号", "保険証記号番号", "被保険者記号番号"), example="12-3456"),
    Column("kana", "氏名（カナ）", columns.kana(120), required=True,
           aliases=("カナ氏名", "氏名カナ", "フリガナ", "受診者カナ", "カナ", "受診者氏名カナ"), example="アクツ カオル"),
    Column("birth_date", "生年月日", columns.day(), required=True, aliases=("誕生日",), example="S54.9.27"),
    Column("sex", "性別", columns.choice(_SEX_WORDS, SEXES), required=True, aliases=("性", "性別区分"), example="男"),
    Column("exam_date", "受診日", columns.day(), required=True, aliases=("健診日", "受診年月日", "健診実施日", "検査日", "健診年月日"),
           example="2026/6/3"),
    Column("program_code", "健診プログラム種別", columns.choice({code: code for code in PROGRAMS}, PROGRAMS), aliases=("健診種別", "プログラム種別"), default="010",
           hint="列がないときは特定健診", example="特定健診"),
    Column("voucher_number", "受診券整理番号", columns.digits(11, least=11), aliases=("受診券番号", "整理番号"), example=""),
    Column("document_id", "機関の受付番号", columns.text(80), aliases=("受付番号", "健診番号", "予約番号"), example="A-0001"),
)  # fmt: skip

LAYOUT = Layout("result_csv", "健診結果のCSV", COLUMNS, either=(("number", "card"),))


def layout(dates: str) -> Layout:
    """The columns with dates read as a map says."""
    if not dates:
        return LAYOUT
    kind = day(dates)
    changed = tuple(replace(one, kind=kind) if one.code in (EXAM_DATE, BIRTH_DATE) else one for one in COLUMNS)
    return replace(LAYOUT, columns=changed)


def card_parts(values: Mapping[str, Value]) -> tuple[str, str, str]:
    """記号, 番号, 枝番: of their own columns, else of the one that holds all."""
    whole = (values.get("card", "").split("-") + ["", ""])[:3]
    found = [values.get(code) or part for code, part in zip(CARD, whole, strict=True)]
    return found[0], found[1], found[2].zfill(2) if found[2] else ""
