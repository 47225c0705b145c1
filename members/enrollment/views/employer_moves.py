"""事業所の合併・分割: counts first, then a job."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.jobs.actions import start_job
from kumiai.jobs.queries import jobs_of
from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.person_forms import EmployerMoveForm
from members.enrollment.presentation.status import status_label
from members.enrollment.tasks import EMPLOYER_MOVE
from members.enrollment.views.frame import clerk_id, require_change

REST = 200
"""People shown who did not move; there are few, since each is one to look at."""


class EmployerMove(View):
    """事業所の合併・分割."""

    activity = MEMBER_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        require_change(request)
        today = timezone.localdate()
        return self.show(request, EmployerMoveForm(initial={"received_date": today}, employers=queries.employers()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EmployerMoveForm(request.POST, employers=queries.employers())
        if not form.is_valid():
            return self.show(request, form, status=422)
        if "edit" in request.POST:
            return self.show(request, form)
        cleaned = form.cleaned_data
        if "confirmed" in request.POST:
            return self.start(request, cleaned)
        numbers = cleaned["numbers"].splitlines() if cleaned["numbers"].strip() else None
        try:
            plan = actions.plan_move(
                by=request.user,
                from_id=int(cleaned["from_employer"]),
                to_id=int(cleaned["to_employer"]),
                day=cleaned["day"],
                numbers=numbers,
            )
        except actions.UnableToChange as unable:
            form.add_error(None, str(unable))
            return self.show(request, form, status=422)
        names = dict(form.fields["from_employer"].choices)  # type: ignore[attr-defined]
        context = {
            "plan": plan,
            "from_name": names[cleaned["from_employer"]],
            "to_name": names[cleaned["to_employer"]],
            "day": cleaned["day"],
            "numbering": cleaned["numbering"],
            "typed": [(name, request.POST.get(name, "")) for name in form.fields],
        }
        return TemplateResponse(request, "members/enrollment/employer_move_confirm.html", context)

    def start(self, request: HttpRequest, cleaned: dict[str, Any]) -> HttpResponse:
        """Take the frozen list in as a job."""
        try:
            list_id = UUID(request.POST.get("list", ""))
        except ValueError:
            raise Http404("この一覧はありません。") from None
        job = start_job(
            kind=EMPLOYER_MOVE,
            parameters={
                "list": str(list_id),
                "employer": int(cleaned["to_employer"]),
                "day": cleaned["day"].isoformat(),
                "received": cleaned["received_date"].isoformat(),
                "numbering": cleaned["numbering"],
            },
            activity_code=MEMBER_ADMINISTRATION.code,
            by=request.user,
        )
        return HttpResponseRedirect(reverse("enrollment:employer-move-rest", args=[job.pk]))

    def show(self, request: HttpRequest, form: EmployerMoveForm, *, status: int = 200) -> TemplateResponse:
        return TemplateResponse(request, "members/enrollment/employer_move.html", {"form": form}, status=status)


class EmployerMoveRest(View):
    """移っていない人: who of the list that a job moves is not with the new employer."""

    activity = MEMBER_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = jobs_of(request.user).select_related(None).filter(pk=pk, kind=EMPLOYER_MOVE).first()
        if job is None:
            raise Http404("この番号の異動の処理はありません。")
        day = date.fromisoformat(job.parameters["day"])
        list_id, employer_id = UUID(job.parameters["list"]), job.parameters["employer"]
        left = actions.members_left(list_id=list_id, by=request.user, to_id=employer_id, day=day)
        members = queries.members_by_id(left[:REST])
        rows = queries.member_rows(list(members.values()), user_id=clerk_id(request), on=day) if members else []
        context = {
            "rows": [(row, status_label(row.status)) for row in rows],
            "total": len(left),
            "job_id": job.pk,
            "day": day,
        }
        return TemplateResponse(request, "members/enrollment/employer_move_rest.html", context)
