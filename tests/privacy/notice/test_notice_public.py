"""The public notice: open to everyone, words and order of the register, in three forms."""

import csv
import io
import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from privacy.notice.files.register_csv import register_csv
from privacy.notice.register import register

pytestmark = pytest.mark.django_db


def words(html: str, pattern: str) -> list[str]:
    return [unescape(found) for found in re.findall(pattern, html)]


def test_anyone_reads_every_label_in_the_order_of_the_register(client):
    response = client.get("/notice/")
    html = response.content.decode()
    assert response.status_code == 200
    rows = register()["categories"]
    assert words(html, r'<th scope="row" class="category">(.*?)</th>') == [row["label"] for row in rows]
    assert words(html, r'<span class="use-number">[\d-]+</span> <span>(.*?)</span>') == [
        purpose["label"] for row in rows for purpose in row["purposes"]
    ]


def test_uses_are_numbered_by_category_and_place(client):
    html = client.get("/notice/").content.decode()
    numbers = words(html, r'<span class="use-number">([\d-]+)</span>')
    assert len(numbers) == 78
    assert (numbers[0], numbers[8], numbers[9], numbers[-1]) == ("1-1", "1-9", "2-1", "25-3")


def test_page_takes_two_statements(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert client.get("/notice/").status_code == 200


def test_six_headings_group_the_rows(client):
    html = client.get("/notice/").content.decode()
    headings = words(html, r'scope="rowgroup"><h2>(.*?)</h2>')
    assert headings == [
        "資格と収入",
        "給付・レセプト・口座",
        "健診と保健指導",
        "保健事業",
        "審査と求償のための情報",
        "議員と従業員",
    ]
    assert "類型 1〜4　14の利用" in html
    assert "25の類型、78の利用" in html


def test_two_columns_from_four_purposes_on(client):
    html = client.get("/notice/").content.decode()
    many = [row for row in register()["categories"] if len(row["purposes"]) >= 4]
    assert html.count('<ol class="two">') == html.count('<li class="turn">') == len(many) == 6


def test_page_names_what_the_law_asks_for(client, settings):
    settings.ASSOCIATION = settings.ASSOCIATION | {
        "name": "見本健康保険組合",
        "representative": "理事長　架空 次郎",
        "accredited_body": "見本の認定団体",
    }
    html = client.get("/notice/").content.decode()
    for value in (
        "見本健康保険組合",
        "理事長　架空 次郎",
        "見本の認定団体",
        settings.ASSOCIATION["address"],
        settings.ASSOCIATION["disclosure_fee"],
        settings.ASSOCIATION["contact"],
        settings.ASSOCIATION["privacy_officer"],
        "保有個人データの利用目的は、上の表と同じです。",
        "個人情報保護法第21条第4項各号",
        "安全管理のための措置",
    ):
        assert value in html


def test_earlier_version_stays_readable_as_it_was(client, publish, changed_register):
    today = timezone.localdate()
    if today <= date(2026, 11, 1):
        pytest.skip("the first version has not begun")
    changed_register["categories"][0]["purposes"][0]["label"] = "新しい言葉"
    publish(changed_register, today)
    now, before = client.get("/notice/").content.decode(), client.get("/notice/1/").content.decode()
    assert "第2版" in now
    assert "新しい言葉" in now
    assert "いま有効な版ではありません" not in now
    assert "加入者の管理" in before
    assert "新しい言葉" not in before
    assert "いま有効な版ではありません" in before
    assert 'href="/notice/1/"' in now


def test_announced_version_is_public_before_it_begins(client, publish, changed_register):
    today = timezone.localdate()
    publish(changed_register, today + timedelta(days=30), published_date=today)
    assert client.get("/notice/2/").status_code == 200
    assert "第1版" in client.get("/notice/").content.decode()


def test_version_not_yet_announced_is_not_found(client, publish, changed_register):
    tomorrow = timezone.localdate() + timedelta(days=1)
    publish(changed_register, tomorrow, published_date=tomorrow)
    assert client.get("/notice/2/").status_code == 404


@pytest.mark.parametrize("path", ["/notice/7/", "/notice/7/register.json", "/notice/7/register.csv"])
def test_version_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/notice/register.json", "/notice/1/register.json"])
def test_json_is_the_register(client, path):
    assert json.loads(client.get(path).content) == register()


def test_csv_has_bom_crlf_and_one_line_a_use(client):
    response = client.get("/notice/register.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="notice-1.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    text = response.content.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 79
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1] == [
        "1",
        "eligibility_address",
        "資格及び住所に関する情報",
        "1-1",
        "member_administration",
        "加入者の管理",
    ]


def test_csv_quotes_what_needs_quoting():
    made = register_csv([(1, "a", '言葉,"と"', "1-1", "b", "改\n行")]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(made)))[1] == ["1", "a", '言葉,"と"', "1-1", "b", "改\n行"]
