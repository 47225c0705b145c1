"""How dates, ages, money and counts are written and read. Pure functions.

Eras begin on the day named; that day already belongs to the new era: 明治 1868-01-25, 大正 1912-07-30, 昭和 1926-12-25,
平成 1989-01-08, 令和 2019-05-01. Days before the Gregorian calendar was adopted (1873) are counted in it all the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

# (name, short, letter, first day), newest first.
ERAS = (
    ("令和", "令", "R", date(2019, 5, 1)),
    ("平成", "平", "H", date(1989, 1, 8)),
    ("昭和", "昭", "S", date(1926, 12, 25)),
    ("大正", "大", "T", date(1912, 7, 30)),
    ("明治", "明", "M", date(1868, 1, 25)),
)
WEEKDAYS = "月火水木金土日"
LAST_YEAR = 2100
FIRST_DAY, LAST_DAY = ERAS[-1][3], date(LAST_YEAR, 12, 31)


class UnreadableDate(ValueError):
    """What was typed is no date; the text is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Understood:
    """A date and how it was understood, in both calendars."""

    date: date
    echo: str


def era_of(day: date) -> tuple[str, str, int]:
    """(name, short name, year) of a day's era; ValueError before 明治."""
    for name, short, _letter, first in ERAS:
        if day >= first:
            return name, short, day.year - first.year + 1
    raise ValueError("明治より前の日です。")


def format_wareki(day: date | None, *, weekday: bool = False) -> str:
    """令和8年11月22日; the first year of an era is 元年."""
    if day is None:
        return ""
    name, _short, year = era_of(day)
    text = f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{text}（{WEEKDAYS[day.weekday()]}）" if weekday else text


def format_wareki_month(day: date | None) -> str:
    """令和8年11月, of any day in the month."""
    return format_wareki(day).rpartition("月")[0] + "月" if day else ""


def format_wareki_short(day: date | None) -> str:
    """昭54.9.27, for lists."""
    if day is None:
        return ""
    _name, short, year = era_of(day)
    return f"{short}{'元' if year == 1 else year}.{day.month}.{day.day}"


def echo(day: date) -> str:
    """Both calendars, as shown under a date field."""
    return f"{format_wareki(day, weekday=True)}　{day.isoformat()}"


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ", "-"))
_ERA = re.compile(
    r"^(明治|大正|昭和|平成|令和|[明大昭平令MTSHR])\s*(元|\d{1,2})\s*[年./\-\s]\s*(\d{1,2})\s*[月./\-\s]\s*(\d{1,2})\s*日?$"
)
_ERA_COMPACT = re.compile(r"^(明治|大正|昭和|平成|令和|[明大昭平令MTSHR])(\d{2})(\d{2})(\d{2})$")
_WESTERN = re.compile(r"^(\d{4})\s*[年./\-\s]\s*(\d{1,2})\s*[月./\-\s]\s*(\d{1,2})\s*日?$")


def parse_date(text: str) -> Understood:
    """Read a date in either calendar: 昭和54/9/27, S54.9.27, 1979-9-27, 19790927, full-width as well.

    Raises UnreadableDate with a sentence: ambiguous (540927), not existing (昭和65年, 2月30日), or no date at all.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    if not plain:
        raise UnreadableDate("日付を入力してください。")
    if found := _WESTERN.match(plain):
        return _understood(int(found[1]), int(found[2]), int(found[3]), text)
    if re.fullmatch(r"\d{8}", plain):
        return _understood(int(plain[:4]), int(plain[4:6]), int(plain[6:]), text)
    if found := _ERA.match(plain) or _ERA_COMPACT.match(plain):
        year = 1 if found[2] == "元" else int(found[2])
        return _in_era(found[1], year, int(found[3]), int(found[4]), text)
    if re.fullmatch(r"\d{6}", plain):
        raise UnreadableDate(_ambiguous(plain))
    raise UnreadableDate(f"「{text.strip()}」は日付として読めません。S54.9.27 か 1979-9-27 のように入力してください。")


def _ambiguous(digits: str) -> str:
    """Why six digits are refused: the years they could mean, and how to type those that exist."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    readings: list[tuple[str, str]] = []
    # 昭和, 平成, 令和: the eras such six digits are meant in; an era that never had that day is no reading.
    for word in (ERAS[2], ERAS[1], ERAS[0]):
        try:
            _in_era(word[0], year, month, day, digits)
        except UnreadableDate:
            continue
        readings.append((f"{word[0]}{year}年", f"{word[2]}{digits}"))
    for western in (1900 + year, 2000 + year):
        try:
            date(western, month, day)
        except ValueError:
            continue
        readings.append((f"{western}年", f"{western}{digits[2:]}"))
    if not readings:
        return f"「{digits}」は日付として読めません。S54.9.27 か 1979-9-27 のように入力してください。"
    if len(readings) == 1:
        return (
            f"{digits} は年が2桁のため読めません。{readings[0][0]}のことであれば {readings[0][1]} と入力してください。"
        )
    first, last = readings[0], next((r for r in readings[1:] if r[1][0].isdigit()), readings[-1])
    return f"{digits} は、{first[0]}とも{last[0]}とも読めます。{first[1]} か {last[1]} と入力してください。"


def _in_era(word: str, year: int, month: int, day: int, text: str) -> Understood:
    place = next(i for i, era in enumerate(ERAS) if word in era[:3])
    name, _short, letter, first = ERAS[place]
    if year < 1:
        raise UnreadableDate(f"{name}0年はありません。最初の年は元年（1年）です。")
    western = first.year + year - 1
    later = ERAS[place - 1] if place else None
    last = later[3] - timedelta(days=1) if later else date(LAST_YEAR, 12, 31)
    if western > last.year:
        hint = ""
        if later and western - later[3].year + 1 >= 1:
            hint = f"{later[0]}{western - later[3].year + 1}年のことであれば {later[2]}{western - later[3].year + 1}.{month}.{day} と入力してください。"  # noqa: E501
        end = f"{name}は{last.year - first.year + 1}年{last.month}月{last.day}日までです。" if later else ""
        raise UnreadableDate(f"{name}{year}年はありません。{end}{hint}")
    found = _understood(western, month, day, text)
    if found.date < first:
        raise UnreadableDate(
            f"{name}は{first.month}月{first.day}日からです。その前の日は、前の元号で入力してください。"
        )
    if found.date > last and later:
        raise UnreadableDate(
            f"{name}{year}年{month}月{day}日はありません。{name}は{last.year - first.year + 1}年{last.month}月{last.day}日までです。"
            f"{later[0]}のことであれば {later[2]}{western - later[3].year + 1}.{month}.{day} と入力してください。"
        )
    return found


def _understood(year: int, month: int, day: int, text: str) -> Understood:
    try:
        found = date(year, month, day)
    except ValueError:
        if 1 <= month <= 12 and day > 28:
            raise UnreadableDate(f"{year}年{month}月に{day}日はありません。日を確かめてください。") from None
        raise UnreadableDate(f"「{text.strip()}」という日付はありません。月と日を確かめてください。") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise UnreadableDate(f"{year}年は扱えません。明治元年から{LAST_YEAR}年までの日を入力してください。")
    return Understood(found, echo(found))


def fiscal_year(day: date) -> int:
    """The western year in which the 年度 of a day begins (1 April)."""
    return day.year if day.month >= 4 else day.year - 1


def era_year(year: int, *, long: bool = False) -> str:
    """The name of the 年度 that begins on 1 April of `year`: 令元, 平28; long: 令和元, 平成28."""
    for first, short, name in ((2019, "令", "令和"), (1989, "平", "平成"), (1926, "昭", "昭和"), (1912, "大", "大正")):
        if year >= first:
            number = year - first + 1
            return f"{name if long else short}{'元' if number == 1 else number}"
    return str(year)


def legal_age_reached_on(birth: date, years: int) -> date:
    """The day an age is reached: the day before the birthday (年齢計算ニ関スル法律・民法143条).

    Born on 29 February: in a common year the birthday would be 1 March, so the age is reached on 28 February.
    """
    try:
        birthday = birth.replace(year=birth.year + years)
    except ValueError:
        birthday = date(birth.year + years, 3, 1)
    return birthday - timedelta(days=1)


def age_on(birth: date, day: date) -> int:
    """Age in completed years at the end of a day, by the law of ages; negative before birth is 0."""
    years = day.year - birth.year + 1
    while years > 0 and legal_age_reached_on(birth, years) > day:
        years -= 1
    return max(years, 0)


def format_yen(amount: int | None) -> str:
    """12,345円."""
    return "" if amount is None else f"{amount:,}円"


def format_number(value: int | None) -> str:
    """1,240."""
    return "" if value is None else f"{value:,}"
