"""The list of errors an institution gets back: line, item and remedy, and not a word about anybody or about our register."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from health_programs.checkups.actions import archives
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.files.desk import ASK
from health_programs.checkups.files.error_list import error_list
from health_programs.checkups.files.result_csv import MAP
from health_programs.checkups.files.writing import DELIVERY, Party, Sender, write_archive
from tests.health_programs.checkups.conftest import TODAY, submission
from tests.health_programs.checkups.csv_samples import row_of, table
from tests.health_programs.checkups.test_result_tables import people, received, saved, to_the_end  # noqa: F401

NAME = "h13100000112026112301000003.xml"


def listed(lines, whole=(), *, of_table: bool) -> list[str]:
    body = error_list(
        lines, whole, table=of_table, title="結果ファイル1", by="高橋 恵", at=datetime(2026, 11, 24, 3, 5, tzinfo=UTC)
    )
    return body.decode("utf-8-sig").split("\r\n")


def test_a_line_of_a_table_is_its_number_and_remedies_speak_to_the_institution():
    line = SimpleNamespace(
        number=3,
        name="3行目",
        problems=[["3行目　収縮期血圧", "数値として読めません。", MAP], ["3行目", "空です。", ASK]],
    )
    head, first, second, *foot = listed([line], of_table=True)
    assert head == "行,項目,何が起きたか,どう直すか"
    assert first == "3,収縮期血圧,数値として読めません。,書き方を変えたときは、お知らせください。"
    assert second == "3,,空です。,確かめて、直したファイルを送ってください。"
    assert any("結果ファイル1　2件" in one for one in foot) and any("令和8年11月24日 03:05" in one for one in foot)


def test_a_document_has_its_standard_name_and_no_other():
    named = SimpleNamespace(number=3, name=NAME, problems=[[f"{NAME}　腹囲　12行目", "範囲の外です。", ASK]])
    own = SimpleNamespace(
        number=4, name="DATA/架空太郎.xml", problems=[["架空太郎.xml　受診日　9行目", "先の日です。", ASK]]
    )
    strange = SimpleNamespace(number=5, name=NAME, problems=[["架空次郎.xml", "開けません。", ASK]])
    whole = [["", "件数が違います。", "送付元に確かめてください。"], ["架空三郎.xml　合計", "違います。", ASK]]
    _head, *rows = listed([named, own, strange], whole, of_table=False)
    assert [row.split(",")[:2] for row in rows[:5]] == [
        ["ファイル全体", ""], ["ファイル全体", "合計"], [NAME, "腹囲　12行目"], ["4番目の文書", "受診日　9行目"], [NAME, ""],
    ]  # fmt: skip
    assert "架空" not in "".join(rows)


def test_a_table_gives_back_what_could_not_be_read_and_nothing_of_anybody(received, saved, people, client_of, a_member):  # noqa: F811
    first, second, third, _fourth = people
    body = table(
        row_of(first), row_of(second, systolic="14O"), row_of(third, smoking="電子たばこ", weight="780"),
        row_of(a_member("77", sex="1"), カナ氏名="チガウ ヨミ"),
    )  # fmt: skip
    made = received(body, saved())
    address = reverse("checkups:archive-errors", args=[made.pk])
    assert address in client_of("高橋").get(reverse("checkups:archive-detail", args=[made.pk])).content.decode()
    answer = client_of("高橋").get(address)
    text = answer.content.decode("utf-8-sig")
    rows = [line.split(",")[:2] for line in text.split("\r\n")[1:4]]
    assert rows == [["3", "収縮期血圧(その他)"], ["4", "体重"], ["4", "喫煙"]]
    assert answer["Content-Disposition"] == f'attachment; filename="results-{made.pk}-errors.csv"'
    for value in ("14O", "780", "電子たばこ", "チガウ", first.family_kana, second.family_kana, "本人が未確認", "12-2"):
        assert value not in text, value
    for stranger in ("佐藤", "鈴木", "伊藤"):
        assert client_of(stranger).get(address).status_code == 403
    assert client_of("高橋").get(reverse("checkups:archive-errors", args=[made.pk + 99])).status_code == 404


def test_an_archive_and_a_file_that_cannot_be_read_give_theirs(people, client_of, doing, takahashi, owner):  # noqa: F811
    sender = Sender(Party.institution("1310000011", "みなと架空健診クリニック"), Party.insurer("06139992"), TODAY)
    written = write_archive(sender, [submission(people[0])], purpose=DELIVERY)
    broken = written.body.replace(b"PK\x05\x06", b"XX\x05\x06")
    made = doing(
        CHECKUP_ADMINISTRATION, archives.receive, by=takahashi, name=written.name, body=broken, received_date=TODAY
    )
    assert made.state == "unreadable"
    client = client_of("高橋")
    page = client.get(reverse("checkups:archive-detail", args=[made.pk])).content.decode()
    address = reverse("checkups:archive-errors", args=[made.pk])
    text = client.get(address).content.decode("utf-8-sig")
    assert address in page and text.startswith("文書,項目,何が起きたか,どう直すか\r\nファイル全体,,")


def test_as_many_statements_for_three_lines_as_for_one(received, saved, people, client_of):  # noqa: F811
    client, counts = client_of("高橋"), []
    for size in (1, 3):
        body = table(*(row_of(one, number=size * 10 + n, systolic="x") for n, one in enumerate(people[:size])))
        made = received(body, saved(title=f"対応{size}"))
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("checkups:archive-errors", args=[made.pk]))
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["佐藤", "伊藤"])
def test_without_errors_there_is_no_link(received, saved, people, client_of, name):  # noqa: F811
    made = received(table(row_of(people[0])), saved())
    page = client_of("高橋").get(reverse("checkups:archive-detail", args=[made.pk])).content.decode()
    assert "誤りの一覧のCSV" not in page
    assert client_of(name).get(reverse("checkups:archive-detail", args=[made.pk])).status_code == 403
