"""Parts of other pages: what waits of 現金給付 on the first page, and the applications on a member's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.presentation import status
from benefits.cash.queries import cases as queries
from benefits.cash.views.frame import case_url, today
from kumiai.accounts.login import clerk_id


class CashHome(View):
    """現金給付: decisions that wait, deadlines that have passed, returned payments."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest) -> HttpResponse:
        user_id = clerk_id(request)
        counts = queries.folder_counts(user_id=user_id)
        total, mine, first = queries.waiting_for_decision(user_id)
        context = {
            "counts": counts,
            "waiting": total,
            "mine": mine,
            "first": first,
            "overdue": queries.overdue(today(), user_id),
            "returned": queries.returned(user_id),
        }
        return TemplateResponse(request, "benefits/cash/fragments/cash_home.html", context)


class CashOfMember(View):
    """現金給付 of one member, the latest first."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = list(queries.worklist(folder="all", user_id=clerk_id(request), member_ids=[pk])[:5])
        context = {"rows": [(row, status(row.state), case_url(row)) for row in rows], "member_id": pk}
        return TemplateResponse(request, "benefits/cash/fragments/cash_member.html", context)
