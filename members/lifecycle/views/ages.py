"""年齢到達: the month, its printed list, one event and what a clerk decides of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from kumiai.accounts.login import clerk_id
from kumiai.ui.paging import pages
from members.enrollment.presentation.status import PROTECTED
from members.enrollment.views.frame import protected_page
from members.lifecycle.actions import ages as actions
from members.lifecycle.activities import LIFECYCLE
from members.lifecycle.enums import AGE_MEANINGS, AgeKind, AgeState
from members.lifecycle.models import AgeEvent
from members.lifecycle.policies import UnableToRecord
from members.lifecycle.presentation.conditions import AgeConditions, count_rows
from members.lifecycle.presentation.status import age_status
from members.lifecycle.queries import ages as queries
from members.lifecycle.rules import ages as rules
from members.lifecycle.rules.terms import last_of_month
from members.lifecycle.views.frame import may_send, member_context, person_of


def _line(line: queries.EventLine) -> dict[str, Any]:
    hidden = line.person.protected and not line.person.name
    return {
        "event": line.event,
        "person": line.person,
        "hidden": hidden,
        "status": PROTECTED if hidden else age_status(line.event.state),
        "meaning": line.event.meaning,
    }


class AgeEventList(View):
    """年齢到達の一覧, a month at a time, with the counts of its ages and states."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        conditions = AgeConditions.from_query(request.GET, today)
        counts = queries.month_counts(conditions.month)
        total = sum(
            count
            for (kind, state), count in counts.items()
            if conditions.kind in (None, kind) and conditions.state in ("", state)
        )
        found = queries.event_page(
            conditions.month,
            kind=conditions.kind,
            state=conditions.state,
            page=conditions.page,
            total=total,
            user_id=clerk_id(request),
            today=today,
        )
        night = queries.last_night()
        context = {
            "conditions": conditions,
            "kinds": AgeKind.choices,
            "states": AgeState.choices,
            "rows": count_rows(conditions, counts, AGE_MEANINGS),
            "month_total": sum(counts.values()),
            "lines": [_line(line) for line in found.lines],
            "found": found,
            "held_months": queries.held_months(),
            "night": night,
            "night_late": night is None or (today - night.day).days > 1,
            "today": today,
            "announced_until": rules.announced_until(today),
            "month_end": last_of_month(conditions.month),
            "may_send": may_send(request),
            "pages": pages(
                found.page, found.pages, found.total, lambda number: conditions.query(page=number), unit="件"
            ),
        }
        return TemplateResponse(request, "members/lifecycle/ageevent_list.html", context)


class AgeEventPrint(View):
    """年齢到達 of a month to print, with purpose, person, time and count at its foot."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        conditions = AgeConditions.from_query(request.GET, today)
        lines = [
            _line(line)
            for line in queries.printed(
                conditions.month, kind=conditions.kind, state=conditions.state, user_id=clerk_id(request), today=today
            )
        ]
        shown = [line for line in lines if not line["hidden"]]
        context = {
            "conditions": conditions,
            "lines": shown,
            "hidden": len(lines) - len(shown),
            "most": queries.MOST_PRINTED,
            "cut": len(lines) == queries.MOST_PRINTED,
            "printed_at": timezone.localtime(),
        }
        return TemplateResponse(request, "members/lifecycle/ageevent_print.html", context)


class AgeEventDetail(View):
    """One event: what follows from the age, with the working, and what may be decided."""

    activity = LIFECYCLE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return show(request, _event_or_404(pk))


def _event_or_404(pk: int) -> AgeEvent:
    event = queries.event(pk)
    if event is None:
        raise Http404("この番号の年齢到達はありません。")
    return event


def show(request: HttpRequest, event: AgeEvent, *, problem: str = "", status: int = 200) -> HttpResponse:
    person = person_of(request, event.member_id)
    if not person.visible:
        return protected_page(request, person)
    today = timezone.localdate()
    context = member_context(request, person, f"{event.get_kind_display()}の年齢到達") | {
        "event": event,
        "status": age_status(event.state),
        "steps": rules.age_dates(event.member.birth_date, event.kind).steps,
        "announce_date": rules.announce_from(event.event_date),
        "family": [row for row in person.family if event.reached_date in row.period] if event.kind == 75 else [],
        "is_open": event.state in (AgeState.PLANNED, AgeState.ANNOUNCED, AgeState.HELD),
        "has_come": event.event_date <= today,
        "restorable": event.state == AgeState.CANCELLED
        or (event.state == AgeState.PROCESSED and event.kind != AgeKind.ELDERLY_CARE),
        "problem": problem,
        "today": today,
        "back_url": f"{reverse('lifecycle:age-event-list')}?month={event.event_date:%Y-%m}",
    }
    return TemplateResponse(request, "members/lifecycle/ageevent_detail.html", context, status=status)


class _Decision(View):
    """A button of the event's page."""

    activity = LIFECYCLE
    done = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = _event_or_404(pk)
        try:
            self.decide(request, pk)
        except UnableToRecord as unable:
            return show(request, event, problem=str(unable), status=422)
        return HttpResponseRedirect(f"{reverse('lifecycle:age-event-detail', args=[pk])}?done={self.done}")

    def decide(self, request: HttpRequest, pk: int) -> Any:
        raise NotImplementedError


class AgeEventProcess(_Decision):
    """処理する."""

    activity = LIFECYCLE
    done = "processed"

    def decide(self, request: HttpRequest, pk: int) -> Any:
        return actions.process_event(by=request.user, event_id=pk, today=timezone.localdate())


class AgeEventCancel(_Decision):
    """見送る."""

    activity = LIFECYCLE
    done = "cancelled"

    def decide(self, request: HttpRequest, pk: int) -> Any:
        return actions.cancel_event(by=request.user, event_id=pk)


class AgeEventRestore(_Decision):
    """予定に戻す."""

    activity = LIFECYCLE
    done = "replanned"

    def decide(self, request: HttpRequest, pk: int) -> Any:
        return actions.restore_event(by=request.user, event_id=pk)
