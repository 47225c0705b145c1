"""オンライン資格確認: one table of columns, in and out, in both encodings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health_programs.checkups.files.documents import NOT_MEASURED, Observation
from health_programs.checkups.files.online_eligibility import (
    COLUMNS,
    CONFIRMED,
    Form,
    Unwritable,
    line_of,
    read_file,
    write,
)
from health_programs.checkups.measures import ANSWERS, MEASURES
from kumiai.tabular.writing import Encoding
from tests.health_programs.checkups.files_samples import OTHERS, OURS, person, submission

ANSWER = "管理番号,結果,処理日,エラーコード,エラー内容\r\n"


def rows(form: Form) -> list[dict[str, str]]:
    more = (
        {"from_insurer": OURS, "to_insurer": OTHERS, "requested_date": date(2026, 7, 1)}
        if form == Form.TRANSFER
        else {}
    )
    return [line_of(f"R-{n:07d}", submission(n), **more) for n in range(1, 4)]  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["cp932", "utf8"])
@pytest.mark.parametrize("form", [Form.RESULTS, Form.TRANSFER])
def test_written_lines_come_back(form: Form, encoding: Encoding) -> None:
    wanted = rows(form)
    file = write(form, wanted, encoding=encoding)
    found = read_file(form, file.body)
    assert found.problems == () and file.lines == 3 and file.lost == ()
    assert [dict(link.values) for link in found.rows] == wanted
    assert [link.line for link in found.rows] == [2, 3, 4]


def test_the_table_holds_what_the_rules_read() -> None:
    assert not CONFIRMED
    for form in (Form.RESULTS, Form.TRANSFER):
        assert {one.key for one in MEASURES} | set(ANSWERS) < set(COLUMNS[form].codes)
    for layout in COLUMNS.values():
        assert len(set(layout.codes)) == len(layout.codes) and layout.codes[0] == "reference"


def test_what_was_not_measured_is_left_empty() -> None:
    one = submission(1, observations=(Observation("9N001000000000001", "height", state=NOT_MEASURED),))
    assert not {"height", "smoking"} & set(line_of("R-1", one))


def test_a_name_beyond_cp932_is_said() -> None:
    one = submission(1, identity=person(1, kana="ヷノ　テスト"))
    with pytest.raises(Unwritable) as stopped:
        write(Form.RESULTS, [line_of("R-1", one)], encoding="cp932")
    assert [(problem.line, problem.place) for problem in stopped.value.problems] == [(2, "氏名カナ")]
    file = write(Form.RESULTS, [line_of("R-1", one)], encoding="utf8")
    assert read_file(Form.RESULTS, file.body).rows[0].values["kana"] == "ヷノ　テスト" and file.lost == ()


def test_a_line_that_would_be_refused_is_not_written() -> None:
    wrong = rows(Form.RESULTS)
    wrong[1]["insurer_number"] = "06132014"
    with pytest.raises(Unwritable) as stopped:
        write(Form.RESULTS, wrong)
    assert [(one.line, one.place) for one in stopped.value.problems] == [(3, "保険者番号")]
    with pytest.raises(Unwritable):
        write(Form.TRANSFER, rows(Form.RESULTS))


@pytest.mark.parametrize("codec", ["cp932", "utf-8", "utf-8-sig"])
def test_answers(codec: str) -> None:
    text = ANSWER + "R-1,登録済み,2026/7/2,,\r\nR-2,2,20260702,E01,枝番がありません\r\n"
    found = read_file(Form.ANSWER, text.encode(codec))
    assert found.problems == ()
    assert [(link.reference, link.values["state"]) for link in found.rows] == [("R-1", "accepted"), ("R-2", "rejected")]
    assert found.rows[1].values["error_code"] == "E01" and found.rows[0].values["answered_date"] == "2026-07-02"


def test_errors_of_answers_stand_by_line_and_field() -> None:
    text = ANSWER + "R-1,登録済み,,,\r\nR-2,エラー,,,\r\nR-2,エラー,,E1,\r\nR-1,エラー,,E1,\r\nR 9,？,,,\r\n"
    found = read_file(Form.ANSWER, text.encode("cp932"))
    assert [link.reference for link in found.rows] == ["R-1", "R-2"]
    assert [(one.line, one.place) for one in found.problems] == [
        (3, "エラーコード"), (5, "管理番号"), (6, "管理番号"), (6, "結果"),
    ]  # fmt: skip


def test_several_errors_of_one_line_are_kept() -> None:
    text = "管理番号,行番号,項目名,エラーコード,エラー内容\r\nR-1,2,枝番,E01,なし\r\nR-1,2,氏名カナ,E02,長い\r\n"
    found = read_file(Form.ERRORS, text.encode("cp932"))
    assert found.problems == () and [link.values["error_code"] for link in found.rows] == ["E01", "E02"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04abc", None),
        ("あ,い\r\n1,2\r\n".encode(), "no_head"),
        ("結果,処理日\r\n1,\r\n".encode(), "no_column"),
    ],
)
def test_files_that_are_none(data: bytes, code: str | None) -> None:
    found = read_file(Form.ANSWER, data)
    assert found.rows == () and found.problems
    assert code is None or found.problems[0].code == code


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "reference": st.from_regex(r"\A[0-9A-Z][0-9A-Z\-]{0,18}\Z"),
                "state": st.sampled_from(["accepted", "rejected"]),
                "error_code": st.from_regex(r"\A[A-Z][0-9]{1,8}\Z"),
                "message": st.from_regex(r"\A[ぁ-んァ-ヶ亜唖娃,\"]{1,30}\Z"),
            }
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row["reference"],
    )
)
def test_any_answer_comes_back(wanted: list[dict[str, str]]) -> None:
    for encoding in ("cp932", "utf8"):
        found = read_file(Form.ANSWER, write(Form.ANSWER, wanted, encoding=encoding).body)
        assert found.problems == () and [dict(link.values) for link in found.rows] == wanted
