"""国への実績報告 on its screens: what is missing first, each button by the right person in the right state, answers by line."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from health_programs.checkups.actions import government as actions
from health_programs.checkups.activities import CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.enums import Standing
from health_programs.checkups.models import GovernmentReport, GovernmentReportLine, Target
from health_programs.checkups.rules.government import balances
from tests.health_programs.checkups.conftest import submission
from tests.health_programs.checkups.government.conftest import EXAMINED, YEAR


@pytest.mark.django_db
def test_the_year_tells_what_is_missing_first_and_only_to_its_section(year, collect, client_of):
    report = collect()
    page = client_of("高橋").get(reverse("checkups:report-year") + f"?year={YEAR}").content.decode()
    assert page.index("欠けている必須項目") < page.index("実施率") < page.index("突合")
    assert "腹囲" in page and "50.0％" in page and "保護対象 1名" in page and "妊産婦 1名" in page
    assert "集計した本人は承認できません" in page and "の報告を承認" not in page
    assert (
        "2名の報告を承認" in client_of("中村").get(reverse("checkups:report-year") + f"?year={YEAR}").content.decode()
    )
    people = reverse("checkups:report-people", args=[report.pk])
    shown = client_of("高橋").get(people + "?standing=examined").content.decode()
    assert "保護対象の1名は一覧に出していません" in shown and "12-1" in shown and "12-7" not in shown
    for name in ("report-year",):
        assert client_of("佐藤").get(reverse(f"checkups:{name}")).status_code == 403
    assert client_of("佐藤").get(people).status_code == 403


@pytest.mark.django_db
def test_a_collection_is_asked_for_on_the_screen_and_its_way_is_shown(year, client_of, owner):
    client = client_of("高橋")
    address = reverse("checkups:report-year") + f"?year={YEAR}"
    assert "まだ集計していません" in client.get(address).content.decode()
    answer = client.post(reverse("checkups:report-collect", args=[YEAR]), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "集計を始めました" in page and "処理を開く" in page
    with owner():
        report = GovernmentReport.objects.get(fiscal_year=YEAR)
    answer = client.post(reverse("checkups:report-cancel", args=[report.pk]), {"version": report.version}, follow=True)
    assert "取りやめました" in answer.content.decode()
    answer = client.post(reverse("checkups:report-collect", args=[YEAR]), follow=True)
    assert "集計を始めました" in answer.content.decode()


@pytest.mark.django_db
def test_a_return_that_cannot_be_read_says_which_line(year, collect, client_of):
    report = collect()
    answer = client_of("高橋").post(
        reverse("checkups:report-returned", args=[report.pk]),
        {"receipt_number": "R-1", "day": "2026-11-20", "faults": "1 E1 誤り\n誤り", "version": report.version},
    )
    assert answer.status_code == 422


@pytest.mark.django_db
def test_who_is_pregnant_is_examined_in_full_without_a_waist(year, take, collect, client_of, owner):
    take(submission(year["pregnant"], EXAMINED, waist=None))
    report = collect()
    with owner():
        line = GovernmentReportLine.objects.get(report=report, member=year["pregnant"])
    assert (line.standing, line.missing, line.reason) == ("examined", ["waist"], "pregnant") and line.position
    assert [one.difference for one in balances(report.counts, dict(Standing.choices))] == [0, 0]
    page = client_of("高橋").get(reverse("checkups:report-people", args=[report.pk]) + "?standing=examined")
    assert "妊産婦<span" in page.content.decode() and "腹囲は省略できます" in page.content.decode()


def state_of(owner, report) -> GovernmentReport:
    with owner():
        return GovernmentReport.objects.get(pk=report.pk)


@pytest.mark.django_db
def test_the_screen_lets_only_a_second_person_of_the_section_approve(year, collect, client_of, owner):
    report = collect()
    address, given_ = reverse("checkups:report-approve", args=[report.pk]), {"version": report.version}
    for stranger in ("佐藤", "鈴木", "田中", "伊藤"):
        assert client_of(stranger).post(address, given_).status_code == 403
    mine = client_of("高橋").post(address, given_, follow=True)
    assert "集計した本人は承認できません" in mine.content.decode()
    second = client_of("中村")
    assert second.get(address).status_code == 405
    assert second.post(reverse("checkups:report-approve", args=[report.pk + 999]), given_).status_code == 404
    stale = second.post(address, {"version": report.version + 1}, follow=True)
    assert "先に変更しました" in stale.content.decode()
    assert state_of(owner, report).state == "collected", "nothing of this moved it"
    done = second.post(address, given_, follow=True)
    assert done.redirect_chain == [(reverse("checkups:report-year") + f"?year={YEAR}", 302)]
    assert "承認しました" in done.content.decode()
    moved = state_of(owner, report)
    assert (moved.state, moved.approved_by_id is not None, moved.version) == ("approved", True, report.version + 1)
    again = second.post(address, {"version": moved.version}, follow=True)
    assert "「承認済み」なので" in again.content.decode() and state_of(owner, report).version == moved.version


@pytest.mark.django_db
def test_the_screen_writes_one_file_and_only_of_what_was_approved(year, collect, approve, fund, client_of, owner):
    report = collect()
    address = reverse("checkups:report-write", args=[report.pk])
    client, given_ = client_of("高橋"), {"version": report.version, "recipient": fund.pk}
    early = client.post(address, given_, follow=True)
    assert "「承認待ち」なので" in early.content.decode() and state_of(owner, report).output_id is None
    given_["version"] = approve(report).version
    for stranger in ("佐藤", "鈴木", "伊藤"):
        assert client_of(stranger).post(address, given_).status_code == 403
    nobody = client.post(address, given_ | {"recipient": ""})
    assert nobody.status_code == 422 and "渡す先" in nobody.content.decode()
    assert client.post(address, given_ | {"recipient": fund.pk + 999}).status_code == 422
    assert state_of(owner, report).state == "approved", "a form that was not understood moves nothing"
    done = client.post(address, given_, follow=True)
    assert "二人目の確認を受けてから" in done.content.decode()
    moved = state_of(owner, report)
    assert moved.state == "written" and moved.output_id
    twice = client.post(address, given_ | {"version": moved.version}, follow=True)
    assert "すでに作っています" in twice.content.decode() and state_of(owner, report).output_id == moved.output_id


@pytest.mark.django_db
def test_the_screen_keeps_a_receipt_only_of_what_was_sent(year, collect, approve, write, fetch, client_of, owner):
    output, report = write(approve(collect()))
    address = reverse("checkups:report-accepted", args=[report.pk])
    client = client_of("高橋")
    given_ = {"version": report.version, "receipt_number": "R-2026-1", "day": "R8.11.24"}
    unsent = client.post(address, given_, follow=True)
    assert "取り出されていません" in unsent.content.decode() and state_of(owner, report).state == "written"
    fetch(output)
    for stranger in ("佐藤", "鈴木", "伊藤"):
        assert client_of(stranger).post(address, given_).status_code == 403
    for wrong, word in (
        ({"receipt_number": "受付１号"}, "半角の英数字とハイフン"),
        ({"receipt_number": ""}, "受付番号を入力してください"),
        ({"day": "きのう"}, "日付として読めません"),
    ):
        answer = client.post(address, given_ | wrong)
        assert answer.status_code == 422 and word in answer.content.decode(), word
    assert state_of(owner, report).state == "written"
    done = client.post(address, given_, follow=True)
    assert "受付を記録しました" in done.content.decode()
    kept = state_of(owner, report)
    assert (kept.state, kept.receipt_number, kept.answered_date) == ("accepted", "R-2026-1", date(2026, 11, 24))
    again = client.post(address, given_ | {"version": kept.version}, follow=True)
    assert "「受付済み」なので" in again.content.decode() and state_of(owner, report).version == kept.version


@pytest.mark.django_db
def test_as_many_statements_for_three_people_as_for_one(
    offered, a_member, take, counted, collect, client_of, django_assert_num_queries, owner, doing
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = a_member("1")
    counted()
    take(submission(first, EXAMINED, waist=None, visceral_fat=None))
    report = collect()
    url = reverse("checkups:report-people", args=[report.pk])
    client = client_of("高橋")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    doing(CHECKUP_GOVERNMENT_REPORT, actions.cancel, report_id=report.pk, version=report.version)
    others = [a_member("2"), a_member("3")]
    counted()
    take(*(submission(member, EXAMINED, waist=None, visceral_fat=None) for member in others))
    second = collect()
    with owner():
        assert Target.objects.filter(fiscal_year=YEAR, kind__code="specific").count() == 3
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse("checkups:report-people", args=[second.pk])).content.count(b"member-table") == 1
    assert len(three) == len(one)
