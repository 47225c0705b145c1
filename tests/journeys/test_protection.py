"""支援措置 in a browser: somebody is protected at once, the next clerk finds a lock, the person is handed on and released."""

import pytest


@pytest.fixture
def person(stack) -> tuple[int, str, str]:
    """(id, name, town) of an insured person with a family, an address in Japan and no protection."""
    return stack.sql(
        "SELECT m.id, m.family_name || ' ' || m.given_name, a.town FROM enrollment_member m "
        "JOIN enrollment_address a ON a.member_id = m.id AND NOT a.cancelled AND upper_inf(a.period) AND NOT a.abroad "
        "JOIN enrollment_eligibilityperiod e ON e.member_id = m.id AND upper_inf(e.period) "
        "WHERE NOT m.protected AND EXISTS (SELECT 1 FROM enrollment_member d WHERE d.insured_id = m.id) "
        "ORDER BY m.id OFFSET 30 LIMIT 1"
    )[0]


def test_whereabouts_go_behind_the_named_clerk_and_come_back(open_page, accessible, stack, person):
    pk, name, town = person
    sato = open_page("1001")
    sato.goto(f"/members/{pk}/")
    sato.get_by_text("届を入力", exact=True).click()
    sato.get_by_role("link", name="保護の登録").click()
    accessible(sato)
    sato.get_by_role("button", name="保護を登録").click()
    sato.get_by_text("担当者を1人以上選んでください。").first.wait_for()
    accessible(sato)
    sato.get_by_label("尋ねる先").fill("適用課 佐藤（内線 120）")
    sato.get_by_label("佐藤 真由美（適用課）").check()
    sato.get_by_label("この人の被扶養者も、いっしょに保護する").check()
    sato.get_by_label("保護の始まる日").fill("R8.11.1")
    sato.get_by_role("button", name="保護を登録").click()
    sato.get_by_text("保護の登録").first.wait_for()
    sato.get_by_text(name).first.wait_for()
    accessible(sato)

    kobayashi = open_page("1006")
    kobayashi.goto(f"/members/{pk}/address/")
    kobayashi.get_by_role("heading", name="指名された担当者だけが扱えます").wait_for()
    kobayashi.get_by_text("適用課 佐藤（内線 120）").wait_for()
    accessible(kobayashi)
    page = kobayashi.content()
    assert town not in page and name not in page
    kobayashi.get_by_role("link", name="担当者を決める").click()
    kobayashi.get_by_label("小林 悠（適用課）").check()
    accessible(kobayashi)
    kobayashi.get_by_role("button", name="担当者を登録").click()
    kobayashi.get_by_text("自分を担当者にすることはできません").first.wait_for()
    assert town not in kobayashi.content()

    sato.goto(f"/members/{pk}/")
    sato.get_by_text("届を入力", exact=True).click()
    sato.get_by_role("link", name="保護の担当者").click()
    sato.get_by_label("小林 悠（適用課）").check()
    sato.get_by_role("button", name="担当者を登録").click()
    sato.get_by_role("heading", name=name).wait_for()
    kobayashi.goto(f"/members/{pk}/address/")
    kobayashi.get_by_text(town).first.wait_for()

    kobayashi.goto(f"/members/{pk}/protection/end/")
    accessible(kobayashi)
    kobayashi.get_by_label("解除の日").fill("R8.11.20")
    kobayashi.get_by_role("button", name="保護を解除").click()
    kobayashi.get_by_text("保護の解除").first.wait_for()
    assert stack.sql("SELECT protected FROM enrollment_member WHERE id = %s", (pk,)) == [(False,)]
    family = stack.sql("SELECT count(*) FROM enrollment_member WHERE insured_id = %s AND protected", (pk,))
    assert family[0][0] >= 1


def test_who_may_only_look_protects_nobody(open_page, accessible, person):
    suzuki = open_page("1002")
    suzuki.goto(f"/members/{person[0]}/protection/")
    suzuki.get_by_role("heading", name="この目的では扱えません").wait_for()
    accessible(suzuki)
