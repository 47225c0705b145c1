"""An archive from upload to results and invoices; what is broken is told, the good is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from health_programs.checkups.actions import archives
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.files.documents import Claim
from health_programs.checkups.files.writing import DELIVERY, Party, Sender, write_archive
from health_programs.checkups.models import ArchiveContent, ArchiveDocument, CheckupResult, Invoice, ResultArchive
from kumiai.jobs import engine
from tests.health_programs.checkups.conftest import TODAY, submission

SENDER = Sender(
    Party.institution("1310000011", "みなと架空健診クリニック"), Party.insurer("06139992"), date(2026, 6, 20)
)


def archive_of(*submissions, claims=()) -> tuple[str, bytes]:
    written = write_archive(SENDER, submissions, claims, purpose=DELIVERY)
    return written.name, written.body


def claim_of(one, price: int = 8800) -> Claim:
    return Claim("c1.xml", one.institution_code, one.identity, one.exam_date, price, 0, price)


@pytest.fixture
def people(a_member):
    return [a_member(str(n), sex="1") for n in range(1, 4)]


@pytest.fixture
def read(doing, takahashi, owner):
    """read(name, body) → the archive, read to its end as the job does."""

    def run(name: str, body: bytes, *, limit: int = 200) -> ResultArchive:
        made = doing(CHECKUP_ADMINISTRATION, archives.receive, by=takahashi, name=name, body=body, received_date=TODAY)
        position = None
        while made.job is not None:
            found = doing(
                CHECKUP_ADMINISTRATION, archives.read_some, archive_id=made.pk, by=takahashi, position=position,
                limit=limit,
            )  # fmt: skip
            position = found.position
            if found.finished:
                break
        with owner():
            return ResultArchive.objects.get(pk=made.pk)

    return run


def test_every_document_becomes_a_result(people, read, owner):
    name, body = archive_of(*(submission(one) for one in people))
    archive = read(name, body)
    assert (archive.state, archive.counts, archive.documents) == ("read", {"taken": 3}, 3)
    with owner():
        assert set(CheckupResult.objects.values_list("member_id", flat=True)) == {one.pk for one in people}
        row = CheckupResult.objects.get(member=people[0])
        assert (str(row.waist), row.systolic, row.smoking, row.fasting) == ("92.00", 145, 3, 2)
        assert bytes(ArchiveContent.objects.get().body) == body


def test_the_good_are_kept_beside_the_bad(people, read, owner):
    name, body = archive_of(submission(people[0]), submission(people[1], kana="チガウ　ヒト"), submission(people[2]))
    import io
    import zipfile

    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(broken, "w") as new:
        documents = sorted(n for n in old.namelist() if "/DATA/" in n and n.endswith(".xml"))
        for entry in old.namelist():
            data = old.read(entry)
            new.writestr(entry, data[: len(data) // 2] if entry == documents[0] else data)
    archive = read(name, broken.getvalue())
    assert archive.counts == {"failed": 1, "unmatched": 1, "taken": 1}
    with owner():
        failed = ArchiveDocument.objects.get(outcome="failed")
        assert failed.problems and all(len(row) == 3 for row in failed.problems)
        assert CheckupResult.objects.count() == 2


def test_read_in_small_chunks_and_a_chunk_done_twice_keep_everything_once(people, read, owner):
    rows = [submission(one) for one in people]
    name, body = archive_of(*rows, claims=[claim_of(one) for one in rows])
    archive = read(name, body, limit=1)
    assert archive.counts == {"taken": 3}
    with owner():
        assert ArchiveDocument.objects.count() == 3 and Invoice.objects.count() == 3


def test_the_same_file_is_taken_once(people, read, doing, takahashi):
    name, body = archive_of(submission(people[0]))
    read(name, body)
    from health_programs.checkups.policies import UnableToMove

    with pytest.raises(UnableToMove, match="受け付け済み"):
        doing(CHECKUP_ADMINISTRATION, archives.receive, by=takahashi, name=name, body=body, received_date=TODAY)


def test_the_same_results_in_another_file_change_nothing(people, read, owner):
    read(*archive_of(submission(people[0])))
    later = replace(SENDER, created=date(2026, 6, 21))
    written = write_archive(later, [submission(people[0])], purpose=DELIVERY)
    assert read(written.name, written.body).counts == {"same": 1}
    with owner():
        assert CheckupResult.objects.count() == 1


def test_what_is_no_archive_is_kept_with_the_reason(read, owner):
    archive = read("結果.zip", b"not a zip")
    assert archive.state == "unreadable" and len(archive.problem) == 2
    with owner():
        assert bytes(ArchiveContent.objects.get().body) == b"not a zip"


def test_invoices_are_matched_with_results_and_prices(people, offered, read, owner):
    rows = [submission(one) for one in people]
    claims = [claim_of(rows[0]), claim_of(rows[1], 9900)]
    read(*archive_of(*rows, claims=claims))
    with owner():
        states = dict(Invoice.objects.values_list("member_id", "state"))
    assert states == {people[0].pk: "matched", people[1].pk: "price_differs"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.use(
    "health_checkup",
    "user_administration",
    screens=[
        "checkups:archive-receive",
        "checkups:archive-detail",
        "checkups:unmatched-list",
        "checkups:result-match",
        "checkups:person",
        "checkups:target-list",
    ],
    jobs=["checkups.read_archive"],
)
def test_from_upload_to_the_result_page_by_takahashi_and_refused_to_ito(people, client_of, owner, offered):
    name, body = archive_of(submission(people[0]), submission(people[1], kana="チガウ　ヒト"))
    clerk = client_of("高橋")
    file = SimpleUploadedFile(name, body, content_type="application/zip")
    answer = clerk.post("/checkups/archives/receive/", {"file": file, "received_date": "2026-11-20"})
    assert answer.status_code == 302
    with owner():
        archive = ResultArchive.objects.get()
    engine.run(archive.job_id)
    page = clerk.get(f"/checkups/archives/{archive.pk}/").content.decode()
    assert "氏名（カナ）が違います" in page
    unmatched = clerk.get("/checkups/unmatched/").content.decode()
    assert "チガウ　ヒト" in unmatched
    with owner():
        row = CheckupResult.objects.get(state="unmatched")
    wrong = clerk.post(f"/checkups/unmatched/{row.pk}/match/", {"number": "12-999-00"})
    assert wrong.status_code == 422 and "12-999-00" in wrong.content.decode()
    assert clerk.post(f"/checkups/unmatched/{row.pk}/match/", {"number": "12-2-00"}).status_code == 302
    sheet = clerk.get(f"/checkups/people/{people[1].pk}/").content.decode()
    assert "145" in sheet and "受診勧奨" in sheet and "結果に書かれていた人" in sheet
    other = client_of("伊藤")
    for address in ("/checkups/", f"/checkups/people/{people[0].pk}/", f"/checkups/archives/{archive.pk}/"):
        refused = other.get(address)
        assert refused.status_code == 403 and "髙﨑" not in refused.content.decode()


@pytest.mark.use(
    "health_checkup",
    "guidance_targeting",
    screens=[
        "checkups:stratification-list",
        "checkups:stratification-run",
        "checkups:person-level",
    ],
    jobs=["checkups.stratify"],
)
@pytest.mark.django_db(transaction=True)
def test_levels_by_takahashi_and_refused_to_ito(people, take, client_of, owner):
    take(submission(people[0]))
    clerk = client_of("高橋")
    assert "判定していない結果 1件" in clerk.get("/checkups/levels/").content.decode()
    answer = clerk.post("/checkups/levels/2026/run/")
    engine.run(int(answer.url.rstrip("/").split("/")[-1]))
    listed = clerk.get("/checkups/levels/?year=2026&level=intensive").content.decode()
    assert "髙﨑 美咲" in listed
    page = clerk.get(f"/checkups/people/{people[0].pk}/level/").content.decode()
    assert "積極的支援" in page and "92 ≧ 85" in page
    refused = client_of("伊藤").get(f"/checkups/people/{people[0].pk}/level/")
    assert refused.status_code == 403 and "積極的支援" not in refused.content.decode()


@pytest.mark.use(
    "health_checkup",
    "treatment_recommendation",
    screens=[
        "checkups:referral-list",
        "checkups:referral-find",
        "checkups:person-referral",
        "checkups:follow-up-add",
    ],
    jobs=["checkups.find_referrals"],
)
@pytest.mark.django_db(transaction=True)
def test_referrals_by_takahashi_and_refused_to_ito(people, take, client_of, owner):
    take(submission(people[0], systolic="165"))
    clerk = client_of("高橋")
    answer = clerk.post("/checkups/referrals/2026/find/")
    engine.run(int(answer.url.rstrip("/").split("/")[-1]))
    listed = clerk.get("/checkups/referrals/?year=2026").content.decode()
    assert "髙﨑 美咲" in listed and "すぐに受診" in listed
    page = clerk.get(f"/checkups/people/{people[0].pk}/referral/").content.decode()
    assert "165" in page
    case = next(
        part
        for part in page.split('"')
        if part.startswith(f"/checkups/people/{people[0].pk}/referral/") and part.count("/") == 6
    )
    bad = clerk.post(case, {"what": "recommended", "date": "540927"})
    assert bad.status_code == 422
    assert clerk.post(case, {"what": "recommended", "date": "R8.11.20", "note": "文書を送った"}).status_code == 302
    assert "文書を送った" in clerk.get(f"/checkups/people/{people[0].pk}/referral/").content.decode()
    refused = client_of("伊藤").get("/checkups/referrals/")
    assert refused.status_code == 403


def test_lists_take_as_many_statements_for_three_as_for_one(people, take, client_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clerk = client_of("高橋")
    take(submission(people[0], kana="チガウ"))

    def statements(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert clerk.get(address).status_code == 200
        return len(caught)

    addresses = ("/checkups/unmatched/", "/checkups/levels/", "/checkups/")
    before = [statements(address) for address in addresses]
    take(submission(people[1], kana="チガウ"), submission(people[2], kana="チガウ"))
    assert [statements(address) for address in addresses] == before
