"""The first room, from the log-in page to the record of who looked."""

import pytest


def test_a_stranger_reads_the_notice_and_nothing_else(open_page, accessible):
    page = open_page()
    page.goto("/notice/")
    page.get_by_role("heading", name="個人情報の利用目的", exact=True).wait_for()
    assert page.get_by_text("加入者の管理").count() >= 1
    accessible(page)
    page.goto("/members/")
    page.get_by_role("heading", name="職員番号とパスワードを入力").wait_for()
    accessible(page)


def test_a_wrong_code_is_refused_and_the_right_one_opens(open_page, accessible):
    from kumiai.accounts.demo import PASSWORD
    from tests.journeys.conftest import log_in

    page = open_page()
    page.goto("/accounts/login/")
    page.get_by_label("職員番号").fill("1006")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("確認コード（6桁）").fill("000000")
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.get_by_role("alert").wait_for()
    accessible(page)
    log_in(page, "1006")
    accessible(page)


@pytest.mark.use("eligibility_address", "member_administration", screens=[
    "enrollment:member-list", "enrollment:member-search", "enrollment:member-detail", "enrollment:member-name-change",
    "enrollment:member-history", "enrollment:member-access-log", "enrollment:change-cancel",
])  # fmt: skip
def test_a_clerk_finds_a_member_corrects_the_name_and_everything_is_on_record(open_page, accessible, stack):
    [[pk, symbol, number, family]] = stack.sql(
        "SELECT m.id, m.symbol, m.number, m.family_name FROM enrollment_member m "
        "JOIN enrollment_eligibilityperiod e ON e.member_id = m.id AND upper_inf(e.period) "
        "WHERE m.branch = '00' AND NOT m.protected AND e.employer_id IS NOT NULL ORDER BY m.id LIMIT 1"
    )
    page = open_page("1001")
    page.goto("/members/")
    assert page.locator(".band").get_by_text("加入者の管理").count() >= 1
    accessible(page)

    # The slash key focuses the field; the number as typed in full width goes straight to the page.
    page.keyboard.press("/")
    full_width = f"{symbol}－{number}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    page.keyboard.type(full_width)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/members/{pk}/")
    assert family in page.locator("h1").inner_text()
    accessible(page)

    page.goto(f"/members/{pk}/name/change/")
    page.get_by_label("変更の日").fill("540927")
    page.get_by_role("button", name="登録").click()
    page.get_by_text("540927 は、昭和54年とも1954年とも読めます").first.wait_for()
    accessible(page)
    page.get_by_label("氏（戸籍の字のまま）").fill("𠮷﨑")
    page.get_by_label("氏 フリガナ").fill("ﾖｼｻﾞｷ")
    page.get_by_label("変更の日").fill("令和8年11月1日")
    page.get_by_role("button", name="登録").click()
    page.get_by_text("を登録しました").wait_for()
    assert "𠮷﨑" in page.locator("h1").inner_text()
    assert stack.sql("SELECT family_name, family_kana FROM enrollment_member WHERE id = %s", (pk,)) == [
        ("𠮷﨑", "ヨシザキ")
    ]

    page.get_by_role("link", name="変更の履歴").click()
    page.get_by_text("氏名変更届").first.wait_for()
    assert page.get_by_text("𠮷﨑").count() >= 1 and page.get_by_text(family).count() >= 1
    accessible(page)
    page.get_by_role("link", name="閲覧の記録").click()
    page.get_by_text("佐藤 真由美").first.wait_for()
    accessible(page)

    # The old name is found no more, the variant character is: 吉崎 finds 𠮷﨑.
    page.goto("/members/")
    page.get_by_label("記号・番号、カナ、氏名、生年月日").fill("吉崎")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="𠮷﨑").first.wait_for()
    assert "吉崎" not in page.url and "%E5" not in page.url

    page.goto(f"/members/{pk}/history/")
    page.get_by_role("link", name="取り消す").first.click()
    accessible(page)
    page.get_by_role("button", name="取り消す").click()
    page.get_by_text("を取り消しました").wait_for()
    assert stack.sql("SELECT family_name FROM enrollment_member WHERE id = %s", (pk,)) == [(family,)]


@pytest.mark.use("eligibility_address", "member_administration", screens=["enrollment:member-list"])
def test_ito_is_refused_in_words_without_a_character_of_the_data(open_page, accessible, stack):
    [[pk, family, given]] = stack.sql("SELECT id, family_name, given_name FROM enrollment_member ORDER BY id LIMIT 1")
    page = open_page("1005")
    answer = page.goto(f"/members/{pk}/")
    assert answer.status == 403
    page.get_by_role("heading", name="この目的では扱えません").wait_for()
    assert f"{family} {given}" not in page.content()
    accessible(page)
    reference = page.locator(".recorded").inner_text().split("受付番号 ")[1].split()[0]
    [[outcome, view]] = stack.sql("SELECT outcome, view FROM accesslog_event WHERE reference = %s", (reference,))
    assert (outcome, view) == ("refused", "enrollment:member-detail")


def test_the_home_page_carries_only_what_the_person_may_do(open_page, accessible):
    page = open_page("1001")
    page.goto("/")
    page.get_by_role("heading", name="最近開いた加入者").wait_for()
    accessible(page)
    stranger = open_page("1005")
    stranger.goto("/")
    stranger.wait_for_timeout(1000)
    assert stranger.get_by_role("heading", name="最近開いた加入者").count() == 0
    accessible(stranger)
