"""事業主への提供: per employer, how many results and applications could be handed over, the agreement, and the files so far."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from health_programs.checkups.activities import EMPLOYER_PROVISION
from health_programs.checkups.handover import LEGAL_ITEMS
from health_programs.checkups.queries import handover as queries
from health_programs.checkups.rules.ages import fiscal_year
from health_programs.checkups.views.frame import asked_year, may_do
from privacy.outputs import queries as door

RESULTS, BOOKINGS = "checkups.employer_results", "checkups.employer_bookings"


class HandoverList(View):
    """事業主ごとの人数と取決め."""

    activity = EMPLOYER_PROVISION

    def get(self, request: HttpRequest) -> HttpResponse:
        now = fiscal_year(timezone.localdate())
        year = asked_year(request, now)
        counts = queries.counts_by_employer(year)
        agreed = door.agreed_recipients([RESULTS, BOOKINGS], timezone.localdate())
        lines = [
            {
                "recipient": recipient,
                "counts": counts.get(recipient.employer_id or 0, (0, 0)),
                "results": (recipient.pk, RESULTS) in agreed,
                "bookings": (recipient.pk, BOOKINGS) in agreed,
            }
            for recipient in door.employer_recipients()
        ]
        context = {
            "year": year,
            "years": range(now, now - 6, -1),
            "lines": lines,
            "items": LEGAL_ITEMS,
            "may_hand_over": may_do(request, EMPLOYER_PROVISION, "export"),
        }
        return TemplateResponse(request, "health_programs/checkups/handover_list.html", context)
