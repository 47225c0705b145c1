"""Screens of long work. Visible to the person who started it and to administrators only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.generic import ListView, View

from kumiai.jobs import actions, policies, queries
from kumiai.jobs.files.failures import failures_csv
from kumiai.jobs.models import Job
from kumiai.ui.declarations import NO_PERSONAL_DATA

SHOWN_FAILURES = 100


class JobList(LoginRequiredMixin, ListView):
    """処理状況: one's own jobs, newest first; administrators see everybody's."""

    activity = NO_PERSONAL_DATA
    template_name = "kumiai/jobs/job_list.html"
    context_object_name = "jobs"
    paginate_by = 50

    def get_queryset(self):
        return queries.jobs_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"at": timezone.now()}


class JobPage(LoginRequiredMixin, View):
    """What the screens of one job share: 404 for everybody else's."""

    activity = NO_PERSONAL_DATA

    def job(self) -> Job:
        return get_object_or_404(queries.jobs_of(self.request.user), pk=self.kwargs["pk"])


class JobDetail(JobPage):
    """One job: steps, progress, result, failed rows."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job()
        failures = queries.failures_of(job)
        context = {
            "job": job,
            "at": timezone.now(),
            "left": job.remaining(timezone.now()),
            "shares": queries.shares_of(job),
            "failures": [
                (failure.row_number, queries.error_sentence(job, failure.error_code))
                for failure in failures[:SHOWN_FAILURES]
            ],
            "can_stop": policies.can_stop(job, request.user),
            "can_resume": policies.can_resume(job, request.user),
            "can_retry": policies.can_retry_failures(job, request.user),
        }
        return TemplateResponse(request, "kumiai/jobs/job_detail.html", context)


class JobProgress(JobPage):
    """The moving part, asked for by the page every two seconds; that is not work and does not extend the session.

    The page says which state it shows. When the job has left it, the whole page is loaded anew.
    """

    activity = NO_PERSONAL_DATA
    polling = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job()
        context = {"job": job, "at": timezone.now(), "left": job.remaining(timezone.now())}
        response = TemplateResponse(request, "kumiai/jobs/components/progress.html", context)
        if request.GET.get("state", job.state) != job.state:
            response["HX-Refresh"] = "true"
        return response


class JobMove(JobPage):
    """A button: does one thing and returns to the job."""

    activity = NO_PERSONAL_DATA
    http_method_names = ["post"]
    action: Callable[..., None]
    said: str

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job()
        try:
            type(self).action(job=job, by=request.user)
        except policies.NotYours as refusal:
            raise PermissionDenied(str(refusal)) from None
        except policies.NotNow as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, self.said)
        return redirect("jobs:job-detail", pk=pk)


class JobStop(JobMove):
    """ここで止める."""

    activity = NO_PERSONAL_DATA
    action = staticmethod(actions.stop_job)
    said = "停止を受け付けました。済んだところまでは残ります。"


class JobResume(JobMove):
    """続きから再開する."""

    activity = NO_PERSONAL_DATA
    action = staticmethod(actions.resume_job)
    said = "受け付けました。止まったところから続けます。"


class JobRetryFailures(JobMove):
    """失敗の行をやり直す."""

    activity = NO_PERSONAL_DATA
    action = staticmethod(actions.retry_failures)
    said = "受け付けました。失敗の行だけをやり直します。"


class JobFailureCsv(JobPage):
    """失敗の行の番号のCSV: row numbers and sentences, nobody's data."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job()
        rows = [
            (failure.row_number, queries.error_sentence(job, failure.error_code))
            for failure in queries.failures_of(job)
        ]
        content = failures_csv(job_id=job.pk, title=job.title, rows=rows, by=str(request.user), at=timezone.localtime())
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="job-{job.pk}-failed-rows.csv"'
        return response


class JobHomeFragment(LoginRequiredMixin, View):
    """処理状況 on the first page: what of one's own is under way or wants something; 204 when nothing does."""

    activity = NO_PERSONAL_DATA

    def get(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        jobs = [(job, job.remaining(at)) for job in queries.jobs_for_home(request.user)]
        if not jobs:
            return HttpResponse(status=204)
        context = {"jobs": jobs, "open_count": sum(job.is_open for job, _left in jobs)}
        return TemplateResponse(request, "kumiai/jobs/fragments/job_home.html", context)
