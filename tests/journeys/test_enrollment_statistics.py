"""加入者の統計 in a browser: read, compared with last year, printed; and refused to who may not."""


def test_a_clerk_reads_the_statistics_of_this_year_and_the_last(open_page, accessible, stack):
    page = open_page("1001")
    page.goto("/members/")
    page.get_by_role("link", name="統計").click()
    page.get_by_role("heading", name="加入者の統計").wait_for()
    accessible(page)
    [[insured]] = stack.sql(
        "SELECT count(*) FROM enrollment_eligibilityperiod p JOIN enrollment_member m ON m.id = p.member_id "
        "WHERE NOT m.protected AND p.period @> (now() AT TIME ZONE 'Asia/Tokyo')::date"
    )
    assert f"{insured:,}名" in page.locator(".numbers").inner_text().replace("\n", "")
    assert page.locator("svg.pyramid rect").count() >= 60
    page.get_by_label("年度").select_option(index=1)
    page.get_by_role("button", name="表示").click()
    page.get_by_text("（年度末）").wait_for()
    accessible(page)


def test_a_narrow_page_keeps_every_table_within_reach(open_page, accessible):
    page = open_page("1001")
    page.set_viewport_size({"width": 683, "height": 768})
    page.goto("/members/statistics/")
    accessible(page)


def test_who_holds_nothing_sees_no_number(open_page, accessible):
    page = open_page("1005")
    page.goto("/members/statistics/")
    assert "加入者の管理" in page.inner_text("body") and not page.locator(".numbers").count()
    accessible(page)
