"""An institution's archive becomes results, a level and a recommendation, by 高橋; 佐藤 of another section is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from health_programs.checkups.files.writing import DELIVERY, Party, Sender, write_archive
from tests.health_programs.checkups.conftest import submission as result_of

ROOT = Path(__file__).resolve().parents[2]


class Person:
    """Somebody of the register as a document names them."""

    def __init__(self, row) -> None:
        self.pk, self.symbol, self.number, self.branch, self.family_kana, self.given_kana, self.birth_date, self.sex = (
            row
        )


@pytest.fixture
def two_people(stack) -> list[Person]:
    """Two insured people of 40 to 60 without a result of this year."""
    rows = stack.sql(
        "SELECT m.id, symbol, number, branch, family_kana, given_kana, birth_date, sex FROM enrollment_member m "
        "JOIN enrollment_eligibilityperiod p ON p.member_id = m.id AND p.period @> date '2026-05-20' "
        "WHERE NOT protected AND merged_into_id IS NULL AND birth_date BETWEEN '1966-01-01' AND '1984-01-01' "
        "AND NOT EXISTS (SELECT FROM checkups_checkupresult r WHERE r.member_id = m.id AND r.fiscal_year = 2026) "
        "ORDER BY m.id LIMIT 2"
    )
    return [Person(row) for row in rows]


def test_from_an_archive_to_the_recommendation(stack, open_page, accessible, two_people):
    known, misread = two_people
    day = date(2026, 5, 20)
    rows = [
        result_of(known, day, systolic="168", document_id="J-1"),
        result_of(misread, day, kana="チガウ　ヨミ", document_id="J-2"),
    ]
    sender = Sender(Party.institution("1310000011", "みなと架空健診クリニック"), Party.insurer("06139992"), day)
    written = write_archive(sender, rows, purpose=DELIVERY)

    page = open_page("1003")
    page.goto("/")
    page.get_by_role("link", name="健診", exact=True).click()
    accessible(page)
    page.get_by_role("link", name="結果の取り込み").click()
    accessible(page)
    page.get_by_role("link", name="結果ファイルを取り込む").click()
    accessible(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "broken.zip", "mimeType": "application/zip", "buffer": b"no archive"}
    )
    page.get_by_role("button", name="取り込む", exact=True).click()
    page.get_by_text("読み取れません").wait_for()
    accessible(page)

    page.goto("/checkups/archives/receive/")
    page.locator("input[type=file]").set_input_files(
        {"name": written.name, "mimeType": "application/zip", "buffer": written.body}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="取り込む", exact=True).click()
    stack.work("checkups.")
    page.get_by_text("氏名（カナ）が違います").wait_for()  # the page moved by itself
    accessible(page)

    page.goto("/checkups/unmatched/")
    accessible(page)
    line = page.get_by_role("row").filter(has_text="チガウ　ヨミ")
    line.get_by_role("textbox").fill("1-999999-00")
    line.get_by_role("button").click()
    page.get_by_text("この記号-番号-枝番の加入者はいません").wait_for()
    accessible(page)
    line = page.get_by_role("row").filter(has_text="チガウ　ヨミ")
    line.get_by_role("textbox").fill(f"{misread.symbol}-{misread.number}-{misread.branch}")
    line.get_by_role("button").click()
    page.get_by_text("本人を登録しました").wait_for()

    page.goto(f"/checkups/people/{known.pk}/")
    page.get_by_role("heading", name="この結果について").wait_for()
    accessible(page)
    page.get_by_role("link", name="申込・受診券").click()
    accessible(page)

    page.get_by_role("link", name="階層化", exact=True).first.click()
    accessible(page)
    with page.expect_navigation():
        page.get_by_role("button", name="階層化する").click()
    stack.work("checkups.")
    page.goto(f"/checkups/people/{known.pk}/level/")
    page.get_by_text("積極的支援", exact=True).first.wait_for()
    accessible(page)

    page.get_by_role("link", name="要医療", exact=True).first.click()
    accessible(page)
    with page.expect_navigation():
        page.get_by_role("button", name="結果から抽出する").click()
    stack.work("checkups.")
    page.goto(f"/checkups/people/{known.pk}/referral/")
    page.get_by_text("すぐに受診").first.wait_for()
    accessible(page)
    page.get_by_label("あったこと").select_option(label="勧奨済み・返事待ち")
    page.get_by_label("内容").fill("受診を勧める文書を送った")
    page.get_by_role("button", name="登録", exact=True).click()
    page.get_by_text("経過を登録しました").wait_for()
    accessible(page)


def test_another_section_sees_nothing_of_it(open_page, accessible, two_people):
    page = open_page("1001")
    page.goto("/")
    assert page.get_by_role("link", name="健診", exact=True).count() == 0
    answer = page.goto(f"/checkups/people/{two_people[0].pk}/")
    assert answer.status == 403
    page.get_by_text("利用者の管理").first.wait_for()
    accessible(page)
