"""Without a mouse: log in, search, open, change a name, correct an error, save, undo; and where the focus is, all the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import _fresh_code

VISIBLE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "nothing has the focus";
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const drawn = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  if (!drawn) return "no ring around " + e.outerHTML.slice(0, 120);
  if (box.bottom <= 0 || box.top >= innerHeight) return "outside the window: " + e.outerHTML.slice(0, 120);
  const above = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 20) / 2);
  if (above && !e.contains(above) && !above.contains(e)) return "covered: " + e.outerHTML.slice(0, 120);
  return "";
}"""
NAME = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0] ? e.labels[0].textContent : "";
  return (e.getAttribute("aria-label") || label || e.textContent || "").replace(/\\s+/g, "");
}"""


def press_until(page: Page, wanted: str, *, key: str = "Tab", most: int = 80) -> None:
    """Presses a key until what has the focus begins with these words; each stop shows where it is."""
    for _press in range(most):
        page.keyboard.press(key)
        assert page.evaluate(VISIBLE) == ""
        if page.evaluate(NAME).startswith(wanted):
            return
    raise AssertionError(f"{wanted} is not reached by {key}")


def retype(page: Page, text: str) -> None:
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def log_in_by_keyboard(page: Page, staff_number: str) -> None:
    from kumiai.accounts.demo import PASSWORD

    page.goto("/accounts/login/")
    if "職員番号" not in page.evaluate(NAME):
        press_until(page, "職員番号")
    page.keyboard.type(staff_number)
    press_until(page, "パスワード")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("確認コード（6桁）").wait_for()
    if "確認コード" not in page.evaluate(NAME):
        press_until(page, "確認コード")
    page.keyboard.type(_fresh_code(staff_number))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="今日の仕事").wait_for()


@pytest.fixture
def someone(stack) -> tuple[int, str, str, str]:
    """(id, number, family name, kana) of an insured person whom no other journey changes."""
    [row] = stack.sql(
        "SELECT m.id, m.symbol || '-' || m.number || '-00', m.family_name, m.family_kana FROM enrollment_member m "
        "JOIN enrollment_eligibilityperiod e ON e.member_id = m.id AND upper_inf(e.period) "
        "WHERE m.branch = '00' AND NOT m.protected ORDER BY m.id DESC OFFSET 12 LIMIT 1"
    )
    return row


def test_a_clerk_without_a_mouse_finds_changes_corrects_and_takes_back(open_page, accessible, stack, someone):
    pk, number, family, _kana = someone
    page = open_page()
    log_in_by_keyboard(page, "1001")
    press_until(page, "加入者")
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/")

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "id_terms" and page.evaluate(VISIBLE) == ""
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/members/{pk}/")

    page.goto(f"/members/{pk}/name/change/")  # the entry of the menu is tried below
    press_until(page, "氏（戸籍の字のまま）")
    retype(page, "御手洗")
    press_until(page, "変更の日")
    retype(page, "昭和65年1月1日")
    page.keyboard.press("Enter")
    summary = page.locator("[role=alert], .error-summary").first
    summary.wait_for()
    assert page.get_by_label("氏（戸籍の字のまま）").input_value() == "御手洗"
    accessible(page)

    press_until(page, "変更の日")  # the sentence of the summary leads to its field
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "INPUT" and page.evaluate(VISIBLE) == ""
    retype(page, "R8.11.1")
    press_until(page, "登録")
    page.keyboard.press("Enter")
    page.get_by_text("を登録しました").wait_for()
    assert stack.sql("SELECT family_name FROM enrollment_member WHERE id = %s", (pk,)) == [("御手洗",)]

    press_until(page, "元に戻す")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancel/")
    press_until(page, "取り消す")
    page.keyboard.press("Enter")
    page.get_by_text("を取り消しました").wait_for()
    assert stack.sql("SELECT family_name FROM enrollment_member WHERE id = %s", (pk,)) == [(family,)]


def test_the_change_of_a_name_is_reached_from_the_page_by_keys_alone(open_page, someone):
    pk = someone[0]
    page = open_page("1001")
    page.goto(f"/members/{pk}/")
    press_until(page, "届を入力")
    page.keyboard.press("Enter")
    press_until(page, "氏名")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/members/{pk}/name/change/")


def test_a_filter_is_chosen_by_arrows_and_a_line_opened(open_page):
    page = open_page("1001")
    page.goto("/members/")
    page.keyboard.press("/")
    press_until(page, "資格")
    page.keyboard.press("ArrowDown")
    press_until(page, "検索")
    page.keyboard.press("Enter")
    page.wait_for_url("**state=voluntary**")
    page.locator("tbody th a").first.wait_for()
    first = page.locator("tbody th a").first.inner_text().replace(" ", "")
    press_until(page, first + "を選択")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # on a box it neither prints nor leaves
    assert page.locator("[data-bulk-count]").inner_text() == "1" and page.url.endswith("state=voluntary")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == first and page.evaluate(VISIBLE) == ""
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="この人の情報").wait_for()


def test_the_longest_names_leave_every_column_and_the_bar_in_its_place(open_page, stack, someone):
    """氏名 and カナ of sixty characters and variant characters: cut with an ellipsis in the list, whole on the page."""
    [before] = stack.sql(
        "SELECT family_name, given_name, family_kana, given_kana FROM enrollment_member WHERE id = %s", (someone[0],)
    )
    update = "UPDATE enrollment_member SET family_name = %s, given_name = %s, family_kana = %s, given_kana = %s WHERE id = %s"
    longest = (
        "デ・ソウザ勅使河原𠮷﨑髙濵邊齋" * 2,
        "マリア・クリスティーナ・フェルナンダ",
        "デソウザ" * 8,
        "マリア" * 10,
    )
    stack.sql(update, (*longest, someone[0]))
    try:
        page = open_page("1001")
        page.goto("/members/")
        page.keyboard.press("/")
        [[born]] = stack.sql("SELECT birth_date::text FROM enrollment_member WHERE id = %s", (someone[0],))
        page.keyboard.type(born)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=longest[0]).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 1366
        page.goto(f"/members/{someone[0]}/")
        assert page.get_by_role("heading", name=longest[0]).is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 1366
        assert page.evaluate("document.querySelector('.identity').getBoundingClientRect().height") <= 190
    finally:
        stack.sql(update, (*before, someone[0]))


def test_every_tab_of_a_person_is_as_high_as_the_others(open_page, someone):
    page = open_page("1001")
    page.goto(f"/members/{someone[0]}/")
    heights = page.evaluate("[...document.querySelectorAll('.tabs .tab')].map(e => e.getBoundingClientRect().height)")
    assert len(heights) >= 5 and set(heights) == {52}
