"""任意継続 and 年齢到達 in a browser: an application decided by its figures, its end previewed and undone, ages of a month."""

from datetime import date, timedelta

import pytest

TODAY = date.today()


@pytest.fixture
def leaver(stack):
    """An insured person of more than two months who left work so many days ago: (id, 記号-番号)."""

    def plant(days: int) -> tuple[int, str]:
        [[pk, number]] = stack.sql(
            "SELECT m.id, m.symbol || '-' || m.number FROM enrollment_member m "
            "JOIN enrollment_eligibilityperiod e ON e.member_id = m.id AND e.kind = 'compulsory' "
            "AND upper_inf(e.period) AND lower(e.period) < current_date - 400 "
            "WHERE m.branch = '00' AND NOT m.protected AND m.birth_date BETWEEN '1965-01-01' AND '1995-01-01' "
            "AND NOT EXISTS (SELECT 1 FROM enrollment_dependantperiod d WHERE d.insured_id = m.id) "
            "AND NOT EXISTS (SELECT 1 FROM enrollment_eligibilityperiod o WHERE o.member_id = m.id AND o.id <> e.id) "
            "ORDER BY m.id LIMIT 1"
        )
        stack.sql(
            "UPDATE enrollment_eligibilityperiod SET period = daterange(lower(period), %s), loss_reason = 'retirement' "
            "WHERE member_id = %s",
            (TODAY - timedelta(days=days), pk),
        )
        return pk, number

    return plant


@pytest.fixture
def age_event(stack):
    """An age event of this month that waits for a clerk: its id."""
    month = TODAY.replace(day=1)
    [[pk]] = stack.sql(
        "INSERT INTO lifecycle_ageevent (member_id, kind, reached_date, event_date, state, reason, planned_at) "
        "SELECT m.id, 40, %s, %s, 'held', 'abroad', now() FROM enrollment_member m WHERE NOT m.protected "
        "AND NOT EXISTS (SELECT 1 FROM lifecycle_ageevent e WHERE e.member_id = m.id) ORDER BY m.id DESC LIMIT 1 "
        "RETURNING id",
        (month, month),
    )
    return pk


def test_an_application_in_time_is_accepted_by_its_figures_and_withdrawn_and_taken_back(
    open_page, accessible, stack, leaver
):
    pk, number = leaver(4)
    page = open_page("1001")
    page.goto("/members/lifecycle/voluntary/")
    page.get_by_role("heading", name="任意継続", exact=True).wait_for()
    accessible(page)

    page.get_by_label("申出書の記号・番号").fill(number)
    page.get_by_role("button", name="申出を入力").click()
    page.get_by_text("受理できます").wait_for()
    assert page.get_by_text("5日目").count() == 1
    assert number not in page.url
    accessible(page)
    page.get_by_role("button", name="受理する").click()
    page.get_by_text("申出を受理し、任意継続の資格を登録しました").wait_for()
    accessible(page)
    assert stack.sql(
        "SELECT lower(period) FROM enrollment_eligibilityperiod WHERE member_id = %s AND kind = 'voluntary'", (pk,)
    ) == [(TODAY - timedelta(days=4),)]

    page.get_by_role("link", name="資格喪失の申出を入力").click()
    page.get_by_role("heading", name="喪失日の計算").wait_for()
    assert page.get_by_text("法38条7号", exact=True).count() == 1
    accessible(page)
    page.get_by_role("button", name="喪失を登録").click()
    page.get_by_text("資格喪失の申出を登録しました").wait_for()
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_text("喪失を取り消し、継続中に戻しました").wait_for()
    assert stack.sql("SELECT state FROM lifecycle_voluntaryterm WHERE member_id = %s", (pk,)) == [("running",)]


def test_a_late_application_says_which_test_fails_and_is_refused_with_its_working(open_page, accessible, stack, leaver):
    pk, _number = leaver(60)
    page = open_page("1001")
    page.goto(f"/members/lifecycle/voluntary/apply/{pk}/")
    page.get_by_text("満たさない要件 1").wait_for()
    assert page.get_by_role("button", name="受理する").is_disabled()
    accessible(page)

    page.get_by_label("期限に遅れた正当な理由を認める").check()
    page.get_by_role("button", name="判定し直す").click()
    page.get_by_role("link", name="遅れた理由：遅れた正当な理由を認めるときは、その理由を入力してください。").wait_for()
    accessible(page)
    page.get_by_label("期限に遅れた正当な理由を認める").uncheck()
    page.get_by_role("button", name="不受理とする").click()
    page.get_by_text("申出を不受理として登録しました").wait_for()
    accessible(page)
    assert stack.sql("SELECT state FROM lifecycle_voluntaryterm WHERE member_id = %s", (pk,)) == [("refused",)]


def test_a_number_that_means_nobody_is_told_beside_the_field(open_page, accessible):
    page = open_page("1001")
    page.goto("/members/lifecycle/voluntary/")
    page.get_by_label("申出書の記号・番号").fill("99-99999")
    page.get_by_role("button", name="申出を入力").click()
    page.get_by_role("alert").wait_for()
    accessible(page)


def test_the_ages_of_a_month_are_listed_decided_and_printed(open_page, accessible, stack, age_event):
    page = open_page("1001")
    page.goto("/members/lifecycle/ages/")
    page.get_by_text("職員の判断を待つ人がいます").wait_for()
    accessible(page)
    page.goto("/members/lifecycle/ages/?kind=40&state=held")
    accessible(page)
    page.get_by_role("link", name="この一覧を印刷").click()
    page.get_by_text("印刷した人 佐藤 真由美").wait_for()
    accessible(page)

    page.goto(f"/members/lifecycle/ages/{age_event}/")
    page.get_by_text("年齢計算ニ関スル法律").wait_for()
    accessible(page)
    page.get_by_role("button", name="見送る").click()
    page.get_by_text("年齢到達を見送りました").wait_for()
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_text("年齢到達を予定に戻しました").wait_for()
    assert stack.sql("SELECT state FROM lifecycle_ageevent WHERE id = %s", (age_event,)) == [("planned",)]


def test_the_first_page_counts_what_falls_due(open_page, accessible):
    page = open_page("1001")
    page.goto("/")
    page.get_by_role("link", name="任意継続の申出ができる人").wait_for()
    accessible(page)
    page.get_by_role("link", name="3か月以内の満了").click()
    page.get_by_role("link", name="3か月以内に満了").wait_for()


def test_who_holds_nothing_meets_the_refusal_and_no_menu(open_page, accessible):
    page = open_page("1005")
    for address in ("/members/lifecycle/voluntary/", "/members/lifecycle/ages/"):
        answer = page.goto(address)
        assert answer.status == 403
        accessible(page)
    assert page.get_by_role("link", name="任意継続・年齢").count() == 0
