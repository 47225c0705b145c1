"""任意継続の一覧: who may apply, who goes on, whose term ends, who has not paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import pages
from members.enrollment import queries as enrollment
from members.enrollment.enums import LossReason
from members.enrollment.search import understand
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.forms import FindForm
from members.lifecycle.presentation.status import term_status
from members.lifecycle.queries import voluntary as queries
from members.lifecycle.rules.terms import add_months, last_of_month
from members.lifecycle.views.frame import may_change, may_send, page_number

TABS = {
    "leavers": ("申出できる人", "資格を喪失した日から20日以内（法37条1項）。期限の近い順です。"),
    "running": ("継続中", "任意継続の資格がある人です。満了の近い順です。"),
    "expiring": ("3か月以内に満了", "2年の満了が、3か月後の月の終わりまでに来る人です（法38条1号）。"),
    "unpaid": ("未納", "納付期日を過ぎて納付のない月がある人です（法38条3号、初回は法37条2項）。"),
    "ending": ("喪失予定", "これから来る日の喪失が登録されている人です（法38条7号など）。"),
    "ended": ("終わったもの", "喪失・不成立・不受理・取り消しです。新しい順です。"),
}
DEFAULT_TAB = "leavers"


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int
    url: str
    current: bool


class VoluntaryTermList(View):
    """任意継続の一覧."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest) -> HttpResponse:
        return show(request)


def show(request: HttpRequest, *, typed: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else DEFAULT_TAB
    counts = queries.counts(today)
    user, total, number = clerk_id(request), counts.of(tab), page_number(request)
    if tab == "leavers":
        found = queries.leaver_page(user_id=user, today=today, page=number, total=total)
    else:
        found = queries.term_page(tab, user_id=user, today=today, page=number, total=total)
    label, lead = TABS[tab]
    context = {
        "tab": tab,
        "label": label,
        "lead": lead,
        "tabs": [Tab(name, TABS[name][0], counts.of(name), f"?tab={name}", name == tab) for name in TABS],
        "counts": counts,
        "lines": [_line(line) for line in found.lines],
        "found": found,
        "today": today,
        "typed": typed,
        "problem": problem,
        "may_change": may_change(request),
        "letters": _letters(tab, today) if may_send(request) else None,
        "pages": pages(
            found.page,
            found.pages,
            found.total,
            lambda n: f"?tab={tab}" + (f"&page={n}" if n > 1 else ""),
            unit="名" if tab == "leavers" else "件",
        ),
    }
    return TemplateResponse(request, "members/lifecycle/voluntaryterm_list.html", context, status=status)


def _letters(tab: str, today: date) -> tuple[str, str, str] | None:
    """(kind of file, its conditions, words) of the letters a folder is for."""
    month = today.replace(day=1)
    span = f"first={month}&last={last_of_month(month)}"
    return {
        "expiring": (
            "lifecycle.term_notice",
            f"first={today}&last={last_of_month(add_months(today, 3))}",
            "満了の案内",
        ),
        "unpaid": ("lifecycle.unpaid_notice", f"on={today}", "未納の照会"),
        "ending": (
            "lifecycle.loss_notice",
            f"first={today}&last={last_of_month(add_months(today, 1))}",
            "資格喪失の通知",
        ),
        "ended": ("lifecycle.loss_notice", span, "資格喪失の通知"),
    }.get(tab)


def _line(line: Any) -> dict[str, Any]:
    person = line.person
    shown = {"line": line, "person": person, "hidden": person.protected and not person.name}
    if isinstance(line, queries.TermLine):
        return shown | {"term": line.term, "status": term_status(line.term.state)}
    reason = LossReason(line.loss_reason).label if line.loss_reason else ""
    return shown | {"reason": reason}


class VoluntaryTermFind(View):
    """Takes a number by POST and goes to the application of that person; no number stands in an address."""

    activity = LIFECYCLE
    operation = "view"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        form.is_valid()
        typed = form.cleaned_data.get("number", "")
        terms = understand(typed)
        if terms.number is None:
            return show(request, typed=typed, problem="記号・番号を 12-3456 のように入力してください。", status=422)
        matched = enrollment.members_in("all", timezone.localdate()).filter(
            enrollment.matching(terms), insured__isnull=True
        )
        found = list(matched[:2])
        if len(found) != 1:
            return show(request, typed=typed, problem="この記号・番号の被保険者はいません。", status=422)
        return HttpResponseRedirect(reverse("lifecycle:voluntary-apply", args=[found[0].pk]))
