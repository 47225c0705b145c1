"""高橋 chooses people by their results, freezes the list, and hands out labels and a notice; 佐藤 of another section is refused."""

from __future__ import annotations

import pytest

from tests.journeys.test_outputs import show_the_second_factor_again


@pytest.fixture
def printer(stack) -> int:
    return stack.sql("SELECT id FROM outputs_recipient WHERE code = 'C101'")[0][0]


def test_from_conditions_to_labels_and_a_notice(stack, open_page, accessible, printer):
    page = open_page("1003")
    page.goto("/checkups/referrals/?state=due")
    accessible(page)
    page.goto("/checkups/notices/")
    accessible(page)
    page.goto("/")
    page.get_by_role("link", name="対象者リスト", exact=True).click()
    accessible(page)
    page.get_by_role("link", name="対象者を選ぶ").click()
    page.get_by_text("名がリストに入ります").wait_for()
    accessible(page)
    page.get_by_label("条件Aの1行目の項目").select_option(label="収縮期血圧（mmHg）")
    page.get_by_label("条件Aの1行目の値").fill("高い")
    page.locator("#id_title").fill("血圧の見守り")
    page.get_by_label("使う保健事業").fill("重症化予防")
    page.get_by_role("button", name="この条件でリストを確定").click()
    page.get_by_role("link", name="条件Aの1行目の値：値を数字で入力してください").wait_for()
    accessible(page)
    page.locator("#id_g0l0_figure").fill("１３０")
    page.locator("#id_programme").focus()
    page.get_by_text("収縮期血圧が130mmHg以上").wait_for()  # counted while typing, in words
    page.get_by_role("button", name="この条件でリストを確定").click()
    page.get_by_text("名のリストを確定しました").wait_for()
    accessible(page)
    page.get_by_label("比べるリスト").select_option(index=0)
    page.get_by_role("button", name="比べる", exact=True).click()
    page.get_by_role("heading", name="リストを比べる").wait_for()
    accessible(page)
    page.get_by_role("link", name="リストに戻る").click()

    page.get_by_role("link", name="宛名を委託先に渡す").click()
    show_the_second_factor_again(page, "1003")
    page.locator("select[name=recipient]").select_option(str(printer))
    page.get_by_role("button", name="次へ").click()
    page.locator("select[name=file_format]").select_option("pdf")
    page.get_by_role("button", name="渡す内容を確かめる").click()
    page.get_by_text("宛名").first.wait_for()
    accessible(page)
    page.locator(".output-decision button").first.click()
    stack.work("outputs.build")
    page.get_by_text("確認待ち").first.wait_for()  # made by the job; another person confirms before it leaves

    page.goto("/checkups/notices/")
    page.get_by_role("link", name="に通知を渡す").first.click()
    page.get_by_role("button", name="渡す内容を確かめる").click()
    page.get_by_text("mmHg").first.wait_for()  # what the letter will say, in words
    accessible(page)


def test_another_section_opens_neither_list_nor_notice(open_page, accessible):
    page = open_page("1001")
    for address in ("/checkups/lists/", "/checkups/lists/new/", "/checkups/notices/"):
        assert page.goto(address).status == 403
    accessible(page)
