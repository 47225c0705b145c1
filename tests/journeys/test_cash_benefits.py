"""現金給付: 傷病手当金 from the application to the file for the bank by the clerks of 給付課, and a refusal with its letter."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.journeys.test_outputs import fetched, show_the_second_factor_again

SICK = timedelta(days=20)


@pytest.fixture
def person(stack) -> tuple[int, str, str, str]:
    """(id, number, family name, kana) of somebody insured for years, with a good account and no application."""
    return stack.sql(
        "SELECT m.id, m.symbol || '-' || m.number, m.family_name, m.family_kana FROM enrollment_member m "
        "JOIN enrollment_eligibilityperiod p ON p.member_id = m.id AND p.period @> current_date "
        "AND lower(p.period) < current_date - 800 "
        "JOIN payments_bankaccount a ON a.member_id = m.id AND a.state = 'confirmed' AND a.relation = 'self' "
        "AND a.period @> current_date AND a.ending_date IS NULL "
        "JOIN remuneration_standardremuneration s ON s.member_id = m.id AND s.period @> current_date "
        "WHERE NOT m.protected AND m.merged_into_id IS NULL "
        "AND NOT EXISTS (SELECT FROM cash_case c WHERE c.member_id = m.id) ORDER BY m.id LIMIT 1"
    )[0]


def settle_everything(page) -> None:
    """Every document that is needed checked, every finding answered in words."""
    for title in ("支給申請書", "療養担当者の意見", "事業主の証明"):
        row = page.locator(".papers li").filter(has_text=title).first
        row.locator("summary").click()
        row.get_by_label(f"{title}の状態", exact=True).select_option("checked")
        row.get_by_role("button", name="保存").click()
        page.get_by_text(f"「{title}」を確認済みにしました").wait_for()
    while page.locator(".finding-form").count() and page.get_by_text("まだ", exact=False).count() >= 0:
        empty = page.locator(".finding-form input[name=words]")
        waiting = [i for i in range(empty.count()) if not empty.nth(i).input_value()]
        if not waiting:
            break
        empty.nth(waiting[0]).fill("電話と書類で確かめました。")
        page.locator(".finding-form button").nth(waiting[0]).click()
        page.get_by_text("確かめたことを記録しました").wait_for()


def test_a_sickness_allowance_goes_from_the_application_to_the_bank(stack, open_page, accessible, person):
    member, number, _family, _kana = person
    today = date.today()
    last = today - timedelta(days=5)
    first = last - SICK
    suzuki = open_page("1002")
    suzuki.goto("/benefits/cash/")
    accessible(suzuki)
    suzuki.get_by_role("link", name="申請を受け付ける").click()
    accessible(suzuki)
    suzuki.get_by_label("給付の種類").select_option("sickness")
    suzuki.get_by_label("記号-番号-枝番").fill("999-999999")
    suzuki.get_by_role("button", name="次へ").click()
    suzuki.get_by_text("この番号の加入者はいません").first.wait_for()
    accessible(suzuki)
    suzuki.get_by_label("記号-番号-枝番").fill(number)
    suzuki.get_by_role("button", name="次へ").click()
    suzuki.wait_for_url("**/sickness/new/*/")
    accessible(suzuki)
    suzuki.get_by_label("請求期間の初日").fill(first.isoformat())
    suzuki.get_by_label("請求期間の末日").fill((first - timedelta(days=1)).isoformat())
    suzuki.get_by_label("傷病名").fill("急性虫垂炎")
    suzuki.get_by_label("医療機関").fill("架空総合病院")
    suzuki.get_by_label("療養担当者が労務不能と認めた期間の初日").fill(first.isoformat())
    suzuki.get_by_label("同　末日").fill(last.isoformat())
    suzuki.get_by_role("button", name="受け付ける").click()
    suzuki.get_by_text("請求期間の末日が初日より前です").first.wait_for()  # and nothing that was typed is lost
    assert suzuki.get_by_label("傷病名").input_value() == "急性虫垂炎"
    accessible(suzuki)
    suzuki.get_by_label("請求期間の末日").fill(last.isoformat())
    suzuki.get_by_role("button", name="受け付ける").dblclick()
    suzuki.wait_for_url(re.compile(r"/sickness/\d+/$"))
    assert stack.sql("SELECT count(*) FROM cash_case WHERE member_id = %s", (member,)) == [(1,)], "二度押しても一件"
    [(case,)] = stack.sql("SELECT id FROM cash_case WHERE member_id = %s", (member,))
    address = f"/benefits/cash/sickness/{case}/"
    suzuki.goto(address)
    suzuki.get_by_text("事業主の証明がありません").first.wait_for()
    accessible(suzuki)

    suzuki.get_by_role("link", name="証明を入力・取り消す").click()
    accessible(suzuki)
    suzuki.get_by_label("証明した事業所").fill("ひなた物流株式会社")
    suzuki.get_by_label("証明した日").fill(today.isoformat())
    suzuki.get_by_role("button", name="証明を登録").click()
    suzuki.get_by_text("事業主の証明を入力しました").wait_for()
    suzuki.get_by_role("button", name="審査を始める").click()
    suzuki.get_by_text("「審査を始める」を記録しました").wait_for()
    settle_everything(suzuki)
    suzuki.get_by_role("button", name="計算する").click()
    suzuki.get_by_text("計算しました").wait_for()
    accessible(suzuki)
    suzuki.get_by_role("button", name="決裁に回す", exact=True).click()
    suzuki.get_by_text("あなたが決裁に回した申請です").wait_for()
    assert suzuki.get_by_role("button", name="支給を決定").count() == 0, "決裁に回した人は決定できない"

    kato = open_page("1009")
    kato.goto("/benefits/cash/?folder=decide")
    accessible(kato)
    kato.goto(address)
    accessible(kato)
    kato.get_by_role("button", name="支給を決定").dblclick()
    kato.get_by_text("支給を決定しました").wait_for()
    [(decision, amount)] = stack.sql("SELECT id, amount FROM cash_decision WHERE case_id = %s", (case,))
    assert amount > 0

    suzuki.goto(address)
    suzuki.get_by_role("button", name="支払に回す").click()
    suzuki.get_by_text("支払に回しました").wait_for()
    suzuki.goto("/members/payments/runs/")
    suzuki.get_by_role("button", name="集計する").click()
    suzuki.wait_for_url("**/runs/*/")
    run_url = suzuki.url
    run = int(run_url.rstrip("/").rsplit("/", 1)[1])
    suzuki.get_by_role("button", name="点検済みにする").click()
    suzuki.get_by_text("あなたが集計か点検をした回です").wait_for()
    kato.goto(run_url)
    kato.get_by_role("button", name=re.compile("承認する")).click()
    kato.get_by_text("支払を決定した").first.wait_for()  # who decided one of the payments approves no run
    yamamoto = open_page("1010")
    yamamoto.goto(run_url)
    yamamoto.get_by_role("button", name=re.compile("承認する")).click()
    yamamoto.get_by_text("承認しました").wait_for()
    suzuki.goto(run_url)
    suzuki.get_by_label("渡す金融機関").select_option(index=0)
    suzuki.get_by_role("button", name="ファイルを作る").click()
    link = suzuki.get_by_role("link", name=re.compile("^受け渡し番号"))
    link.wait_for()
    stack.work("outputs.build")
    link.click()
    suzuki.wait_for_url("**/outputs/*/")
    output = suzuki.url
    kato.goto(f"{output}confirm/")
    show_the_second_factor_again(kato, "1009")
    kato.get_by_label("受取人の番号").fill("9999")
    kato.get_by_label("渡す件数").fill(kato.locator(".confirm-count").inner_text())
    kato.get_by_role("button", name="受取人と件数を確認").click()
    kato.get_by_text("取り出せます").wait_for()
    suzuki.goto(output)
    records = fetched(suzuki, "1002").split(b"\r\n")
    [(payment,)] = stack.sql(
        "SELECT id FROM payments_payment WHERE source = 'cash.decision' AND source_id = %s AND run_id = %s",
        (decision, run),
    )
    [mine] = [record for record in records if record[:1] == b"2" and int(record[91:111]) == payment]
    assert len(mine) == 120 and int(mine[80:90]) == amount, "決定した額が、そのまま銀行のファイルにある"

    stranger = open_page("1003")
    assert stranger.goto(address).status == 403
    assert stranger.goto("/benefits/cash/").status == 403
    accessible(stranger)


def test_a_refusal_is_decided_by_another_and_its_letter_names_the_appeal(stack, open_page, accessible):
    [(case, member)] = stack.sql(
        "SELECT id, member_id FROM cash_case WHERE kind = 'sickness' AND state = 'under_review' ORDER BY id LIMIT 1"
    )
    address = f"/benefits/cash/sickness/{case}/"
    suzuki = open_page("1002")
    suzuki.goto(address)
    box = suzuki.locator("details").filter(has_text="不支給として決裁に回す").first
    box.locator("summary").click()
    box.get_by_role("button").click()
    suzuki.get_by_text("理由が必要です").wait_for()
    accessible(suzuki)
    box = suzuki.locator("details").filter(has_text="不支給として決裁に回す").first
    box.locator("summary").click()
    box.get_by_label(re.compile("^理由")).fill("請求の期間に労務不能と認められないため")
    box.get_by_role("button").click()
    suzuki.get_by_text("不支給として決裁に回しました").wait_for()
    kato = open_page("1009")
    kato.goto(address)
    assert kato.get_by_role("button", name="支給を決定", exact=True).count() == 0
    kato.get_by_label(re.compile("^意見・理由")).fill("請求の期間に労務不能と認められないため")
    kato.get_by_role("button", name="不支給を決定").click()
    kato.get_by_text("不支給を決定しました").wait_for()
    accessible(kato)
    assert stack.sql("SELECT outcome, amount FROM cash_decision WHERE case_id = %s", (case,)) == [("refuse", 0)]
    assert stack.sql("SELECT count(*) FROM payments_payment WHERE member_id = %s AND state = 'decided'", (member,)) == [
        (0,)
    ]
    kato.get_by_role("link", name="通知書を作る").first.click()
    kato.wait_for_url("**/outputs/**")
    accessible(kato)
    for page in ("/benefits/cash/months/", "/benefits/cash/statistics/", f"/benefits/cash/people/{member}/"):
        kato.goto(page)
        accessible(kato)
