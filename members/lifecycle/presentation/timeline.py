"""What 任意継続 and 年齢到達 add to a member's page: days with words, each leading to its screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from members.lifecycle.enums import AgeState, TermState
from members.lifecycle.models import AgeEvent, VoluntaryTerm


@dataclass(frozen=True)
class Mark:
    """A day: what happens, its state in words, whether it is still to come, the screen behind it."""

    day: date
    label: str
    state: str
    to_come: bool
    url: str


def marks(events: Iterable[AgeEvent], terms: Iterable[VoluntaryTerm]) -> list[Mark]:
    """The ages of a member, and every application with the end of its term, by day."""
    found = [
        Mark(
            event.event_date,
            f"{event.get_kind_display()}　{event.meaning}",
            event.get_state_display(),
            event.state not in (AgeState.PROCESSED, AgeState.CANCELLED),
            reverse("lifecycle:age-event-detail", args=[event.pk]),
        )
        for event in events
        if event.state != AgeState.CANCELLED
    ]
    for term in terms:
        url = reverse("lifecycle:voluntary-detail", args=[term.pk])
        if term.state == TermState.RUNNING:
            found.append(Mark(term.term_end_date, "任意継続の満了", term.get_state_display(), True, url))
        elif term.state in (TermState.ENDING, TermState.ENDED) and term.end_date:
            label = f"任意継続の喪失（{term.get_end_kind_display()}）"
            found.append(Mark(term.end_date, label, term.get_state_display(), term.state == TermState.ENDING, url))
        else:
            found.append(Mark(term.received_date, "任意継続の申出", term.get_state_display(), False, url))
    return sorted(found, key=lambda mark: mark.day)
