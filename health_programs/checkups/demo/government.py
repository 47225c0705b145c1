"""国への実績報告 of the demonstration: the year before last sent and accepted, last year's waiting with missing items."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from health_programs.checkups.actions import government, targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.enums import Exclusion
from health_programs.checkups.models import GovernmentReport
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import government as queries
from health_programs.checkups.rules import ages
from kumiai.jobs import engine
from privacy.outputs import actions as door
from privacy.outputs import queries as door_queries
from privacy.outputs.enums import RecipientKind
from privacy.outputs.kinds import kind_of
from privacy.scope import Way, scope

WAY = Way(name="デモの仕事", view="checkups.demo")
LEFT_OUT = (Exclusion.PREGNANT, Exclusion.HOSPITALISED, Exclusion.ABROAD)


def load(*, by: Any, second: Any, today: date) -> int:
    """Collect the two years before this one; how many reports. A demonstration without results of a year has none."""
    year = ages.fiscal_year(today)
    made = 0
    for fiscal_year in (year - 2, year - 1):
        with scope(CHECKUP_ADMINISTRATION, by, operation="change", way=WAY):
            _targets(by, fiscal_year)
        with scope(CHECKUP_GOVERNMENT_REPORT, by, operation="change", way=WAY):
            if queries.reports_of(fiscal_year):
                continue
            try:
                report = government.collect(by=by, fiscal_year=fiscal_year, today=today)
            except UnableToMove:
                continue  # nobody was on the list of that year
        assert report.job_id is not None
        engine.run(report.job_id)
        made += 1
        if fiscal_year == year - 2 and second is not None:
            _send(report.pk, by, second, today)
    return made


def _targets(by: Any, fiscal_year: int) -> None:
    """The list of the year, with some people whom the notice excludes among those never examined."""
    targets.open_year(by=by, fiscal_year=fiscal_year)
    after: int | None = 0
    while after is not None:
        after, _done, _counts = targets.count_some(fiscal_year=fiscal_year, after=after)
    targets.finish_count(fiscal_year=fiscal_year)
    people = [row.member_id for row in queries.targets(fiscal_year).filter(all_year=True, age__gte=40)[:200]]
    examined = queries.results_among(fiscal_year, people)
    absent = [pk for pk in people if pk not in examined]
    for pk, reason in zip(absent, LEFT_OUT, strict=False):
        try:
            targets.exclude(by=by, member_id=pk, fiscal_year=fiscal_year, reason=reason, note="届出の書類")
        except UnableToMove:
            continue  # stands already


def _send(report_id: int, by: Any, second: Any, today: date) -> None:
    """Approved by another person, handed out at the door, accepted."""
    at = timezone.now()
    with scope(CHECKUP_GOVERNMENT_REPORT, second, operation="decide", way=WAY):
        report = GovernmentReport.objects.get(pk=report_id)
        try:
            report = government.approve(by=second, report_id=report_id, version=report.version, at=at)
        except UnableToMove:
            return  # nobody was examined in full
    with scope(CHECKUP_GOVERNMENT_REPORT, by, operation="export", way=WAY):
        found = door_queries.recipients_for(kind_of(government.FILE), today)
        fund = next((one for one in found if one.kind == RecipientKind.PAYMENT_FUND), None)
        if fund is None:
            return
        report = government.write(by=by, report_id=report_id, version=report.version, recipient_id=fund.pk, today=today)
        output = next(one for one in door_queries.outputs_of(by) if one.pk == report.output_id)
    assert output.job_id is not None
    engine.run(output.job_id)
    with scope(CHECKUP_GOVERNMENT_REPORT, second, operation="decide", way=WAY):
        waiting = next(one for one in door_queries.waiting_for(second) if one.pk == output.pk)
        door.confirm(by=second, output_id=output.pk, recipient_code=fund.code, count=waiting.row_count or 0, at=at)
    with scope(CHECKUP_GOVERNMENT_REPORT, by, operation="export", way=WAY):
        door.fetch(by=by, output_id=output.pk, at=at, today=today)
    with scope(CHECKUP_GOVERNMENT_REPORT, by, operation="change", way=WAY):
        report = GovernmentReport.objects.get(pk=report_id)
        government.accept(by=by, report_id=report_id, version=report.version, receipt_number="DEMO-0001", day=today)
