"""情報の照会 under 番号法: over all cases what waits, and of one case the questions, their answers and what is done with them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from benefits.cash.actions import number_inquiries as actions
from benefits.cash.activities import NUMBER_ACT_LINK
from benefits.cash.enums import Finding, LinkState, Matter
from benefits.cash.forms import VersionForm
from benefits.cash.models import Case
from benefits.cash.number_forms import AskForm, DeclineForm, TakeAccountForm
from benefits.cash.policies import Stale, UnableToProcess
from benefits.cash.presentation import link_inquiry_status
from benefits.cash.queries import number_act as queries
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import FINAL
from benefits.cash.views.frame import case_url, listing, people_of, today
from benefits.cash.views.number_act import frame, may_write
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from members.enrollment.presentation.person import identity
from members.enrollment.views.frame import person_or_404, protected_page
from members.payments.queries import find_bank, find_branch


class LinkInquiryList(View):
    """照会の一覧 by what is to be done."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = queries.inquiry_counts(clerk_id(request))
        folder = request.GET.get("folder", "")
        folder = folder if folder in queries.FOLDERS else "found"

        def link(page: int) -> str:
            return "?" + urlencode({"folder": folder} | ({"page": page} if page > 1 else {}))

        rows, bar = listing(request, queries.inquiries(folder, clerk_id(request)), link)
        people, names = people_of(request, [r.member_id for r in rows]), staff_names([r.asked_by_id for r in rows])
        context = bar | frame("number-inquiry-list") | {
            "folders": [
                (f"?folder={name}", label, counts[name], name == folder)
                for name, (label, _q) in queries.FOLDERS.items()
            ],
            "lines": [
                (row, people.get(row.member_id), names.get(row.asked_by_id, ""), link_inquiry_status(row)) for row in rows
            ],
        }  # fmt: skip
        return TemplateResponse(request, "benefits/cash/number_inquiries.html", context)


def case_or_404(pk: int) -> Case:
    case = queries.case_of(pk)
    if case is None:
        raise Http404("この番号の申請はありません。")
    return case


def show(request: HttpRequest, pk: int, *, form: Any = None, problem: str = "", code: int = 200) -> HttpResponse:
    case = case_or_404(pk)
    person = person_or_404(request, case.member_id, today())
    if not person.visible:
        return protected_page(request, person)
    rows = queries.inquiries_of(pk)
    ids = [row.pk for row in rows]
    pensions, accounts = queries.pensions_of(ids), queries.accounts_of(ids)
    names, version = staff_names([row.asked_by_id for row in rows]), {"version": case.version}
    lines = []
    for row in rows:
        found = accounts.get(row.pk)
        lines.append(
            {
                "row": row,
                "status": link_inquiry_status(row),
                "who": names.get(row.asked_by_id, ""),
                "pensions": pensions.get(row.pk, []),
                "account": found,
                "bank": find_bank(found.bank_code) if found else None,
                "branch": find_branch(found.bank_code, found.branch_code) if found else None,
                "open": row.state == LinkState.ACCEPTED and row.finding == Finding.FOUND and not row.use,
                "may_call_off": row.state == LinkState.WAITING and row.batch_id is None,
                "take_form": TakeAccountForm(initial=version | {"since": today()}, auto_id=f"take{row.pk}_%s"),
                "decline_form": DeclineForm(initial=version, auto_id=f"decline{row.pk}_%s"),
            }
        )
    records = queries.records_of(pk)
    context = frame("number-inquiry-list") | {
        "case": case,
        "kind": case.benefit,
        "person": identity(person),
        "lines": lines,
        "records": [(row, who) for row, who in _recorded(records)],
        "form": form or ask_form(case),
        "open": case.status not in FINAL,
        "may_write": may_write(request),
        "problem": problem,
        "back": case_url(case),
    }
    return TemplateResponse(request, "benefits/cash/case_number.html", context, status=code)


def _recorded(records: list[Any]) -> list[tuple[Any, str]]:
    names = staff_names([row.by_id for row in records])
    return [(row, names.get(row.by_id, "")) for row in records]


def ask_form(case: Case, data: Any = None) -> AskForm:
    """A new inquiry, with the kinds of information that fit the case."""
    form = AskForm(data, initial={"version": case.version, "on_date": today()})
    if case.benefit is not Kind.SICKNESS:
        form.fields["matter"].choices = [(Matter.ACCOUNT.value, Matter.ACCOUNT.label)]  # type: ignore[attr-defined]
    return form


class CaseLink(View):
    """番号法による照会 of a case, and a new one."""

    activity = NUMBER_ACT_LINK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        case = visible_case(request, pk)
        form = ask_form(case, request.POST)
        code = 422
        if form.is_valid():
            try:
                actions.ask(by=request.user, case_id=pk, **form.cleaned_data, today=today())
            except UnableToProcess as unable:
                form.add_error(None, str(unable))
                code = 409 if isinstance(unable, Stale) else 422
            else:
                messages.success(request, "照会を作りました。「連携の状況」から、ほかの照会とまとめて送ります。")
                return HttpResponseRedirect(reverse("cash:number-case", args=[pk]))
        return show(request, pk, form=form, code=code)


def visible_case(request: HttpRequest, pk: int) -> Case:
    """The case, to write about; of a protected person only for who is named for them."""
    case = case_or_404(pk)
    if not person_or_404(request, case.member_id, today()).visible:
        raise Http404("この番号の申請はありません。")
    return case


class InquiryStep(View):
    """One step of an inquiry: done and back, or the page with what hinders it."""

    activity = NUMBER_ACT_LINK
    http_method_names = ["post"]
    form_class: Any = VersionForm
    done = ""

    def post(self, request: HttpRequest, pk: int, inquiry: int) -> HttpResponse:
        visible_case(request, pk)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return show(request, pk, problem="　".join(words for _field, words in form.summary), code=422)
        try:
            self.act({"by": request.user, "case_id": pk, "inquiry_id": inquiry} | form.cleaned_data)
        except UnableToProcess as unable:
            return show(request, pk, problem=str(unable), code=409 if isinstance(unable, Stale) else 422)
        messages.success(request, self.done)
        return HttpResponseRedirect(reverse("cash:number-case", args=[pk]))

    def act(self, given: dict[str, Any]) -> None:
        raise NotImplementedError


class LinkCallOff(InquiryStep):
    """照会を取りやめる."""

    activity = NUMBER_ACT_LINK
    done = "照会を取りやめました。"

    def act(self, given: dict[str, Any]) -> None:
        actions.call_off(**given)


class LinkTakeAccount(InquiryStep):
    """口座に取り入れる."""

    activity = NUMBER_ACT_LINK
    form_class = TakeAccountForm
    done = "口座に入れました。別の職員が「口座・支払」で確認すると、支払に使えます。"

    def act(self, given: dict[str, Any]) -> None:
        actions.take_account(**given)


class LinkTakePension(InquiryStep):
    """申請の内容に取り入れる."""

    activity = NUMBER_ACT_LINK
    done = "年金を申請の内容に入れました。計算し直すと、調整した額になります。"

    def act(self, given: dict[str, Any]) -> None:
        actions.take_pension(**given)


class LinkDecline(InquiryStep):
    """回答を使わない."""

    activity = NUMBER_ACT_LINK
    form_class = DeclineForm
    done = "回答を使わないことを記録しました。"

    def act(self, given: dict[str, Any]) -> None:
        actions.decline(**given)
