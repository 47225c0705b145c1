"""Cells become values, or a sentence that names the field and the remedy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kumiai.tabular import columns
from kumiai.tabular.columns import Column, Layout, Unreadable
from kumiai.tabular.reader import Reader, choose_head
from kumiai.tabular.reading import Row, read

SEX = columns.choice({"1": "1", "2": "2", "M": "1", "F": "2", "男性": "1"}, {"1": "男", "2": "女"})
LAYOUT = Layout(
    "test",
    "試し",
    (
        Column("number", "番号", columns.number(8), required=True, aliases=("被保険者番号",), example="3456"),
        Column("name", "氏名", columns.name(60), required=True, example="阿久津 薫"),
        Column("kana", "フリガナ", columns.kana(60), aliases=("カナ氏名",), example="アクツ カオル"),
        Column("birth", "生年月日", columns.day(), required=True, example="平成9年3月2日"),
        Column("sex", "性別", SEX, required=True, example="男"),
        Column("postal", "郵便番号", columns.postal_code(), example="105-0011"),
    ),
)
PLACES = {code: place for place, code in enumerate(LAYOUT.codes)}


def reader(**more) -> Reader:
    return Reader(LAYOUT, PLACES, **more)


def row(*cells: str) -> Row:
    return Row(2, 2, cells)


def test_a_clean_row_gives_its_values():
    parsed = reader().read(row("００3456", "髙﨑 美咲", "ﾀｶｻｷ みさき", "S54.9.27", "女性"[:1], "〒105-0011"))
    assert parsed.problems == ()
    assert parsed.values == {
        "number": "3456", "name": "髙﨑 美咲", "kana": "タカサキ ミサキ", "birth": "1979-09-27", "sex": "2",
        "postal": "1050011",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "field", "code", "words"),
    [
        (("", "山田", "", "S54.9.27", "1", ""), "number", "empty", "番号を入れてください"),
        (("x", "山田", "", "S54.9.27", "1", ""), "number", "digits", "数字だけ"),
        (("1", "山田", "", "540927", "1", ""), "birth", "date", "S540927"),
        (("1", "山田", "", "昭和65年1月1日", "1", ""), "birth", "date", ""),
        (("1", "山田", "", "2月30日", "1", ""), "birth", "date", ""),
        (("1", "山田", "山田", "S54.9.27", "1", ""), "kana", "kana", "カタカナ"),
        (("1", "=HYPERLINK(1)", "", "S54.9.27", "1", ""), "name", "formula", "= + - @"),
        (("1", "山田2", "", "S54.9.27", "1", ""), "name", "name_digit", "列がずれて"),
        (("1", "山" * 61, "", "S54.9.27", "1", ""), "name", "long", "60文字"),
        (("1", "山田", "", "S54.9.27", "3", ""), "sex", "choice", "男、女"),
        (("1", "山田", "", "S54.9.27", "1", "123"), "postal", "digits_length", "先頭の0"),
    ],
)
def test_what_is_wrong_names_field_and_remedy(cells, field, code, words):
    parsed = reader().read(row(*cells))
    assert parsed.fields == (field,)
    [problem] = parsed.problems
    assert problem.code == code
    assert words in problem.remedy
    assert problem.what.endswith("。") and problem.remedy.endswith("。")


def test_what_goes_back_without_the_value_holds_nothing_of_it():
    for cells in [("12x", "山田", "", "S54.9.27", "1"), ("1", "山田7", "", "S54.9.27", "1"), ("1", "山田", "", "540927", "1"),
                  ("1", "=山田", "", "S54.9.27", "1"), ("1", "山田", "", "S54.9.27", "婿")]:  # fmt: skip
        [problem] = reader().read(row(*cells, "")).problems
        assert problem.value and problem.value not in problem.without_value


def test_several_problems_of_one_row_are_all_named_in_the_order_of_the_columns():
    parsed = reader().read(row("", "", "", "x", "9", ""))
    assert parsed.fields == ("number", "name", "birth", "sex")


def test_zeros_a_spreadsheet_dropped_come_back():
    assert reader().read(row("1", "山田", "", "S54.9.27", "1", "10011")).values["postal"] == "0010011"


def test_a_spreadsheets_wrappings_are_taken_off():
    parsed = reader().read(row('="0012"', "'=ヤマ", "", "1979/9/27 0:00:00", "1.0", ""))
    assert parsed.fields == ("name",)  # harmless on its way out, a formula all the same
    assert parsed.values["number"] == "12" and parsed.values["birth"] == "1979-09-27" and parsed.values["sex"] == "1"


def test_heads_are_known_by_other_names_full_width_and_marked():
    assert LAYOUT.match(["※被保険者番号（必須）", "氏　名", "ｶﾅ氏名", "生年月日", "性別"]) == {
        "number": 0, "name": 1, "kana": 2, "birth": 3, "sex": 4,
    }  # fmt: skip


def test_the_head_is_found_below_a_title():
    sheet = read("加入者一覧,,\n作成日,2026/11/24,\n番号,氏名,生年月日\n1,山田,S54.9.27\n".encode())
    head = choose_head(sheet.first_rows, LAYOUT)
    assert head is not None and head.number == 3
    assert [c.code for c in LAYOUT.missing(LAYOUT.match(head.cells))] == ["sex"]


def test_constants_fill_empty_cells_and_translations_replace_whole_ones():
    made = reader(constants={"sex": "男"}, translations={"sex": {"おとこ": "1", "おんな": "2"}})
    assert made.read(row("1", "山田", "", "S54.9.27", "おんな", "")).values["sex"] == "2"
    assert made.read(row("1", "山田", "", "S54.9.27", "", "")).values["sex"] == "1"


def test_the_template_can_be_read_by_its_own_layout():
    sheet = read(LAYOUT.template())
    head, line = sheet.rows()
    parsed = Reader(LAYOUT, LAYOUT.match(head.cells)).read(line)
    assert parsed.problems == () and set(parsed.values) == set(LAYOUT.codes)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=0, max_size=8))
def test_no_cells_raise(cells):
    parsed = reader().read(row(*cells))
    assert len(parsed.fields) == len(parsed.problems)


@pytest.mark.parametrize("kind", [c.kind for c in LAYOUT.columns], ids=LAYOUT.codes)
@given(text=st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_a_kind_answers_or_says_why_not(kind, text):
    try:
        value = kind.read(text)
    except Unreadable as unreadable:
        assert unreadable.problem.what and unreadable.problem.remedy
    else:
        assert isinstance(value, str)
