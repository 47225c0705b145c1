"""国への実績報告: counted as the state counts, decided by two, valid against the schemas, sent again as a new one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from health_programs.checkups.actions import government as actions
from health_programs.checkups.actions import results, targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.enums import Exclusion, Standing
from health_programs.checkups.files.items import by_code, by_key
from health_programs.checkups.files.package import open_package
from health_programs.checkups.files.writing import REPORT, named
from health_programs.checkups.government_outputs import check_schemas, sender_of
from health_programs.checkups.models import CheckupResult, GovernmentReport, GovernmentReportLine, Target
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import government as queries
from health_programs.checkups.rules.government import DENOMINATOR, Candidate, Rate, balances, deadline, judge
from kumiai.jobs import engine, tasks
from members.enrollment.models import EligibilityPeriod, Member
from privacy.outputs import actions as door
from privacy.outputs.models import Output, Recipient
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission
from tests.health_programs.checkups.files_samples import xsd_folder

YEAR, OWN = 2025, "06139992"
EXAMINED = date(2025, 9, 3)
TODAY = date(2026, 11, 24)


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("candidate", "standing"),
    [
        (Candidate(40, True, missing=()), "examined"),
        (Candidate(74, True, missing=()), "examined"),
        (Candidate(39, True, missing=()), "other_age"),
        (Candidate(75, True, missing=()), "other_age"),
        (Candidate(50, False, missing=()), "partial_year"),
        (Candidate(50, True, missing=("waist",)), "incomplete"),
        (Candidate(50, True), "not_examined"),
        (Candidate(50, True, "pregnant"), "excluded"),
        (Candidate(50, True, "pregnant", ("waist",)), "examined"),
        (Candidate(50, True, "pregnant", ("waist", "hdl")), "excluded"),
        (Candidate(50, True, "pregnant", ()), "examined"),
        (Candidate(50, True, "hospitalised", ("waist",)), "excluded"),
    ],
)
def test_where_somebody_stands(candidate, standing):
    assert judge(candidate).standing == standing


candidates = st.builds(
    Candidate,
    age=st.integers(0, 110),
    all_year=st.booleans(),
    exclusion=st.sampled_from(["", *Exclusion.values]),
    missing=st.none() | st.lists(st.sampled_from(["waist", "hdl"]), max_size=2),
)


@given(candidates)
def test_everybody_stands_somewhere_and_the_working_says_why(one):
    judged = judge(one)
    assert judged.counted == (judged.standing in DENOMINATOR)
    if judged.counted:
        assert 40 <= one.age <= 74 and one.all_year
    left_out = {"waist"} if one.exclusion == "pregnant" else set()
    assert (judged.standing == Standing.EXAMINED) == (
        40 <= one.age <= 74 and one.all_year and one.missing is not None and set(one.missing) <= left_out
    )
    assert [step.part for step in judged.steps] == list(range(1, len(judged.steps) + 1))


@given(candidates)
def test_an_item_measured_later_never_takes_somebody_out(one):
    if judge(one).standing == Standing.INCOMPLETE:
        assert judge(Candidate(one.age, one.all_year, one.exclusion, ())).standing == Standing.EXAMINED


@pytest.mark.parametrize(
    ("examined", "denominator", "percent"),
    [(0, 0, None), (0, 3, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (9, 20000, "0.0"), (3, 3, "100.0")],
)
def test_the_rate_is_rounded_half_up(examined, denominator, percent):
    assert Rate(examined, denominator).percent == (None if percent is None else Decimal(percent))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_rate_is_never_further_than_half_a_tenth(examined, others):
    rate = Rate(examined, examined + others)
    if rate.percent is not None:
        assert abs(rate.percent - Decimal(examined) * 100 / (examined + others)) <= Decimal("0.05")


def test_the_deadline_and_a_difference():
    assert deadline(2025) == date(2026, 11, 1)
    people, found = balances(
        {"people": 3, "examined": 1, "not_examined": 1, "results": 1, "results_in": 1}, dict(Standing.choices)
    )
    assert (people.difference, found.difference) == (1, 0)


# --- the way of a report ----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def fund(owner, db):
    with owner():
        return Recipient.objects.create(
            code="S013", kind="payment_fund", name="架空支払基金", name_key=name_key("架空支払基金"),
            address="架空市本町2-1", representative="支部長 見本 二郎", since=date(2020, 4, 1),
        )  # fmt: skip


@pytest.fixture
def counted(doing, takahashi):
    """The targets of the year counted as the register stands."""

    def run():
        def make():
            targets.open_year(by=takahashi, fiscal_year=YEAR)
            after: int | None = 0
            while after is not None:
                after, _done, _counts = targets.count_some(fiscal_year=YEAR, after=after)

        doing(CHECKUP_ADMINISTRATION, make)

    return run


@pytest.fixture
def collect(takahashi, owner):
    def run():
        with scope(CHECKUP_GOVERNMENT_REPORT, takahashi, operation="change"):
            made = actions.collect(by=takahashi, fiscal_year=YEAR, today=TODAY)
        assert made.job_id is not None
        engine.run(made.job_id)
        with owner():
            return GovernmentReport.objects.get(pk=made.pk)

    return run


@pytest.fixture
def year(offered, a_member, take, counted, doing, takahashi, owner):
    """Seven people: examined, with a missing waist, not examined, excluded, partly covered, too old, protected and examined."""
    people = [a_member(str(n)) for n in range(1, 8)]
    whole, lacking, absent, pregnant, late, old, guarded = people
    with owner():
        EligibilityPeriod.objects.filter(member=late).update(period=(date(2025, 6, 1), None))
        Member.objects.filter(pk=old.pk).update(birth_date=date(1949, 5, 7))
        old.birth_date = date(1949, 5, 7)
    counted()
    take(submission(whole, EXAMINED), submission(lacking, EXAMINED, waist=None, visceral_fat=None))
    take(submission(late, EXAMINED), submission(guarded, EXAMINED), submission(whole, date(2025, 10, 9), hdl="46"))
    with owner():
        Member.objects.filter(pk=guarded.pk).update(protected=True)
    doing(
        CHECKUP_ADMINISTRATION, targets.exclude, by=takahashi, member_id=pregnant.pk, fiscal_year=YEAR,
        reason="pregnant", note="母子手帳",
    )  # fmt: skip
    return dict(zip(("whole", "lacking", "absent", "pregnant", "late", "old", "guarded"), people, strict=True))


@pytest.fixture
def approve(personas):
    def run(report):
        with scope(CHECKUP_GOVERNMENT_REPORT, personas["中村"], operation="decide"):
            return actions.approve(by=personas["中村"], report_id=report.pk, version=report.version, at=timezone.now())

    return run


@pytest.fixture
def write(takahashi, fund, owner):
    def run(report):
        with scope(CHECKUP_GOVERNMENT_REPORT, takahashi, operation="export"):
            made = actions.write(
                by=takahashi, report_id=report.pk, version=report.version, recipient_id=fund.pk,
                today=timezone.localdate(),
            )  # fmt: skip
        with owner():
            output = Output.objects.get(pk=made.output_id or 0)
        assert output.job_id is not None
        engine.run(output.job_id)
        with owner():
            return Output.objects.get(pk=output.pk), GovernmentReport.objects.get(pk=report.pk)

    return run


@pytest.fixture
def fetch(takahashi, personas):
    def run(output):
        now = timezone.now()
        with scope(CHECKUP_GOVERNMENT_REPORT, personas["中村"], operation="decide"):
            door.confirm(
                by=personas["中村"], output_id=output.pk, recipient_code="S013", count=output.row_count, at=now
            )
        with scope(CHECKUP_GOVERNMENT_REPORT, takahashi, operation="export"):
            return door.fetch(by=takahashi, output_id=output.pk, at=now, today=timezone.localdate())

    return run


@pytest.mark.django_db
def test_the_counts_reconcile_and_each_person_stands_once(year, collect, owner):
    report = collect()
    with owner():
        found = dict(GovernmentReportLine.objects.filter(report=report).values_list("member_id", "standing"))
    assert {name: found.get(one.pk) for name, one in year.items()} == {
        "whole": "examined", "lacking": "incomplete", "absent": "not_examined", "pregnant": "excluded",
        "late": "partial_year", "old": None, "guarded": "examined",
    }  # fmt: skip
    assert report.state == "collected" and report.counts["protected"] == 1
    assert [one.difference for one in balances(report.counts, dict(Standing.choices))] == [0, 0]
    assert report.counts["results"] == 5 and report.counts["results_double"] == 1
    assert report.counts["results_not_counted"] == 1 and report.counts["results_in"] == 2


@pytest.mark.django_db
def test_a_year_that_is_not_over_or_was_never_counted_is_refused(offered, takahashi, doing):
    with pytest.raises(UnableToMove, match="年度が終わってから"):
        doing(CHECKUP_GOVERNMENT_REPORT, actions.collect, by=takahashi, fiscal_year=2026, today=TODAY)
    with pytest.raises(UnableToMove, match="対象者がいません"):
        doing(CHECKUP_GOVERNMENT_REPORT, actions.collect, by=takahashi, fiscal_year=YEAR, today=TODAY)


@pytest.mark.django_db
def test_one_open_report_a_year(year, collect):
    collect()
    with pytest.raises(UnableToMove, match="作業中"):
        collect()


@pytest.mark.django_db
def test_who_collected_cannot_approve_and_a_changed_result_stops_it(year, collect, approve, takahashi, doing, owner):
    report = collect()
    given_ = {"report_id": report.pk, "version": report.version, "at": timezone.now()}
    with pytest.raises(UnableToMove, match="集計した本人"):
        doing(CHECKUP_GOVERNMENT_REPORT, actions.approve, operation="decide", by=takahashi, **given_)
    with owner():
        row = CheckupResult.objects.get(member=year["whole"], state="matched")
        CheckupResult.objects.filter(pk=row.pk).update(version=row.version + 1)
    with pytest.raises(UnableToMove, match="1名の結果が変わりました"):
        approve(report)


@pytest.mark.django_db
def test_a_line_that_was_collected_is_never_changed(year, collect, owner):
    report = collect()
    with owner(), pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        GovernmentReportLine.objects.filter(report=report).update(age=41)


@pytest.mark.django_db
@pytest.mark.use(
    "health_checkup", "checkup_government_report", screens=["checkups:report-year"],
    jobs=["checkups.collect_report", "outputs.build"], files=["checkups.government_report"],
)  # fmt: skip
def test_the_archive_reads_back_value_by_value(year, collect, approve, write, fetch, owner, takahashi, doing):
    output, report = write(approve(collect()))
    assert output.state == "waiting" and output.row_count == 2 and output.removed == {}
    taken = fetch(output)
    day = timezone.localdate().strftime("%Y%m%d")
    assert taken.filename == f"{OWN}_94899010_{day}0_3.zip" and taken.content_type == "application/zip"
    package = open_package(taken.body, taken.filename, insurers=[OWN])
    read = list(package.documents())
    assert list(package.claims()) == [] and package.problems == [] and package.totals() == ()
    assert [one.problems for one in read] == [(), ()]

    def sent():
        ids = list(queries.going_out(report).values_list("result_id", flat=True))
        found = dict(queries.submissions(ids, OWN))
        return [found[pk] for pk in ids]

    expected = doing(CHECKUP_GOVERNMENT_REPORT, sent, operation="export")

    def whole(one):
        return (
            one.identity, one.exam_date, one.institution_code, one.institution_name, one.program_code, one.report_code,
            one.fasting, {(o.code, o.value, o.coded, o.text, o.state, o.flag, o.low, o.high) for o in one.observations},
        )  # fmt: skip

    for one in read:
        for seen in one.submission.observations if one.submission else ():
            item = by_code(seen.code)
            assert item is not None and (not seen.unit or item.takes_unit(seen.unit)), "in the unit of the standard"
    got = [one.submission for one in read if one.submission is not None]
    assert len(got) == 2
    assert all(one.report_code == "30" and not one.identity.address for one in got)
    wanted = named(sender_of(report), expected, REPORT)
    for mine, other in zip(got, wanted, strict=True):
        (*head, values), (*other_head, other_values) = whole(mine), whole(other)
        assert head == other_head
        assert other_values <= values, "every value that was stored is read again"
        assert {o[0] for o in values - other_values} == {by_key("fasting_hours")[0].code}, (
            "採血時間 is written as an item"
        )


@pytest.mark.django_db
@pytest.mark.skipif(xsd_folder() is None, reason="the schemas of the ministry are given by CHECKUP_XSD_DIR")
def test_the_archive_is_valid_against_the_schemas(year, collect, approve, write, fetch, settings):
    folder = xsd_folder()
    assert folder is not None
    settings.CHECKUP_XSD_DIR = str(folder)
    output, _report = write(approve(collect()))
    taken = fetch(output)
    check_schemas(taken.body, folder)
    package = open_package(taken.body, taken.filename, insurers=[OWN])
    assert package.problems == [] and len(list(package.documents())) == 2


@pytest.mark.django_db
def test_what_was_returned_is_told_by_line_and_collected_again(
    year, collect, approve, write, fetch, takahashi, doing, owner, take
):
    output, report = write(approve(collect()))
    answer = {
        "by": takahashi, "report_id": report.pk, "version": report.version, "receipt_number": "R-1", "day": TODAY,
    }  # fmt: skip
    with pytest.raises(UnableToMove, match="取り出されていません"):
        doing(CHECKUP_GOVERNMENT_REPORT, actions.accept, **answer)
    fetch(output)
    with pytest.raises(UnableToMove, match="9番目の文書は"):
        doing(
            CHECKUP_GOVERNMENT_REPORT,
            actions.take_return,
            **answer,
            faults=[actions.Fault(9, "E1", "項目コードの誤り")],
        )
    faults = [actions.Fault(2, "E1", "項目コードの誤り"), actions.Fault(0, "E9", "件数の誤り")]
    returned = doing(CHECKUP_GOVERNMENT_REPORT, actions.take_return, **answer, faults=faults)
    assert returned.state == "returned"
    doing(CHECKUP_ADMINISTRATION, results.take, by_id=takahashi.pk, submissions=[submission(year["absent"], EXAMINED)])
    again = collect()
    assert again.number == 2
    with owner():
        assert GovernmentReport.objects.get(pk=report.pk).digest == report.digest, "what was sent stays"
        assert [one.line and one.line.position for one in returned.errors.order_by("pk")] == [2, None]
    found = doing(CHECKUP_GOVERNMENT_REPORT, queries.difference, returned, again, operation="view")
    assert found == {"added": 1, "removed": 0, "changed": 0}


@pytest.mark.django_db
def test_a_receipt_ends_it_and_nothing_is_done_twice(year, collect, approve, write, fetch, takahashi, doing):
    output, report = write(approve(collect()))
    fetch(output)
    answer = {
        "by": takahashi, "report_id": report.pk, "version": report.version, "receipt_number": "R-1", "day": TODAY,
    }  # fmt: skip
    done = doing(CHECKUP_GOVERNMENT_REPORT, actions.accept, **answer)
    assert done.state == "accepted"
    with pytest.raises(UnableToMove, match="先に変更しました"):
        doing(CHECKUP_GOVERNMENT_REPORT, actions.accept, **answer)
    with pytest.raises(UnableToMove, match="受付済み"):
        doing(CHECKUP_GOVERNMENT_REPORT, actions.cancel, report_id=done.pk, version=done.version)


# --- screens ----------------------------------------------------------------------------------------------------------


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
