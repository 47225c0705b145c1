"""What the engine of the campaigns asks of an aim: whom it is about, why somebody is left out, what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from health_programs.checkups.enums import CampaignAim, NotSent
from health_programs.checkups.models import Campaign
from privacy.activities import Activity


@dataclass(frozen=True)
class Standing:
    """Everybody of a condition in the order in which they are written to, and whom the aim's own reasons keep from it."""

    ids: Sequence[int]
    kept: Mapping[NotSent, set[int]]


@dataclass(frozen=True)
class Later:
    """Of some people, those who answered (or booked) and those who came, since a campaign was sent."""

    replied: set[int]
    came: set[int]


@dataclass(frozen=True)
class Aim:
    """One aim: its published use, its mail, and its own reads.

    mail: the kind of mail, as the outbox knows it. standing: campaign, these people only (None: all), day. recent: of these
    people, who was written to after a day. later: what these people did since the campaign. by_letter: kinds of suppression
    ("" for a dead address) whose people get a letter in the place of the mail.
    """

    aim: CampaignAim
    activity: Activity
    mail: str
    standing: Callable[[Campaign, Sequence[int] | None, date], Standing]
    recent: Callable[[Campaign, Sequence[int], date], set[int]]
    later: Callable[[Campaign, Sequence[int]], Later]
    by_letter: tuple[str, ...]
