"""What changed about a member, from the histories of all tables of the register, event by event."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from members.enrollment.models import (
    Address,
    ChangeReport,
    ConcurrentEmployment,
    ContactPoint,
    DependantPeriod,
    EligibilityPeriod,
    FormerNumber,
    MailingAddress,
    Member,
    ProtectedAddress,
    ProtectedContact,
    ProtectedMailingAddress,
    Protection,
)
from members.enrollment.queries.reports import fill_contents

HIDDEN_FIELDS = {
    "id",
    "version",
    "name_key",
    "kana_key",
    "symbol_order",
    "number_order",
    "member",
    "insured",
    "earlier",
    "merged_into",
    "before",
    "after",
    "access_event",
}
HISTORY_MODELS = [
    Member,
    EligibilityPeriod,
    DependantPeriod,
    ConcurrentEmployment,
    FormerNumber,
    Address,
    MailingAddress,
    ContactPoint,
    Protection,
]
PROTECTED_HISTORY_MODELS = [ProtectedAddress, ProtectedMailingAddress, ProtectedContact]


@dataclass(frozen=True)
class FieldChange:
    """One field: old → new, as the model shows them."""

    label: str
    old: Any
    new: Any


@dataclass
class ChangeEntry:
    """What one event changed of a member, field by field. report: the document entered; cancels: the one taken back."""

    at: Any
    user_id: int | None
    activity: str
    changes: list[FieldChange]
    created: bool = False
    report: ChangeReport | None = None
    cancels: ChangeReport | None = None


def changes_of(member: Member) -> list[ChangeEntry]:
    """The entries of a member's history over all tables, grouped by event, newest first.

    Of a protected member the caller has checked that the clerk is named. One statement a table and two for the reports.
    """
    rows = []
    models = HISTORY_MODELS + (PROTECTED_HISTORY_MODELS if member.protected else [])
    for model in models:
        key = "id" if model is Member else "member_id"
        history = model.history.model.objects.filter(**{key: member.pk}).order_by("history_date", "history_id")  # type: ignore[attr-defined]
        before: dict[int, Any] = {}
        for row in history:
            rows.append((row, before.get(row.id), model))
            before[row.id] = row
    reports = {report.pk: report for report in ChangeReport.objects.filter(member=member)}
    if member.protected:
        fill_contents(list(reports.values()))
    entered = {report.access_event: report for report in reports.values() if report.access_event}
    cancelled = {event: reports[pk] for event, pk in _cancellations(member) if pk in reports}
    groups: dict[Any, list] = defaultdict(list)
    for row, previous, model in rows:
        groups[row.event or (row.history_date, row.history_user_id)].append((row, previous, model))
    entries = []
    for event, members in groups.items():
        changes = [c for row, previous, model in members for c in _differences(row, previous, model)]
        if not changes and event not in entered:
            continue
        first = members[0][0]
        entries.append(
            ChangeEntry(
                at=first.history_date,
                user_id=first.history_user_id,
                activity=first.activity or "",
                changes=changes,
                created=any(r.history_type == "+" and m is Member for r, _p, m in members),
                report=entered.get(event),
                cancels=cancelled.get(event),
            )
        )
    entries.sort(key=lambda e: e.at, reverse=True)
    return entries


def _cancellations(member: Member) -> list[tuple[Any, int]]:
    """(event, report) of every report taken back: the event in which its row was first marked."""
    marked = ChangeReport.history.model.objects.filter(  # type: ignore[attr-defined]
        member_id=member.pk, cancelled_at__isnull=False, event__isnull=False
    )
    first: dict[int, Any] = {}
    for row in marked.order_by("history_date", "history_id"):
        first.setdefault(row.id, row.event)
    return [(event, pk) for pk, event in first.items()]


def _differences(row: Any, previous: Any, model: type) -> list[FieldChange]:
    """Fields that differ from the row before; for a new row, its fields with a value."""
    found = []
    for model_field in model._meta.concrete_fields:  # type: ignore[attr-defined]
        if model_field.name in HIDDEN_FIELDS:
            continue
        new = getattr(row, model_field.attname)
        old = getattr(previous, model_field.attname) if previous is not None else None
        if old == new or (previous is None and new in ("", None, False)):
            continue
        found.append(FieldChange(str(model_field.verbose_name), _shown(model_field, old), _shown(model_field, new)))
    return found


def _shown(model_field: Any, value: Any) -> Any:
    """A value as staff read it: the label of a choice, はい/いいえ, the value itself."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if model_field.choices and value not in (None, ""):
        return dict(model_field.flatchoices).get(value, value)
    return value
