"""Dates in both calendars, ages by law, money: what is written is read back, what cannot be read says why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.ui import formats

FIRST, LAST = date(1868, 1, 25), date(2100, 12, 31)
DAYS = st.dates(FIRST, LAST)


def test_every_day_reads_back_as_it_is_written() -> None:
    for count in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=count)
        assert formats.parse_date(formats.format_wareki(day)).date == day
        assert formats.parse_date(formats.format_wareki_short(day)).date == day


@given(DAYS)
def test_each_way_of_typing_gives_the_same_day(day: date) -> None:
    _name, short, year = formats.era_of(day)
    letter = next(era[2] for era in formats.ERAS if era[1] == short)
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    ways = [
        day.isoformat(),
        day.isoformat().translate(wide),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{letter}{year}.{day.month}.{day.day}",
        f"{letter.lower()}{year}-{day.month}-{day.day}",
    ]
    if year < 100:
        ways.append(f"{letter}{year:02}{day:%m%d}")
    for way in ways:
        understood = formats.parse_date(way)
        assert understood.date == day, way
        assert understood.echo == f"{formats.format_wareki(day, weekday=True)}　{day.isoformat()}"


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(1868, 1, 25), "明治元年1月25日", "明元.1.25"),
        (date(1912, 7, 29), "明治45年7月29日", "明45.7.29"),
        (date(1912, 7, 30), "大正元年7月30日", "大元.7.30"),
        (date(1926, 12, 24), "大正15年12月24日", "大15.12.24"),
        (date(1926, 12, 25), "昭和元年12月25日", "昭元.12.25"),
        (date(1979, 9, 27), "昭和54年9月27日", "昭54.9.27"),
        (date(1989, 1, 7), "昭和64年1月7日", "昭64.1.7"),
        (date(1989, 1, 8), "平成元年1月8日", "平元.1.8"),
        (date(2019, 4, 30), "平成31年4月30日", "平31.4.30"),
        (date(2019, 5, 1), "令和元年5月1日", "令元.5.1"),
    ],
)
def test_days_where_eras_meet(day: date, long: str, short: str) -> None:
    assert formats.format_wareki(day) == long
    assert formats.format_wareki_short(day) == short


@pytest.mark.parametrize(
    "text",
    [
        "昭和54/9/27",
        "S54.9.27",
        "昭54年9月27日",
        "1979-9-27",
        "19790927",
        "１９７９－０９－２７",
        "Ｓ５４．９．２７",
        "s540927",
        "昭和540927",
    ],
)
def test_ways_a_clerk_types(text: str) -> None:
    assert formats.parse_date(text).date == date(1979, 9, 27)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("540927", "540927 は、昭和54年とも1954年とも読めます。S540927 か 19540927 と入力してください。"),
        (
            "昭和65年5月7日",
            "昭和65年はありません。昭和は64年1月7日までです。平成2年のことであれば H2.5.7 と入力してください。",
        ),
        (
            "S65.5.7",
            "昭和65年はありません。昭和は64年1月7日までです。平成2年のことであれば H2.5.7 と入力してください。",
        ),
        ("2023-2-30", "2023年2月に30日はありません。日を確かめてください。"),
        ("きのう", "「きのう」は日付として読めません。S54.9.27 か 1979-9-27 のように入力してください。"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, sentence: str) -> None:
    with pytest.raises(formats.UnreadableDate) as refused:
        formats.parse_date(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "text", ["", "昭和64年1月8日", "平成元年1月7日", "令和0年5月1日", "1867-12-31", "2101-1-1", "1979-13-1", "H31.5.1"]
)
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(formats.UnreadableDate):
        formats.parse_date(text)


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_sentence(text: str) -> None:
    try:
        assert FIRST <= formats.parse_date(text).date <= LAST
    except formats.UnreadableDate as refused:
        assert str(refused).endswith("。")


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1979, 9, 27), date(2026, 9, 25), 46),
        (date(1979, 9, 27), date(2026, 9, 26), 47),  # the day before the birthday
        (date(2004, 2, 29), date(2023, 2, 27), 18),
        (date(2004, 2, 29), date(2023, 2, 28), 19),
        (date(2004, 2, 29), date(2024, 2, 27), 19),
        (date(2004, 2, 29), date(2024, 2, 28), 20),
        (date(2020, 4, 1), date(2026, 3, 31), 6),  # an early birthday: the school year of March
        (date(2026, 11, 1), date(2026, 11, 1), 0),
        (date(2026, 11, 1), date(2026, 10, 1), 0),
    ],
)
def test_ages_by_law(birth: date, day: date, age: int) -> None:
    assert formats.age_on(birth, day) == age


@given(DAYS.filter(lambda day: day.year < 1990), st.integers(1, 110))
def test_an_age_is_reached_on_its_day_and_not_before(birth: date, years: int) -> None:
    reached = formats.legal_age_reached_on(birth, years)
    assert formats.age_on(birth, reached) == years
    assert formats.age_on(birth, reached - timedelta(days=1)) == years - 1


def test_money_and_counts() -> None:
    assert formats.format_yen(12345) == "12,345円"
    assert formats.format_yen(-500) == "-500円"
    assert formats.format_yen(None) == ""
    assert formats.format_number(1240) == "1,240"
