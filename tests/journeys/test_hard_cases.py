"""Hard cases in a browser: what a change touches is seen before it is saved; who may not, does not."""

import pytest


@pytest.fixture
def duplicate(stack) -> int:
    """One of the two rows of 重田 朋子, who is registered twice."""
    [[pk]] = stack.sql(
        "SELECT min(id) FROM enrollment_member WHERE family_name = '重田' AND given_name = '朋子' AND merged_into_id IS NULL"
    )
    return pk


@pytest.fixture
def mover(stack) -> int:
    """先山 徹, whose loss is entered ahead."""
    [[pk]] = stack.sql("SELECT id FROM enrollment_member WHERE family_name = '先山' AND given_name = '徹'")
    return pk


def test_a_loss_to_come_is_corrected_after_reading_what_moves(open_page, accessible, stack, mover):
    page = open_page("1001")
    page.goto(f"/members/{mover}/")
    page.get_by_text("喪失予定").first.wait_for()
    page.get_by_text("届を入力").click()
    page.get_by_role("link", name="資格の日の訂正").click()
    accessible(page)
    page.get_by_label("正しい日").fill("R8.12.25")
    page.get_by_role("button", name="変わるものを確かめる").click()
    page.get_by_text("まだ何も登録していません").wait_for()
    accessible(page)
    before = stack.sql("SELECT period FROM enrollment_eligibilityperiod WHERE member_id = %s", (mover,))
    page.get_by_role("button", name="入力に戻る").click()
    assert page.get_by_label("正しい日").input_value() == "R8.12.25"
    page.get_by_role("button", name="変わるものを確かめる").click()
    page.get_by_role("button", name="この内容で登録する").click()
    page.get_by_text("資格喪失日の訂正届").first.wait_for()
    accessible(page)
    assert stack.sql("SELECT period FROM enrollment_eligibilityperiod WHERE member_id = %s", (mover,)) != before


def test_a_person_registered_twice_is_found_and_merged(open_page, accessible, stack, duplicate):
    page = open_page("1001")
    page.goto(f"/members/{duplicate}/story/")
    accessible(page)
    other = page.get_by_role("table", name="同じ人かもしれない登録").get_by_role("link").first.inner_text()
    page.get_by_role("link", name="統合・結び付け").click()
    page.get_by_label("もう一方の記号-番号-枝番").fill(other)
    page.get_by_role("button", name="変わるものを確かめる").click()
    page.get_by_text("（取り消し）").first.wait_for()
    accessible(page)
    page.get_by_role("button", name="この内容で登録する").click()
    page.get_by_text("重複した登録の統合").first.wait_for()
    page.goto(f"/members/{duplicate}/story/")
    page.get_by_text("統合済み").wait_for()
    accessible(page)


@pytest.mark.parametrize("staff_number", ["1002", "1005"])
def test_who_may_not_change_is_refused_with_a_sentence(open_page, accessible, duplicate, staff_number):
    page = open_page(staff_number)
    answer = page.goto(f"/members/{duplicate}/same-person/")
    assert answer.status == 403
    assert page.get_by_label("もう一方の記号-番号-枝番").count() == 0
    accessible(page)
