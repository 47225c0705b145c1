"""From a screen to its page of the guide, and through the guide, with no accessibility violation."""

from __future__ import annotations


def test_a_clerk_reaches_the_page_of_the_screen_and_the_contents(open_page, accessible):
    page = open_page("1001")
    page.goto("/members/filings/")
    page.get_by_role("region", name="利用目的").get_by_role("link", name="使い方").click()
    page.get_by_role("heading", name="届", exact=True, level=1).wait_for()
    broken = page.evaluate("[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)")
    assert broken == []
    accessible(page)
    page.get_by_role("link", name="使い方の目次").click()
    page.get_by_role("heading", name="使い方", exact=True, level=1).wait_for()
    accessible(page)
