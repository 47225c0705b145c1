"""標準報酬月額: the decisions, one person's, and the forms that set, correct and cancel."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from kumiai.accounts.login import clerk_id
from members.enrollment import queries as register
from members.enrollment.presentation.person import identity
from members.enrollment.views.frame import person_or_404, protected_page
from members.remuneration import queries
from members.remuneration.actions import deciding
from members.remuneration.activities import STANDARD_REMUNERATION
from members.remuneration.enums import ARTICLES, Decision
from members.remuneration.forms import CorrectForm, FindForm, StandardForm, VersionForm
from members.remuneration.models import StandardRemuneration
from members.remuneration.policies import Stale, UnableToSet
from members.remuneration.views.frame import listing, may_change, people_of, tabs, today


class StandardList(View):
    """決定の一覧, the latest first."""

    activity = STANDARD_REMUNERATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return show_list(request)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def show_list(request: HttpRequest, *, terms: str = "", found: Any = None, problem: str = "", code: int = 200) -> HttpResponse:  # fmt: skip
    decision = request.GET.get("decision", "")
    decision = decision if decision in Decision.values else ""
    month = _month(request.GET.get("month", ""))

    def link(page: int) -> str:
        values = {"decision": decision, "month": f"{month:%Y-%m}" if month else "", "page": page if page > 1 else ""}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    rows, bar = listing(request, queries.decisions(decision=decision, month=month, user_id=clerk_id(request)), link)
    people = people_of(request, [row.member_id for row in rows])
    context = bar | {
        "tabs": tabs("standard-list"),
        "lines": [(row, people.get(row.member_id)) for row in rows],
        "decision": decision,
        "decisions": Decision.choices,
        "month": f"{month:%Y-%m}" if month else "",
        "terms": terms,
        "found": found,
        "problem": problem,
    }
    return TemplateResponse(request, "members/remuneration/standard_list.html", context, status=code)


class PersonFind(View):
    """人を探す; posted, so that neither name nor number stands in an address."""

    activity = STANDARD_REMUNERATION
    operation = "view"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        form.is_valid()
        typed = form.cleaned_data.get("terms", "").strip()
        if not typed:
            return show_list(request, problem="記号・番号、カナ、生年月日のどれかを入力してください。", code=422)
        found = register.member_list(user_id=clerk_id(request), on=today(), state="all", terms=typed)
        if found.exact is not None:
            return HttpResponseRedirect(reverse("remuneration:person", args=[found.exact]))
        problem = found.problem
        if not problem and not found.rows:
            problem = "あてはまる人はいません。番号、カナ、生年月日を確かめてください。"
        return show_list(request, terms=typed, found=found.rows, problem=problem)


class PersonStandards(View):
    """一人の標準報酬月額: every period, and the form for a new decision."""

    activity = STANDARD_REMUNERATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show_person(request, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = StandardForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                row = deciding.set_standard(
                    by=request.user, today=today(),
                    given=deciding.Set(pk, given["first"], given["remuneration"], given["decision"], given["grade"]),
                )  # fmt: skip
            except UnableToSet as unable:
                form.add_error(None, str(unable))
            else:
                messages.success(request, f"第{row.grade}級 {row.standard:,}円を登録しました。")
                return HttpResponseRedirect(reverse("remuneration:person", args=[pk]))
        return show_person(request, pk, form=form, code=422)


def show_person(request: HttpRequest, pk: int, *, form: Any = None, problem: str = "", code: int = 200) -> HttpResponse:
    person = person_or_404(request, pk, today())
    if not person.visible:
        return protected_page(request, person)
    rows = queries.story_of(pk)
    context = {
        "tabs": tabs(""),
        "person": identity(person),
        "lines": [(row, ARTICLES[Decision(row.decision)]) for row in rows],
        "current": next(
            (
                row
                for row in rows
                if not row.cancelled
                and row.period.lower <= today()
                and (row.period.upper is None or today() < row.period.upper)
            ),
            None,
        ),
        "form": form or StandardForm(),
        "problem": problem,
        "may_write": may_change(request) and not person.member.insured_id,
        "dependant": bool(person.member.insured_id),
    }
    return TemplateResponse(request, "members/remuneration/person.html", context, status=code)


def row_or_404(pk: int) -> StandardRemuneration:
    row = queries.row_of(pk)
    if row is None:
        raise Http404("この番号の標準報酬月額はありません。")
    return row


class StandardCorrect(View):
    """訂正."""

    activity = STANDARD_REMUNERATION
    operation = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = row_or_404(pk)
        initial = {"version": row.version, "decision": row.decision, "remuneration": row.remuneration or row.standard}
        return self.page(request, row, CorrectForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, form = row_or_404(pk), CorrectForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                deciding.correct_standard(
                    by=request.user, row_id=pk, version=given["version"], remuneration=given["remuneration"],
                    decision=given["decision"], today=today(),
                )  # fmt: skip
            except UnableToSet as unable:
                form.add_error(None, str(unable))
            else:
                messages.success(
                    request, "訂正しました。現金給付の「再計算の差」で、決定した給付への影響を確かめてください。"
                )
                return HttpResponseRedirect(reverse("remuneration:person", args=[row.member_id]))
        return self.page(request, row, form, 422)

    def page(self, request: HttpRequest, row: StandardRemuneration, form: CorrectForm, code: int = 200) -> HttpResponse:
        person = person_or_404(request, row.member_id, today())
        if not person.visible:
            return protected_page(request, person)
        context = {"tabs": tabs(""), "person": identity(person), "row": row, "form": form}
        return TemplateResponse(request, "members/remuneration/standard_correct.html", context, status=code)


class StandardCancel(View):
    """取消."""

    activity = STANDARD_REMUNERATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, form = row_or_404(pk), VersionForm(request.POST)
        if not form.is_valid():
            return show_person(request, row.member_id, problem="画面を開き直して、もう一度行ってください。", code=422)
        try:
            deciding.cancel_standard(by=request.user, row_id=pk, version=form.cleaned_data["version"])
        except UnableToSet as unable:
            code = 409 if isinstance(unable, Stale) else 422
            return show_person(request, row.member_id, problem=str(unable), code=code)
        messages.success(request, "取り消しました。前の標準報酬月額が続きます。")
        return HttpResponseRedirect(reverse("remuneration:person", args=[row.member_id]))
