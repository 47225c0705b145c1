"""The member list, its search, and the printed list of chosen people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.ui.formats import format_wareki_short
from kumiai.ui.paging import Pages, pages
from members.enrollment import actions, queries
from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.forms import SearchForm
from members.enrollment.presentation.listing import KINDS, STATES, UNREADABLE, Conditions, chips
from members.enrollment.presentation.status import PROTECTED, status_label

LIST = "enrollment:member-list"
MOST_PRINTED = 50


class MemberList(View):
    """加入者の一覧. An exact number goes straight to the person."""

    activity = MEMBER_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        conditions = Conditions.from_query(request.GET)
        today = timezone.localdate()
        on = conditions.on or today
        saved = None
        if conditions.search:
            saved = queries.saved_search(search_id=conditions.search, owner_id=clerk_id(request))
        found = queries.member_list(
            user_id=clerk_id(request),
            on=on,
            state=conditions.state,
            employer_id=conditions.employer,
            kind=conditions.kind,
            terms=saved.terms if saved else "",
            search_id=saved.pk if saved else None,
            sort=conditions.sort.removeprefix("-"),
            descending=conditions.sort.startswith("-"),
            page=conditions.page,
            after=conditions.after,
            before=conditions.before,
            count_all=conditions.count_all,
        )
        if found.exact:
            return HttpResponseRedirect(reverse("enrollment:member-detail", args=[found.exact]))
        employers = list(queries.employers())
        names = {employer.pk: employer.name for employer in employers}
        context = {
            "found": found,
            "rows": [_line(row) for row in found.rows],
            "on": on,
            "today": today,
            "conditions": conditions,
            "terms": saved.terms if saved else "",
            "states": STATES,
            "kinds": KINDS,
            "employers": employers,
            "heads": {head.name: head for head in conditions.heads()},
            "chips": chips(
                conditions,
                employer_name=names.get(conditions.employer or 0, ""),
                search_terms=saved.terms if saved else "",
                on_text=format_wareki_short(on),
            ),
            "cleared_url": conditions.cleared(),
            "everyone_url": conditions.query(state="all"),
            "count_url": conditions.query(count_all=True),
            "pages": _page_bar(conditions, found),
        }
        return TemplateResponse(request, "members/enrollment/member_list.html", context)


def _page_bar(conditions: Conditions, found: queries.MemberPage) -> Pages:
    """The page bar: neighbours are reached from the lines of this page, the ends by their number."""
    return pages(
        found.page,
        found.pages,
        found.total.number,
        lambda number: conditions.query(page=number),
        unit="名",
        previous_url=conditions.query(page=found.page - 1, before=found.first) if found.first else "",
        next_url=conditions.query(page=found.page + 1, after=found.last) if found.follows else "",
        open_end=found.total.more and found.follows,
    )


def _line(row: queries.MemberRow) -> dict[str, object]:
    """A line of the list with its status; `hidden` when this clerk is not named for a protected member."""
    hidden = row.protected and not row.name
    return {"row": row, "hidden": hidden, "status": PROTECTED if row.protected else status_label(row.status)}


class MemberSearch(View):
    """Takes the words by POST, keeps them under a number of the clerk's own, and goes to the list with that number."""

    activity = MEMBER_ADMINISTRATION
    operation = "view"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.POST)
        form.is_valid()
        typed = form.cleaned_data
        query = {name: typed.get(name, "") for name in ("state", "employer", "kind", "sort")}
        if typed.get("on"):
            query["on"] = typed["on"].isoformat()
        elif "on" in form.errors:
            query["on"] = UNREADABLE
        if typed.get("terms"):
            query["search"] = str(actions.save_search(by=request.user, terms=typed["terms"]).pk)
        return HttpResponseRedirect(reverse(LIST) + Conditions.from_query(query).query())


class MemberPrint(View):
    """The chosen people as a list to print, with purpose, person, time and count at its foot."""

    activity = MEMBER_ADMINISTRATION
    operation = "view"

    def post(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        ids = [int(i) for i in request.POST.getlist("member") if i.isascii() and i.isdecimal() and len(i) < 19]
        members = queries.members_by_id(ids[:MOST_PRINTED])
        rows = queries.member_rows(
            sorted(members.values(), key=lambda m: (m.symbol_order, m.number_order, m.branch)),
            user_id=clerk_id(request),
            on=today,
        )
        lines = [_line(row) for row in rows]
        shown = [line for line in lines if not line["hidden"]]
        context = {
            "rows": shown,
            "hidden": len(lines) - len(shown),
            "on": today,
            "printed_at": timezone.localtime(),
        }
        return TemplateResponse(request, "members/enrollment/member_print.html", context)
