"""口座: entered by 鈴木, confirmed by 加藤 and by nobody else; another section sees none of it."""

from __future__ import annotations

import pytest


@pytest.fixture
def person(stack) -> tuple[int, str]:
    """Id and kana of somebody insured, without an account and not protected."""
    return stack.sql(
        "SELECT m.id, m.family_kana || ' ' || m.given_kana FROM enrollment_member m JOIN enrollment_eligibilityperiod p ON p.member_id = m.id "
        "AND p.period @> current_date WHERE NOT m.protected AND m.merged_into_id IS NULL "
        "AND NOT EXISTS (SELECT FROM payments_bankaccount a WHERE a.member_id = m.id) ORDER BY m.id LIMIT 1"
    )[0]


def test_an_account_is_entered_by_one_and_confirmed_by_another(stack, open_page, accessible, person):
    member, kana = person
    suzuki = open_page("1002")
    address = f"/members/payments/accounts/member/{member}/"
    suzuki.goto(address)
    accessible(suzuki)
    suzuki.get_by_label("この口座に支払う最初の日").fill("R9.1.1")
    suzuki.get_by_label("銀行コード").fill("0005")
    suzuki.get_by_label("支店コード").fill("001")
    suzuki.get_by_label("口座番号").fill("123")
    suzuki.get_by_label("口座名義（カナ）").fill("見本 太郎")
    suzuki.locator("form button.button-primary").last.click()
    suzuki.get_by_text("口座番号は7桁の数字にしてください").wait_for()  # and nothing that was typed is lost
    assert suzuki.get_by_label("銀行コード").input_value() == "0005"
    accessible(suzuki)
    suzuki.get_by_label("口座番号").fill("0000123")
    suzuki.get_by_label("口座名義（カナ）").fill(kana)
    suzuki.locator("form button.button-primary").last.click()
    suzuki.get_by_text("確認待ち").first.wait_for()
    accessible(suzuki)
    assert suzuki.get_by_role("button", name="確認する").count() == 0, "not by who entered it"

    kato = open_page("1009")
    kato.goto("/members/payments/accounts/waiting/")
    accessible(kato)
    kato.goto(address)
    kato.get_by_role("button", name="確認する").click()
    kato.wait_for_load_state()
    accessible(kato)
    assert stack.sql("SELECT state FROM payments_bankaccount WHERE member_id = %s", (member,)) == [("confirmed",)]
    kato.goto("/members/payments/runs/")
    accessible(kato)


def test_another_section_opens_no_account(open_page, accessible, person):
    member = person[0]
    page = open_page("1003")
    assert page.goto(f"/members/payments/accounts/member/{member}/").status == 403
    assert page.goto("/members/payments/runs/").status == 403
    accessible(page)
