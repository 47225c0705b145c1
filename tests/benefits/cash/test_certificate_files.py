"""証明の取り込み: an employer's CSV, line by line into the cases it serves, once."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from benefits.cash.actions import cases, certificates, reviewing
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.files.certificates import LAYOUT, read_certificates
from benefits.cash.models import CaseFinding, CertificateFile, CertificateLine, LabourCertificate, LabourPay
from benefits.cash.rules.kinds import Kind
from kumiai.jobs import engine, tasks
from privacy.scope import Refused, scope
from tests.benefits.cash.conftest import ILL, TODAY, applied
from tests.members.enrollment.people import make_employer, make_member

HEAD = "記号,番号,受付番号,期間の初日,期間の末日,証明日,事業所,出勤日,有給,公休,報酬1の種類,報酬1の初日,報酬1の末日,報酬1の額,報酬1の割り方"


def at(name: str, *args) -> str:
    return reverse(f"cash:{name}", args=args)


def told(body: str) -> list[tuple[str, ...]]:
    return [line.problems for line in read_certificates(f"{HEAD}\r\n{body}\r\n".encode()).lines]


# --- The file -----------------------------------------------------------------------------------------------------------


def test_days_are_those_of_the_certified_stretch_over_the_turn_of_a_year():
    [line] = read_certificates(
        f"{HEAD}\r\n12,34,,R7.12.1,2026/1/31,R8.2.2,見本,12/30〜1/2、１月５日,2026-01-06,12/6 12/7,基本給,2025-12-01,R8.1.31,\"60,000円\",月給\r\n".encode("cp932")
    ).lines  # fmt: skip
    assert line.problems == ()
    assert line.values["worked"] == "2025-12-30 2025-12-31 2026-01-01 2026-01-02 2026-01-05"
    assert (line.values["leave"], line.values["holidays"]) == ("2026-01-06", "2025-12-06 2025-12-07")
    assert (line.values["amount1"], line.values["per1"]) == ("60000", "thirty")


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ("12,34,,2026-10-31,2026-10-01,2026-11-05,見本,,,,,,,,", "証明した期間の末日", "初日より前"),
        ("12,34,,2025-01-01,2026-10-01,2026-11-05,見本,,,,,,,,", "証明した期間の末日", "366日より後"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,11/1,,,,,,,", "出勤した日", "期間にない日"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,10/9~10/5,,,,,,,", "出勤した日", "始まりの日より前"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,毎週月曜,,,,,,,", "出勤した日", "日として読めない"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,10/5,,10/5,,,,,", "公休の日", "「出勤した日」にもあります"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,,,,手当,,2026-10-31,500,", "報酬1の初日", "四つとも"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,,,,手当,2026-10-31,2026-10-01,500,", "報酬1の末日", "初日より前"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,見本,,,,手当,2026-10-01,2026-10-31,-5,", "報酬1の額", "金額として"),
        ("12,34,10号,2026-10-01,2026-10-31,2026-11-05,見本,,,,,,,,", "受付番号", "読めません"),
        ("12,34,,2026-10-32,2026-10-31,2026-11-05,見本,,,,,,,,", "証明した期間の初日", "日付"),
        ("12,34,,2026-10-01,2026-10-31,2026-11-05,,,,,,,,,", "証明した事業所", "入っていません"),
        ("12,34,,2026-10-01", "行", "列が足りません"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_by_field_and_spares_the_next(body, field, words):
    [first, second] = told(body + "\r\n12,35,,2026-10-01,2026-10-31,2026-11-05,見本,,,,,,,,")
    assert first[0].startswith(f"{field}：") and words in first[0]
    assert second == ()


def test_the_template_reads_itself():
    [line] = read_certificates(LAYOUT.template()).lines
    assert line.problems == () and line.values["case"] == "R8-000123"


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    found = read_certificates(data)
    assert found.problem or all(line.values or line.problems for line in found.lines)
    assert all(isinstance(line.line, int) for line in read_certificates(f"{HEAD}\n".encode() + data).lines)


# --- Into the cases -------------------------------------------------------------------------------------------------


@pytest.fixture
def later(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def case(db, insured, act):
    return act("鈴木", cases.receive_case, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(), today=TODAY)


def line_of(member, *, case: str = "", days: str = "", pay: str = ",,,,") -> str:
    return f"{member.symbol},{member.number},{case},2026-09-28,2026-10-31,2026-11-05,ひなた物流株式会社,{days},,10/3 10/4,{pay}"  # fmt: skip


def body(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines, ""]).encode("cp932")


def give(clerk, data: bytes, group: str = "sickness"):
    return clerk.post(
        at(f"{group}-certificate-list"), {"file": SimpleUploadedFile("証明.csv", data, content_type="text/csv")}
    )


def newest(owner) -> CertificateFile:
    with owner():
        return CertificateFile.objects.latest("pk")


def lines(owner, file: CertificateFile) -> dict[int, CertificateLine]:
    with owner():
        return {row.line: row for row in CertificateLine.objects.filter(file=file)}


@pytest.mark.use(
    "labour_status",
    "sickness_allowance_review_payment",
    screens=["cash:sickness-certificate-list", "cash:sickness-certificate-file"],
    jobs=["cash.check_certificates", "cash.apply_certificates"],
)
def test_a_file_is_checked_shown_and_entered_once(case, insured, client_of, owner, later):
    clerk, stranger = client_of("鈴木"), client_of("高橋")
    with owner():
        nobody = make_member(names=("標沢", "梢", "シルシザワ", "コズエ"), employer=make_employer())
        hidden = make_member(names=("隠岐", "忍", "オキ", "シノブ"), employer=make_employer(), protected=True)
    data = body(
        line_of(insured, days="10/1 10/2", pay="通勤手当,2026-10-01,2026-10-31,12400,期間の合計"),
        line_of(insured, days="10/7"),
        line_of(nobody),
        "99,999999,,2026-09-28,2026-10-31,2026-11-05,見本,,,,,,,,",
        line_of(insured, days="11/7"),
        line_of(hidden),
        line_of(insured, case="R8-999999"),
    )
    page = at("sickness-certificate-list")
    assert (
        stranger.get(page).status_code == 403 and stranger.get(at("sickness-certificate-template")).status_code == 403
    )
    assert clerk.get(page).status_code == 200 and clerk.get(at("sickness-certificate-template")).status_code == 200
    for wrong, words in (
        (b"", "何も書かれていません"),
        ("い,ろ\r\n1,2\r\n".encode(), "見出し"),
        (HEAD.encode(), "行がありません"),
    ):
        refused = give(clerk, wrong)
        assert refused.status_code == 422 and words in refused.content.decode()
    answer = give(clerk, data)
    file = newest(owner)
    assert answer.url == at("sickness-certificate-file", file.pk)
    assert give(clerk, data).url == answer.url, "同じファイルは一度だけ"
    assert clerk.get(at("maternity-certificate-file", file.pk)).status_code == 404, "ほかの手当金の画面では開けない"
    assert stranger.get(answer.url).status_code == 403
    assert clerk.post(at("sickness-certificate-apply", file.pk)).status_code == 422, "まだ確かめている"
    engine.run(file.job_id)
    found = lines(owner, file)
    assert [found[n].outcome for n in range(2, 9)] == ["new", *["error"] * 6]
    for number, words in (
        (3, "2行目と同じ申請の同じ期間"), (4, "証明を入力できるものがありません"), (5, "この番号の被保険者はいません"),
        (6, "出勤した日：「11/7」は、証明した期間にない日"), (7, "保護対象の人です"), (8, "証明を入力できるものがありません"),
    ):  # fmt: skip
        assert words in found[number].sentence, number
    with owner():
        assert LabourCertificate.objects.count() == 0, "確かめただけでは登録されない"
    shown = clerk.get(answer.url).content.decode()
    assert (
        "1行を登録する" in shown and insured.name in shown and case.number in shown and "令8.9.28から令8.10.31" in shown
    )
    assert "隠岐" not in shown
    assert clerk.post(at("sickness-certificate-apply", file.pk)).status_code == 302
    assert clerk.post(at("sickness-certificate-apply", file.pk)).status_code == 302, "二度押し"
    engine.run(newest(owner).job_id)
    with owner():
        [row] = LabourCertificate.objects.filter(case=case)
        assert row.worked == [date(2026, 10, 1), date(2026, 10, 2)] and len(row.holidays) == 2
        [piece] = LabourPay.objects.filter(certificate=row)
        assert (piece.amount, piece.per) == (12_400, "calendar")
        assert CaseFinding.objects.filter(case=case, code="worked_claimed", standing=True).count() == 1
    done = lines(owner, file)[2]
    assert (done.outcome, done.values, done.case_id) == ("applied", {}, case.pk), "証明の内容は、申請の中にだけ残る"
    assert newest(owner).state == "applied"
    assert clerk.post(at("sickness-certificate-discard", file.pk)).status_code == 422
    # The same certificate in another file is the one that stands; given up, nothing of the file is kept.
    give(clerk, body(line_of(insured, days="10/1、10/2", pay="通勤手当,2026-10-01,2026-10-31,12400,期間の合計")))
    second = newest(owner)
    engine.run(second.job_id)
    assert [row.outcome for row in lines(owner, second).values()] == ["same"]
    assert clerk.post(at("sickness-certificate-discard", second.pk)).status_code == 302
    assert [row.values for row in lines(owner, second).values()] == [{}]
    # The same days with other pay are no repetition: the clerk is told, and nothing is entered twice.
    give(clerk, body(line_of(insured, days="10/1、10/2")))
    third = newest(owner)
    engine.run(third.job_id)
    [told] = lines(owner, third).values()
    assert told.outcome == "error" and "別の報酬で登録されています" in told.sentence


def test_of_two_cases_the_line_names_one(case, insured, act, client_of, owner, later):
    other = act(
        "鈴木", cases.receive_case, applied=applied(
            Kind.SICKNESS, insured, facts=ILL | {"illness": "肺炎"}, first=date(2026, 10, 20), last=date(2026, 11, 5),
        ), key=uuid.uuid4(), today=TODAY,
    )  # fmt: skip
    clerk = client_of("鈴木")
    give(clerk, body(line_of(insured), line_of(insured, case=other.number.replace("R8-0", "r8-"))))
    file = newest(owner)
    engine.run(file.job_id)
    found = lines(owner, file)
    assert found[2].outcome == "error" and case.number in found[2].sentence and other.number in found[2].sentence
    assert (found[3].outcome, found[3].case_id) == ("new", other.pk)


def test_a_case_that_went_on_meanwhile_keeps_its_state_and_the_line_says_why(
    case, insured, act, client_of, owner, later
):
    clerk = client_of("鈴木")
    give(clerk, body(line_of(insured)))
    file = newest(owner)
    engine.run(file.job_id)
    clerk.post(at("sickness-certificate-apply", file.pk))
    act("鈴木", reviewing.move_case, case_id=case.pk, version=None, name="withdraw", reason="本人から取下げの申し出")
    engine.run(newest(owner).job_id)
    row = lines(owner, file)[2]
    assert row.outcome == "error" and "証明を入力できるものがありません" in row.sentence
    with owner():
        assert LabourCertificate.objects.count() == 0


def test_a_file_killed_between_two_chunks_goes_on_where_it_stood(case, insured, act, personas, owner, later, client_of):
    from benefits.cash.activities import SICKNESS_ALLOWANCE

    clerk = client_of("鈴木")
    give(clerk, body(line_of(insured)))
    file = newest(owner)
    engine.run(file.job_id)
    clerk.post(at("sickness-certificate-apply", file.pk))
    for _again in range(2):
        with scope(SICKNESS_ALLOWANCE, personas["鈴木"], operation="change"):
            certificates.apply_some(by=personas["鈴木"], file_id=file.pk, today=TODAY)
    engine.run(newest(owner).job_id)
    with owner():
        assert LabourCertificate.objects.filter(case=case).count() == 1


def test_lines_are_read_as_often_for_three_as_for_one(case, insured, client_of, owner, later):
    clerk, counts = client_of("鈴木"), []
    for number in (1, 3):
        data = body(*(line_of(insured, days=f"10/{5 + number + n}") for n in range(number)))
        url = give(clerk, data).url
        engine.run(newest(owner).job_id)
        clerk.get(url)
        with CaptureQueriesContext(connection) as seen:
            clerk.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_work_of_the_lump_sums_cannot_read_files(personas):
    with pytest.raises(Refused), scope(CASH_BENEFITS, personas["鈴木"], operation="view"):
        list(CertificateFile.objects.all())
