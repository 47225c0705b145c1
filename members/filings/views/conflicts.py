"""Two clerks saved one filing: both contents side by side, chosen field by field."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from kumiai.accounts.queries import staff_names
from members.enrollment.presentation.conflict import Conflict, Side
from members.filings import actions
from members.filings.forms import FilingForm
from members.filings.forms.shown import typed_text
from members.filings.models import Filing


def compare(form: FilingForm, stale: actions.StaleFiling) -> Conflict:
    """The fields whose typed text differs, to choose from; the others are sent along."""
    yours, theirs = form.typed(), stale.contents
    sides = [
        Side(
            name,
            label,
            str(theirs.get(name, "")),
            str(yours.get(name, "")),
            typed_text(form, name, str(theirs.get(name, ""))),
            typed_text(form, name, str(yours.get(name, ""))),
        )
        for name, label in form.typed_labels().items()
    ]
    return Conflict(
        version=stale.filing.version,
        rows=tuple(side for side in sides if side.theirs != side.yours),
        unchanged=tuple(side for side in sides if side.theirs == side.yours),
        who=staff_names([stale.changed_by]).get(stale.changed_by or 0, ""),
        at=stale.changed_at,
    )


def conflict_page(request: HttpRequest, filing: Filing, form: FilingForm, stale: actions.StaleFiling) -> HttpResponse:
    """409 with both contents; nothing to choose when they agree, for example after a second click."""
    conflict = compare(form, stale)
    if conflict.settled:
        return HttpResponseRedirect(reverse("filings:filing-detail", args=[filing.pk]))
    context = {
        "filing": filing,
        "conflict": conflict,
        "action_url": reverse("filings:filing-edit", args=[filing.pk]),
        "then": request.POST.get("then", ""),
    }
    return TemplateResponse(request, "members/filings/filing_conflict.html", context, status=409)
