"""Bytes in, rows and problems out: no bytes raise, every bad line is named, no clean row is refused."""

from __future__ import annotations

import mmap
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kumiai.tabular.reading import LIMITS, Limits, read

HEAD = ("番号", "氏名", "フリガナ", "生年月日", "住所")
PEOPLE = [
    (str(100 + n), name, kana, "S54.9.27", f"東京都港区芝公園{n}-2-8")
    for n, (name, kana) in enumerate(
        [
            ("髙﨑 美咲", "ﾀｶｻｷ ﾐｻｷ"),
            ("吉田 敬子", "ヨシダ ケイコ"),
            ("長谷川 大輔", "ハセガワ ダイスケ"),
            ("柳 薫", "ヤナギ カオル"),
        ]
        * 5
    )
]


def text_of(rows, *, delimiter=",", newline="\r\n") -> str:
    return "".join(delimiter.join(row) + newline for row in rows)


def body_of(sheet):
    return [row for row in sheet.rows(width=len(HEAD)) if not row.blank][1:]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be", "euc_jp"])
def test_reads_every_encoding_delimiter_and_line_end_alike(encoding, delimiter, newline):
    people = [(number, name.replace("髙﨑", "高崎"), *rest) for number, name, *rest in PEOPLE]
    sheet = read(text_of([HEAD, *people], delimiter=delimiter, newline=newline).encode(encoding))
    assert sheet.problem is None
    assert sheet.delimiter == delimiter
    rows = body_of(sheet)
    assert [row.cells for row in rows] == people
    assert not any(row.problems for row in rows)


def test_names_the_encoding_it_found():
    text = text_of([HEAD, *PEOPLE])
    assert read(text.encode("cp932")).encoding == "CP932（Shift_JIS）"
    assert read(text.encode("utf-8")).encoding == "UTF-8"
    assert read(text.encode("utf-8-sig")).encoding == "UTF-8（BOMつき）"
    assert read(text.encode("utf-16")).encoding == "UTF-16"


def test_half_width_kana_of_cp932_are_not_taken_for_greek():
    sheet = read("ﾄｿ,ﾄｿ\r\n1,2\r\n".encode("cp932"))
    assert sheet.encoding == "CP932（Shift_JIS）"
    assert next(iter(sheet.rows())).cells == ("ﾄｿ", "ﾄｿ")


def test_counts_machine_dependent_characters_and_keeps_them():
    sheet = read(text_of([HEAD, *PEOPLE]).encode("cp932"))
    assert any("機種依存文字が10字" in note and "髙" in note for note in sheet.notes)
    assert body_of(sheet)[0].cells[1] == "髙﨑 美咲"


def test_a_private_character_is_named_with_its_cell():
    raw = b"1,\x8dR\xf0@\x93c,x\r\n2,a,b\r\n"  # 山, a user-defined character, 田
    bad, good = read(raw).rows(width=3)
    assert [(p.code, p.column) for p in bad.problems] == [("gaiji", 1)]
    assert "外字" in bad.problems[0].what and "UTF-8" in bad.problems[0].remedy
    assert not good.problems


def test_a_geta_mark_and_a_replacement_character_are_damage():
    rows = list(read("1,〓田\n2,\ufffd野\n3,山\n".encode()).rows(width=2))
    assert [[p.code for p in row.problems] for row in rows] == [["geta"], ["damaged"], []]


def test_a_quoted_cell_keeps_its_line_breaks_and_rows_are_numbered_as_a_spreadsheet_does():
    sheet = read('a,b\r\n"一\r\n二",2\r\n3,"4""5"\r\n'.encode())
    rows = list(sheet.rows(width=2))
    assert [(row.number, row.line, row.cells) for row in rows] == [
        (1, 1, ("a", "b")), (2, 2, ("一\n二", "2")), (3, 4, ("3", '4"5')),
    ]  # fmt: skip


def test_an_unclosed_quotation_mark_ends_with_its_own_line():
    text = 'a,b,c\n1,"二,3\n4,5,6\n7,"8",9\n'
    rows = list(read(text.encode()).rows(width=3))
    assert [[p.code for p in row.problems] for row in rows] == [[], ["quote_open"], [], []]
    assert [row.cells for row in rows[2:]] == [("4", "5", "6"), ("7", "8", "9")]


def test_ten_thousand_unclosed_quotation_marks_are_read_in_passing():
    import time

    text = "a,b\n" + '1,"x\n' * 10_000 + "1,2\n"
    began = time.perf_counter()
    rows = list(read(text.encode()).rows(width=2))
    assert rows[-1].cells == ("1", "2") and not rows[-1].problems
    assert time.perf_counter() - began < 10


def test_wrong_numbers_of_columns_are_named_and_trailing_delimiters_are_not():
    rows = list(read(b"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n").rows(width=3))
    assert [[p.code for p in row.problems] for row in rows] == [[], ["columns_few"], ["columns_many"], [], []]
    assert rows[3].cells == ("1", "2", "3")


def test_a_file_cut_in_its_last_line_says_so():
    last = list(read(b"a,b,c\n1,2,3\n1,2").rows(width=3))[-1]
    assert last.problems[0].code == "cut" and "途中で切れて" in last.problems[0].what


def test_a_file_without_a_last_line_end_is_whole_but_noted():
    sheet = read(b"a,b\n1,2")
    assert not list(sheet.rows(width=2))[-1].problems
    assert any("改行がありません" in note for note in sheet.notes)


def test_trailing_nuls_are_passed_over_and_inner_ones_named():
    sheet = read(b"a,b\r\n1,2\r\n3,\x004\r\n" + b"\x00" * 4096)
    rows = list(sheet.rows(width=2))
    assert [[(p.code, p.column) for p in row.problems] for row in rows] == [[], [], [("nul", 1)]]
    assert any("埋め草" in note for note in sheet.notes)


def test_a_line_in_another_encoding_is_named_alone():
    raw = b"".join(
        ",".join(person).encode("utf-8" if place == 7 else "cp932") + b"\r\n" for place, person in enumerate(PEOPLE)
    )
    rows = list(read(raw).rows(width=len(HEAD)))
    assert [row.number for row in rows if row.problems] == [8]
    assert rows[7].problems[0].code == "encoding" and "CP932" in rows[7].problems[0].what


def test_a_line_that_is_too_long_is_named_and_the_next_is_read():
    rows = list(read(b"1,2\n" + b"x" * 30_000 + b",3\n4,5\n").rows(width=2))
    assert [[p.code for p in row.problems] for row in rows] == [[], ["line_long"], []]


def test_two_gigabytes_in_one_line_are_refused_without_being_read(tmp_path):
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3 + 1)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        sheet = read(mapped)
    assert sheet.problem is not None and sheet.problem.code == "file_large"
    assert list(sheet.rows()) == []


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"PK\x03\x04", "Excel"),
        (b"\xd0\xcf\x11\xe0", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b", "gzip"),
        (b"<html>", "ウェブ"),
    ],
)
def test_other_formats_are_named_and_never_unpacked(head, word):
    sheet = read(head + b"\x00" * 100)
    assert sheet.problem is not None and word in sheet.problem.what and "CSV UTF-8" in sheet.problem.remedy


def test_bombs_of_lines_and_of_cells_stop_at_the_limit():
    assert read(b"\n" * 600_000 + b"x").problem.code == "lines_many"
    [row] = read(b"," * 15_000 + b"\n").rows()
    assert row.problems[0].code == "columns_many"
    assert read(b"").problem.code == "empty" and read(b" \r\n ,\r\n" * 0).problem is not None


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    sheet = read(data)
    list(sheet.rows())
    list(sheet.rows(width=3))
    assert sheet.first_rows is not None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-32", "cp932", "euc_jp", "iso2022_jp"]))
def test_no_text_raises_in_any_encoding(text, encoding):
    sheet = read(text.encode(encoding, "ignore"))
    for row in sheet.rows(width=4):
        assert row.number >= 1 and row.line >= 1


# Each takes the bytes of line n and gives others: (name, change, whether this line must be named).
MUTANTS = {
    "cut_cell": lambda line, dice: line.rsplit(b",", 1)[0],
    "one_more": lambda line, dice: line + b",x",
    "open_quote": lambda line, dice: line.replace(b",", b',"', 1),
    "quote_inside": lambda line, dice: b'"a"b,' + line.split(b",", 1)[1],
    "nul": lambda line, dice: line[:2] + b"\x00" + line[2:],
    "control": lambda line, dice: line[:2] + bytes([dice.choice([1, 2, 8, 11, 27, 127])]) + line[2:],
    "high_bytes": lambda line, dice: line[:1] + b"\xff\xfe\xfd" + line[1:],
    "long": lambda line, dice: line + b"9" * (LIMITS.line_characters + 1),
    "geta": lambda line, dice: line[:1] + "〓".encode() + line[1:],
    "damaged": lambda line, dice: line[:1] + "\ufffd".encode() + line[1:],
    "private": lambda line, dice: line[:1] + "\ue123".encode() + line[1:],
    "half_character": lambda line, dice: line[:-2],
}


@pytest.mark.parametrize("seed", range(20))
def test_of_two_thousand_mutants_every_bad_line_is_named_and_no_clean_row_is_refused(seed):
    dice = random.Random(seed)
    clean = [",".join(row).encode() for row in [HEAD, *PEOPLE]]
    wholes = {tuple(row) for row in PEOPLE}
    for _mutant in range(100):
        name = dice.choice(sorted(MUTANTS))
        place = dice.randrange(1, len(clean))
        lines = list(clean)
        lines[place] = MUTANTS[name](lines[place], dice)
        newline = dice.choice([b"\r\n", b"\n"])
        if name == "half_character":  # the last cell ends in ASCII: cut inside a character of the name instead
            lines[place] = clean[place].replace("美".encode(), b"\xe7\xbe").replace("田".encode(), b"\xe7\x94")
            if lines[place] == clean[place]:
                continue
        rows = list(read(newline.join(lines) + newline).rows(width=len(HEAD)))
        assert [row.number for row in rows if row.problems] == [place + 1], (seed, name, place)
        assert all(p.what.endswith("。") and p.remedy.endswith("。") for row in rows for p in row.problems)
        good = {row.cells for row in rows[1:] if not row.problems}
        assert good == wholes - {PEOPLE[place - 1]}, (seed, name, place)


@pytest.mark.parametrize("seed", range(5))
def test_a_file_cut_anywhere_keeps_every_whole_line(seed):
    dice = random.Random(seed)
    data = text_of([HEAD, *PEOPLE]).encode("cp932")
    for _cut in range(100):
        end = dice.randrange(60, len(data))
        rows = list(read(data[:end]).rows(width=len(HEAD)))
        whole = data[:end].count(b"\r\n")
        assert [row.cells for row in rows[1:whole]] == PEOPLE[: whole - 1]
        assert all(not row.problems for row in rows[:whole])


def test_limits_can_be_narrowed():
    assert read(b"a,b\n1,2\n", limits=Limits(file_bytes=3)).problem.code == "file_large"
