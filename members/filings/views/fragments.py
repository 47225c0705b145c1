"""Parts of other pages: the clocks, what waits for my approval, my drafts; the filings of a member."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from members.filings import queries, register
from members.filings.activities import FILING_ADMINISTRATION
from members.filings.enums import FilingKind
from members.filings.presentation.lines import lines
from members.filings.views.frame import may_change, may_decide

ARTICLES = {
    FilingKind.ACQUISITION: "収受から5日以内に登録・則24条の4",
    FilingKind.LOSS: "収受から5日以内に登録・則24条の4",
    FilingKind.DEPENDANT: "収受から5日以内に登録・則39条",
    FilingKind.NAME_CHANGE: "登録の期限の定めなし",
    FilingKind.ADDRESS_CHANGE: "登録の期限の定めなし",
    FilingKind.VOLUNTARY: "収受から5日以内に登録・則24条の4",
}


class FilingClocks(View):
    """期限のある届: our own limit by kind and days left, and how many employers filed late this month."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        first = today.replace(day=1)
        late, every = queries.late_in(first, today + timedelta(days=1))
        rows = queries.clock_lines(today)
        context = {
            "rows": [
                asdict(row) | {"label": FilingKind(row.kind).label, "article": ARTICLES[FilingKind(row.kind)]}
                for row in rows
            ],
            "total": sum(row.total for row in rows),
            "alarm": sum(row.overdue + row.today + row.alarm for row in rows),
            "late": late,
            "every": every,
            "processed": queries.processed_count(today),
            "today": today,
        }
        return TemplateResponse(request, "members/filings/fragments/filing_clocks.html", context)


class FilingWaiting(View):
    """あなたの承認を待つ届. Nothing for those who may not approve."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_decide(request):
            return HttpResponse(status=204)
        today = timezone.localdate()
        filings, total = queries.waiting_for(clerk_id(request))
        if not total:
            return HttpResponse(status=204)
        who = staff_names([filing.requested_by_id for filing in filings])
        made = lines(filings, user_id=clerk_id(request), today=today)
        context = {
            "lines": [(line, who.get(line.filing.requested_by_id or 0, "")) for line in made],
            "total": total,
        }
        return TemplateResponse(request, "members/filings/fragments/filing_waiting.html", context)


class FilingDrafts(View):
    """あなたの下書き."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_change(request):
            return HttpResponse(status=204)
        filings, total = queries.drafts_of(clerk_id(request))
        if not total:
            return HttpResponse(status=204)
        context = {
            "lines": lines(filings, user_id=clerk_id(request), today=timezone.localdate()),
            "total": total,
        }
        return TemplateResponse(request, "members/filings/fragments/filing_drafts.html", context)


class FilingOfMember(View):
    """この人の届: for the page of a member."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        today = timezone.localdate()
        member = register.members_by_id([pk]).get(pk)
        if member is None or register.hidden_members(clerk_id(request), [member]):
            return HttpResponse(status=204)
        filings, total = queries.filings_of_member(pk)
        context = {
            "lines": lines(filings, user_id=clerk_id(request), today=today),
            "total": total,
            "today": today,
        }
        return TemplateResponse(request, "members/filings/fragments/filing_of_member.html", context)


class FilingHelp(View):
    """届の使い方."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "members/filings/filing_help.html", {})
