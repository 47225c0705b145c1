"""番号法に基づく情報連携: 鈴木 takes an account in, works an error off and sends; 加藤 confirms; what comes back is told by line."""

from __future__ import annotations

import re

from benefits.cash.files.number_act import Form, read, write
from tests.journeys.test_outputs import fetched, show_the_second_factor_again


def test_an_error_is_worked_off_sent_by_two_clerks_and_recorded(stack, open_page, accessible, tmp_path):
    suzuki = open_page("1002")
    suzuki.goto("/benefits/cash/number/")
    suzuki.get_by_role("heading", name="番号法に基づく情報連携", exact=True).wait_for()
    accessible(suzuki)
    suzuki.get_by_role("link", name="エラー", exact=True).click()
    suzuki.get_by_role("button", name="もう一度送る").first.click()
    suzuki.get_by_text("確かめたこと・直したことを入力してください。").wait_for()
    accessible(suzuki)
    suzuki.locator("input[name=note]").first.fill("枝番を台帳で確かめた")
    suzuki.get_by_role("button", name="もう一度送る").first.click()
    suzuki.get_by_text("は、次に集める回に入ります。").wait_for()

    suzuki.goto("/benefits/cash/number/")
    suzuki.get_by_role("button", name="副本を集める").click()
    suzuki.wait_for_url(re.compile(r"/number/batches/\d+/$"))
    batch = suzuki.url
    accessible(suzuki)
    suzuki.get_by_role("button", name="件のファイルを依頼").click()
    suzuki.get_by_text("ファイルを作っています。").wait_for()
    stack.work("outputs.build")
    [(output, number, count)] = stack.sql(
        "SELECT o.id, r.code, o.row_count FROM outputs_output o JOIN outputs_recipient r ON r.id = o.recipient_id "
        "WHERE o.file_kind = 'cash.number_copies' ORDER BY o.id DESC LIMIT 1"
    )
    kato = open_page("1009")
    kato.goto(f"/outputs/{output}/confirm/")
    show_the_second_factor_again(kato, "1009")
    kato.get_by_label("受取人の番号").fill(number)
    kato.get_by_label("渡す件数").fill(str(count))
    kato.get_by_role("button", name="受取人と件数を確認").click()
    kato.get_by_text("取り出せます").wait_for()

    suzuki.goto(f"/outputs/{output}/")
    sent = read(Form.COPIES, fetched(suzuki, "1002"))
    assert len(sent.lines) == count and sent.faults == ()
    suzuki.goto(batch)
    suzuki.get_by_role("button", name="送付を記録する").click()
    suzuki.get_by_text("送付を記録しました。").wait_for()

    told = [
        {"reference": line.values["reference"], "state": "accepted", "answered_date": "2026-11-24"}
        for line in sent.lines
    ]
    answer = tmp_path / "kekka.csv"
    answer.write_bytes(write(Form.RECEIPTS, [*told, told[0] | {"reference": "F999999-000001"}]))
    suzuki.goto("/benefits/cash/number/answers/")
    accessible(suzuki)
    suzuki.locator("input[type=file]").set_input_files(answer)
    suzuki.get_by_role("button", name="取り込む").click()
    suzuki.wait_for_url(re.compile(r"/number/answers/\d+/$"))
    suzuki.get_by_text("送っていない管理番号").first.wait_for()
    accessible(suzuki)
    suzuki.goto("/benefits/cash/number/records/")
    assert suzuki.get_by_text(told[0]["reference"]).count() == 2, "送付と受付結果が一件ずつ残る"
    accessible(suzuki)


def test_an_account_that_was_answered_waits_for_the_second_clerk(stack, open_page, accessible):
    [(case, member)] = stack.sql(
        "SELECT i.case_id, i.member_id FROM cash_linkinquiry i WHERE i.matter = 'account' AND i.finding = 'found' "
        "AND i.use = '' ORDER BY i.id LIMIT 1"
    )
    suzuki = open_page("1002")
    suzuki.goto(f"/benefits/cash/number/cases/{case}/")
    suzuki.get_by_text("****013").wait_for()
    accessible(suzuki)
    suzuki.get_by_role("button", name="口座に入れる").click()
    suzuki.get_by_text("口座に入れました。").wait_for()
    assert stack.sql(
        f"SELECT number_tail, state FROM payments_bankaccount WHERE member_id = {member} ORDER BY id DESC LIMIT 1"
    ) == [("013", "proposed")]
    stranger = open_page("1003")
    assert stranger.goto(f"/benefits/cash/number/cases/{case}/").status == 403
