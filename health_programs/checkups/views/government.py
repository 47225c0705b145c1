"""国への実績報告: one fiscal year with its figures and what is missing, the people behind each count, and the way of a report."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import government as actions
from health_programs.checkups.activities import CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.enums import ReportState, Standing
from health_programs.checkups.files.report_answer import COLUMNS
from health_programs.checkups.government_outputs import documents_of
from health_programs.checkups.models import GovernmentReport
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation import government as words
from health_programs.checkups.presentation.status import status
from health_programs.checkups.queries import government as queries
from health_programs.checkups.report_forms import ReceiptForm, RecipientForm, ReportAnswerForm, ReturnedForm
from health_programs.checkups.rules.ages import fiscal_year, last_day, real_year
from health_programs.checkups.rules.government import balances, deadline
from health_programs.checkups.views.frame import asked_year, folders, listing, may_do, with_people
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import integer
from privacy.outputs import queries as door
from privacy.outputs.enums import RecipientKind
from privacy.outputs.kinds import kind_of

MISSING_SHOWN, ERRORS_SHOWN = 20, 200


def report_or_404(pk: int) -> GovernmentReport:
    found = queries.report_of(pk)
    if found is None:
        raise Http404("この番号の報告はありません。")
    return found


def _recipients() -> list[tuple[int, str]]:
    found = door.recipients_for(kind_of(actions.FILE), timezone.localdate())
    return [(one.pk, f"{one.code} {one.name}") for one in found if one.kind == RecipientKind.PAYMENT_FUND]


def year_page(
    request: HttpRequest, year: int, *, receipt: ReceiptForm | None = None, returned: ReturnedForm | None = None,
    recipient: RecipientForm | None = None, answer: ReportAnswerForm | None = None, code: int = 200,
) -> HttpResponse:  # fmt: skip
    """The year: its latest report with figures, what is missing first; earlier ones below."""
    today = timezone.localdate()
    reports = queries.reports_of(year)
    report = next((one for one in reports if one.state != ReportState.CANCELLED), None)
    who = staff_names(
        [pk for one in reports for pk in (one.collected_by_id, one.approved_by_id, one.answered_by_id) if pk]
    )
    done = any(one.state == ReportState.ACCEPTED for one in reports)
    left, late = words.days_left(year, today, done=done)
    now = fiscal_year(today)
    context: dict[str, Any] = {
        "year": year,
        "years": range(now - 1, now - 6, -1),
        "deadline": deadline(year),
        "days_left": left,
        "late": late,
        "report": report,
        "history": [
            (
                one, status(ReportState, one.state, words.REPORT), who.get(one.collected_by_id, ""),
                who.get(one.approved_by_id or 0, ""), who.get(one.answered_by_id or 0, ""),
            )
            for one in reports
        ],
        "over": today > last_day(year),
        "may_collect": report is None or report.state not in queries.OPEN,
        "may_change": may_do(request, CHECKUP_GOVERNMENT_REPORT),
        "may_decide": may_do(request, CHECKUP_GOVERNMENT_REPORT, "decide"),
        "may_send": may_do(request, CHECKUP_GOVERNMENT_REPORT, "export"),
    }  # fmt: skip
    if report is not None:
        context["status"] = status(ReportState, report.state, words.REPORT)
        context["job"] = report.job if report.state == ReportState.COLLECTING else None
        context["mine"] = report.collected_by_id == clerk_id(request)
        if report.state != ReportState.COLLECTING:
            context |= _counted(request, report, reports)
            context |= {
                "recipient_form": recipient or RecipientForm(recipients=_recipients()),
                "receipt_form": receipt or ReceiptForm(auto_id="receipt_%s"),
                "answer_form": answer or ReportAnswerForm(auto_id="answer_%s"),
                "returned_form": returned or ReturnedForm(auto_id="returned_%s"),
                "file_left": actions.file_left(report),
            }
    return TemplateResponse(request, "health_programs/checkups/report_year.html", context, status=code)


def _counted(request: HttpRequest, report: GovernmentReport, reports: list[GovernmentReport]) -> dict[str, Any]:
    """What stands on the page of a report that was collected."""
    missing = queries.missing_by(report)
    people = reverse("checkups:report-people", args=[report.pk])
    before = next((one for one in reports if one.number < report.number and one.digest), None)
    drifted = queries.drift(report)
    errors = queries.errors_of(report, clerk_id(request))[:ERRORS_SHOWN] if report.state == ReportState.RETURNED else []
    shown = list(errors)
    rows = with_people(request, shown)
    return {
        **words.figures(report, queries.standing_report(report.fiscal_year - 1)),
        "missing": [
            (place, words.item_word(item), count,
             people + "?" + urlencode({"standing": Standing.INCOMPLETE.value, "institution": place, "item": item}))
            for place, item, count in missing[:MISSING_SHOWN]
        ],
        "missing_more": len(missing) - MISSING_SHOWN,
        "standings": [
            (one.label, report.counts.get(one, 0), people + "?" + urlencode({"standing": one.value})) for one in Standing
        ],
        "reasons": queries.reasons(report),
        "balances": balances(report.counts, dict(Standing.choices)),
        "guarded": report.counts.get("protected", 0),
        "drift": [(words.DRIFT[code], count) for code, count in drifted.items()],
        "before": before,
        "difference": (
            [(words.DIFFERENCE[code], count) for code, count in queries.difference(before, report).items()]
            if before else []
        ),
        "errors": [(row, rows.get(row.member_id or 0)) for row in shown],
    }  # fmt: skip


class ReportYear(View):
    """国への実績報告の年度."""

    activity = CHECKUP_GOVERNMENT_REPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        return year_page(request, asked_year(request, fiscal_year(timezone.localdate()) - 1))


class ReportPeople(View):
    """The people behind a count of a report."""

    activity = CHECKUP_GOVERNMENT_REPORT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = report_or_404(pk)
        asked = request.GET.get("standing", "")
        standing = asked if asked in Standing.values else Standing.INCOMPLETE.value
        place, item = request.GET.get("institution", "")[:120], request.GET.get("item", "")[:40]

        def address(code: str, **more: Any) -> str:
            return "?" + urlencode({"standing": code} | more)

        narrowed = {name: value for name, value in (("institution", place), ("item", item)) if value}
        found = queries.lines(report, clerk_id(request), standing, place, item)
        context = listing(request, found, lambda number: address(standing, **narrowed, page=number), unit="名")
        people = with_people(request, context["page"].rows)
        hidden = 0 if narrowed else report.counts.get(standing, 0) - context["page"].total
        context |= {
            "report": report,
            "folders": folders(Standing.choices, report.counts, standing, address),
            "narrowed": [place, words.item_word(item) if item else ""] if narrowed else [],
            "hidden": hidden,
            "lines": [
                (row, people.get(row.member_id), "、".join(words.item_word(key) for key in row.missing))
                for row in context["page"].rows
            ],
        }
        return TemplateResponse(request, "health_programs/checkups/report_people.html", context)


class ReportCollect(View):
    """集計する."""

    activity = CHECKUP_GOVERNMENT_REPORT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        if not real_year(year):
            raise Http404("この年度はありません。")
        try:
            actions.collect(by=request.user, fiscal_year=year, today=timezone.localdate())
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, "集計を始めました。終わると、この画面に人数が出ます。")
        return redirect(reverse("checkups:report-year") + f"?year={year}")


class ReportMove(View):
    """A button of a report: does one thing and goes back to the year; what is wrong is said above."""

    activity = CHECKUP_GOVERNMENT_REPORT
    http_method_names = ["post"]
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = report_or_404(pk)
        refused = self.refused(request, report)
        if refused is not None:
            return refused
        try:
            self.move(request, report, integer(request.POST.get("version")) or 0)
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, self.done)
        return redirect(reverse("checkups:report-year") + f"?year={report.fiscal_year}")

    def refused(self, request: HttpRequest, report: GovernmentReport) -> HttpResponse | None:
        """The page with the form that was not understood; None where everything was."""
        return None

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        raise NotImplementedError


class ReportApprove(ReportMove):
    """承認する: the second person."""

    activity = CHECKUP_GOVERNMENT_REPORT
    operation = "decide"
    done = "承認しました。ファイルを作って、支払基金に送ってください。"

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        actions.approve(by=request.user, report_id=report.pk, version=version, at=timezone.now())


class ReportCancel(ReportMove):
    """取りやめる."""

    activity = CHECKUP_GOVERNMENT_REPORT
    done = "この集計を取りやめました。もう一度集計できます。"

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        actions.cancel(report_id=report.pk, version=version)


class ReportWrite(ReportMove):
    """ファイルを作る."""

    activity = CHECKUP_GOVERNMENT_REPORT
    operation = "export"
    done = "ファイルを作っています。受け渡しの画面で、二人目の確認を受けてから取り出してください。"

    def refused(self, request: HttpRequest, report: GovernmentReport) -> HttpResponse | None:
        self.form = RecipientForm(request.POST, recipients=_recipients())
        return None if self.form.is_valid() else year_page(request, report.fiscal_year, recipient=self.form, code=422)

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        actions.write(
            by=request.user, report_id=report.pk, version=version, recipient_id=self.form.cleaned_data["recipient"],
            today=timezone.localdate(),
        )  # fmt: skip


class ReportAccepted(ReportMove):
    """受付を記録する."""

    activity = CHECKUP_GOVERNMENT_REPORT
    done = "受付を記録しました。"

    def refused(self, request: HttpRequest, report: GovernmentReport) -> HttpResponse | None:
        self.form = ReceiptForm(request.POST, auto_id="receipt_%s")
        return None if self.form.is_valid() else year_page(request, report.fiscal_year, receipt=self.form, code=422)

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        actions.accept(by=request.user, report_id=report.pk, version=version, **self.form.cleaned_data)


class ReportReturned(ReportMove):
    """返戻を記録する."""

    activity = CHECKUP_GOVERNMENT_REPORT
    done = "返戻を記録しました。誤りを直してから、もう一度集計してください。"

    def refused(self, request: HttpRequest, report: GovernmentReport) -> HttpResponse | None:
        self.form = ReturnedForm(request.POST, auto_id="returned_%s")
        return None if self.form.is_valid() else year_page(request, report.fiscal_year, returned=self.form, code=422)

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        actions.take_return(by=request.user, report_id=report.pk, version=version, **self.form.cleaned_data)


class ReportAnswer(ReportMove):
    """回答ファイルを取り込む: the file tells whether the report was accepted or returned."""

    activity = CHECKUP_GOVERNMENT_REPORT
    done = "回答ファイルのとおりに記録しました。"

    def refused(self, request: HttpRequest, report: GovernmentReport) -> HttpResponse | None:
        self.form = ReportAnswerForm(request.POST, request.FILES, auto_id="answer_%s")
        return None if self.form.is_valid() else year_page(request, report.fiscal_year, answer=self.form, code=422)

    def move(self, request: HttpRequest, report: GovernmentReport, version: int) -> None:
        sent = documents_of(report) if report.archive_date else ""
        answer = self.form.cleaned_data["file"]
        actions.take_answer(by=request.user, report_id=report.pk, version=version, answer=answer, sent=sent)


class ReportAnswerTemplate(View):
    """ひな型 of the answer: the columns as the portal reads them."""

    activity = CHECKUP_GOVERNMENT_REPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(COLUMNS.template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="report-answer.csv"'
        return response
