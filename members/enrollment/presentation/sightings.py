"""Who saw a person, as the short list beside the page shows it: repeated looks of a day stand in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from privacy.accesslog.queries import Sighting


@dataclass(frozen=True)
class SightingLine:
    """One line: the latest of `times` looks of the same person, on the same day, for the same work, by the same way."""

    at: datetime
    staff: str
    section: str
    activity: str
    way: str
    refused: bool
    reason: str
    times: int


def gathered(sightings: Sequence[Sighting], *, most: int) -> list[SightingLine]:
    """At most `most` lines, newest first. A refusal never disappears into a line of looks."""
    lines = []
    for _key, group in groupby(sightings, key=_same):
        looks = list(group)
        first = looks[0]
        lines.append(
            SightingLine(
                first.at,
                first.staff,
                first.section,
                first.activity,
                first.way,
                first.refused,
                first.reason,
                len(looks),
            )
        )
    return lines[:most]


def _same(sighting: Sighting) -> tuple[object, ...]:
    day = timezone.localtime(sighting.at).date()
    return day, sighting.staff, sighting.section, sighting.activity, sighting.way, sighting.refused
