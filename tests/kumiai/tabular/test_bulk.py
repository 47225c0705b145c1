"""Rows read many at once say what they say one by one, whatever stands in the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kumiai.tabular import columns
from kumiai.tabular.bulk import BulkReader, blocks, copy_text
from kumiai.tabular.columns import Column, Layout
from kumiai.tabular.reader import Parsed, Reader
from kumiai.tabular.reading import read

LAYOUT = Layout(
    "people",
    "人",
    (
        Column("number", "番号", columns.number(8), required=True),
        Column("name", "氏", columns.name(10)),
        Column("full", "氏名", columns.name(20)),
        Column("birth", "生年月日", columns.day(), required=True),
        Column("street", "番地", columns.text(12)),
        Column("kind", "種別", columns.choice({"1": "a"}, {"a": "甲"}), default="a"),
    ),
    either=(("name", "full"),),
)
HEAD = "番号,氏,氏名,生年月日,番地"
PLACES = {"number": 0, "name": 1, "full": 2, "birth": 3, "street": 4}


def both(text: str, size: int = 3, **more) -> tuple[list[Parsed], list[Parsed], list[int]]:
    """What the rows say one by one, many at once, and the numbers of the latter."""
    sheet = read((HEAD + "\n" + text).encode())
    reader = Reader(LAYOUT, PLACES, **more)
    single = [row for row in sheet.rows(first_line=1, number=1, width=5) if not row.blank]
    many = []
    bulk = BulkReader(Reader(LAYOUT, PLACES, **more))
    for block in blocks(sheet, first_line=1, number=1, width=5, size=size):
        many += [(block.row(place), parsed) for place, parsed in bulk.read(block).parsed()]
    assert [row for row, _parsed in many] == single
    return [reader.read(row) for row in single], [parsed for _row, parsed in many], [row.number for row, _p in many]


CELLS = st.sampled_from(
    ["", " ", "　", "1", "007", "12345678", "123456789", "山田", "=1+1", "'=1", "a\tb", "back\\slash", '"', '""', '"x,y"',
     '"x\ny"', "S54.9.27", "19790927", "1979/09/27", "1979/02/30", "21010101", "18000101", "540927", "２０００年1月1日",
     "a" * 13, "x ", "\u3000x", "\u2003", "N\x00L", "〓", "@home", '="12"']
)  # fmt: skip
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=6).map(",".join), max_size=9)


@settings(max_examples=50, deadline=None)
@given(LINES, st.integers(1, 4))
def test_any_rows_say_the_same_read_together(lines, size):
    single, many, _numbers = both("\n".join(["1,山田,,S54.9.27,x", *lines]), size)

    assert many == single


@pytest.mark.parametrize("more", [{"translations": {"number": {"1": "99"}}}, {"constants": {"street": "既定"}}, {}])
def test_translations_and_constants_hold_for_rows_read_together(more):
    single, many, _numbers = both("1,山田,,19790927,\n,,,,\n2,,山田 花,S54.9.27,1-2\n", **more)

    assert many == single
    assert not many[0].problems


def test_the_bad_row_alone_is_bad_and_keeps_its_number():
    text = "1,山田,,19790927,\n2,,,19790927,\nx,山田,,99999999,=1\n,,,,\n5,山田,,1979/09/27,"

    single, many, numbers = both(text, size=9)

    assert many == single
    assert [bool(one.problems) for one in many] == [False, True, True, False]
    assert [one.fields for one in many] == [(), ("name",), ("number", "birth", "street"), ()]
    assert numbers == [2, 3, 4, 6]


def test_quoted_rows_are_read_together_and_a_cell_over_two_lines_is_one_row():
    single, many, numbers = both(
        '"1","山田","","19790927","a ""b"""\n"2","山","","19790927","c\nd"\n3,川,,19790927,e', 2
    )

    assert many == single
    assert [one.values["street"] for one in many] == ['a "b"', "c d", "e"]
    assert numbers == [2, 3, 4]


def test_text_for_copy_is_escaped_only_where_it_must_be():
    assert copy_text([["1", "2"], ["山", "川"]]) == "1\t山\n2\t川\n"
    assert copy_text([["a\tb", "\\N"], [None, "\r\n"]]) == "a\\tb\t\\N\n\\\\N\t\\r\\n\n"
    assert copy_text([["a\tb"], ["c"]]) == "a\\tb\tc\n"
    assert copy_text([["a\nb", "\\."]]) == "a\\nb\n\\\\.\n"
    assert copy_text([[], []]) == ""
