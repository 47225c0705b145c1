"""Killed, doubled, overtaken, broken: the register is whole or the line says why."""

from __future__ import annotations

from datetime import date

import pytest

from kumiai.jobs import engine
from members.enrollment import actions as enrollment
from members.enrollment.actions.common import Report
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import ChangeReport, Member
from members.intake import actions, policies, tasks
from members.intake.activities import MEMBER_IMPORT
from members.intake.enums import FileState
from members.intake.models import ImportFile
from privacy.scope import scope
from tests.members.intake.conftest import csv_of, reload

pytestmark = pytest.mark.django_db

GIVEN = "愛蒼湊陽葵凛結翔颯樹朝陸悠望真律"
KANA = "アイウエオカキクケコサシスセソタ"


def people(count: int) -> list[dict[str, str]]:
    return [
        {
            "number": str(100 + n),
            "given_name": GIVEN[n % 16] + GIVEN[n // 16 % 16],
            "given_kana": KANA[n % 16] + KANA[n // 16 % 16],
        }
        for n in range(count)
    ]


class Killed(BaseException):
    """The worker is gone in the middle of a chunk."""


def test_a_check_told_to_stop_leaves_after_a_slice_and_goes_on_there(office, sato, lines_of, monkeypatch):
    from members.intake.actions import checking

    monkeypatch.setattr(checking, "SLICE", 8)
    with scope(MEMBER_IMPORT, sato, operation="change"):
        file = actions.receive_file(
            by=sato, kind="members", employer=None, received_date=date(2026, 11, 20), name="x.csv",
            body=csv_of("members", *people(20)),
        ).file  # fmt: skip
        line, number, done = None, 0, []
        while True:
            checked = checking.check_some(file=file, user_id=sato.pk, line=line, number=number, stop=lambda: True)
            line, number = checked.line, checked.number
            done.append(checked.done)
            if checked.finished:
                break

    assert done == [7, 8, 5]
    assert [row.number for row in lines_of(file)] == list(range(2, 22))


def test_a_check_killed_in_any_chunk_goes_on_and_stages_every_line_once(office, sato, lines_of, monkeypatch):
    from members.intake.actions import checking

    monkeypatch.setattr(checking, "SLICE", 3)
    monkeypatch.setattr(checking, "SECONDS", -1.0)
    with scope(MEMBER_IMPORT, sato, operation="change"):
        file = actions.receive_file(
            by=sato, kind="members", employer=None, received_date=date(2026, 11, 20), name="x.csv",
            body=csv_of("members", *people(20)),
        ).file  # fmt: skip
    calls = {"n": 0}
    real = checking.write_lines

    def dying(*args):
        real(*args)
        calls["n"] += 1
        if calls["n"] in (2, 5):
            raise Killed

    monkeypatch.setattr(checking, "write_lines", dying)
    for _again in range(3):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "heartbeat_seconds", lambda: 0)
            try:
                engine.run(file.job_id)
            except Killed:
                continue
    assert [line.number for line in lines_of(file)] == list(range(2, 22))
    assert reload(file.pk, sato).counts == {"new": 20}


def test_an_application_killed_in_any_chunk_enters_everybody_once(office, sato, take_in, owner, monkeypatch):
    from members.intake.actions import applying

    monkeypatch.setattr(applying, "SLICE", 4)
    file = take_in("members", *people(20))
    with scope(MEMBER_IMPORT, sato, operation="change"):
        job = actions.start_apply(by=sato, file=file).job_id
    real, calls = tasks.apply_chunk, {"n": 0}

    def dying(*args):
        result = real(*args)
        calls["n"] += 1
        if calls["n"] in (1, 3):
            raise Killed
        return result

    from kumiai.jobs.kinds import kind_of

    monkeypatch.setattr(engine, "heartbeat_seconds", lambda: 0)
    object.__setattr__(kind_of("intake.apply"), "chunk", dying)
    try:
        for _again in range(3):
            try:
                engine.run(job)
            except Killed:
                continue
    finally:
        object.__setattr__(kind_of("intake.apply"), "chunk", real)
    with owner():
        assert Member.objects.count() == 20 and ChangeReport.objects.count() == 20
    assert reload(file.pk, sato).state == FileState.APPLIED


def test_what_a_clerk_saved_meanwhile_is_a_conflict_and_not_written_over(
    a_member, take_in, apply, lines_of, sato, owner
):
    member = a_member("3456")
    other = a_member("3457", family_name="榊原", given_name="望", birth_date=date(1990, 1, 1))
    file = take_in("address", {"number": "3456"}, {"number": "3457", "birth_date": "1990-01-01"})
    with scope(MEMBER_ADMINISTRATION, sato, operation="change"):
        enrollment.change_name(
            by=sato, member_id=member.pk, version=1, report=Report(date(2026, 11, 20), date(2026, 11, 19)),
            names={"family_name": "吉田", "given_name": "美咲", "family_kana": "ヨシダ", "given_kana": "ミサキ"},
        )  # fmt: skip
    file = apply(file)
    assert file.state == FileState.PARTLY and file.applied_lines == 1
    stale, done = lines_of(file)
    assert stale.outcome == "conflict" and "確かめたあとに" in stale.messages[0][3] and stale.applied_at is None
    assert done.member_id == other.pk and done.applied_at is not None
    # Opened again it is compared with what stands now, and can be applied.
    with scope(MEMBER_IMPORT, sato, operation="change"):
        row = actions.correct_line(
            by=sato, file=file, number=2,
            cells={"symbol": "12", "number": "3456", "branch": "00", "birth_date": "1980-05-07", "town": "大阪府吹田市江坂町", "street": "2-7-9", "change_date": "R8.11.3"},
        )  # fmt: skip
    assert (row.outcome, row.messages) == ("changed", [])
    assert apply(reload(file.pk, sato)).state == FileState.APPLIED


def test_a_number_taken_meanwhile_is_a_conflict(office, take_in, apply, lines_of, a_member):
    file = take_in("members", *people(3))
    a_member("101", given_name="別")
    file = apply(file)
    assert [line.outcome for line in lines_of(file)] == ["new", "conflict", "new"]
    assert "ほかの加入者の番号" in lines_of(file)[1].messages[0][3]


def test_applying_twice_at_once_is_refused_the_second_time(office, take_in, sato):
    file = take_in("members", *people(2))
    with scope(MEMBER_IMPORT, sato, operation="change"):
        actions.start_apply(by=sato, file=file)
    with scope(MEMBER_IMPORT, sato, operation="change"), pytest.raises(policies.UnableToMove):
        actions.start_apply(by=sato, file=file)


def test_a_line_put_right_on_the_screen_is_judged_and_applied(office, take_in, apply, lines_of, sato, owner):
    file = apply(take_in("members", {"number": "1"}, {"number": "2", "family_name": "榊原", "birth_date": "540927"}))
    from tests.members.intake.conftest import BASE

    cells = {**BASE["members"], "number": "2", "family_name": "榊原", "birth_date": "S54.9.27"}
    with scope(MEMBER_IMPORT, sato, operation="change"):
        row = actions.correct_line(by=sato, file=file, number=3, cells=cells)
        assert row.outcome == "new"
    file = apply(reload(file.pk, sato))
    assert file.state == FileState.APPLIED and file.applied_lines == 2
    with owner():
        assert Member.objects.filter(family_name="榊原").count() == 1


def test_somebody_else_than_those_alike_is_entered_when_the_clerk_says_so(a_member, take_in, apply, lines_of, sato):
    a_member("3456")
    line = {
        "family_name": "髙﨑",
        "given_name": "美咲",
        "family_kana": "タカサキ",
        "given_kana": "ミサキ",
        "birth_date": "S55.5.7",
        "sex": "女",
    }
    file = take_in("acquisition", line)
    assert file.counts == {"conflict": 1}
    from tests.members.intake.conftest import BASE

    with scope(MEMBER_IMPORT, sato, operation="change"):
        actions.correct_line(by=sato, file=file, number=2, cells={**BASE["acquisition"], **line}, distinct=True)
    file = apply(reload(file.pk, sato))
    assert file.state == FileState.APPLIED


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"PK\x03\x04" + b"\x00" * 50, "Excel"),
        (b"", "何も書かれていません"),
        (b"\n" * 600_000 + b"x", "行が多すぎます"),
    ],
)
def test_a_file_that_is_no_table_is_kept_with_the_reason(office, take_in, body, word):
    file = take_in("members", body=body)
    assert file.state == FileState.UNREADABLE and word in file.problem[0]


def test_bytes_of_every_kind_are_staged_without_a_crash(office, take_in, lines_of):
    good = csv_of("members", {"number": "1"}, {"number": "2", "family_name": "榊原"}).decode("utf-8-sig")
    head, first, second = good.splitlines(keepends=True)
    body = (
        head.encode("cp932") + first.encode("cp932") + b"12,3,\x00," + b"\r\n" + b"\xff\xfe\x80\r\n"
        + second.encode("cp932").replace(b"12,2", b"12,=1+1") + b'"open,1\r\n' + second.encode("cp932")
    )  # fmt: skip
    file = take_in("members", body=body)
    outcomes = [(line.number, line.outcome) for line in lines_of(file)]
    assert outcomes == [(2, "new"), (3, "error"), (4, "error"), (5, "error"), (6, "error"), (7, "new")]
    assert all(m[3] and m[4] for line in lines_of(file) for m in line.messages)


def test_a_nul_in_a_name_or_a_number_is_an_error_of_its_line_alone(office, take_in, lines_of):
    good = "9,701,00,阿久津,凪,アクツ,ナギ,H8.5.17,男,R8.11.1,,,"
    named = "9,702,00,阿\x00津,薫,アクツ,カオル,H9.3.2,男,R8.11.1,,,"
    numbered = "9,70\x003,00,阿久津,蒼,アクツ,アオイ,H9.3.2,男,R8.11.1,,,"
    head = "記号,番号,枝番,氏,名,氏カナ,名カナ,生年月日,性別,資格取得日,郵便番号,住所,番地・建物"
    body = "\r\n".join([head, *(line.replace("9,70", f"{office.symbol},70", 1) for line in (good, named, numbered))])
    file = take_in("members", body=body.encode("cp932"))
    assert file.state == "checked"
    assert [line.outcome for line in lines_of(file)] == ["new", "error", "error"]


def test_no_line_break_or_name_reaches_job_or_log(office, take_in, apply, owner, caplog):
    from kumiai.jobs.models import Job, JobFailure

    file = take_in("members", *people(3), {"number": "x"})
    apply(file)
    with owner():
        for job in Job.objects.all():
            assert "阿久津" not in repr(vars(job))
        assert "阿久津" not in repr([vars(f) for f in JobFailure.objects.all()])
    assert "阿久津" not in caplog.text
    assert isinstance(file, ImportFile)
