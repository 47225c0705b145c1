"""健診結果の事業主への提供: asked for by 高橋, refused for the wrong employer, confirmed by 中村, fetched once with its record."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.test_outputs import show_the_second_factor_again


def test_results_go_to_the_right_employer_by_two_people(stack, open_page, accessible):
    takahashi = open_page("1003")
    takahashi.goto("/checkups/handover/")
    accessible(takahashi)
    takahashi.get_by_role("link", name="に結果を渡す").first.click()
    show_the_second_factor_again(takahashi, "1003")
    takahashi.get_by_role("button", name="渡す内容を確かめる").click()
    takahashi.get_by_role("heading", name="渡す人数（名）").wait_for()
    assert takahashi.get_by_text("作ります", exact=True).count() == 1, "the record of 29条 is due"
    assert not takahashi.get_by_label("保健指導").count()
    accessible(takahashi)
    takahashi.get_by_role("button", name="名分の作成を依頼").click()
    takahashi.wait_for_url("**/outputs/*/")
    address = takahashi.url
    stack.work("outputs.build")
    [(number, name)] = stack.sql(
        "SELECT r.code, r.name FROM outputs_output o JOIN outputs_recipient r ON r.id = o.recipient_id WHERE o.id = %s",
        (int(address.rstrip("/").rsplit("/", 1)[1]),),
    )
    [(other,)] = stack.sql(
        "SELECT code FROM outputs_recipient WHERE kind = 'employer' AND code <> %s LIMIT 1", (number,)
    )

    nakamura = open_page("1008")
    nakamura.goto(f"{address}confirm/")
    show_the_second_factor_again(nakamura, "1008")
    count = nakamura.locator(".confirm-count").inner_text()
    nakamura.get_by_label("受取人の番号").fill(other)
    nakamura.get_by_label("渡す件数").fill(count)
    nakamura.get_by_role("button", name="受取人と件数を確認").click()
    nakamura.get_by_role("heading", name="1か所を直すと確認できます").wait_for()  # the wrong employer
    accessible(nakamura)
    nakamura.get_by_label("受取人の番号").fill(number)
    nakamura.get_by_role("button", name="受取人と件数を確認").click()
    nakamura.get_by_text("取り出せます").wait_for()

    takahashi.goto(address)
    show_the_second_factor_again(takahashi, "1003")
    with takahashi.expect_download() as download:
        takahashi.get_by_role("button", name="取り出す").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert f"渡す先：{name}" in text and "mmHg" in text and "階層化" not in text
    takahashi.get_by_text("取り出し済み").first.wait_for()
    takahashi.goto(address)
    takahashi.get_by_text("作りました").wait_for()
    accessible(takahashi)


def test_another_section_hands_nothing_over(open_page, accessible):
    page = open_page("1001")
    assert page.goto("/checkups/handover/").status == 403
    accessible(page)
