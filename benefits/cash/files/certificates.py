"""事業主の証明の CSV: one line a certified stretch, with its days and pay; every bad line told by field. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kumiai.tabular import columns as kinds
from kumiai.tabular.columns import Column, Kind, Layout, Unreadable
from kumiai.tabular.reader import Reader, choose_head
from kumiai.tabular.reading import read

DAY = timedelta(days=1)
PAY_SETS = 3
LONGEST = 366
"""Days of one certificate; longer, a month and day would not say which year."""

_ONE = r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?"
_TOKEN = re.compile(rf"{_ONE}(?:~{_ONE})?\Z")
_CASE = re.compile(r"R(\d{1,2})-(\d{1,6})\Z")


def _parts(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).replace("〜", "~").replace("から", "~")
    return [part for part in re.split(r"[、,;\s]+", re.sub(r"\s*~\s*", "~", plain)) if part]


def _days() -> Kind:
    """Days and runs of days; of which year they are, the certified stretch says."""

    def read_cell(cell: str) -> str:
        parts = _parts(cell)
        for part in parts:
            if not _TOKEN.match(part):
                raise Unreadable(
                    "days", f"「{part[:20]}」は日として読めません。", "10/3、10/5～10/9 のように入れてください。",
                    general="日として読めない値があります。",
                )  # fmt: skip
        return " ".join(parts)

    return Kind("日の並び", "10/3、10/5～10/9 のように、空白か読点で区切ります", read_cell)


def _yen() -> Kind:
    """Whole yen, with or without commas and the sign."""

    def read_cell(cell: str) -> str:
        text = unicodedata.normalize("NFKC", cell).strip().removeprefix("¥").removesuffix("円").replace(",", "")
        if not re.fullmatch(r"[0-9]{1,8}(?:\.0+)?", text):
            raise Unreadable(
                "yen", f"「{cell[:20]}」は金額として読めません。", "0円から99,999,999円までの整数を入れてください。",
                general="金額として読めません。",
            )  # fmt: skip
        return str(int(text.split(".")[0]))

    return Kind("金額", "円。8桁まで", read_cell)


def _case_number() -> Kind:
    def read_cell(cell: str) -> str:
        found = _CASE.match(unicodedata.normalize("NFKC", cell).strip().upper())
        if not found:
            raise Unreadable(
                "case", f"「{cell[:20]}」は受付番号ではありません。", "R8-000123 のように入れるか、空けてください。",
                general="受付番号として読めません。",
            )  # fmt: skip
        return f"R{int(found[1])}-{found[2].zfill(6)}"

    return Kind("受付番号", "R8-000123", read_cell)


PER = {"day": "1日あたり", "calendar": "期間の合計", "thirty": "月額"}
_PER_WORDS = {"日額": "day", "1日": "day", "合計": "calendar", "期間": "calendar", "月給": "thirty"}


def _pay_columns(number: int) -> tuple[Column, ...]:
    example = ("通勤手当", "2026-10-01", "2026-10-31", "12000", "期間の合計") if number == 1 else ("",) * 5
    return (
        Column(
            f"label{number}", f"報酬{number}の種類", kinds.text(40), example=example[0],
            hint="種類・初日・末日・額は、四つとも入れるか、四つとも空けます" if number == 1 else "",
        ),
        Column(f"from{number}", f"報酬{number}の初日", kinds.day(), example=example[1]),
        Column(f"to{number}", f"報酬{number}の末日", kinds.day(), example=example[2]),
        Column(f"amount{number}", f"報酬{number}の額", _yen(), example=example[3]),
        Column(
            f"per{number}", f"報酬{number}の割り方", kinds.choice(_PER_WORDS, PER), default="day", example=example[4]
        ),
    )  # fmt: skip


LAYOUT = Layout(
    "certificates",
    "事業主の証明",
    (
        Column("symbol", "記号", kinds.text(8), required=True, example="12"),
        Column("number", "番号", kinds.text(8), required=True, example="3456"),
        Column(
            "case", "受付番号", _case_number(), example="R8-000123",
            hint="空けてもかまいません。同じ人の申請が期間に二つあるときに要ります",
        ),
        Column("first", "証明した期間の初日", kinds.day(), required=True, aliases=("期間の初日", "自"), example="2026-10-01"),
        Column("last", "証明した期間の末日", kinds.day(), required=True, aliases=("期間の末日", "至"), example="2026-10-31"),
        Column("certified", "証明した日", kinds.day(), required=True, aliases=("証明日",), example="2026-11-05"),
        Column("employer", "証明した事業所", kinds.text(100), required=True, aliases=("事業所",), example="見本株式会社"),
        Column("worked", "出勤した日", _days(), aliases=("出勤日",), hint="どこにも書かない日は欠勤です", example="10/1 10/2"),
        Column("leave", "有給休暇の日", _days(), aliases=("有給",), example="10/5～10/9"),
        Column("holidays", "公休の日", _days(), aliases=("公休", "休日"), example="10/3 10/4"),
        *(column for number in range(1, PAY_SETS + 1) for column in _pay_columns(number)),
        Column("note", "備考", kinds.text(200)),
    ),
)  # fmt: skip

_KINDS_OF_DAY = ("worked", "leave", "holidays")


@dataclass(frozen=True)
class Line:
    """A line as read: its line in the file, its values by column (days in ISO form), and what is wrong with it."""

    line: int
    values: dict[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Certificates:
    """A file as read. problem: why nothing of it can be read."""

    lines: tuple[Line, ...]
    problem: str = ""


def read_certificates(data: bytes) -> Certificates:
    """A file in UTF-8 or CP932. Nothing raises: what cannot be read is told by line and field."""
    sheet = read(data)
    if sheet.problem is not None:
        return Certificates((), f"{sheet.problem.without_value}{sheet.problem.remedy}")
    head = choose_head(sheet.first_rows, LAYOUT)
    if head is None:
        return Certificates((), "見出しの行が見つかりません。ひな型の見出しを付けてください。")
    places = LAYOUT.match(head.cells)
    absent = LAYOUT.missing(places)
    if absent:
        return Certificates((), f"「{'」「'.join(column.title for column in absent)}」の列がありません。")
    reader, found = Reader(LAYOUT, places), []
    for row in sheet.rows(first_line=head.line - 1 + head.used, number=head.number, width=len(head.cells)):
        if row.blank:
            continue
        parsed = reader.read(row)
        problems = [
            f"{LAYOUT.column(code).title if code else '行'}：{problem.without_value}{problem.remedy}"
            for problem, code in zip(parsed.problems, parsed.fields, strict=True)
        ]
        values = dict(parsed.values)
        if not problems:
            problems += _whole(values)
        found.append(Line(row.line, values, tuple(problems)))
    return Certificates(tuple(found))


def _whole(values: dict[str, str]) -> list[str]:
    """What is wrong between the fields of a line; its days become ISO days of the certified stretch."""
    first, last = date.fromisoformat(values["first"]), date.fromisoformat(values["last"])
    if last < first:
        return ["証明した期間の末日：初日より前です。初日と末日を確かめてください。"]
    if (last - first).days >= LONGEST:
        return [f"証明した期間の末日：初日から{LONGEST}日より後です。一年までに分けてください。"]
    wrong: list[str] = []
    known: dict[date, str] = {}
    for code in _KINDS_OF_DAY:
        title = LAYOUT.column(code).title
        days: list[date] = []
        for part in values.get(code, "").split():
            try:
                days += _run(part, first, last)
            except ValueError as outside:
                wrong.append(f"{title}：{outside}")
        for day in dict.fromkeys(days):
            if day in known:
                wrong.append(f"{title}：{day.isoformat()} は「{known[day]}」にもあります。どちらか一方にしてください。")
            known.setdefault(day, title)
        values[code] = " ".join(day.isoformat() for day in sorted(set(days)))
    return wrong + list(_pay_problems(values))


def _pay_problems(values: dict[str, str]) -> Iterator[str]:
    for number in range(1, PAY_SETS + 1):
        codes = [f"{name}{number}" for name in ("label", "from", "to", "amount")]
        given = [code for code in codes if values.get(code)]
        if given and len(given) < len(codes):
            absent = next(code for code in codes if not values.get(code))
            yield f"{LAYOUT.column(absent).title}：入っていません。種類・初日・末日・額を四つとも入れてください。"
        elif given and values[f"to{number}"] < values[f"from{number}"]:
            yield f"報酬{number}の末日：初日より前です。初日と末日を確かめてください。"


def _run(part: str, first: date, last: date) -> list[date]:
    """The days of one token. Raises ValueError with a sentence."""
    found = _TOKEN.match(part)
    if found is None:
        raise ValueError(f"「{part}」は日として読めません。10/3、10/5～10/9 のように入れてください。")
    groups = found.groups()
    start = _day(groups[:3], part, first, last)
    end = _day(groups[3:], part, first, last) if groups[4] else start
    if end < start:
        raise ValueError(f"「{part}」は終わりの日が始まりの日より前です。")
    return [start + DAY * index for index in range((end - start).days + 1)]


def _day(groups: tuple[str | None, ...], part: str, first: date, last: date) -> date:
    year, month, number = groups
    for one in [int(year)] if year else range(first.year, last.year + 1):
        try:
            day = date(one, int(month or 0), int(number or 0))
        except ValueError:
            continue
        if first <= day <= last:
            return day
    raise ValueError(f"「{part}」は、証明した期間にない日です。")
