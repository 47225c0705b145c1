"""年齢到達: what happens to one event, by night or by a clerk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.enrollment import actions as enrollment
from members.enrollment import policies as enrollment_policies
from members.lifecycle import policies
from members.lifecycle.actions import qualification
from members.lifecycle.enums import AgeKind, AgeReason, AgeState
from members.lifecycle.models import AgeEvent
from members.lifecycle.queries import register

ELDERLY_CHUNK = 50
"""Losses a scope: each is some twenty statements."""


def _locked(event_id: int, by: Any) -> AgeEvent:
    event = AgeEvent.objects.select_for_update(of=("self",)).select_related("member").get(pk=event_id)
    if by.pk is not None:
        enrollment_policies.check_may_handle(by.pk, event.member)
    return event


def _lose(event: AgeEvent, *, by: Any, today: date) -> None:
    """75: the qualification ends on the event's day, unless somebody entered that already."""
    if not register.covered_on(event.member_id, event.event_date):
        return
    report = enrollment.Report(received_date=today, effective_date=event.event_date, note="75歳到達")
    qualification.lose_by_age(by=by, member=event.member, report=report)


def _done(event: AgeEvent, by: Any) -> AgeEvent:
    now = timezone.now()
    event.state, event.reason = AgeState.PROCESSED, ""
    event.processed_at, event.announced_at = now, event.announced_at or now
    event.decided_by_id = by.pk
    event.save(update_fields=["state", "reason", "processed_at", "announced_at", "decided_by_id"])
    return event


@transaction.atomic
def process_event(*, by: Any, event_id: int, today: date) -> AgeEvent:
    """処理する: what the night would do, decided by a clerk for somebody it held back. Raises UnableToRecord."""
    event = _locked(event_id, by)
    policies.check_can_process(event, today)
    if event.kind == AgeKind.ELDERLY_CARE:
        _lose(event, by=by, today=today)
    return _done(event, by)


@transaction.atomic
def cancel_event(*, by: Any, event_id: int) -> AgeEvent:
    """見送る: it does not apply to this person (for example, living abroad); the night leaves it alone."""
    event = _locked(event_id, by)
    policies.check_can_cancel(event)
    event.state, event.reason, event.decided_by_id = AgeState.CANCELLED, AgeReason.BY_HAND, by.pk
    event.save(update_fields=["state", "reason", "decided_by_id"])
    return event


@transaction.atomic
def restore_event(*, by: Any, event_id: int) -> AgeEvent:
    """元に戻す: planned again; the night takes it from there. Not for a loss, which the register undoes."""
    event = _locked(event_id, by)
    policies.check_can_restore(event)
    event.state, event.reason, event.processed_at = AgeState.PLANNED, "", None
    event.announced_at, event.decided_by_id = None, None
    event.save(update_fields=["state", "reason", "processed_at", "announced_at", "decided_by_id"])
    return event


def lose_due(today: date) -> int:
    """The night's losses at 75: at most ELDERLY_CHUNK people. One that the register cannot make waits for a clerk."""
    due = (
        AgeEvent.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("member")
        .filter(
            kind=AgeKind.ELDERLY_CARE,
            state__in=[AgeState.PLANNED, AgeState.ANNOUNCED],
            event_date__lte=today,
        )
        .order_by("event_date", "pk")[:ELDERLY_CHUNK]
    )
    events = list(due)
    for event in events:
        try:
            with transaction.atomic():
                event.member.refresh_from_db()
                _lose(event, by=qualification.NIGHT, today=today)
        except policies.UnableToRecord:
            event.state, event.reason = AgeState.HELD, AgeReason.UNABLE
            event.save(update_fields=["state", "reason"])
        else:
            _done(event, qualification.NIGHT)
    return len(events)
