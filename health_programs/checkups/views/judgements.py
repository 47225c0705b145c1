"""階層化 and 要医療: lists of a year, and one person with the reasons."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import judging
from health_programs.checkups.activities import GUIDANCE_TARGETING, TREATMENT_RECOMMENDATION
from health_programs.checkups.enums import FollowState, Level, Urgency
from health_programs.checkups.forms import FollowUpForm
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.presentation.sheet import figure
from health_programs.checkups.presentation.status import FOLLOW, LEVEL, URGENCY, status
from health_programs.checkups.queries import judgements as queries
from health_programs.checkups.queries import letters
from health_programs.checkups.queries.recommendations import sent_to
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.views.frame import (
    PersonScreen,
    asked_year,
    folders,
    listing,
    may_do,
    visible_or_refused,
    with_people,
)
from health_programs.checkups.views.letters import REFERRAL
from health_programs.checkups.views.people import sheet_of
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names

SENT_SHOWN = 2
"""How many of the things sent to a person stand in the list; all of them stand on their page."""
PARTS = {1: "腹囲とBMI", 2: "追加リスク", 3: "数える", 4: "年齢と前年"}


def _year(request: HttpRequest) -> tuple[int, list[int]]:
    """The fiscal year asked for, and those that can be chosen."""
    years = queries.years_with_results()
    year = asked_year(request, years[0] if years else fiscal_year(timezone.localdate()))
    return year, sorted({*years, year}, reverse=True)


class LevelList(View):
    """階層化の一覧."""

    activity = GUIDANCE_TARGETING

    def get(self, request: HttpRequest) -> HttpResponse:
        year, years = _year(request)
        counts = queries.level_counts(year, clerk_id(request))
        level = request.GET.get("level", "")
        level = level if level in Level.values else Level.INTENSIVE.value
        context = listing(
            request,
            queries.levels(year, level, clerk_id(request)),
            lambda number: "?" + urlencode({"year": year, "level": level, "page": number}),
            unit="名",
            total=counts.get(level, 0),
        )
        people = with_people(request, context["page"].rows)
        context |= {
            "year": year,
            "years": years,
            "level": level,
            "folders": folders(
                Level.choices, counts, level, lambda code: "?" + urlencode({"year": year, "level": code})
            ),
            "total": sum(counts.values()),
            "lines": [
                (row, people.get(row.member_id), status(Level, row.level, LEVEL)) for row in context["page"].rows
            ],
            "waiting": judging.unjudged_count(year),
            "may_change": may_do(request, GUIDANCE_TARGETING),
        }
        return TemplateResponse(request, "health_programs/checkups/stratification_list.html", context)


class LevelRun(View):
    """階層化する: a job."""

    activity = GUIDANCE_TARGETING
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        job = judging.start_stratify(by=request.user, fiscal_year=year)
        return HttpResponseRedirect(reverse("jobs:job-detail", args=[job.pk]))


class PersonLevel(PersonScreen):
    """健診結果と階層化: the values beside the steps that lead to the level."""

    activity = GUIDANCE_TARGETING
    current = "person-level"
    template_name = "health_programs/checkups/person_level.html"

    def content(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        content = sheet_of(request, pk)
        judged = queries.judgements_of(pk)
        result = content["result"]
        current = next((one for one in judged if result and one.result_id == result.pk and one.current), None)
        who = staff_names([one.judged_by_id for one in judged])
        content |= {
            "judgement": current,
            "level_status": status(Level, current.level, LEVEL) if current else None,
            "parts": _parts(current.steps) if current else [],
            "earlier": [
                (one, status(Level, one.level, LEVEL), who.get(one.judged_by_id or 0, "夜間処理"))
                for one in judged
                if current is None or one.pk != current.pk
            ],
        }
        return content


def _parts(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"number": number, "title": title, "steps": [step for step in steps if step["part"] == number]}
        for number, title in PARTS.items()
        if any(step["part"] == number for step in steps)
    ]


class ReferralList(View):
    """要医療の一覧."""

    activity = TREATMENT_RECOMMENDATION

    def get(self, request: HttpRequest) -> HttpResponse:
        year, years = _year(request)
        counts = queries.follow_counts(year, clerk_id(request))
        state = request.GET.get("state", "")
        today = timezone.localdate()
        overdue = queries.overdue(year, today, clerk_id(request))
        if state == "due":
            found, total = queries.due(year, today, clerk_id(request)), overdue
        else:
            state = state if state in FollowState.values else FollowState.OPEN.value
            found, total = queries.referrals(year, state, clerk_id(request)), counts.get(state, 0)
        context = listing(
            request,
            found,
            lambda number: "?" + urlencode({"year": year, "state": state, "page": number}),
            unit="名",
            total=total,
        )
        people = with_people(request, context["page"].rows)
        sent = sent_to([row.member_id for row in context["page"].rows], year)
        context |= {
            "year": year,
            "years": years,
            "state": state,
            "folders": folders(
                [("due", "確かめる日が来た"), *FollowState.choices],
                counts | {"due": overdue},
                state,
                lambda code: "?" + urlencode({"year": year, "state": code}),
            ),
            "total": sum(counts.values()),
            "overdue": overdue,
            "unsent": letters.unsent_outputs(year, REFERRAL, clerk_id(request)),
            "may_hand_out": may_do(request, TREATMENT_RECOMMENDATION, "export"),
            "today": today,
            "lines": [
                (
                    row,
                    people.get(row.member_id),
                    status(Urgency, row.urgency, URGENCY),
                    items_of(row),
                    sent.get(row.member_id, [])[:SENT_SHOWN],
                )
                for row in context["page"].rows
            ],
            "may_change": may_do(request, TREATMENT_RECOMMENDATION),
        }
        return TemplateResponse(request, "health_programs/checkups/referral_list.html", context)


def items_of(case: Any) -> list[dict[str, Any]]:
    """The items of a case in words: what, how much, over which threshold, how urgent."""
    found = []
    for key, number, threshold, urgency in case.items:
        measure = MEASURE.get(key)
        digits = measure.digits if measure else 0
        found.append(
            {
                "label": measure.label if measure else "尿蛋白",
                "figure": figure(number, digits) if measure else ("++" if number != "3" else "+"),
                "unit": measure.unit if measure else "",
                "threshold": figure(threshold, digits) if measure else "+",
                "down": bool(measure and measure.worse == "down"),
                "urgency": status(Urgency, urgency, URGENCY),
            }
        )
    return found


class ReferralFind(View):
    """要医療者を抽出する: a job."""

    activity = TREATMENT_RECOMMENDATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        job = judging.start_find(by=request.user, fiscal_year=year)
        return HttpResponseRedirect(reverse("jobs:job-detail", args=[job.pk]))


class PersonReferral(PersonScreen):
    """要医療: what the results say and what became of it."""

    activity = TREATMENT_RECOMMENDATION
    current = "person-referral"
    template_name = "health_programs/checkups/person_referral.html"

    def content(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        cases = queries.referrals_of(pk)
        notes = queries.follow_ups_of(pk)
        who = staff_names([one.entered_by_id for rows in notes.values() for one in rows])
        sent = {year: sent_to([pk], year).get(pk, []) for year in {case.fiscal_year for case in cases}}
        return {
            "cases": [
                {
                    "case": case,
                    "status": status(FollowState, case.state, FOLLOW),
                    "items": items_of(case),
                    "sent": sent[case.fiscal_year],
                    "notes": [(one, who.get(one.entered_by_id, "")) for one in notes.get(case.pk, [])],
                }
                for case in cases
            ],
            "may_hand_out": may_do(request, TREATMENT_RECOMMENDATION, "export"),
            "form": FollowUpForm(initial={"date": timezone.localdate()}),
            "wrong": 0,
        }


class FollowUpAdd(PersonReferral):
    """経過を書く. What was typed comes back with what is wrong."""

    activity = TREATMENT_RECOMMENDATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, referral: int) -> HttpResponse:
        visible_or_refused(request, pk, self.activity)
        form = FollowUpForm(request.POST)
        known = {case.pk for case in queries.referrals_of(pk)}
        if form.is_valid() and referral in known:
            given = form.cleaned_data
            try:
                judging.follow_up(
                    by=request.user, referral_id=referral, member_id=pk, what=given["what"], day=given["date"],
                    note=given["note"], due_date=given["due_date"],
                )  # fmt: skip
            except UnableToMove as unable:
                form.add_error("what", str(unable))
            else:
                messages.success(request, "経過を登録しました。")
                return redirect("checkups:person-referral", pk=pk)
        return self.page(request, pk, status=422, form=form, wrong=referral)
