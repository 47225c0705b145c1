"""Parts of the first page: what waits of the checkups, as counts that lead to their lists. Each under its own activity."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, CHECKUP_REMINDER, TREATMENT_RECOMMENDATION
from health_programs.checkups.enums import CampaignAim
from health_programs.checkups.queries import work
from kumiai.accounts.login import clerk_id

ARCHIVE_DAYS = 30
"""How long a file with errors stands on the first page, in days from 収受日."""


class CheckupHome(View):
    """健診: unmatched results, doubles, files with errors, invoices that differ."""

    activity = CHECKUP_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        user_id = clerk_id(request)
        context = {
            "results": work.results(user_id),
            "archives": work.archives(timezone.localdate() - timedelta(days=ARCHIVE_DAYS)),
            "invoices": work.invoices(user_id),
            "days": ARCHIVE_DAYS,
        }
        return TemplateResponse(request, "health_programs/checkups/fragments/checkup_home.html", context)


class ReferralHome(View):
    """要医療: who has to see a doctor at once, who was not written to, whose day has come; campaigns and mails that wait."""

    activity = TREATMENT_RECOMMENDATION

    def get(self, request: HttpRequest) -> HttpResponse:
        user_id = clerk_id(request)
        context = {
            "cases": work.referrals(user_id, timezone.localdate()),
            "mails": work.mails(user_id, CampaignAim.TREATMENT),
        }
        return TemplateResponse(request, "health_programs/checkups/fragments/referral_home.html", context)


class CampaignHome(View):
    """受診勧奨: campaigns that wait for a second person, mails in doubt, batches that were stopped. Absent where nothing waits."""

    activity = CHECKUP_REMINDER

    def get(self, request: HttpRequest) -> HttpResponse:
        found = work.mails(clerk_id(request), CampaignAim.REMINDER)
        if found == work.Mails(0, 0, 0):
            return HttpResponse(status=204)  # the page leaves no hole
        context = {"mails": found}
        return TemplateResponse(request, "health_programs/checkups/fragments/campaign_home.html", context)
