"""国への実績報告: collected by 高橋, who may not approve it, approved by 中村, fetched once as the archive, its return told by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from health_programs.checkups.files.package import open_package
from tests.journeys.test_outputs import downloaded, show_the_second_factor_again

YEAR = date.today().year - 1 if date.today().month >= 4 else date.today().year - 2
ADDRESS = f"/checkups/report/?year={YEAR}"


def answer(page, line: str) -> None:
    body = f"受付番号,結果,処理日,文書,エラーコード,エラー内容\r\n{line}".encode("cp932")
    page.locator("#answer_file").set_input_files({"name": "kaito.csv", "mimeType": "text/csv", "buffer": body})
    page.get_by_role("button", name="回答ファイルを取り込む").click()


def test_a_report_goes_out_by_two_people_and_comes_back(stack, open_page, accessible):
    takahashi = open_page("1003")
    takahashi.goto(ADDRESS)
    if takahashi.get_by_role("button", name="取りやめる").count():
        takahashi.get_by_role("button", name="取りやめる").click()
        takahashi.get_by_text("この集計を取りやめました").wait_for()
    takahashi.get_by_role("button", name="集計する").or_(
        takahashi.get_by_role("button", name="もう一度集計")
    ).first.click()
    takahashi.get_by_text("集計を始めました").wait_for()
    accessible(takahashi)
    stack.work("checkups.collect_report")
    takahashi.goto(ADDRESS)
    takahashi.get_by_text("集計した本人は承認できません").wait_for()
    assert not takahashi.get_by_role("button", name="の報告を承認").count()
    assert takahashi.locator(".status-good", has_text="一致").count() == 2
    accessible(takahashi)
    takahashi.get_by_role("link", name="未受診").click()
    takahashi.get_by_role("heading", name="実績報告の対象者").wait_for()
    accessible(takahashi)

    nakamura = open_page("1008")
    nakamura.goto(ADDRESS)
    accessible(nakamura)
    nakamura.get_by_role("button", name="の報告を承認").click()
    nakamura.get_by_text("承認しました").wait_for()

    takahashi.goto(ADDRESS)
    takahashi.get_by_label("渡す先").select_option(index=0)
    accessible(takahashi)
    takahashi.get_by_role("button", name="ファイルを作る").click()
    takahashi.get_by_text("ファイルはまだ取り出されていません").wait_for()
    stack.work("outputs.build")
    [(output, code, count, total)] = stack.sql(
        "SELECT o.id, r.code, o.row_count, (g.counts->>'examined')::int FROM checkups_governmentreport g "
        "JOIN outputs_output o ON o.id = g.output_id JOIN outputs_recipient r ON r.id = o.recipient_id "
        "WHERE g.fiscal_year = %s AND g.state = 'written'",
        (YEAR,),
    )
    assert count == total > 0
    nakamura.goto(f"/outputs/{output}/confirm/")
    show_the_second_factor_again(nakamura, "1008")
    nakamura.get_by_label("受取人の番号").fill(code)
    nakamura.get_by_label("渡す件数").fill(str(count))
    nakamura.get_by_role("button", name="受取人と件数を確認").click()
    nakamura.get_by_text("取り出せます").wait_for()
    takahashi.goto(f"/outputs/{output}/")
    download = downloaded(takahashi, "1003")
    package = open_package(Path(download.path()).read_bytes(), download.suggested_filename)
    read = list(package.documents())
    assert package.problems == [] and len(read) == count
    assert all(one.submission is not None and one.submission.report_code == "30" for one in read)

    takahashi.goto(ADDRESS)
    accessible(takahashi)
    answer(takahashi, "R-100,返戻,きのう,1,E0301,項目コードの誤り\r\n")
    takahashi.get_by_text("処理日　2行目").wait_for()  # told by line and field, and nothing is recorded
    accessible(takahashi)
    answer(takahashi, f"R-100,返戻,{date.today().isoformat()},1,E0301,項目コードの誤り\r\n")
    takahashi.get_by_role("heading", name="返戻の誤り").wait_for()
    takahashi.get_by_text("E0301").wait_for()
    assert takahashi.get_by_role("button", name="もう一度集計").count() == 1
    accessible(takahashi)


def test_another_section_sees_no_report(open_page, accessible):
    page = open_page("1001")
    assert page.goto("/checkups/report/").status == 403
    accessible(page)
