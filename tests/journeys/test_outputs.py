"""A file through the door, from the request to the record, as the people of the association do it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError

from tests.journeys.conftest import _fresh_code

ROOT = Path(__file__).resolve().parents[2]
KIND = "enrollment.coverage_register"


def show_the_second_factor_again(page, staff_number: str) -> None:
    if "step-up" in page.url:
        page.get_by_label("確認コード（6桁）").fill(_fresh_code(staff_number))
        page.get_by_role("button", name="確かめる").click()
        page.wait_for_url("**/outputs/**")


def downloaded(page, staff_number: str):
    """The download of the file on whose page one stands, with the second factor again where it was not shown lately."""
    button = page.get_by_role("button", name="取り出す")
    try:
        with page.expect_download(timeout=4_000) as download:
            button.click()
    except TimeoutError:
        show_the_second_factor_again(page, staff_number)
        with page.expect_download() as download:
            button.click()
    return download.value


def fetched(page, staff_number: str) -> bytes:
    """The bytes of the file on whose page one stands."""
    return Path(downloaded(page, staff_number).path()).read_bytes()


@pytest.fixture
def employer(stack) -> tuple[int, str, str]:
    """(id, number, name) of the recipient with the most people."""
    return stack.sql(
        "SELECT r.id, r.code, r.name FROM outputs_recipient r JOIN enrollment_eligibilityperiod p "
        "ON p.employer_id = r.employer_id WHERE p.period @> current_date GROUP BY r.id ORDER BY count(*) DESC LIMIT 1"
    )[0]


def test_a_list_goes_to_an_employer_by_two_people_once_and_is_destroyed(stack, open_page, accessible, employer):
    recipient_id, number, name = employer
    sato = open_page("1001")
    sato.goto("/outputs/")
    accessible(sato)
    sato.get_by_role("link", name="ファイルを出す").click()
    accessible(sato)
    sato.get_by_role("link", name="適用台帳").click()
    accessible(sato)  # the page that asks for the second factor again
    show_the_second_factor_again(sato, "1001")
    sato.locator("select[name=recipient]").select_option(str(recipient_id))
    sato.get_by_role("button", name="次へ").click()
    sato.locator("select[name=file_format]").select_option("csv")
    sato.get_by_role("button", name="渡す内容を確かめる").click()
    sato.get_by_role("heading", name="渡す人数（名）").wait_for()
    assert sato.locator(".sample-card").count() == 3
    accessible(sato)
    sato.get_by_role("button", name="名分の作成を依頼").click()
    sato.wait_for_url("**/outputs/*/")
    address = sato.url
    accessible(sato)
    stack.work("outputs.build")
    sato.get_by_role("heading", name="二人目の確認を待っています").wait_for()  # the page moved by itself
    accessible(sato)

    kobayashi = open_page("1006")
    kobayashi.goto("/")
    kobayashi.get_by_role("heading", name="受け渡し").wait_for()
    kobayashi.locator("a[href$='/confirm/']").last.click()
    show_the_second_factor_again(kobayashi, "1006")
    accessible(kobayashi)
    count = kobayashi.locator(".confirm-count").inner_text()
    kobayashi.get_by_label("受取人の番号").fill("0000")
    kobayashi.get_by_label("渡す件数").fill(count)
    kobayashi.get_by_role("button", name="受取人と件数を確認").click()
    kobayashi.get_by_role("heading", name="1か所を直すと確認できます").wait_for()
    accessible(kobayashi)
    kobayashi.get_by_label("受取人の番号").fill(number)
    kobayashi.get_by_role("button", name="受取人と件数を確認").click()
    kobayashi.get_by_text("取り出せます").wait_for()

    sato.goto(address)
    show_the_second_factor_again(sato, "1001")
    accessible(sato)
    with sato.expect_download() as download:
        sato.get_by_role("button", name="取り出す").click()
    assert f"受取{number}" in download.value.suggested_filename
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert f"渡す先：{name}" in text and "佐藤 真由美" in text
    sato.get_by_text("取り出し済み").first.wait_for()
    accessible(sato)
    sato.get_by_role("button", name="ファイルをいま廃棄する").click()
    sato.get_by_text("渡して廃棄").wait_for()
    output_id = int(address.rstrip("/").rsplit("/", 1)[1])
    assert stack.sql("SELECT count(*) FROM outputs_eligibilitycontent WHERE output_id = %s", (output_id,)) == [(0,)]
    rows = stack.sql("SELECT state, length(digest), row_count > 0 FROM outputs_output WHERE id = %s", (output_id,))
    assert rows == [("destroyed", 64, True)]


def test_who_has_no_part_in_it_finds_no_file_and_is_refused_at_the_door(stack, open_page, accessible):
    ito = open_page("1005")
    ito.goto("/outputs/")
    assert ito.get_by_role("link", name="ファイルを出す").count() == 0
    ito.goto(f"/outputs/new/{KIND}/")
    show_the_second_factor_again(ito, "1005")
    ito.get_by_role("heading", name="この目的では扱えません").wait_for()
    accessible(ito)
    ito.goto("/outputs/people/")
    ito.get_by_role("heading", name="この目的では扱えません").wait_for()


def test_the_administration_writes_down_whom_to_hand_files_to(stack, open_page, accessible):
    tanaka = open_page("1004")
    tanaka.goto("/outputs/recipients/")
    accessible(tanaka)
    tanaka.get_by_role("link", name="受け渡し先を登録").click()
    accessible(tanaka)
    tanaka.get_by_label("種別").select_option("contractor")
    tanaka.get_by_label("番号", exact=False).first.fill("C900")
    tanaka.get_by_label("名称").fill("みなと印刷センタ")
    tanaka.get_by_role("button", name="登録", exact=True).click()
    tanaka.get_by_role("heading", name="名称の似た受け渡し先があります").wait_for()
    accessible(tanaka)
    tanaka.get_by_role("button", name="別の組織として登録").click()
    tanaka.get_by_role("heading", name="みなと印刷センタ").wait_for()
    accessible(tanaka)


def test_a_persons_records_and_wishes(stack, open_page, accessible):
    sato = open_page("1001")
    number = stack.sql(
        "SELECT symbol || '-' || number || '-' || branch FROM enrollment_member WHERE NOT protected ORDER BY id LIMIT 1"
    )[0][0]
    sato.goto("/outputs/people/")
    accessible(sato)
    sato.get_by_label("記号-番号-枝番").fill(number)
    sato.get_by_role("button", name="開く").click()
    sato.get_by_role("heading", name="渡した記録").wait_for()
    accessible(sato)
    sato.get_by_label("希望しない利用").select_option(index=0)
    sato.get_by_role("button", name="登録", exact=True).first.click()
    sato.get_by_role("button", name="取り下げ", exact=True).wait_for()
    accessible(sato)
    sato.get_by_role("button", name="取り下げ", exact=True).click()
    sato.goto("/outputs/provisions/")
    accessible(sato)
