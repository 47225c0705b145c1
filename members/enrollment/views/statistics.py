"""加入者の統計 of a 年度, with the pyramid drawn and every number in a table beside it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.ui.formats import era_year, fiscal_year
from members.enrollment.activities import MEMBER_ADMINISTRATION, MEMBER_OUTPUT
from members.enrollment.presentation.pyramid import pyramid
from members.enrollment.statistics import DEPENDANT, INSURED, statistics
from privacy.grants import held_by, may

FIRST_YEAR = 2000
OFFERED_YEARS = 10


class MemberStatistics(View):
    """The year in the address is the western year in which the 年度 begins; without one the running 年度."""

    activity = MEMBER_ADMINISTRATION
    template_name = "members/enrollment/member_statistics.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        current = fiscal_year(today)
        year = _year(request.GET.get("year", ""), current)
        found = statistics(year=year, today=today)
        context = {
            "found": found,
            "pyramid": pyramid(found.bands),
            "title": f"{era_year(year, long=True)}年度",
            "running": found.on == today,
            "years": [
                (offered, f"{era_year(offered, long=True)}年度")
                for offered in range(current, max(FIRST_YEAR, current - OFFERED_YEARS) - 1, -1)
            ],
            "average_insured": found.average_ages[INSURED],
            "average_dependants": found.average_ages[DEPENDANT],
            "average_all": found.average_ages["all"],
            "oldest_first": tuple(reversed(found.bands)),
            "may_hand_out": may(held_by(clerk_id(request)), MEMBER_OUTPUT, "export"),
            "printed_at": timezone.localtime(),
        }
        return TemplateResponse(request, self.template_name, context)


def _year(text: str, current: int) -> int:
    if not text:
        return current
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= current):
        raise Http404("この年度の統計はありません。")
    return int(text)
