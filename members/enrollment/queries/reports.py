"""The reports (届) behind the changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from members.enrollment.models import ChangeReport, ProtectedChange
from privacy.scope import population


def fill_contents(reports: list[ChangeReport]) -> None:
    """Put into protected members' address reports what they replaced, for a clerk who is named. Nothing is stored."""
    kept_apart = {c.report_id: c for c in ProtectedChange.objects.filter(report__in=reports) if c.before or c.after}
    for report in reports:
        contents = kept_apart.get(report.pk)
        if contents is not None:
            report.before, report.after = contents.before, contents.after


def report_of(report_id: int) -> ChangeReport | None:
    """A report with its member and contents; the caller shows them only where the clerk may see the member."""
    report = ChangeReport.objects.select_related("member").filter(pk=report_id).first()
    if report is not None and report.member.protected:
        fill_contents([report])
    return report


def reports_entered_on(day: date) -> int:
    """How many changes were entered on a day (Tokyo)."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    count = ChangeReport.objects.filter(entered_at__gte=start, entered_at__lt=start + timedelta(days=1)).count()
    population("reports.entered", count)
    return count


def latest_reports(limit: int = 5) -> list[ChangeReport]:
    """The reports entered last, newest first, with their members."""
    return list(ChangeReport.objects.select_related("member").order_by(F("entered_at").desc())[:limit])
