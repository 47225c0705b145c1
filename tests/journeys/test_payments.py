"""口座 and 支払: entered and collected by 鈴木, confirmed and approved by 加藤 and by nobody else; another section sees none of it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.test_outputs import fetched, show_the_second_factor_again
from tests.journeys.work_of_tests.apps import SOURCE


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
    suzuki.get_by_label("口座名義（カナ）").blur()
    suzuki.get_by_text("加入者のカナ氏名と同じです").wait_for()  # what the bank will read, before anything is saved
    accessible(suzuki)
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

    suzuki.goto(address)
    suzuki.get_by_role("link", name="終わらせる").click()
    accessible(suzuki)
    suzuki.get_by_label("終わりの日").fill("R9.2.1")
    suzuki.get_by_role("button", name="終わりを確認に回す").click()
    suzuki.get_by_text("口座を終わらせる理由を書いてください").first.wait_for()
    assert suzuki.get_by_label("終わりの日").input_value() == "R9.2.1"
    accessible(suzuki)
    suzuki.get_by_label("終わりの理由").fill("解約の届")
    suzuki.get_by_role("button", name="終わりを確認に回す").click()
    suzuki.get_by_text("終わりの確認待ち").wait_for()
    assert suzuki.get_by_role("button", name="終わりを確認する").count() == 0, "not by who entered it"
    accessible(suzuki)
    kato.goto("/members/payments/accounts/waiting/")
    accessible(kato)
    kato.goto(address)
    kato.get_by_role("button", name="終わりを確認する").click()
    kato.get_by_text("口座を終わらせました").wait_for()
    accessible(kato)
    assert stack.sql("SELECT upper(period) FROM payments_bankaccount WHERE member_id = %s", (member,)) == [
        (date(2027, 2, 1),)
    ]
    kato.goto("/members/payments/runs/")
    accessible(kato)


def test_another_section_opens_no_account(open_page, accessible, person):
    member = person[0]
    page = open_page("1003")
    assert page.goto(f"/members/payments/accounts/member/{member}/").status == 403
    assert page.goto("/members/payments/runs/").status == 403
    accessible(page)


ORDERS = 3


@pytest.fixture
def payday(stack) -> list[int]:
    """Decisions of 10,001, 20,002 and 30,003 yen for people who have an account; their members."""
    members = [
        row[0]
        for row in stack.sql(
            "SELECT a.member_id FROM payments_bankaccount a JOIN enrollment_member m ON m.id = a.member_id "
            "WHERE a.state = 'confirmed' AND a.period @> current_date AND a.ending_date IS NULL AND a.relation = 'self' "
            "AND NOT m.protected ORDER BY a.id DESC LIMIT %s",
            (ORDERS,),
        )
    ]
    for number, member in enumerate(members, start=1):
        stack.sql(
            "INSERT INTO payments_payment (member_id, source, source_id, attempt, amount, due_date, decided_by_id, "
            "ordered_at, state, result_code, version) "
            "VALUES (%s, %s, %s, 1, %s, current_date - 1, 999999, now(), 'decided', '', 1)",
            (member, SOURCE, number, 10_001 * number),
        )
    return members


def expected_file(stack, run: int) -> bytes:
    """The bytes of the file, put together from what the database holds, field by field as banks print the layout."""
    from kumiai.accounts.crypto import decrypt
    from members.payments.queries import find_bank, find_branch

    [(kind, day, code, name, bank, bank_name, branch, branch_name, own_kind, own)] = stack.sql(
        "SELECT r.kind, r.payment_date, s.client_code, s.client_name, s.bank_code, s.bank_name, s.branch_code, "
        "s.branch_name, s.account_kind, s.account_number FROM payments_paymentrun r "
        "JOIN payments_payersetting s ON s.kind = r.kind WHERE r.id = %s",
        (run,),
    )
    lines = [f"1{kind}0{code}{name:<40}{day:%m%d}{bank}{bank_name:<15}{branch}{branch_name:<15}{own_kind}{own}{'':17}"]
    rows = stack.sql(
        "SELECT p.id, p.amount, a.bank_code, a.branch_code, a.kind, a.number, a.holder FROM payments_payment p "
        "JOIN payments_bankaccount a ON a.id = p.account_id WHERE p.run_id = %s ORDER BY p.position",
        (run,),
    )
    for pk, amount, to_bank, to_branch, to_kind, number, holder in rows:
        place = f"{to_bank}{find_bank(to_bank).kana:<15}{to_branch}{find_branch(to_bank, to_branch).kana:<15}0000"
        lines.append(f"2{place}{to_kind}{decrypt(number).decode()}{holder:<30}{amount:010d}0{pk:020d}7{'':8}")
    total = sum(row[1] for row in rows)
    lines += [f"8{len(rows):06d}{total:012d}{'':101}", f"9{'':119}"]
    return "".join(line + "\r\n" for line in lines).encode("cp932")


def test_two_clerks_pay_once_and_pay_again_what_came_back(stack, open_page, accessible, payday, tmp_path):
    with stack.served("payday", DJANGO_SETTINGS_MODULE="tests.journeys.portal_settings") as url:
        suzuki, second_tab = open_page("1002", at=url), open_page("1002", at=url)
        for tab in (suzuki, second_tab):
            tab.goto("/members/payments/runs/")
        accessible(suzuki)
        suzuki.get_by_role("button", name="集計する").dblclick()
        suzuki.wait_for_url("**/runs/*/")
        address, run = suzuki.url, int(suzuki.url.rstrip("/").rsplit("/", 1)[1])
        second_tab.get_by_role("button", name="集計する").click()
        second_tab.get_by_text("支払える支払がありません").wait_for()
        accessible(second_tab)
        [(count, amount)] = stack.sql("SELECT count, amount FROM payments_paymentrun WHERE id = %s", (run,))
        mine = stack.sql("SELECT count(*), sum(amount), count(DISTINCT run_id) FROM payments_payment WHERE source = %s "
                         "AND state = 'collected'", (SOURCE,))  # fmt: skip
        assert [tuple(map(int, row)) for row in mine] == [(ORDERS, 60_006, 1)], "集計は一度だけ"
        accessible(suzuki)
        suzuki.get_by_role("button", name="点検済みにする").click()
        suzuki.get_by_text("あなたが集計か点検をした回です").wait_for()
        assert suzuki.get_by_role("button", name=re.compile("承認する")).count() == 0, "集計した人は承認できない"
        accessible(suzuki)

        kato = open_page("1009", at=url)
        kato.goto(address)
        kato.get_by_role("button", name=f"{count:,}件 {amount:,}円を承認する").click()
        kato.get_by_text("承認しました").wait_for()
        accessible(kato)

        suzuki.goto(address)
        suzuki.get_by_label("渡す金融機関").select_option(index=0)
        suzuki.get_by_role("button", name="ファイルを作る").click()
        link = suzuki.get_by_role("link", name=re.compile("^受け渡し番号"))
        link.wait_for()
        accessible(suzuki)
        suzuki.locator("input[type=file]").set_input_files(
            {"name": "early.txt", "mimeType": "text/plain", "buffer": b"1"}
        )
        suzuki.get_by_role("button", name="結果を取り込む").click()
        suzuki.get_by_text("まだ取り出されていません").wait_for()
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
        sent = fetched(suzuki, "1002")
        assert sent == expected_file(stack, run)

        answer = answered(stack, sent, returned=payday[0])
        suzuki.goto(address)
        for body, said in ((answer[:500], "途中で切れて"), (answer.replace(b"0000010001", b"0000010002"), "10,002円")):
            give(suzuki, tmp_path, body)
            suzuki.get_by_text(said).first.wait_for()
            accessible(suzuki)
        assert stack.sql("SELECT DISTINCT state FROM payments_payment WHERE run_id = %s", (run,)) == [("written",)]
        give(suzuki, tmp_path, answer)
        suzuki.get_by_text("戻された1件です").wait_for()
        suzuki.get_by_text("口座解約").wait_for()
        accessible(suzuki)
        suzuki.get_by_role("button", name="再支払").dblclick()
        suzuki.get_by_text("再支払へ").wait_for()
        second_tab.goto(address)
        assert second_tab.get_by_role("button", name="再支払").count() == 0
        accessible(second_tab)
        states = stack.sql(
            "SELECT source_id, attempt, state, amount FROM payments_payment WHERE source = %s ORDER BY source_id, attempt",
            (SOURCE,),
        )
        assert states == [
            (1, 1, "repaid", 10_001), (1, 2, "decided", 10_001), (2, 1, "paid", 20_002), (3, 1, "paid", 30_003)
        ]  # fmt: skip
        [(state, paid, returned)] = stack.sql(
            "SELECT state, paid_amount, returned_amount FROM payments_paymentrun WHERE id = %s", (run,)
        )
        assert (state, paid + returned, returned) == ("settled", amount, 10_001)

        stranger = open_page("1003", at=url)
        assert stranger.goto(address).status == 403
        accessible(stranger)


def answered(stack, sent: bytes, *, returned: int) -> bytes:
    """What the bank sends back: everything arrived, but the account of one member was closed."""
    [(payment,)] = stack.sql(
        "SELECT id FROM payments_payment WHERE member_id = %s AND source = %s AND state = 'written'", (returned, SOURCE)
    )
    out = []
    for record in sent.split(b"\r\n"):
        if record[:1] == b"2":
            record = record[:119] + (b"4" if int(record[91:111]) == payment else b"0")
        out.append(record)
    return b"\r\n".join(out)


def give(page, folder: Path, body: bytes) -> None:
    """Take in a file of results."""
    file = folder / f"{date.today():%Y%m%d}.txt"
    file.write_bytes(body)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="結果を取り込む").click()
    page.wait_for_load_state()
