"""労務状況と療養状況: an employer's file brought into its case, and an inquiry asked, answered and judged; nobody else sees either."""

from __future__ import annotations

import re


def test_an_employers_file_goes_into_the_case_it_serves(stack, open_page, accessible):
    [(number, symbol, name, first, last)] = stack.sql(
        "SELECT c.number, m.symbol || ',' || m.number, m.family_name, c.first::text, c.last::text FROM cash_case c "
        "JOIN enrollment_member m ON m.id = c.member_id WHERE c.kind = 'sickness' AND c.state IN ('under_review', 'received', 'waiting_documents') "
        "AND NOT m.protected ORDER BY c.state = 'under_review' DESC, c.id LIMIT 1"
    )
    page = open_page("1002")
    page.goto("/benefits/cash/")
    page.get_by_role("link", name="証明の取り込み").click()
    accessible(page)
    head = "記号,番号,受付番号,期間の初日,期間の末日,証明日,事業所,出勤日"
    good = f"{symbol},{number},{last},{last},{last},架空運送株式会社,{last}"
    bad = f"{symbol},{number},{last},{first},{last},架空運送株式会社,毎週月曜"
    body = "\r\n".join([head, good, bad, ""]).encode("cp932")
    page.get_by_label("事業主の証明のCSV").set_input_files({"name": "証明.csv", "mimeType": "text/csv", "buffer": body})
    page.get_by_role("button", name="取り込んで確かめる").click()
    page.wait_for_url(re.compile(r"/certificates/\d+/$"))
    stack.work("cash.")
    page.reload()
    page.get_by_text("「毎週月曜」は日として読めません").or_(
        page.get_by_text("日として読めない値があります")
    ).wait_for()
    accessible(page)
    page.get_by_role("button", name="1行を登録する").dblclick()
    page.get_by_text("登録しています").first.wait_for()
    stack.work("cash.")
    page.reload()
    page.get_by_role("link", name=number).click()
    page.get_by_role("heading", name="入力した証明").wait_for()
    assert page.get_by_text("架空運送株式会社").count() == 1, "二度押しても一度だけ"
    accessible(page)
    page.get_by_role("link", name="申請に戻る").click()
    page.get_by_text("事業主は出勤と証明しています").first.wait_for()
    stranger = open_page("1003")
    assert stranger.goto("/benefits/cash/sickness/certificates/").status == 403
    assert name not in stranger.content()


def test_an_answer_is_judged_by_another_physician(open_page, accessible):
    page = open_page("1002")
    page.goto("/benefits/cash/inquiries/")
    page.get_by_text("督促").first.wait_for()
    accessible(page)
    page.get_by_role("link", name="意見待ち").click()
    page.locator(".member-table tbody td a").first.click()
    page.get_by_role("heading", name="架空 次郎 先生").first.wait_for()
    accessible(page)

    def judge(adviser: str) -> None:
        page.locator("select[name=opinion]").select_option("unsupported")
        page.locator("textarea[name=words]").fill("画像の所見からは認められない。")
        page.locator("input[name=adviser]").fill(adviser)
        page.get_by_role("button", name="意見を登録").click()

    judge("架空次郎")
    page.get_by_text("照会した医師と同じ人です").wait_for()
    judge("顧問 三郎")
    page.get_by_text("顧問医の意見を入力しました").wait_for()
    accessible(page)
    page.get_by_role("link", name="申請に戻る").click()
    page.get_by_text("顧問医の意見は「認められない」です").first.wait_for()
