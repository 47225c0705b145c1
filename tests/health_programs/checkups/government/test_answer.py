"""The state's answer as a file: read whole or not at all, told by line and field, kept once, never against another archive."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from health_programs.checkups.files.report_answer import COLUMNS, CONFIRMED, MOST, read_answer
from health_programs.checkups.government_outputs import documents_of
from health_programs.checkups.models import GovernmentReport, GovernmentReportError
from tests.health_programs.checkups.government.conftest import YEAR

HEAD = "受付番号,結果,処理日,文書,エラーコード,エラー内容\r\n"
RETURN = "R-1,返戻,2026-10-20,"


def problems(text: str) -> list[tuple]:
    found = read_answer(text.encode("cp932"))
    assert found.answer is None
    return [(one.line, one.place) for one in found.problems]


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_format_is_ours_and_its_template_reads_back():
    assert not CONFIRMED
    answer = read_answer(COLUMNS.template()).answer
    assert answer is not None and not answer.accepted and answer.day == date(2026, 10, 20)
    assert [(one.line, one.position, one.code, one.message) for one in answer.errors] == [
        (2, 12, "E0301", "項目コードの誤り")
    ]


@pytest.mark.parametrize("codec", ["cp932", "utf-8", "utf-8-sig"])
def test_a_receipt_and_a_return(codec):
    taken = read_answer((HEAD + "Ｒ-7,受付,R8.10.20,,,\r\n").encode(codec)).answer
    assert taken is not None and (taken.receipt_number, taken.accepted, taken.errors) == ("R-7", True, ())
    body = (
        HEAD
        + RETURN
        + "DATA/h061399922026100103000002.xml,E1,項目\r\n"
        + RETURN
        + ",E9,件数\r\n"
        + RETURN
        + "0,E8,\r\n"
    )
    found = read_answer(body.encode(codec)).answer
    assert found is not None and [(one.position, one.of, one.code) for one in found.errors] == [
        (2, "h061399922026100103", "E1"), (0, "", "E9"), (0, "", "E8"),
    ]  # fmt: skip


def test_every_wrong_line_is_told_by_line_and_field_without_its_value():
    assert problems(HEAD + RETURN + ",,\r\n") == [(2, "エラーコード")]
    assert problems(HEAD + "R-1,受付,2026-10-20,,E1,誤り\r\n") == [(2, "結果")]
    assert problems(HEAD + RETURN + "1,E1,誤\r\nR-2,返戻,2026-10-21,1,E1,誤\r\n") == [(3, "受付番号"), (3, "処理日")]
    assert problems(HEAD + RETURN + "秘密 太郎,E1,誤\r\n" + "R-1,なぞ,きのう,1,E１?,誤\r\n") == [
        (2, "文書"), (3, "結果"), (3, "処理日"), (3, "エラーコード"),
    ]  # fmt: skip
    found = read_answer((HEAD + RETURN + "秘密 太郎,E1,誤\r\n").encode())
    assert not any("秘密" in word for one in found.problems for word in one.row())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + bytes(200), None),
        ("あ,い\r\n1,2\r\n".encode(), "no_head"),
        ("受付番号,処理日\r\nR-1,2026-10-20\r\n".encode(), "no_column"),
        (HEAD.encode(), "empty"),
        ((HEAD + (RETURN + "1,E1,\r\n") * (MOST + 1)).encode(), "many"),
    ],
)
def test_files_that_are_none(data, code):
    found = read_answer(data)
    assert found.answer is None and found.problems and (code is None or found.problems[0].code == code)


@effort(max_examples=80, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_no_bytes_break_the_reader(data):
    found = read_answer(data)
    assert (found.answer is None) == bool(found.problems)


# --- the screen -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(year, collect, approve, write, fetch):
    """A report of two results that was fetched."""
    output, report = write(approve(collect()))
    fetch(output)
    return report


@pytest.fixture
def give(client_of):
    def run(report, body: str, *, name: str = "高橋", version: int | None = None, follow: bool = False):
        file = SimpleUploadedFile("kaito.csv", body.encode("cp932"), "text/csv")
        given_ = {"version": report.version if version is None else version, "file": file}
        return client_of(name).post(reverse("checkups:report-answer", args=[report.pk]), given_, follow=follow)

    return run


def state_of(owner, report) -> GovernmentReport:
    with owner():
        return GovernmentReport.objects.get(pk=report.pk)


@pytest.mark.django_db
def test_a_return_is_told_to_the_people_it_is_about(sent, give, owner, client_of):
    page = client_of("高橋").get(reverse("checkups:report-year") + f"?year={YEAR}").content.decode()
    assert "回答ファイルを取り込む" in page
    assert client_of("高橋").get(reverse("checkups:report-answer-template")).content == COLUMNS.template()
    of = documents_of(sent)
    body = HEAD + RETURN + f"{of}000001.xml,E1,項目コードの誤り\r\n" + RETURN + "0,E9,件数の誤り\r\n"
    answer = give(sent, body, follow=True)
    page = answer.content.decode()
    assert "回答ファイルのとおりに記録しました" in page and "項目コードの誤り" in page and "R-1" in page
    kept = state_of(owner, sent)
    assert (kept.state, kept.receipt_number, kept.answered_date) == ("returned", "R-1", date(2026, 10, 20))
    with owner():
        errors = GovernmentReportError.objects.filter(report=sent).order_by("pk")
        assert [(one.line and one.line.position, one.code) for one in errors] == [(1, "E1"), (None, "E9")]
    twice = give(kept, body, follow=True)
    assert "「返戻」なので" in twice.content.decode()
    with owner():
        assert GovernmentReportError.objects.filter(report=sent).count() == 2, "the same file again changes nothing"


@pytest.mark.django_db
def test_a_receipt_ends_the_report(sent, give, owner):
    assert give(sent, HEAD + "R-7,受付,2026-10-20,,,\r\n").status_code == 302
    kept = state_of(owner, sent)
    assert (kept.state, kept.receipt_number) == ("accepted", "R-7")


@pytest.mark.django_db
def test_an_answer_that_does_not_fit_moves_nothing(sent, give, owner):
    for stranger in ("佐藤", "鈴木", "伊藤"):
        assert give(sent, HEAD + RETURN + "1,E1,\r\n", name=stranger).status_code == 403
    wrong = give(sent, HEAD + RETURN + "1,,\r\nR-1,返戻,きのう,2,E1,\r\n")
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "2行目：返戻なのにエラーコードがありません" in page and "処理日　3行目" in page
    for body, word in (
        (RETURN + "9,E1,\r\n", "9番目の文書は、この報告にありません"),
        (RETURN + "1,E1,\r\n" + RETURN + "h061399922025010103000001.xml,E1,\r\n", "3行目の文書は、この報告のファイルではありません"),
    ):  # fmt: skip
        assert word in give(sent, HEAD + body, follow=True).content.decode(), word
    stale = give(sent, HEAD + RETURN + "1,E1,\r\n", version=sent.version + 1, follow=True)
    assert "先に変更しました" in stale.content.decode()
    assert state_of(owner, sent).state == "written"
    with owner():
        assert not GovernmentReportError.objects.exists()


@pytest.mark.django_db
def test_before_the_file_left_there_is_no_answer(year, collect, approve, write, give, owner):
    _output, report = write(approve(collect()))
    answer = give(report, HEAD + "R-7,受付,2026-10-20,,,\r\n", follow=True)
    assert "取り出されていません" in answer.content.decode() and state_of(owner, report).state == "written"
