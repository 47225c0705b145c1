"""CSV out: byte for byte, no formula runs, nothing is lost."""

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.tabular.writing import GETA, Replacement, as_cp932, csv_bytes, harmless, replacements, restored

HEAD = ["番号", "氏名", "生年月日", "増減"]
ROWS = [
    ["12-3456", "髙﨑 美咲", date(1980, 5, 7), -5],
    ["12-3457", '=HYPERLINK("x")', None, 0],
    ["12-3458", "渡邊, 健一郎\r\n（通称）", date(2001, 2, 28), 12],
]
FOOT = ["利用目的：加入者の管理　2名", "-合計"]
TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))
RISKY = st.text(alphabet="'=+-@\t\r\n＝＋－＠a髙〜", max_size=6)


def read(content: bytes, encoding: str) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(encoding), newline="")))


def test_a_file_is_utf8_with_bom_and_crlf_byte_for_byte():
    assert (
        csv_bytes(HEAD, ROWS, foot=FOOT)
        == (
            "\ufeff番号,氏名,生年月日,増減\r\n"
            "12-3456,髙﨑 美咲,1980-05-07,-5\r\n"
            '12-3457,"\'=HYPERLINK(""x"")",,0\r\n'
            '12-3458,"渡邊, 健一郎\r\n（通称）",2001-02-28,12\r\n'
            "\r\n"
            "利用目的：加入者の管理　2名\r\n"
            "'-合計\r\n"
        ).encode()
    )


def test_cp932_holds_what_it_can_and_shows_a_mark_for_the_rest():
    written = csv_bytes(["氏名"], [["𠮷田 〜"], ["髙﨑"]], encoding="cp932")
    assert written == "氏名\r\n〓田 ～\r\n髙﨑\r\n".encode("cp932")


def test_what_cp932_would_replace_is_known_before_a_byte_is_written():
    assert replacements([["𠮷田", 3, None], ["𠮷﨑〜", date(2026, 4, 1)]]) == [
        Replacement("𠮷", GETA, 2),
        Replacement("〜", "～", 1),
    ]
    assert replacements([["髙﨑", "①", "㈱"]]) == []
    assert Replacement("𠮷", GETA, 2).code == "U+20BB7"


@pytest.mark.parametrize("first", list("=+-@\t\r\n＝＋－＠"))
def test_a_cell_a_spreadsheet_would_run_is_text(first):
    assert harmless(f"{first}1+1") == f"'{first}1+1"
    assert restored(f"'{first}1+1") == f"{first}1+1"


def test_a_minus_that_becomes_full_width_does_not_slip_past_the_guard():
    assert read(csv_bytes(["a"], [["\u22125"]], encoding="cp932"), "cp932")[1] == ["'－5"]


@given(TEXT | RISKY)
def test_making_harmless_loses_no_character(text):
    assert restored(harmless(text)) == text
    assert harmless(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


@given(TEXT | RISKY, TEXT | RISKY)
def test_two_different_texts_stay_different(one, other):
    assert (harmless(one) == harmless(other)) == (one == other)


@given(st.lists(st.lists(TEXT | RISKY, min_size=2, max_size=2), max_size=5))
def test_a_written_file_gives_back_every_cell(rows):
    lines = read(csv_bytes(["a", "b"], rows), "utf-8-sig")
    assert [[restored(cell) for cell in line] for line in lines[1:]] == rows


@given(st.lists(TEXT | RISKY, min_size=1, max_size=5))
def test_cp932_always_encodes_and_changes_only_what_was_announced(cells):
    announced = {entry.character: entry.instead for entry in replacements([cells])}
    lines = read(csv_bytes(["a"], [[cell] for cell in cells], encoding="cp932"), "cp932")
    read_back = [restored(line[0]) if line else "" for line in lines[1:]]
    assert read_back == ["".join(announced.get(c, c) for c in cell) for cell in cells]
    assert [as_cp932(cell) for cell in cells] == read_back
