"""オンライン資格確認への連携: 高橋 works an error off, collects and asks; 中村 confirms; the answer is taken in."""

from __future__ import annotations

from health_programs.checkups.files.online_eligibility import Form, read_file, write
from tests.journeys.test_outputs import fetched, show_the_second_factor_again


def test_an_error_is_worked_off_sent_by_two_people_and_accepted(stack, open_page, accessible, tmp_path):
    takahashi = open_page("1003")
    takahashi.goto("/checkups/link/")
    assert takahashi.get_by_role("link", name="第1回").count() == 1
    accessible(takahashi)
    takahashi.get_by_role("link", name="エラー", exact=True).click()
    accessible(takahashi)
    takahashi.get_by_role("button", name="もう一度送る").first.click()
    takahashi.get_by_text("確かめたこと・直したことを入力してください。").wait_for()
    accessible(takahashi)
    takahashi.locator("input[name=note]").first.fill("枝番を台帳で確かめた")
    takahashi.get_by_role("button", name="もう一度送る").first.click()
    takahashi.get_by_text("次に集めるときに、もう一度送ります。").wait_for()

    takahashi.goto("/checkups/link/")
    takahashi.get_by_role("button", name="連携する結果を集める").click()
    takahashi.wait_for_url("**/link/batches/*/")
    batch = takahashi.url
    stack.work("checkups.link_collect")
    takahashi.goto(batch)
    accessible(takahashi)
    takahashi.get_by_role("button", name="登録ファイルを依頼").click()
    takahashi.get_by_text("登録ファイルを作っています。").wait_for()
    stack.work("outputs.build")
    [(output, number, count)] = stack.sql(
        "SELECT o.id, r.code, o.row_count FROM outputs_output o JOIN outputs_recipient r ON r.id = o.recipient_id "
        "WHERE o.file_kind = 'checkups.online_eligibility' ORDER BY o.id DESC LIMIT 1"
    )

    nakamura = open_page("1008")
    nakamura.goto(f"/outputs/{output}/confirm/")
    show_the_second_factor_again(nakamura, "1008")
    nakamura.get_by_label("受取人の番号").fill(number)
    nakamura.get_by_label("渡す件数").fill(str(count))
    nakamura.get_by_role("button", name="受取人と件数を確認").click()
    nakamura.get_by_text("取り出せます").wait_for()

    takahashi.goto(f"/outputs/{output}/")
    sent = read_file(Form.RESULTS, fetched(takahashi, "1003"))
    assert len(sent.rows) == count and sent.problems == ()
    takahashi.goto(batch)
    takahashi.get_by_role("button", name="送付を記録する").click()
    takahashi.get_by_text("送付を記録しました。").wait_for()

    told = [{"reference": row.reference, "state": "accepted", "answered_date": "2026-11-24"} for row in sent.rows]
    answer = tmp_path / "uketsuke.csv"
    answer.write_bytes(write(Form.ANSWER, told).body)
    takahashi.goto("/checkups/link/answers/receive/")
    accessible(takahashi)
    takahashi.locator("input[type=file]").set_input_files(answer)
    takahashi.get_by_role("button", name="取り込む").click()
    takahashi.wait_for_url("**/link/answers/*/")
    stack.work("checkups.link_answer")
    takahashi.reload()
    takahashi.get_by_text("取り込み済み").first.wait_for()
    accessible(takahashi)
    takahashi.goto(f"{batch}?show=accepted")
    assert takahashi.locator("table.table tbody tr").count() == count
    accessible(takahashi)


def test_another_section_does_not_see_the_link(open_page, accessible):
    page = open_page("1001")
    assert page.goto("/checkups/link/").status == 403
    accessible(page)
