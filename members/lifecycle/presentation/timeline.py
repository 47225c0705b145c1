"""What 任意継続 and 年齢到達 add to a member's timeline: marks with a day and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from members.lifecycle.enums import AgeState, TermState
from members.lifecycle.models import AgeEvent, VoluntaryTerm


@dataclass(frozen=True)
class Mark:
    """A day of the lane 「予定」: what happens, whether it is still to come."""

    day: date
    label: str
    to_come: bool


def marks(events: Iterable[AgeEvent], terms: Iterable[VoluntaryTerm]) -> list[Mark]:
    """The ages of a member and the end of a term that runs, by day."""
    found = [
        Mark(event.event_date, f"{event.get_kind_display()}　{event.meaning}", event.state != AgeState.PROCESSED)
        for event in events
        if event.state != AgeState.CANCELLED
    ]
    for term in terms:
        if term.state == TermState.RUNNING:
            found.append(Mark(term.term_end_date, "任意継続の満了", True))
        elif term.state == TermState.ENDING and term.end_date:
            found.append(Mark(term.end_date, f"任意継続の喪失（{term.get_end_kind_display()}）", True))
    return sorted(found, key=lambda mark: mark.day)
