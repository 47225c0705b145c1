"""対象者リスト: the lists, a new one with its count beside the conditions, one list, two compared."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import cohorts as actions
from health_programs.checkups.activities import COHORT_TARGETING
from health_programs.checkups.cohort_forms import CohortForm, PreviewForm
from health_programs.checkups.models import Cohort
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation import cohorts as words
from health_programs.checkups.queries import cohorts as queries
from health_programs.checkups.rules import cohorts as rules
from health_programs.checkups.views.frame import folders, listing, may_do, require, with_people
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import integer
from members.enrollment.queries import employers

SIDE_WORDS = (("both", "両方にいる人"), ("first", "左だけの人"), ("second", "右だけの人"))


def _companies() -> list[tuple[int, str]]:
    return [(one.pk, f"{one.symbol} {one.name}") for one in employers()]


def _given() -> dict[str, Any]:
    today = timezone.localdate()
    return {"years": queries.result_years(today), "employers": _companies(), "today": today}


def told(cohort: Cohort, companies: dict[int, str]) -> dict[str, Any]:
    """The conditions of a list in words."""
    selection = rules.from_json(cohort.conditions)
    return words.selection_words(selection, companies.get(selection.employer_id or 0, ""))


def cohort_or_404(pk: int | None) -> Cohort:
    found = queries.cohort_of(pk) if pk is not None else None
    if found is None:
        raise Http404("この番号の対象者リストはありません。")
    return found


class CohortList(View):
    """対象者リストの一覧."""

    activity = COHORT_TARGETING

    def get(self, request: HttpRequest) -> HttpResponse:
        context = listing(request, queries.cohorts(), lambda number: "?" + urlencode({"page": number}), unit="件")
        rows = context["page"].rows
        companies, who = dict(_companies()), staff_names([row.frozen_by_id for row in rows])
        context |= {
            "lines": [
                (row, told(row, companies), who.get(row.frozen_by_id, ""), sum(row.removed.values())) for row in rows
            ],
            "may_change": may_do(request, COHORT_TARGETING),
        }
        return TemplateResponse(request, "health_programs/checkups/cohort_list.html", context)


class CohortNew(View):
    """対象者を選ぶ: the conditions, the count beside them, and the button that freezes."""

    activity = COHORT_TARGETING

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, self.activity)
        return self.page(request, CohortForm(**_given()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CohortForm(request.POST, **_given())
        if form.is_valid() and form.selection is not None:
            values = form.cleaned_data
            try:
                made = actions.freeze(
                    by=request.user, on=timezone.localdate(), selection=form.selection, title=values["title"],
                    programme=values["programme"],
                )  # fmt: skip
            except UnableToMove as unable:
                form.add_error("title" if "名前" in str(unable) else None, str(unable))
            else:
                messages.success(request, f"{made.people:,}名のリストを確定しました。")
                return redirect("checkups:cohort-detail", pk=made.pk)
        return self.page(request, form, status=422)

    def page(self, request: HttpRequest, form: CohortForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "today": timezone.localdate()}
        return TemplateResponse(request, "health_programs/checkups/cohort_form.html", context, status=status)


class CohortPreview(View):
    """What the conditions would choose: counts and the conditions in words. Writes nothing."""

    activity = COHORT_TARGETING
    operation = "view"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        given = _given()
        form = PreviewForm(request.POST, **given)
        context: dict[str, Any] = {"form": form}
        if form.is_valid() and form.selection is not None:
            chosen = actions.choose(on=timezone.localdate(), selection=form.selection)
            employer = dict(given["employers"]).get(form.selection.employer_id, "")
            context |= {
                "chosen": chosen,
                "people": len(chosen.ids),
                "removed": words.removed_words(chosen.removed),
                "words": words.selection_words(form.selection, employer),
            }
        return TemplateResponse(request, "health_programs/checkups/components/cohort_preview.html", context)


class CohortDetail(View):
    """One list: its conditions, who made it, and its people with the values that decided."""

    activity = COHORT_TARGETING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        cohort = cohort_or_404(pk)
        rows = queries.people_of(pk, clerk_id(request))
        context = listing(request, rows, lambda number: "?" + urlencode({"page": number}), unit="名")
        people = with_people(request, context["page"].rows)
        context |= {
            "cohort": cohort,
            "words": told(cohort, dict(_companies())),
            "who": staff_names([cohort.frozen_by_id]).get(cohort.frozen_by_id, ""),
            "removed": words.removed_words(cohort.removed),
            "hidden": cohort.people - context["page"].total,
            "lines": [
                (row, people.get(row.member_id), words.decided_words(row.values)) for row in context["page"].rows
            ],
            "others": [one for one in queries.cohorts()[:50] if one.pk != pk],
            "may_hand_out": may_do(request, COHORT_TARGETING, "export"),
        }
        return TemplateResponse(request, "health_programs/checkups/cohort_detail.html", context)


class CohortCompare(View):
    """Two lists side by side: who stands in both, who only in one."""

    activity = COHORT_TARGETING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        first, second = cohort_or_404(pk), cohort_or_404(integer(request.GET.get("with")))
        sides = queries.compared(first.pk, second.pk, clerk_id(request))
        counts = queries.counted(sides)
        side = request.GET.get("side", "")
        side = side if side in sides else "both"

        def address(code: str, **more: int) -> str:
            return "?" + urlencode({"with": second.pk, "side": code} | more)

        context = listing(
            request, sides[side], lambda number: address(side, page=number), unit="名", total=counts[side]
        )
        people = with_people(request, context["page"].rows)
        companies = dict(_companies())
        context |= {
            "lists": [(first, told(first, companies)), (second, told(second, companies))],
            "first": first,
            "folders": folders(SIDE_WORDS, counts, side, address),
            "lines": [
                (row, people.get(row.member_id), words.decided_words(row.values)) for row in context["page"].rows
            ],
        }
        return TemplateResponse(request, "health_programs/checkups/cohort_compare.html", context)
