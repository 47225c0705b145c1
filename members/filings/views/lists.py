"""届の一覧, what is unprocessed of each employer, and today's processed list."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.accounts.queries import staff_names
from kumiai.ui.paging import pages
from members.filings import queries, register
from members.filings.activities import FILING_ADMINISTRATION
from members.filings.enums import FilingKind
from members.filings.presentation.lines import lines
from members.filings.presentation.listing import CLOCKS, KINDS, MINE, STATES, Conditions
from members.filings.views.frame import may_change


class FilingList(View):
    """届の一覧. Unprocessed ones first, by our own clock."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        conditions = Conditions.from_query(request.GET)
        today = timezone.localdate()
        found = queries.filing_list(
            user_id=clerk_id(request),
            state=conditions.state,
            kind=conditions.kind,
            employer_id=conditions.employer,
            clock=conditions.clock,
            mine=bool(conditions.mine),
            today=today,
            page=conditions.page,
        )
        employers = list(register.employers_by_symbol().values())
        names = {employer.pk: employer.name for employer in employers}
        context = {
            "found": found,
            "lines": lines(found.filings, user_id=clerk_id(request), today=today),
            "conditions": conditions,
            "states": STATES,
            "kinds": KINDS,
            "clocks": CLOCKS,
            "mines": MINE,
            "employers": employers,
            "chips": conditions.chips(names.get(conditions.employer or 0, "")),
            "cleared_url": conditions.cleared(),
            "everything_url": conditions.query(state="all"),
            "new_kinds": FilingKind.choices,
            "may_change": may_change(request),
            "old_drafts": conditions.state == "old_draft",
            "old_after": queries.OLD_DRAFT.days,
            "selectable": may_change(request) and conditions.state in ("open", "received"),
            "today": today,
            "pages": pages(
                found.page, found.pages, found.total, lambda number: conditions.query(page=number), unit="件"
            ),
        }
        return TemplateResponse(request, "members/filings/filing_list.html", context)


class EmployerUnprocessed(View):
    """事業所ごとの未処理: counts and the oldest day."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        rows, hidden = queries.employer_lines(clerk_id(request), today)
        context = {
            "rows": [(row, (today - row.oldest).days if row.oldest else None) for row in rows],
            "open": sum(row.open for row in rows),
            "hidden": hidden,
            "today": today,
        }
        return TemplateResponse(request, "members/filings/employer_unprocessed.html", context)


class FilingToday(View):
    """処理済みの一覧 of a day, to print: A4, with the purpose on top and person, time and count at the foot."""

    activity = FILING_ADMINISTRATION

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        try:
            day = date.fromisoformat(request.GET.get("date", ""))
        except ValueError:
            day = today
        filings = queries.processed_on(day)
        made = lines(filings, user_id=clerk_id(request), today=today)
        shown = [line for line in made if not line.hidden]
        who = staff_names([pk for f in filings for pk in (f.entered_by_id, f.processed_by_id, f.approved_by_id) if pk])
        context = {
            "day": day,
            "today": today,
            "groups": [
                (label, [(line, who.get(line.filing.processed_by_id or 0, "")) for line in group])
                for kind, label in FilingKind.choices
                if (group := [line for line in shown if line.filing.kind == kind])
            ],
            "count": len(shown),
            "hidden": len(made) - len(shown),
            "printed_at": timezone.localtime(),
        }
        return TemplateResponse(request, "members/filings/filing_today.html", context)
