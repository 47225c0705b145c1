"""What the filings hold about a member, for a change of the register that reaches back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from members.enrollment.neighbours import Neighbour, Touched, move
from members.filings.actions.entry import keep_contents
from members.filings.enums import FilingState
from members.filings.models import (
    Attachment,
    AttachmentContent,
    Filing,
    FilingReturn,
    FilingStep,
    ProtectedContents,
)

NAMING = (
    (Filing, "member"),
    (Filing, "dependant"),
    (ProtectedContents, "member"),
    (FilingStep, "member"),
    (FilingReturn, "member"),
    (Attachment, "member"),
    (AttachmentContent, "member"),
)
OPEN = (FilingState.DRAFT, FilingState.RECEIVED, FilingState.WAITING, FilingState.RETURNED)


def touched(member_ids: set[int], since: date) -> Iterator[Touched]:
    """Filings about them that are not settled, and processed ones whose day falls on or after the day."""
    about = Filing.objects.filter(Q(member__in=member_ids) | Q(dependant__in=member_ids))
    yield Touched("処理の済んでいない届", about.filter(state__in=OPEN).count())
    yield Touched("処理済みの届", about.filter(state=FilingState.PROCESSED, effective_date__gte=since).count())


def merged(from_id: int, to_id: int, by: Any) -> None:
    """Its filings, their attachments and their story go on under the row that remains."""
    move(NAMING, from_id, to_id)


def protected(member_id: int, whether: bool) -> None:
    """What was typed about a protected member stands apart, for the named clerks; afterwards with its filing again."""
    about = Filing.objects.select_related("member", "dependant").filter(Q(member=member_id) | Q(dependant=member_id))
    for filing in about:
        if filing.protected and filing.contents:
            keep_contents(filing, filing.contents)
            filing.save(update_fields=["contents"])
    if not whether:
        for kept_apart in ProtectedContents.objects.select_related("filing").filter(filing__in=about):
            filing = kept_apart.filing
            if not filing.protected and kept_apart.contents:
                filing.contents, kept_apart.contents = kept_apart.contents, {}
                filing.save(update_fields=["contents"])
                kept_apart.save(update_fields=["contents"])


NEIGHBOUR = Neighbour("filings", touched, merged, protected)
