"""国への実績報告: counted as the state counts, decided by two, valid against the schemas, sent again as a new one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from health_programs.checkups.actions import government as actions
from health_programs.checkups.actions import results
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.enums import Exclusion, Standing
from health_programs.checkups.files.items import by_code, by_key
from health_programs.checkups.files.package import open_package
from health_programs.checkups.files.writing import REPORT, named
from health_programs.checkups.government_outputs import check_schemas, sender_of
from health_programs.checkups.models import CheckupResult, GovernmentReport, GovernmentReportLine
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import government as queries
from health_programs.checkups.rules.government import DENOMINATOR, Candidate, Rate, balances, deadline, judge
from tests.health_programs.checkups.conftest import submission
from tests.health_programs.checkups.files_samples import xsd_folder
from tests.health_programs.checkups.government.conftest import EXAMINED, OWN, TODAY, YEAR

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
