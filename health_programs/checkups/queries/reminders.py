"""未受診者への受診勧奨: who is due and neither booked nor examined, until when, and who came afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from health_programs.checkups.activities import CHECKUP_REMINDER
from health_programs.checkups.enums import BookingState, CampaignAim, Channel, NotSent, ResultState
from health_programs.checkups.models import Booking, Campaign, CheckupKind, CheckupResult, Reminder, Target
from health_programs.checkups.queries.reaching import Aim, Later, Standing
from health_programs.checkups.queries.targets import booked, examined, excluded
from privacy.outputs.door import among
from privacy.seen import population, shown

MAIL = "checkups.reminder"


def kind_of(campaign: Campaign) -> CheckupKind:
    """The checkup people are reminded of; a campaign of this aim has one."""
    assert campaign.kind is not None
    return campaign.kind


def _population(campaign: Campaign) -> Any:
    """Everybody the condition is about: due for the kind in the year, of these ages, sex, relation and employer."""
    found = Target.objects.filter(
        fiscal_year=campaign.fiscal_year, kind=campaign.kind_id, gone=False,
        age__gte=campaign.age_from, age__lte=campaign.age_to,
    )  # fmt: skip
    if campaign.sex:
        found = found.filter(member__sex=campaign.sex)
    if campaign.relation:
        found = found.filter(insured=campaign.relation == "insured")
    if campaign.employer_id is not None:
        found = found.filter(employer_id=campaign.employer_id)
    if campaign.all_year_only:
        found = found.filter(all_year=True)
    return found.annotate(
        done=examined(campaign.fiscal_year, kind_of(campaign)),
        waits=booked(campaign.fiscal_year, kind_of(campaign)),
        out=excluded(campaign.fiscal_year),
    )


def standing(campaign: Campaign, ids: Sequence[int] | None, on: date) -> Standing:
    """Where everybody of the condition stands, or these of them, by id. One statement."""
    found = _population(campaign)
    if ids is not None:
        found = found.filter(member_id__in=among(ids))
    rows = list(found.order_by("member_id").values_list("member_id", "done", "waits", "out", "until"))
    population("受診勧奨の条件", len(rows))
    return Standing(
        [row[0] for row in rows],
        {
            NotSent.EXAMINED: {pk for pk, done, _waits, _out, _until in rows if done},
            NotSent.BOOKED: {pk for pk, _done, waits, _out, _until in rows if waits},
            NotSent.EXCLUDED: {pk for pk, _done, _waits, out, _until in rows if out},
            NotSent.OVER: {pk for pk, _done, _waits, _out, until in rows if until < on},
        },
    )


def recent(campaign: Campaign, ids: Sequence[int], day: date) -> set[int]:
    """Who was written to by another campaign of the same kind of checkup after the day."""
    others = Reminder.objects.filter(
        member_id__in=among(ids), campaign__kind=campaign.kind_id, campaign__send_date__gt=day,
    ).exclude(Q(campaign=campaign.pk) | Q(channel=Channel.NONE))  # fmt: skip
    found = set(others.values_list("member_id", flat=True))
    population("最近の勧奨", len(found))
    return found


def untils(campaign: Campaign, ids: Sequence[int]) -> dict[int, date]:
    """Member id → the last day on which they can be examined."""
    found = dict(
        Target.objects.filter(
            member_id__in=among(ids), fiscal_year=campaign.fiscal_year, kind=campaign.kind_id
        ).values_list("member_id", "until")
    )
    shown(found)
    return found


def later(campaign: Campaign, ids: Sequence[int]) -> Later:
    """Bookings taken and examinations on or after the day of the campaign. Two statements."""
    kind, since = kind_of(campaign), campaign.send_date
    where = {"member_id__in": among(ids), "fiscal_year": campaign.fiscal_year}
    of_kind = {"kind__statutory": True} if kind.statutory else {"kind": kind.pk}
    made = Booking.objects.filter(**where, **of_kind, entered_at__date__gte=since)
    took = set(made.exclude(state=BookingState.CANCELLED).values_list("member_id", flat=True))
    done: Any = made.filter(state=BookingState.ATTENDED)
    if kind.statutory:
        done = CheckupResult.objects.filter(**where, state=ResultState.MATCHED, statutory=True, exam_date__gte=since)
    return Later(took, set(done.values_list("member_id", flat=True)))


# Who wants no more of these mails wants no letter in their place.
AIM = Aim(CampaignAim.REMINDER, CHECKUP_REMINDER, MAIL, standing, recent, later, by_letter=("",))
