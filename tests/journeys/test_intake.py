"""A clerk takes an employer's file in, looks at the differences, puts a line right, applies; broken files say what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = "記号,番号,枝番,氏,名,氏カナ,名カナ,生年月日,性別,資格取得日,郵便番号,住所,番地・建物\r\n"


def new_line(symbol: str, number: int, birth: str = "H9.3.2", given: str = "薫") -> str:
    return f"{symbol},{number},00,阿久津,{given},アクツ,カオル,{birth},男,R8.11.1,105-0011,東京都港区芝公園,4-2-8\r\n"


def give(page, body: bytes, *, kind: str = "加入者の一覧", name: str = "members.csv") -> None:
    page.goto("/members/intake/new/")
    page.get_by_label("種別").select_option(label=kind)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": body})
    with page.expect_navigation():  # the job is there before the worker looks for it
        page.get_by_role("button", name="取り込んで調べる").click()


@pytest.fixture
def symbol(stack) -> str:
    """記号 of an employer that belongs to the association."""
    return stack.sql("SELECT symbol FROM enrollment_employer WHERE upper_inf(period) ORDER BY id LIMIT 1")[0][0]


def test_a_file_is_looked_at_put_right_and_applied(stack, open_page, accessible, symbol):
    sato = open_page("1001")
    sato.goto("/")
    sato.get_by_role("link", name="取り込み", exact=True).click()
    accessible(sato)
    sato.get_by_role("link", name="使い方とひな形").click()
    accessible(sato)
    body = (
        HEAD + new_line(symbol, 98001) + new_line(symbol, 98002, "540927", "望") + new_line(symbol, 98003, given="蒼")
    )
    give(sato, body.encode("cp932"))
    sato.get_by_text("順番を待っています").wait_for()
    accessible(sato)
    stack.work("intake.")
    sato.get_by_role("button", name="誤りのない2件を反映").wait_for()  # the page moved by itself
    assert sato.get_by_text("540927 は、昭和54年とも1954年とも読めます。").count() == 1
    accessible(sato)

    sato.get_by_role("link", name="3行目を直す").click()
    accessible(sato)
    sato.get_by_label("生年月日").fill("S54.9.28x")
    sato.get_by_role("button", name="直して比べ直す").click()
    sato.get_by_role("heading", name="1か所を直すと反映できます").wait_for()
    accessible(sato)
    sato.get_by_label("生年月日").fill("S54.9.27")
    sato.get_by_role("button", name="直して比べ直す").click()
    with sato.expect_navigation():
        sato.get_by_role("button", name="誤りのない3件を反映").click()
    stack.work("intake.")
    sato.get_by_text("追加済み").first.wait_for()
    accessible(sato)
    found = stack.sql("SELECT count(*) FROM enrollment_member WHERE symbol = %s AND number LIKE '9800%%'", (symbol,))
    assert found == [(3,)]
    notes = stack.sql("SELECT note FROM enrollment_changereport WHERE note LIKE '取り込み%%の3行目'")
    assert notes

    # The very same file: recognised, and when asked for all the same, nothing changes.
    give(sato, body.encode("cp932"))
    sato.get_by_role("heading", name="1か所を直すと取り込めます").wait_for()
    accessible(sato)


def test_an_employers_own_columns_are_chosen_by_looking_at_them(stack, open_page, accessible, symbol):
    sato = open_page("1001")
    body = f"コード\tNo\tお名前\tヨミ\t生年\t♂♀\t入社\n{symbol}\t98101\t阿久津 光\tｱｸﾂ ﾋｶﾙ\tH9.3.2\t♂\tR8.11.1\n"
    give(sato, body.encode("cp932"), kind="資格取得届")
    sato.get_by_role("heading", name="列の対応", exact=True).wait_for()
    accessible(sato)
    for label, place in (
        ("記号", "0"),
        ("番号", "1"),
        ("フリガナ", "3"),
        ("生年月日", "4"),
        ("性別", "5"),
        ("資格取得日", "6"),
    ):
        sato.get_by_label(f"{label}の列", exact=True).select_option(place)
    sato.get_by_label("名前を付けて保存").fill("人事システム")
    with sato.expect_navigation():
        sato.get_by_role("button", name="この対応で調べる").click()
    stack.work("intake.")
    # The word for the sex was not known: the line says so, and the map offers to translate it.
    sato.get_by_text("「♂」は使えません。").wait_for()
    sato.get_by_role("link", name="列の対応を直す").click()
    sato.get_by_label("「♂」は").select_option("1")
    with sato.expect_navigation():
        sato.get_by_role("button", name="この対応で調べる").click()
    stack.work("intake.")
    sato.get_by_role("button", name="誤りのない1件を反映").wait_for()
    accessible(sato)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"PK\x03\x04" + bytes(3000), "これはExcelのブック（.xlsx）かZIPファイルです"),
        (b"\x1f\x8b" + bytes(300), "圧縮ファイル"),
        (b"\n" * 600_000 + b"x", "行が多すぎます"),
        (bytes(2000), "何も書かれていません"),
    ],
    ids=["book", "gzip", "lines", "empty"],
)
def test_a_bomb_or_another_format_is_named_and_nothing_is_unpacked(open_page, accessible, body, says):
    sato = open_page("1001")
    give(sato, body)
    sato.get_by_role("heading", name=says).wait_for()
    accessible(sato)


def test_broken_lines_are_named_beside_good_ones(stack, open_page, accessible, symbol):
    good = new_line(symbol, 98201, "H8.5.17", given="凪").encode("cp932")
    broken = [
        f"{symbol},98202,00,=HYPERLINK(0),薫,アクツ,カオル,H9.3.2,男,R8.11.1,,,\r\n".encode("cp932"),
        b"\xff\xfe\x80,,,,,,,,,,,,\r\n",
        f'{symbol},98203,00,"阿久津\r\n'.encode("cp932"),
        f"{symbol},98204,00\r\n".encode("cp932"),
        f"{symbol},98205,00,阿\x00津,薫,アクツ,カオル,H9.3.2,男,R8.11.1,,,\r\n".encode("cp932"),
    ]
    sato = open_page("1001")
    give(sato, HEAD.encode("cp932") + good + b"".join(broken))
    stack.work("intake.")
    sato.get_by_role("button", name="誤りのない1件を反映").wait_for()
    for row in (3, 4, 5, 6, 7):
        assert sato.get_by_role("rowheader", name=f"{row}行目").count() == 1
    accessible(sato)
    with sato.expect_download() as caught:
        sato.get_by_role("link", name="誤りの一覧のCSV").click()
    text = Path(caught.value.path()).read_text(encoding="utf-8-sig")
    assert "計算式として動く値があります。" in text and "HYPERLINK" not in text and "阿久津" not in text


def test_who_has_no_use_of_the_register_is_refused(open_page, accessible):
    ito = open_page("1005")
    assert ito.get_by_role("link", name="取り込み", exact=True).count() == 0
    for path in ("/members/intake/", "/members/intake/new/", "/members/intake/1/"):
        assert ito.goto(path).status == 403
        accessible(ito)
