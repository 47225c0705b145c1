"""結果の通知 of a year, and the sending of 受診勧奨 written down."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from health_programs.checkups.actions import judging
from health_programs.checkups.activities import RESULT_NOTICE, TREATMENT_RECOMMENDATION
from health_programs.checkups.letter_forms import LETTERS
from health_programs.checkups.presentation.sheet import figures_over
from health_programs.checkups.queries import cohorts, letters
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.views.frame import asked_year, listing, may_do, with_people
from kumiai.accounts.login import clerk_id

NOTICE = ("checkups.result_notice", "checkups.result_notice_print")
REFERRAL = ("checkups.referral_letter", "checkups.referral_letter_print")


def _over(result: Any) -> tuple[list[str], int]:
    """Values that call for a doctor, and how many items more meet 保健指導判定値."""
    found = figures_over(result)
    return [f"{label} {figure}" for label, figure, flag in found if flag == "referral"], sum(
        flag == "guidance" for _label, _figure, flag in found
    )


class NoticeList(View):
    """結果の通知: who was examined in a year, and whose notice went out when."""

    activity = RESULT_NOTICE

    def get(self, request: HttpRequest) -> HttpResponse:
        years = cohorts.result_years(timezone.localdate())
        year = asked_year(request, years[0] if years else fiscal_year(timezone.localdate()))
        context = listing(
            request,
            letters.notice_rows(year, clerk_id(request)),
            lambda number: "?" + urlencode({"year": year, "page": number}),
            unit="名",
        )
        rows = context["page"].rows
        people = with_people(request, rows)
        days = letters.handed_out(NOTICE, [row.member_id for row in rows], year=year)
        context |= {
            "year": year,
            "years": sorted({*years, year}, reverse=True),
            "lines": [(row, people.get(row.member_id), _over(row), days.get(row.member_id)) for row in rows],
            "stacks": -(-context["page"].total // LETTERS),
            "may_hand_out": may_do(request, RESULT_NOTICE, "export"),
        }
        return TemplateResponse(request, "health_programs/checkups/notice_list.html", context)


class ReferralSent(View):
    """発送した: the letters of one file that this clerk fetched are on their way."""

    activity = TREATMENT_RECOMMENDATION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int, output: int) -> HttpResponse:
        known: dict[int, Any] = {row.pk: row for row in letters.unsent_outputs(year, REFERRAL, clerk_id(request))}
        back = HttpResponseRedirect(reverse("checkups:referral-list") + f"?year={year}&state=recommended")
        if output not in known:
            if not letters.was_fetched(year, REFERRAL, output, clerk_id(request)):
                raise Http404("この番号の受け渡しはありません。")
            messages.warning(request, "この受け渡しの発送は、もう記録されています。")
            return back
        sent = judging.mark_sent(
            by=request.user, output_id=output, fiscal_year=year, member_ids=letters.subjects_of(output),
            day=timezone.localdate(),
        )  # fmt: skip
        messages.success(request, f"{sent:,}名に発送したことを記録しました。返事を確かめる日も入れました。")
        return back
