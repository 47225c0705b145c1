"""月次の締切 with the list for the chairman, and the statistics beside the budget."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from benefits.cash.actions import months as actions
from benefits.cash.actions.deciding import fiscal_year
from benefits.cash.activities import CASH_BENEFITS
from benefits.cash.enums import Hold
from benefits.cash.forms import ApprovalForm
from benefits.cash.models import MonthClose
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import months as queries
from benefits.cash.rules.kinds import Kind
from benefits.cash.views.frame import case_url, may_do, people_of, tabs, today
from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import integer


def month_or_404(year: int, month: int) -> date:
    if not 1 <= month <= 12 or not 2000 <= year <= 2100:
        raise Http404("この月はありません。")
    return date(year, month, 1)


class MonthList(View):
    """月の一覧."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.months()
        names = staff_names([row.close.proposed_by_id for row in rows if row.close])
        context = {"tabs": tabs("month-list"), "rows": [(row, names.get(row.close.proposed_by_id, "") if row.close else "") for row in rows]}  # fmt: skip
        return TemplateResponse(request, "benefits/cash/month_list.html", context)


class MonthDetail(View):
    """支給決定の一覧 of a month: what the chairman approves, printed from here."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        return show(request, month_or_404(year, month))


def show(request: HttpRequest, month: date, *, problem: str = "", code: int = 200) -> HttpResponse:
    rows = list(queries.decisions_in(month))
    count, amount, _digest = queries.totals_of(month)
    close = MonthClose.objects.filter(month=month).exclude(state=Hold.REOPENED).first()
    people = people_of(request, [row.member_id for row in rows])
    names = staff_names([close.proposed_by_id, close.approved_by_id] if close else [])
    by_kind: dict[Kind, list[int]] = {}
    for row in rows:
        found = by_kind.setdefault(row.case.benefit, [0, 0])
        found[0] += 1
        found[1] += -row.amount if row.outcome == "recover" else row.amount
    context = {
        "tabs": tabs("month-list"),
        "month": month,
        "lines": [(row, people.get(row.member_id), case_url(row.case)) for row in rows],
        "kinds": [(kind.label, *by_kind[kind]) for kind in Kind if kind in by_kind],
        "count": count,
        "amount": amount,
        "close": close,
        "closed_by": names.get(close.proposed_by_id, "") if close else "",
        "approved_by": names.get(close.approved_by_id or 0, "") if close else "",
        "mine": bool(close and close.proposed_by_id == clerk_id(request)),
        "closed": bool(close and close.state == Hold.CLOSED),
        "form": ApprovalForm(initial={"approved": today()}),
        "may_change": may_do(request, CASH_BENEFITS),
        "may_decide": may_do(request, CASH_BENEFITS, "decide"),
        "problem": problem,
    }
    return TemplateResponse(request, "benefits/cash/month_detail.html", context, status=code)


class MonthPost(View):
    """Something done to a month: done and back, or the page with what hinders it."""

    activity = CASH_BENEFITS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        first = month_or_404(year, month)
        try:
            messages.success(request, self.act(request, first))
        except UnableToProcess as unable:
            return show(request, first, problem=str(unable), code=422)
        return HttpResponseRedirect(reverse("cash:month-detail", args=[year, month]))

    def act(self, request: HttpRequest, month: date) -> str:
        raise NotImplementedError


class MonthCloseNow(MonthPost):
    """締め切る."""

    def act(self, request: HttpRequest, month: date) -> str:
        row = actions.close_month(by=request.user, month=month, today=today())
        return f"{row.count:,}件 {row.amount:,}円で締め切りました。一覧を印刷して、議長の承認を受けてください。"


class MonthApprove(MonthPost):
    """議長の承認を記録する."""

    operation = "decide"

    def act(self, request: HttpRequest, month: date) -> str:
        form = ApprovalForm(request.POST)
        if not form.is_valid():
            raise UnableToProcess("承認の日を入れてください。")
        actions.approve_month(by=request.user, month=month, approved=form.cleaned_data["approved"], today=today())
        return "議長の承認を記録しました。"


class MonthReopen(MonthPost):
    """締切を取りやめる."""

    def act(self, request: HttpRequest, month: date) -> str:
        actions.reopen_month(by=request.user, month=month)
        return "締切を取りやめました。"


MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


class Statistics(View):
    """年度の統計と予算."""

    activity = CASH_BENEFITS

    def get(self, request: HttpRequest) -> HttpResponse:
        years = queries.years()
        now = fiscal_year(today())
        year = integer(request.GET.get("year")) or now
        items = queries.items_of(year)
        table = queries.by_month(year)
        context: dict[str, Any] = {
            "tabs": tabs("statistics"),
            "year": year,
            "years": sorted({*years, now}, reverse=True),
            "items": items,
            "total_budget": sum(item.budget for item in items),
            "total_decided": sum(item.decided for item in items),
            "total_count": sum(item.count for item in items),
            "months": MONTHS,
            "table": [(kind.label, table[kind], sum(table[kind])) for kind in Kind if kind in table],
            "sums": [sum(row[place] for row in table.values()) for place in range(12)],
        }
        return TemplateResponse(request, "benefits/cash/statistics.html", context)
