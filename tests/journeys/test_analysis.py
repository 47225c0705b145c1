"""健診結果の分析 in a browser: from the first page to a company's years and an item, by 高橋; 伊藤 of another section is refused."""

from __future__ import annotations

import re


def test_from_the_whole_to_a_company_and_an_item(open_page, accessible):
    page = open_page("1003")
    page.goto("/")
    page.get_by_role("heading", name="要医療", exact=True).wait_for()  # the fragments have come
    page.get_by_role("link", name="本人が未確認の結果").wait_for()
    accessible(page)

    page.get_by_text("その他", exact=True).click()
    page.get_by_role("link", name="健診の分析", exact=True).click()
    page.get_by_role("heading", name="健診結果の分析", exact=True).wait_for()
    assert page.get_by_role("img", name="年度ごとの該当と予備群の割合").count() <= 1
    accessible(page)
    page.get_by_role("combobox", name="年度", exact=True).select_option("2025")
    page.get_by_role("combobox", name="性別").select_option("1")
    page.get_by_role("button", name="表示", exact=True).click()
    page.get_by_role("link", name="条件「性別：男」を外す").click()
    page.wait_for_url(lambda address: "year=2025" in address and "sex=" not in address)
    everybody = int(page.locator(".count b").inner_text().replace(",", ""))
    assert everybody >= 50

    page.get_by_role("link", name="事業所ごと").click()
    page.locator("table.risk-map").wait_for()
    accessible(page)
    rows = page.locator("table.risk-map tbody tr")
    told = [row.locator("td").first.inner_text() for row in rows.all()]
    assert any("10名未満" in one for one in told) or all(int(one.replace(",", "") or 0) >= 10 for one in told[:-1])
    page.get_by_role("link", name="血圧", exact=True).click()
    page.wait_for_url(re.compile(r"sort=pressure"))
    rows.nth(1).get_by_role("link").click()
    page.get_by_text("選んだ集団").wait_for()
    accessible(page)

    page.get_by_role("link", name="項目ごと").click()
    page.get_by_role("heading", name="収縮期血圧の分布").wait_for()
    accessible(page)
    assert page.get_by_role("img", name="収縮期血圧の階級ごとの割合").count() == 1
    counted = [
        int(cell.inner_text().replace(",", "")) for cell in page.locator(".bin-table tbody td:nth-child(3)").all()
    ]
    assert min(counted) >= 10 and sum(counted) == int(
        page.locator(".bin-table tfoot td.figure").inner_text().replace(",", "")
    )
    assert page.goto("/checkups/analysis/?year=1999").status == 404
    accessible(page)


def test_another_section_is_refused(open_page, accessible):
    page = open_page("1005")
    page.goto("/")
    assert page.get_by_role("link", name="健診の分析").count() == 0
    for address in ("", "employers/", "items/systolic/"):
        answer = page.goto(f"/checkups/analysis/{address}")
        assert answer.status == 403
    page.get_by_text("健診結果の分析").first.wait_for()
    accessible(page)
