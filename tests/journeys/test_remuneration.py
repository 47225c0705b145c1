"""佐藤 takes a file of 決定通知書 in: every line is checked and told, the good ones are applied, and the person's periods show it."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = "記号,番号,改定年月,報酬月額,等級,決定の種類\r\n"
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def insured(stack) -> list[tuple]:
    """Two insured people with a period of standard remuneration that goes on: id, 記号, 番号, grade."""
    return stack.sql(
        "SELECT m.id, m.symbol, m.number, s.grade FROM enrollment_member m "
        "JOIN remuneration_standardremuneration s ON s.member_id = m.id AND NOT s.cancelled AND upper_inf(s.period) "
        "JOIN enrollment_eligibilityperiod p ON p.member_id = m.id AND upper_inf(p.period) "
        "WHERE m.branch = '00' AND NOT m.protected AND lower(s.period) < %s AND lower(p.period) < %s "
        "ORDER BY m.id LIMIT 2",
        (OCTOBER, OCTOBER),
    )


def periods(stack, member_id: int) -> list[tuple]:
    return stack.sql(
        "SELECT lower(period), upper(period), grade, standard, decision FROM remuneration_standardremuneration "
        "WHERE member_id = %s AND NOT cancelled ORDER BY period",
        (member_id,),
    )


def give(page, body: str, name: str = "kettei.csv") -> None:
    page.goto("/members/remuneration/files/")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": body.encode("cp932")}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="取り込んで確かめる").click()


def test_a_file_of_decisions_is_checked_told_line_by_line_and_applied(stack, open_page, accessible, insured):
    (first, symbol, number, _grade), (second, *other, _other_grade) = insured
    before = {pk: periods(stack, pk) for pk in (first, second)}
    page = open_page("1001")
    page.goto("/members/remuneration/")
    accessible(page)
    page.get_by_role("link", name="取り込み", exact=True).last.click()
    page.get_by_role("heading", name="標準報酬の取り込み").wait_for()
    accessible(page)

    # A file that is none says what it lacks, and nothing was taken in.
    give(page, "氏名,金額\r\n架空,1\r\n")
    page.get_by_text("見出しの行が見つかりません").first.wait_for()
    accessible(page)

    give(
        page,
        HEAD
        + f"{symbol},{number},R8.10,1390000,50,月変\r\n"
        + f"{other[0]},{other[1]},2026-09,三十万,,定時決定\r\n"
        + f"{other[0]},{other[1]},2026-11-15,300000,,月変\r\n"
        + "9999,99999999,2026-09,300000,,定時決定\r\n",
    )
    page.get_by_text("4行を受け付けました").wait_for()
    accessible(page)
    address = page.url
    stack.work("remuneration.")
    page.goto(address)
    apply = page.get_by_role("button", name="1行を登録する")
    apply.wait_for()
    table = page.get_by_role("table", name="行ごとの結果")
    assert table.get_by_role("row").count() == 5
    for word in ("報酬月額：", "月の初日から", "この番号の被保険者はいません", "1,390,000", "令8.10.1"):
        assert table.get_by_text(word).count() == 1, word
    accessible(page)
    assert {pk: periods(stack, pk) for pk in before} == before, "checked only"
    page.get_by_role("link", name="誤り").click()
    assert page.get_by_role("table", name="行ごとの結果").get_by_role("row").count() == 4
    accessible(page)

    page.goto(address)
    with page.expect_navigation():
        apply.click()
    page.get_by_text("登録しています").wait_for()
    stack.work("remuneration.")
    page.goto(address)
    assert page.get_by_role("button", name="登録する").count() == 0, "done once"
    accessible(page)
    *former, last = periods(stack, first)
    assert last == (OCTOBER, None, 50, 1_390_000, "revision")
    assert former[-1][1] == OCTOBER and periods(stack, second) == before[second]

    # The member's own page tells the same.
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_text("いま 第50級 1,390,000円").wait_for()
    newest = page.get_by_role("table", name="標準報酬月額の期間").get_by_role("row").filter(has_text="令8.10.1から")
    assert newest.get_by_text("随時改定").count() == 1
    assert page.get_by_text("令8.10.1の前日まで").count() == 1
    accessible(page)


def test_another_section_takes_no_decisions_in(open_page, accessible):
    page = open_page("1002")
    assert page.get_by_role("link", name="標準報酬", exact=True).count() == 0
    for path in ("/members/remuneration/", "/members/remuneration/files/", "/members/remuneration/files/1/"):
        assert page.goto(path).status == 403
        accessible(page)
