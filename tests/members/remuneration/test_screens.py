"""標準報酬月額 as clerks set it, and as a CSV brings it: periods that follow each other, every bad line told, once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kumiai.jobs import engine, tasks
from members.remuneration.models import RemunerationFile, RemunerationLine, StandardRemuneration
from tests.members.enrollment.people import make_employer, make_member

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.use(
        "eligibility_address",
        "standard_remuneration",
        screens=["remuneration:standard-list", "remuneration:person", "remuneration:file-detail"],
        jobs=["remuneration.check", "remuneration.apply"],
    ),
]


@pytest.fixture
def worker(owner):
    with owner():
        return make_member(
            names=("標沢", "梢", "シルシザワ", "コズエ"), employer=make_employer(), start=date(2024, 5, 10)
        )


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


def at(name: str, *args) -> str:
    return reverse(f"remuneration:{name}", args=args)


def periods(owner, member) -> list[tuple]:
    with owner():
        rows = StandardRemuneration.objects.filter(member=member, cancelled=False).order_by("period")
        return [(row.period.lower, row.period.upper, row.grade, row.standard) for row in rows]


def typed(**values) -> dict:
    return {"decision": "revision", "first": "2025-04-01", "remuneration": "321,500", "grade": ""} | values


def test_a_decision_ends_the_one_before_and_is_made_once(worker, client_of, owner):
    clerk, stranger = client_of("佐藤"), client_of("鈴木")
    page = at("person", worker.pk)
    assert stranger.get(page).status_code == 403
    for wrong, word in (
        ({"first": "2025-04-02"}, "月の初日から"),
        ({"decision": "periodic", "first": "2025-04-01"}, "9月1日から"),
        ({"decision": "acquisition", "first": "2024-05-11"}, "資格取得時決定は"),
        ({"first": "2020-04-01"}, "資格のない日"),
        ({"grade": "30"}, "合いません"),
        ({"remuneration": "三十万"}, "金額として読めません"),
    ):
        answer = clerk.post(page, typed(**wrong))
        assert answer.status_code == 422 and word in answer.content.decode(), word
    assert clerk.post(page, typed(decision="acquisition", first="R6.5.10", remuneration="300000")).status_code == 302
    assert clerk.post(page, typed()).status_code == 302
    assert clerk.post(page, typed()).status_code == 302, "同じものは一度だけ"
    assert clerk.post(page, typed(remuneration="400000")).status_code == 422, "同じ日の別の決定"
    assert periods(owner, worker) == [
        (date(2024, 5, 10), date(2025, 4, 1), 22, 300_000),
        (date(2025, 4, 1), None, 23, 320_000),
    ]
    # A decision found later, between the two, ends where the next begins.
    assert clerk.post(page, typed(decision="periodic", first="2024-09-01", remuneration="312000")).status_code == 302
    assert periods(owner, worker)[1] == (date(2024, 9, 1), date(2025, 4, 1), 23, 320_000)
    with owner():
        row = StandardRemuneration.objects.get(member=worker, period__startswith=date(2025, 4, 1))
    correct = at("standard-correct", row.pk)
    assert clerk.get(correct).status_code == 200 and stranger.get(correct).status_code == 403
    given = {"version": row.version, "decision": "revision", "remuneration": "365000"}
    assert clerk.post(correct, given).status_code == 302
    assert clerk.post(correct, given | {"remuneration": "1"}).status_code == 422, "古い版"
    assert periods(owner, worker)[2] == (date(2025, 4, 1), None, 25, 360_000)
    assert clerk.post(at("standard-cancel", row.pk), {"version": 1}).status_code == 409
    assert clerk.post(at("standard-cancel", row.pk), {"version": row.version + 1}).status_code == 302
    assert periods(owner, worker)[-1] == (date(2024, 9, 1), None, 23, 320_000), "前の期間が続く"
    assert worker.name in clerk.get(at("standard-list")).content.decode()


def test_a_csv_is_checked_shown_and_applied_once(worker, client_of, owner):
    clerk, stranger = client_of("佐藤"), client_of("鈴木")
    head = "記号,番号,改定年月,報酬月額,等級,決定の種類\r\n"
    lines = [
        f"{worker.symbol},{worker.number},2024-05-10,300000,22,取得",
        f"{worker.symbol},{worker.number},R6.9,321500,,算定",
        f"{worker.symbol},{worker.number},2024-09,330000,,定時決定",
        "99,999999,2024-09,300000,,定時決定",
        f"{worker.symbol},{worker.number},2025-13,300000,,月変",
        f"{worker.symbol},{worker.number},2025-04,300000,40,月変",
    ]
    body = (head + "\r\n".join(lines) + "\r\n").encode("cp932")

    def give(data: bytes):
        return clerk.post(at("file-list"), {"file": SimpleUploadedFile("決定.csv", data, "text/csv")})

    assert stranger.get(at("file-list")).status_code == 403
    assert clerk.get(at("file-template")).status_code == 200
    bad = give("あ,い\r\n1,2\r\n".encode())
    assert bad.status_code == 422 and "列がありません" in bad.content.decode() or "見出し" in bad.content.decode()
    answer = give(body)
    with owner():
        file = RemunerationFile.objects.get()
    assert answer.url == at("file-detail", file.pk)
    assert give(body).url == answer.url, "同じファイルは一度だけ"
    assert clerk.post(at("file-apply", file.pk)).status_code == 422, "まだ確かめている"
    engine.run(file.job_id)
    with owner():
        rows = {row.line: row for row in RemunerationLine.objects.filter(file=file)}
    assert [rows[n].outcome for n in (2, 3, 4, 5, 6, 7)] == ["new", "new", "error", "error", "error", "error"]
    assert "3行目と同じ人" in rows[4].sentence and "いません" in rows[5].sentence
    assert "改定年月" in rows[6].sentence and "合いません" in rows[7].sentence
    assert periods(owner, worker) == [], "確かめただけでは登録されない"
    page = clerk.get(answer.url).content.decode()
    assert "2行を登録する" in page and "この番号の被保険者はいません" in page
    assert clerk.post(at("file-apply", file.pk)).status_code == 302
    assert clerk.post(at("file-apply", file.pk)).status_code == 302, "二度押し"
    with owner():
        file.refresh_from_db()
    engine.run(file.job_id)
    assert periods(owner, worker) == [
        (date(2024, 5, 10), date(2024, 9, 1), 22, 300_000),
        (date(2024, 9, 1), None, 23, 320_000),
    ]
    again = (head + "\r\n".join(lines[:2]) + "\r\n").encode("cp932")
    give(again)
    with owner():
        second = RemunerationFile.objects.latest("pk")
    engine.run(second.job_id)
    with owner():
        assert set(RemunerationLine.objects.filter(file=second).values_list("outcome", flat=True)) == {"same"}
    assert clerk.post(at("file-discard", second.pk)).status_code == 302
