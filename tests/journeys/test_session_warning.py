"""Thirty minutes without work, here made short: the page warns, going on helps, and after the end one comes back."""

import pytest

from tests.journeys.conftest import log_in

IDLE, WARNING = 16, 11  # seconds; the page looks every five


@pytest.fixture(scope="module")
def short_sessions(stack):
    with stack.served("short", SESSION_IDLE_SECONDS=str(IDLE), SESSION_WARNING_SECONDS=str(WARNING)) as url:
        yield url


def test_the_page_warns_goes_on_when_told_and_leads_back_after_the_end(open_page, accessible, short_sessions):
    page = open_page(at=short_sessions)
    log_in(page, "1001")
    page.goto("/members/?sort=kana")
    warning, going_on = page.locator("[data-session-warning]"), page.get_by_role("button", name="続ける")

    # Nothing is said at first; then what is left, and one button.
    assert warning.is_hidden()
    going_on.wait_for(timeout=IDLE * 1000)
    assert page.get_by_text("あと1分でログアウトします").is_visible()
    accessible(page)

    # Going on is heard by the server: after the first end would have come the session still lives.
    with page.expect_response("**/session/extend/") as answer:
        going_on.click()
    assert answer.value.status == 204
    assert warning.is_hidden()
    page.wait_for_timeout((IDLE - 4) * 1000)
    kept = page.context.request.get(f"{short_sessions}/members/", headers={"X-Polling": "1"}, max_redirects=0)
    assert kept.status == 200

    # Left alone, the page says that it is over, and the button goes.
    page.get_by_text("ログアウトしました。もう一度ログインしてください").wait_for(timeout=IDLE * 2000)
    assert going_on.is_hidden()
    page.reload()
    page.get_by_role("heading", name="職員番号とパスワードを入力").wait_for()
    assert "next=" in page.url
    accessible(page)
    log_in(page, "1001", go=False, arrived="加入者")
    assert page.url == f"{short_sessions}/members/?sort=kana"
