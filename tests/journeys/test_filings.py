"""Filings in a browser: one after the other by keyboard alone, checked, approved by another, printed, refused."""

import pytest


@pytest.fixture
def employer(stack) -> str:
    [[symbol]] = stack.sql("SELECT symbol FROM enrollment_employer ORDER BY id LIMIT 1")
    return symbol


def type_and_move(page, *words: str) -> None:
    """Type into the focused field and go on with Enter, as on paper from field to field."""
    for word in words:
        if word:
            page.keyboard.type(word)
        page.keyboard.press("Enter")


@pytest.mark.use(
    "eligibility_address",
    "member_administration",
    screens=[
        "filings:filing-enter",
        "filings:filing-check",
        "filings:filing-withdraw",
    ],
)
def test_a_clerk_enters_two_filings_without_the_mouse_and_takes_one_back(open_page, accessible, stack, employer):
    page = open_page("1001")
    page.goto("/members/filings/new/acquisition/")
    accessible(page)
    page.get_by_label("事業所の記号").focus()
    type_and_move(page, employer, "", "R8.11.2")
    page.get_by_label("氏（戸籍の字のまま）").focus()
    type_and_move(page, "𠮷田", "敬子", "よしだ", "けいこ")
    page.get_by_label("生年月日").focus()
    type_and_move(page, "S60.4.6")
    page.get_by_label("性別").select_option("2")
    page.get_by_label("郵便番号").fill("105-0011")
    page.get_by_label("都道府県・市区町村・町域").fill("東京都港区芝公園")
    page.get_by_label("備考").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "next"
    page.keyboard.press("Enter")
    page.get_by_text("1件", exact=True).wait_for()
    assert page.get_by_label("事業所の記号").input_value() == employer
    assert page.get_by_label("氏（戸籍の字のまま）").input_value() == ""
    accessible(page)
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_text("0件", exact=True).wait_for()
    assert page.get_by_label("氏（戸籍の字のまま）").input_value() == "𠮷田"
    states = stack.sql("SELECT state FROM filings_filing ORDER BY id DESC LIMIT 1")
    assert states == [("withdrawn",)]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(open_page, accessible, employer):
    page = open_page("1001")
    page.goto("/members/filings/new/acquisition/")
    page.get_by_label("事業所の記号").fill(employer)
    page.get_by_label("生年月日").fill("540927")
    page.get_by_label("氏（戸籍の字のまま）").fill("髙﨑")
    page.get_by_role("button", name="登録して届を見る").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("氏（戸籍の字のまま）").input_value() == "髙﨑"
    accessible(page)


def test_the_checks_answer_while_the_clerk_types(open_page, accessible, stack):
    [[symbol, number, name]] = stack.sql(
        "SELECT m.symbol, m.number, m.family_name FROM enrollment_member m JOIN enrollment_eligibilityperiod e "
        "ON e.member_id = m.id AND upper_inf(e.period) WHERE m.branch = '00' AND NOT m.protected ORDER BY m.id LIMIT 1"
    )
    page = open_page("1001")
    page.goto("/members/filings/new/address_change/")
    page.get_by_label("記号-番号").fill(f"{symbol}-{number}")
    page.get_by_label("備考").focus()
    page.locator("#filing-check").get_by_text(name).first.wait_for()
    accessible(page)


def test_a_filing_is_received_processed_and_printed(open_page, accessible, stack, employer):
    page = open_page("1001")
    page.goto("/members/filings/new/acquisition/")
    page.get_by_label("事業所の記号").fill(employer)
    page.get_by_label("資格取得年月日").fill("R8.11.2")
    page.get_by_label("氏（戸籍の字のまま）").fill("勘解由小路")
    page.locator("#id_given_name").fill("凜")
    page.get_by_label("氏 フリガナ").fill("かでのこうじ")
    page.get_by_label("名 フリガナ").fill("りん")
    page.get_by_label("生年月日").fill("H2.5.7")
    page.get_by_label("性別").select_option("1")
    page.get_by_label("郵便番号").fill("105-0011")
    page.get_by_label("都道府県・市区町村・町域").fill("東京都港区芝公園")
    page.get_by_role("button", name="登録して届を見る").click()
    page.get_by_role("heading", name="確認", exact=True).wait_for()
    accessible(page)
    page.get_by_role("button", name="台帳に登録").click()
    page.get_by_text("処理しました。").first.wait_for()
    accessible(page)
    page.goto("/members/filings/today/")
    page.get_by_text("勘解由小路").wait_for()
    accessible(page)
    page.emulate_media(media="print")
    assert page.locator(".band").is_visible() and page.locator(".print-foot").is_visible()
    assert not page.locator("[data-print]").is_visible()


def test_the_first_page_shows_the_clocks_and_the_list_opens(open_page, accessible):
    page = open_page("1001")
    page.goto("/")
    page.get_by_role("heading", name="期限のある届").wait_for()
    accessible(page)
    page.goto("/members/filings/")
    accessible(page)
    page.goto("/members/filings/employers/")
    accessible(page)


@pytest.mark.use(
    "eligibility_address",
    "member_administration",
    screens=[
        "filings:filing-list",
        "filings:employer-unprocessed",
        "filings:filing-today",
        "filings:filing-clocks",
        "filings:filing-help",
    ],
)
def test_who_holds_nothing_is_refused_everywhere(open_page, accessible):
    page = open_page("1005")
    for path in ("", "new/loss/", "employers/", "today/", "clocks/", "help/"):
        page.goto(f"/members/filings/{path}")
        assert "届" in page.locator("main").inner_text() and page.locator("table.filing-table").count() == 0
        page.get_by_text("記録").first.wait_for()
    accessible(page)


def test_nothing_is_cut_at_twice_the_size(open_page):
    page = open_page("1001")
    page.set_viewport_size({"width": 683, "height": 384})
    for path in ("/members/filings/new/acquisition/", "/members/filings/new/voluntary/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 683, path
