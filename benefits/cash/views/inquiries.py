"""療養状況の照会 of one case: written, consented to, sent, answered, judged. Opened only with the case it serves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from benefits.cash.actions import inquiries as actions
from benefits.cash.activities import SICKNESS_ALLOWANCE
from benefits.cash.forms import (
    AnswerForm,
    ConsentForm,
    InquiryCancelForm,
    InquiryForm,
    OpinionForm,
    SentForm,
    VersionForm,
)
from benefits.cash.models import InquiryState, TreatmentInquiry
from benefits.cash.policies import Stale, UnableToProcess
from benefits.cash.presentation import inquiry_status
from benefits.cash.queries import inquiries as queries
from benefits.cash.rules.states import DECIDED, FINAL
from benefits.cash.views.frame import case_url, file_or_404, listing, may_do, people_of, tabs, today
from benefits.cash.views.pages import CaseScreen
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from members.enrollment.presentation.person import identity
from members.enrollment.views.frame import person_or_404, protected_page


def show(request: HttpRequest, pk: int, *, problem: str = "", form: Any = None, code: int = 200) -> HttpResponse:
    found = file_or_404(pk, "sickness")
    case = found.case
    person = person_or_404(request, case.member_id, today())
    if not person.visible:
        return protected_page(request, person)
    rows = queries.inquiries_of(case.pk)
    places, names = queries.places({row.recipient_id for row in rows}), staff_names([row.entered_by_id for row in rows])
    version = {"version": case.version}
    lines = [
        {
            "row": row,
            "status": inquiry_status(row.state),
            "place": places.get(row.recipient_id),
            "who": names.get(row.entered_by_id, ""),
            "pairs": list(zip(row.questions, row.answers or [""] * len(row.questions), strict=False)),
            "overdue": row.state == InquiryState.SENT and row.due_date is not None and row.due_date < today(),
            "consent_form": ConsentForm(initial=version | {"given": today()}, auto_id=f"consent{row.pk}_%s"),
            "sent_form": SentForm(initial=version | {"sent": today()}, auto_id=f"sent{row.pk}_%s"),
            "answer_form": AnswerForm(
                initial=version | {"answered": today()}, questions=row.questions, auto_id=f"answer{row.pk}_%s"
            ),
            "opinion_form": OpinionForm(initial=version | {"on": today()}, auto_id=f"opinion{row.pk}_%s"),
            "cancel_form": InquiryCancelForm(initial=version, auto_id=f"cancel{row.pk}_%s"),
        }
        for row in rows
    ]
    context = {
        "tabs": tabs(""),
        "case": case,
        "kind": case.benefit,
        "person": identity(person),
        "lines": lines,
        "open": case.status not in DECIDED and case.status not in FINAL,
        "form": form or InquiryForm(initial=version, institutions=queries.institutions(today())),
        "institutions": bool(queries.institutions(today())),
        "may_write": may_do(request, SICKNESS_ALLOWANCE),
        "may_export": may_do(request, SICKNESS_ALLOWANCE, "export"),
        "problem": problem,
        "back": case_url(case),
        "today": today(),
    }
    return TemplateResponse(request, "benefits/cash/case_inquiry.html", context, status=code)


class CaseInquiry(CaseScreen):
    """照会の一覧 of a case, and a new one."""

    activity = SICKNESS_ALLOWANCE
    group = "sickness"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file_or_404(pk, self.group)
        form = InquiryForm(request.POST, institutions=queries.institutions(today()))
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.draft_inquiry(
                    by=request.user, case_id=pk, version=given["version"], recipient_id=given["recipient"],
                    physician=given["physician"], questions=form.questions(), today=today(),
                )  # fmt: skip
            except UnableToProcess as unable:
                form.add_error(None, str(unable))
            else:
                messages.success(request, "照会を作りました。本人の同意を記録すると、照会書を作れます。")
                return HttpResponseRedirect(reverse("cash:sickness-inquiry", args=[pk]))
        return show(request, pk, form=form, code=422)


class InquiryList(View):
    """照会の期限: what waits for a letter, an answer or an opinion, over all cases; the answers themselves only in the case."""

    activity = SICKNESS_ALLOWANCE

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = queries.reminder_counts(today=today(), user_id=clerk_id(request))
        folder = request.GET.get("folder", "")
        folder = folder if folder in queries.FOLDERS else "late"

        def link(page: int) -> str:
            return "?" + urlencode({"folder": folder} | ({"page": page} if page > 1 else {}))

        rows, bar = listing(request, queries.reminders(folder, today=today(), user_id=clerk_id(request)), link)
        people, places = (
            people_of(request, [row.member_id for row in rows]),
            queries.places({r.recipient_id for r in rows}),
        )
        context = bar | {
            "tabs": tabs("inquiry-list"),
            "folders": [
                (f"?folder={name}", label, counts[name], name == folder)
                for name, (label, _q) in queries.FOLDERS.items()
            ],
            "lines": [(row, people.get(row.member_id), places.get(row.recipient_id)) for row in rows],
            "late": folder == "late",
        }
        return TemplateResponse(request, "benefits/cash/inquiry_list.html", context)


class InquiryStep(CaseScreen):
    """One step of an inquiry: done and back, or the page with what hinders it."""

    activity = SICKNESS_ALLOWANCE
    group = "sickness"
    http_method_names = ["post"]
    form_class: Any = VersionForm
    done = ""

    def post(self, request: HttpRequest, pk: int, inquiry: int) -> HttpResponse:
        file_or_404(pk, self.group)
        row = queries.inquiry_of(inquiry)
        if row is None or row.case_id != pk:
            raise Http404("この番号の照会はありません。")
        form = self.form(request, row)
        if not form.is_valid():
            return show(request, pk, problem="　".join(words for _field, words in form.summary), code=422)
        given = dict(form.cleaned_data)
        shared = {"by": request.user, "case_id": pk, "version": given.pop("version"), "inquiry_id": inquiry}
        try:
            self.act(form, shared, given)
        except UnableToProcess as unable:
            return show(request, pk, problem=str(unable), code=409 if isinstance(unable, Stale) else 422)
        messages.success(request, self.done)
        return HttpResponseRedirect(reverse("cash:sickness-inquiry", args=[pk]))

    def form(self, request: HttpRequest, row: TreatmentInquiry) -> Any:
        return self.form_class(request.POST)

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        raise NotImplementedError


class InquiryConsent(InquiryStep):
    """本人の同意を記録する."""

    form_class = ConsentForm
    done = "本人の同意を記録しました。照会書を作って送ってください。"

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        actions.record_consent(**shared, **given, today=today())


class InquirySend(InquiryStep):
    """送ったことを記録する."""

    form_class = SentForm
    done = "送った日を記録しました。回答の期限を過ぎると、督促できます。"

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        actions.send_inquiry(**shared, **given, today=today())


class InquiryRemind(InquiryStep):
    """督促を記録する."""

    done = "督促を記録しました。"

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        actions.remind_inquiry(**shared, today=today())


class InquiryAnswer(InquiryStep):
    """回答を入力する."""

    done = "回答を入力しました。"

    def form(self, request: HttpRequest, row: TreatmentInquiry) -> Any:
        return AnswerForm(request.POST, questions=row.questions)

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        actions.answer_inquiry(
            **shared, answered=given["answered"], able_from=given["able_from"], answers=form.answers(), today=today()
        )


class InquiryJudge(InquiryStep):
    """顧問医の意見を入力する."""

    form_class = OpinionForm
    done = "顧問医の意見を入力しました。"

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        actions.judge_inquiry(**shared, **given, today=today())


class InquiryCancel(InquiryStep):
    """照会を取りやめる."""

    form_class = InquiryCancelForm
    done = "照会を取りやめました。"

    def act(self, form: Any, shared: dict[str, Any], given: dict[str, Any]) -> None:
        actions.cancel_inquiry(**shared, **given)
