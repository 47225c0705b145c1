"""One row of an institution's CSV by its map: values, words, units, marks; and every way to be wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health_programs.checkups.files.items import by_code, by_key, table
from health_programs.checkups.files.person_columns import card_parts, day
from health_programs.checkups.files.result_csv import RowReader, open_sheet
from health_programs.checkups.files.result_map import Shape, answers, guess, misfits
from health_programs.checkups.files.units import OTHERS, conversion
from kumiai.tabular.columns import Unreadable
from tests.health_programs.checkups.csv_samples import HEADS, KEYS, row_of, shape
from tests.health_programs.checkups.csv_samples import table as table_of

RECEIVED = date(2026, 6, 20)
SOMEBODY = SimpleNamespace(
    symbol="12",
    number="71",
    branch="00",
    family_kana="アクツ",
    given_kana="カオル",
    birth_date=date(1979, 9, 27),
    sex="1",
)


def lines_of(data: bytes, by: Shape | None = None):
    by = by or shape()
    opened = open_sheet(data, by, "kekka.csv")
    assert opened.problem == [], opened.problem
    reader = RowReader(
        by, institution=("1310000011", "みなと架空健診クリニック"), insurers=["06139992"], received=RECEIVED
    )
    rows = opened.rows(line=opened.first_line, number=opened.first_number, width=by.width)
    return [reader.read(row) for row in rows]


def line(by: Shape | None = None, **changes):
    return lines_of(table_of(row_of(SOMEBODY, **changes)), by)[0]


def item(found, key: str):
    return next(one for one in found.observations if one.key == key)


def test_a_row_becomes_a_submission():
    one = line().submission
    assert one is not None and len(one.observations) == len(KEYS)
    assert (one.identity.symbol, one.identity.number, one.identity.branch) == ("12", "71", "00")
    assert (one.identity.kana, one.identity.birth_date, one.exam_date) == (
        "アクツ　カオル",
        date(1979, 9, 27),
        date(2026, 6, 3),
    )
    assert one.numbers()["systolic"] == 145 and one.numbers()["hba1c"] == Decimal("5.7")
    assert one.answers() == {
        "urine_sugar": 1, "urine_protein": 1, "smoking": 3, "medication_bp": 2, "medication_glucose": 2,
        "medication_lipid": 2,
    }  # fmt: skip
    assert (one.institution_code, one.document_id, one.report_code) == ("1310000011", "A-0001", "10")


def test_jds_becomes_ngsp_as_the_table_of_the_society_says():
    """+0.3 up to 4.9, +0.4 from 5.0 to 9.9, +0.5 from 10.0 to 14.9 (運用指針 of 2012), for every tenth."""
    item = by_key("hba1c")[0]
    jds = conversion(item, "jds")
    for tenths in range(30, 150):
        step = 3 if tenths < 50 else 4 if tenths < 100 else 5
        assert jds.into(Decimal(tenths) / 10, item) == Decimal(tenths + step) / 10, tenths


@pytest.mark.parametrize(
    ("ifcc", "ngsp"),
    [(20, "4.0"), (31, "5.0"), (42, "6.0"), (48, "6.5"), (53, "7.0"), (64, "8.0"), (75, "9.0"), (86, "10.0")],
)
def test_ifcc_becomes_ngsp_as_published_pairs_say(ifcc, ngsp):
    item = by_key("hba1c")[0]
    assert conversion(item, "ifcc").into(Decimal(ifcc), item) == Decimal(ngsp)


def test_units_are_converted_with_the_decimals_of_the_item():
    assert line().submission.numbers()["glucose_fasting"] == 104  # 5.8 mmol/L × 18.016 = 104.49
    sugar = by_key("hba1c")[0]
    assert conversion(sugar, "ifcc").into(Decimal(39), sugar) == Decimal("5.7")  # 0.09148 × 39 + 2.152 = 5.72
    assert conversion(sugar, "jds").into(Decimal("6.1"), sugar) == Decimal("6.5")  # 1.02 × 6.1 + 0.25 = 6.472
    creatinine = by_key("creatinine")[0]
    assert conversion(creatinine, "umol_l").into(Decimal("88.4"), creatinine) == Decimal("1.00")
    assert all(by_key(key) for key in OTHERS)


@pytest.mark.parametrize(
    ("cell", "value", "state", "flag"),
    [
        ("180", "180", "measured", ""),
        ("１８０", "180", "measured", ""),
        ("180mg/dL", "180", "measured", ""),
        ('"1,180"', "1180", "measured", ""),
        ("H180", "180", "measured", "H"),
        ("180 L", "180", "measured", "L"),
        ("10以下", "10", "below", "L"),
        ("<10 mg/dl", "10", "below", "L"),
        ("＞2000", "2000", "above", "H"),
        ("H2000", "2000", "above", "H"),
        ("H", "2000", "above", "H"),
        ("未実施", None, "not_measured", ""),
        ("測定不能", None, "not_measured", ""),
        ("本人拒否", None, "refused", ""),
    ],
)
def test_what_stands_in_a_cell_of_a_number(cell, value, state, flag):
    one = item(line(tg_fasting=cell), "tg_fasting")
    assert (None if one.value is None else str(one.value), one.state, one.flag) == (value, state, flag)


@pytest.mark.parametrize(
    ("changes", "place", "word"),
    [
        ({"systolic": "14O"}, "収縮期血圧", "数値として読めません"),
        ({"systolic": "999"}, "収縮期血圧", "入力できる範囲"),
        ({"systolic": "=145+1"}, "収縮期血圧", "数値として読めません"),
        ({"urine_protein": "わからない"}, "尿蛋白", "列の対応にない言葉"),
        ({"健診日": "2026/7/1"}, "受診日", "収受日より後"),
        ({"健診日": "2026/2/30"}, "受診日", "日付として読めない"),
        ({"生年月日": "2026/6/10"}, "受診日", "生年月日より前"),
        ({"生年月日": ""}, "生年月日", "入っていません"),
        ({"カナ氏名": "AKUTSU 1"}, "氏名（カナ）", "カタカナ"),
        ({"記号番号": "12"}, "記号・番号", "分けられません"),
        ({"性別": "不明"}, "性別", "決められた言葉"),
        ({"systolic": "〓"}, "収縮期血圧", "外字"),
    ],
)
def test_a_wrong_cell_names_line_field_and_remedy_and_no_value(changes, place, word):
    found = line(**changes)
    assert found.submission is None
    said = next(one for one in found.problems if word in one.what)
    assert said.place.startswith("2行目") and place in said.place and said.remedy
    (value,) = changes.values()
    assert not value or len(value) < 3 or all(value not in part for one in found.problems for part in one.row())


def test_an_insurer_number_of_its_own_column():
    places = {"insurer_number": 25, **shape().places}
    by = shape(places=places, constants={})
    other = line(by, 備考="01130012")
    assert other.submission is not None and [one.code for one in other.problems] == ["other_insurer"]
    assert [one.code for one in line(by, 備考="06139991").problems] == ["check_digit"]
    assert line(by, 備考="6139992").problems == ()  # the spreadsheet dropped the zero in front


def test_only_filled_items_stand_and_none_is_an_error():
    assert len(line(waist="").observations) == len(KEYS) - 1
    empty = line(**dict.fromkeys(KEYS, ""))
    assert [one.code for one in empty.problems] == ["no_items"]


def test_codes_are_taken_where_no_word_is_another():
    smoking, scheie = by_key("smoking")[0], by_key("fundus_scheie_h")[0]
    assert answers(smoking, {})["3"] == "3" and "3" not in answers(smoking, {"吸わない": "3"})
    assert "1" not in answers(scheie, {})  # "1" is the word of code 2 and a code itself: a map has to say which
    assert answers(scheie, {"1": "2"})["1"] == "2"
    urine = by_key("urine_sugar")[0]
    assert [answers(urine, {})[word] for word in ("-", "±", "1+", "2+", "3+", "(-)")] == ["1", "2", "3", "4", "5", "1"]


@pytest.mark.parametrize(
    ("written", "cell", "wanted"),
    [("mdy", "9/27/1979", "1979-09-27"), ("dmy", "27.9.1979", "1979-09-27"), ("era", "3540927", "1979-09-27")],
)
def test_dates_as_the_map_says(written, cell, wanted):
    assert day(written).read(cell) == wanted
    for wrong in ("9/31/1979x", "", "13/45/1979", "0540927"):
        with pytest.raises(Unreadable):
            day(written).read(wrong)


def test_a_card_in_one_cell():
    assert card_parts({"card": "12-3456-0"}) == ("12", "3456", "00")
    assert card_parts({"card": "12-3456", "branch": "01"}) == ("12", "3456", "01")


def test_a_changed_head_says_which_columns():
    moved = list(HEADS)
    moved[9], moved[10], moved[16] = "最低血圧", "最高血圧", "佐藤花子"
    opened = open_sheet(table_of(row_of(SOMEBODY), heads=tuple(moved)), shape(), "kekka.csv")
    what = opened.problem[0]
    assert "10列目が「最高血圧」" in what and "11列目に移っています" in what and "17列目が「γGTP」" in what
    assert "佐藤花子" not in " ".join(opened.problem)
    assert misfits(shape(), HEADS) == []


def test_a_new_column_is_told_and_not_read():
    heads = (*HEADS, "胸部X線")
    opened = open_sheet(table_of([*row_of(SOMEBODY), "所見なし"], heads=heads), shape(heads=HEADS), "kekka.csv")
    assert opened.problem == [] and "「胸部X線」" in opened.notes[-1].what


def test_the_encoding_of_the_map_counts():
    data = table_of(row_of(SOMEBODY), encoding="utf-8")
    assert open_sheet(data, shape(), "k.csv").problem == []
    opened = open_sheet(data, shape(codec="cp932"), "k.csv")
    assert "1行目" in opened.problem[0] and "CP932" in opened.problem[1]
    tabs = data.replace(b",", b"\t")
    assert open_sheet(tabs, shape(delimiter="\t", codec="utf-8"), "k.csv").problem == []
    assert open_sheet(tabs, shape(delimiter=";"), "k.csv").problem != []


def test_one_bad_line_leaves_its_neighbours():
    good = row_of(SOMEBODY)
    rows = [good, ["x" * 1_000_000, *good[1:]], ['"' + good[0], *good[1:]], good[:8], good]
    data = table_of(*rows).replace(b"A-0001", b"A-0001")
    found = lines_of(data)
    assert [one.submission is not None for one in found] == [True, False, False, False, True]
    assert [one.problems[0].code for one in found[1:4]] == ["line_long", "quote_open", "columns_few"]
    mixed = (
        table_of(good)
        + ",".join(row_of(SOMEBODY, カナ氏名="ヤマダ")).encode("utf-8")
        + b"\r\n"
        + table_of(good, heads=())
    )
    assert [one.submission is not None for one in lines_of(mixed, shape(codec="cp932"))] == [True, False, True]


def test_a_shape_is_kept_whole():
    one = shape(dates="era", words={"sex": {"A": "1"}})
    again = Shape.of(codec="", delimiter="", head_row=1, heads=list(HEADS), stored=one.stored())
    assert again == one


def test_heads_are_guessed_by_name_and_by_code():
    people, items = guess(["保険証番号", "フリガナ", "腹囲", "HbA1c(NGSP値)", "9N001000000000001", "感想"])
    assert people == {"number": 0, "kana": 1}
    assert [by_code(code).key for code in items.values()] == ["waist", "hba1c", "height"]


@given(st.sampled_from(KEYS), st.text(max_size=30))
def test_no_text_whatever_raises_and_numbers_stay_in_range(key, cell):
    reader = RowReader(shape(), institution=("1310000011", "み"), insurers=["06139992"], received=RECEIVED)
    column = next(one for one in reader.cells if one.item.key == key)
    from health_programs.checkups.files.desk import Desk

    desk = Desk("2行目")
    one = column.read(cell, desk)
    assert one is None or one.code in table()
    if one is not None and one.state == "measured" and one.value is not None and one.key == "systolic":
        assert 60 <= one.value <= 300
    assert all(problem.place.startswith("2行目") for problem in desk.problems)
