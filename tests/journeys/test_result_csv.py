"""高橋 makes a map from an institution's sample, receives its CSV, mends the map and reads the wrong line again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from health_programs.checkups.files.items import by_key
from tests.health_programs.checkups.csv_samples import KEYS, row_of, table
from tests.journeys.test_checkups import Person

WORDS = {"urine_protein": "異常なし＝1", "smoking": "吸う＝1、吸わない＝3"} | dict.fromkeys(KEYS[-3:], "有＝1、無＝2")


@pytest.fixture
def three_people(stack) -> list[Person]:
    """Three insured people of 40 to 60 without a result of this year."""
    rows = stack.sql(
        "SELECT m.id, symbol, number, branch, family_kana, given_kana, birth_date, sex FROM enrollment_member m "
        "JOIN enrollment_eligibilityperiod p ON p.member_id = m.id AND p.period @> date '2026-06-03' "
        "WHERE NOT protected AND merged_into_id IS NULL AND birth_date BETWEEN '1966-01-01' AND '1984-01-01' "
        "AND NOT EXISTS (SELECT FROM checkups_checkupresult r WHERE r.member_id = m.id AND r.fiscal_year = 2026) "
        "ORDER BY m.id DESC LIMIT 3"
    )
    return [Person(row) for row in rows]


def file_of(name: str, body: bytes) -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": body}


def test_from_a_sample_to_the_results(stack, open_page, accessible, three_people):
    first, second, third = three_people
    assert first.birth_date < date(1984, 1, 1)
    page = open_page("1003")
    page.goto("/checkups/archives/")
    page.get_by_role("link", name="CSVの列の対応").click()
    accessible(page)
    page.get_by_role("link", name="見本から作る").click()
    accessible(page)
    page.get_by_label("健診機関").select_option(index=2)
    page.get_by_label("名前").fill("巡回バス")
    sample = table(row_of(first), row_of(second, systolic="14O"))
    page.locator("input[type=file]").set_input_files(file_of("mihon.csv", sample))
    page.get_by_role("button", name="見本で確かめる").click()
    page.get_by_role("heading", name="ファイルの列").wait_for()
    accessible(page)
    page.locator("#id_c_1").fill("記号・番号（一つの列）")
    for place, key in enumerate(KEYS, start=6):
        page.locator(f"#id_c_{place}").fill(f"{by_key(key)[0].name} {by_key(key)[0].code}")
    page.get_by_role("button", name="見本で確かめる").click()
    page.get_by_text("列の対応にない言葉です").first.wait_for()  # the words of this institution are not known yet
    for key, words in WORDS.items():
        page.locator(f"#id_w_{6 + KEYS.index(key)}").fill(words)
    page.locator(f"#id_u_{6 + KEYS.index('glucose_fasting')}").select_option(label="mmol/L")
    page.get_by_role("button", name="見本で確かめる").click()
    page.get_by_text("2行のうち 1行を取り込めます").wait_for()
    accessible(page)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("第1版として保存しました").wait_for()
    accessible(page)

    page.goto("/checkups/archives/receive/")
    accessible(page)
    page.get_by_label("列の対応").select_option(index=[
        "巡回バス" in one for one in page.get_by_label("列の対応").locator("option").all_text_contents()
    ].index(True))  # fmt: skip
    body = table(row_of(first), row_of(second, smoking="加熱式"), row_of(third, weight="780"))
    page.locator("input[type=file]").set_input_files(file_of("kekka.csv", body))
    with page.expect_navigation():
        page.get_by_role("button", name="取り込む", exact=True).click()
    stack.work("checkups.")
    page.get_by_text("入力できる範囲").wait_for()  # the page moved by itself
    page.get_by_text("列の対応にない言葉です").wait_for()
    address = page.url
    accessible(page)
    with page.expect_download() as caught:
        page.get_by_role("link", name="誤りの一覧のCSV").click()
    listed = Path(caught.value.path()).read_text(encoding="utf-8-sig")
    assert "喫煙" in listed and "加熱式" not in listed and second.family_kana not in listed

    page.get_by_role("link", name="巡回バス").click()
    page.get_by_role("link", name="直して次の版を作る").click()
    words = page.locator(f"#id_w_{6 + KEYS.index('smoking')}")
    words.fill(f"{words.input_value()}、加熱式＝1")
    page.get_by_label("変えたこと").fill("加熱式たばこを喫煙に読む")
    accessible(page)
    page.get_by_role("button", name="次の版として保存").click()
    page.get_by_text("第2版として保存しました").wait_for()

    page.goto(address)
    with page.expect_navigation():
        page.get_by_role("button", name="読み直す").click()
    stack.work("checkups.")
    page.goto(address)
    page.get_by_text("入力できる範囲").wait_for()
    assert page.get_by_text("列の対応にない言葉です").count() == 0
    accessible(page)
    page.goto(f"/checkups/people/{second.pk}/")
    page.get_by_role("heading", name="この結果について").wait_for()
    accessible(page)


def test_another_section_makes_no_map(open_page, accessible):
    page = open_page("1001")
    answer = page.goto("/checkups/maps/new/")
    assert answer.status == 403
    accessible(page)
