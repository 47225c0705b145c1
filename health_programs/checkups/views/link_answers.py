"""オンライン資格確認からの回答: files taken in, and the errors a clerk works off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import answers
from health_programs.checkups.actions import online_eligibility as actions
from health_programs.checkups.activities import ONLINE_ELIGIBILITY_LINK
from health_programs.checkups.enums import AnswerOutcome, AnswerState
from health_programs.checkups.forms import AnswerForm, SendAgainForm
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.status import ANSWER, ANSWERED, status
from health_programs.checkups.queries import online_eligibility as queries
from health_programs.checkups.views.frame import listing, may_do, require, visible_or_refused, with_people
from health_programs.checkups.views.online_eligibility import link_tabs
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names


class LinkErrorList(View):
    """エラーの一覧, the oldest first."""

    activity = ONLINE_ELIGIBILITY_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        return errors_page(request)


def errors_page(request: HttpRequest, *, wrong: int = 0, typed: str = "", problem: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    context = listing(request, queries.errors(clerk_id(request)), lambda number: f"?page={number}", unit="件")
    rows = context["page"].rows
    people = with_people(request, rows)
    context |= {
        "tabs": link_tabs("link-error-list"),
        "lines": [(row, people.get(row.member_id)) for row in rows],
        "may_change": may_do(request, ONLINE_ELIGIBILITY_LINK),
        "wrong": wrong,
        "typed": typed,
        "problem": problem,
    }
    return TemplateResponse(request, "health_programs/checkups/link_error_list.html", context, status=status)


class LinkSendAgain(View):
    """直したのでもう一度送る. What was typed comes back with what is wrong."""

    activity = ONLINE_ELIGIBILITY_LINK
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        line = queries.line_of(pk)
        if line is None:
            raise Http404("この番号の連携の結果はありません。")
        visible_or_refused(request, line.member_id, self.activity)
        form = SendAgainForm(request.POST)
        typed = request.POST.get("note", "")[:200]
        if not form.is_valid():
            problem = str(form.errors["note"][0])
            return errors_page(request, wrong=pk, typed=typed, problem=problem, status=422)
        try:
            actions.send_again(by=request.user, line_id=pk, note=form.cleaned_data["note"])
        except UnableToMove as unable:
            messages.warning(request, str(unable))
        else:
            messages.success(request, "次に集めるときに、もう一度送ります。")
        return HttpResponseRedirect(reverse("checkups:link-error-list"))


class AnswerList(View):
    """回答ファイルの一覧, newest first."""

    activity = ONLINE_ELIGIBILITY_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        context = listing(request, queries.answers(), lambda number: f"?page={number}", unit="件")
        rows = context["page"].rows
        who = staff_names([row.received_by_id for row in rows])
        context |= {
            "tabs": link_tabs("link-answer-list"),
            "lines": [(row, status(AnswerState, row.state, ANSWER), who.get(row.received_by_id, "")) for row in rows],
            "may_change": may_do(request, ONLINE_ELIGIBILITY_LINK),
        }
        return TemplateResponse(request, "health_programs/checkups/link_answer_list.html", context)


class AnswerReceive(View):
    """回答ファイルを取り込む."""

    activity = ONLINE_ELIGIBILITY_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, ONLINE_ELIGIBILITY_LINK)
        return self._page(request, AnswerForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AnswerForm(request.POST, request.FILES)
        if form.is_valid():
            file: Any = form.cleaned_data["file"]
            try:
                made = answers.receive(by=request.user, name=file.name or "", body=file.read())
            except UnableToMove as unable:
                form.add_error("file", str(unable))
            else:
                return redirect("checkups:link-answer", pk=made.pk)
        return self._page(request, form, status=422)

    def _page(self, request: HttpRequest, form: AnswerForm, status: int = 200) -> HttpResponse:
        context = {"form": form}
        return TemplateResponse(request, "health_programs/checkups/link_answer_receive.html", context, status=status)


class AnswerDetail(View):
    """One answer: what each line did, what was wrong with the file, and what found no result."""

    activity = ONLINE_ELIGIBILITY_LINK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = queries.answer_of(pk)
        if file is None:
            raise Http404("この番号の回答ファイルはありません。")
        context = listing(request, queries.unused_lines(pk), lambda number: f"?page={number}", unit="件")
        context |= {
            "file": file,
            "status": status(AnswerState, file.state, ANSWER),
            "job": file.job if file.state == AnswerState.READING else None,
            "left": file.job.remaining(timezone.now()) if file.job is not None else None,
            "counts": [(label, file.counts.get(code, 0)) for code, label in AnswerOutcome.choices],
            "lines": [(row, status(AnswerOutcome, row.outcome, ANSWERED)) for row in context["page"].rows],
        }
        return TemplateResponse(request, "health_programs/checkups/link_answer.html", context)
