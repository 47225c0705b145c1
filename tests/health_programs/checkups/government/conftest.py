"""A year of invented people reported to the state: counted, collected, approved by another person, written, fetched."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from health_programs.checkups.actions import government as actions
from health_programs.checkups.actions import targets
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.models import GovernmentReport
from kumiai.jobs import engine, tasks
from members.enrollment.models import EligibilityPeriod, Member
from privacy.outputs import actions as door
from privacy.outputs.models import Output, Recipient
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission

YEAR, OWN = 2025, "06139992"
EXAMINED = date(2025, 9, 3)
TODAY = date(2026, 11, 24)


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
