"""What 任意継続 and 年齢到達 hold about a member, for a change of the register that reaches back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from members.enrollment.actions.errors import UnableToChange
from members.enrollment.neighbours import Neighbour, Touched, move
from members.lifecycle.enums import AgeReason, AgeState, TermState
from members.lifecycle.models import AgeEvent, VoluntaryInstalment, VoluntaryTerm

STANDING = (TermState.RUNNING, TermState.ENDING)


def touched(member_ids: set[int], since: date) -> Iterator[Touched]:
    """Terms that stand, what falls due in them from the day on, and ages that take effect from the day on."""
    terms = VoluntaryTerm.objects.filter(member__in=member_ids, state__in=STANDING)
    yield Touched("任意継続", terms.count())
    due = VoluntaryInstalment.objects.filter(term__in=terms, month__gte=since.replace(day=1))
    yield Touched("任意継続の納付", due.count())
    ages = AgeEvent.objects.filter(member__in=member_ids, event_date__gte=since)
    yield Touched("年齢到達", ages.exclude(state=AgeState.CANCELLED).count())


def merged(from_id: int, to_id: int, by: Any) -> None:
    """Terms move. An age both rows reach is kept once, under the row that remains.

    Raises UnableToChange when a term of 任意継続 stands under both rows: which of the two is right is a clerk's decision.
    """
    both = VoluntaryTerm.objects.filter(member__in=(from_id, to_id), state__in=STANDING)
    if both.values("member").distinct().count() > 1:
        raise UnableToChange(
            "二つの登録の両方に継続中の任意継続があります。先にどちらかの任意継続を取り消してください。"
        )
    move(((VoluntaryTerm, "member"), (VoluntaryInstalment, "member")), from_id, to_id)
    own = AgeEvent.objects.filter(member=to_id).values("kind")
    AgeEvent.objects.filter(member=from_id).exclude(kind__in=own).update(member=to_id)
    AgeEvent.objects.filter(member=from_id).update(state=AgeState.CANCELLED, reason=AgeReason.MERGED)


NEIGHBOUR = Neighbour("lifecycle", touched, merged)
