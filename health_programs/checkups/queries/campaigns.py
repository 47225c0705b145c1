"""受診勧奨: whom a campaign would reach today and why not the others; what became of it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from health_programs.checkups.activities import CHECKUP_REMINDER
from health_programs.checkups.enums import BookingState, CampaignState, Channel, NotSent, ResultState
from health_programs.checkups.models import Booking, Campaign, CheckupResult, Reminder, Target
from health_programs.checkups.queries.targets import booked, examined, excluded
from kumiai.mailing import queries as mailing
from kumiai.mailing.enums import MailState
from kumiai.mailing.models import Batch
from members.enrollment.queries import coverage, postal_of, rosters
from members.enrollment.queries.contacts import mail_addresses
from privacy.outputs.door import among, opted_out, suspended
from privacy.seen import population, shown

KIND = "checkups.reminder"
"""The kind of mail, as the outbox knows it."""


@dataclass(frozen=True)
class Look:
    """One person a campaign looked at: how they are reached, or why they are not."""

    member_id: int
    channel: Channel
    left: str


def campaigns() -> Any:
    return Campaign.objects.select_related("kind").order_by("-fiscal_year", "-number")


def built() -> list[Campaign]:
    """Campaigns whose people are fixed, the newest first: those that letters can be of."""
    return list(campaigns().filter(state=CampaignState.BUILT)[:50])


def due_on(today: date) -> list[int]:
    """Approved campaigns whose mail is due on this day or was before."""
    found = Campaign.objects.filter(state=CampaignState.APPROVED, send_date__lte=today).order_by("pk")
    ready = [row.pk for row in found if mailing.due_moment(row.send_date).date() <= today]
    population("受診勧奨", len(ready))
    return ready


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
        done=examined(campaign.fiscal_year, campaign.kind),
        waits=booked(campaign.fiscal_year, campaign.kind),
        out=excluded(campaign.fiscal_year),
    )


def look(campaign: Campaign, on: date) -> list[Look]:
    """Everybody of the condition with how they are reached on the day, or the first reason why not, by id. Eleven
    statements, for any number of people."""
    rows = _rows(campaign)
    ids = [row[0] for row in rows]
    asked = _reasons(campaign, rows, on)
    mails = mail_addresses(ids, on)
    homes = {pk for pk, place in postal_of([pk for pk in ids if pk not in mails], on).items() if place.reachable}
    found = []
    for pk in ids:
        left = next((reason for reason, people in asked.items() if pk in people), "")
        if not left and pk not in mails and pk not in homes:
            left = NotSent.NO_ADDRESS
        channel = Channel.NONE if left else Channel.MAIL if pk in mails else Channel.LETTER
        found.append(Look(pk, channel, str(left)))
    population("受診勧奨の対象", len(found))
    return found


Standing = tuple[int, bool, bool, bool, date]
"""member id, examined, booked, excluded, last day."""


def _rows(campaign: Campaign, ids: Sequence[int] | None = None) -> list[Standing]:
    """Where everybody of the condition stands, or these of them, by id. One statement."""
    found = _population(campaign)
    if ids is not None:
        found = found.filter(member_id__in=among(ids))
    rows = list(found.order_by("member_id").values_list("member_id", "done", "waits", "out", "until"))
    population("受診勧奨の条件", len(rows))
    return rows


def _reasons(campaign: Campaign, rows: Sequence[Standing], on: date) -> dict[NotSent, set[int]]:
    """Reason → whom it keeps from being written to."""
    ids = [row[0] for row in rows]
    keys = list(CHECKUP_REMINDER.keys)
    covered = coverage.covered_days(ids, on, on + timedelta(days=1))
    return {
        NotSent.EXAMINED: {pk for pk, done, _waits, _out, _until in rows if done},
        NotSent.BOOKED: {pk for pk, _done, waits, _out, _until in rows if waits},
        NotSent.EXCLUDED: {pk for pk, _done, _waits, out, _until in rows if out},
        NotSent.OVER: {pk for pk, _done, _waits, _out, until in rows if until < on},
        NotSent.NOT_COVERED: {pk for pk in ids if pk not in covered},
        NotSent.PROTECTED: rosters.protected_among(ids),
        NotSent.OPTED_OUT: opted_out(ids, keys, on),
        NotSent.SUSPENDED: suspended(ids, on, third_party=False),
        NotSent.RECENT: _reminded_since(campaign, ids, on - timedelta(days=campaign.rest_days)),
    }


def _reminded_since(campaign: Campaign, ids: Sequence[int], day: date) -> set[int]:
    """Who was written to by another campaign of the same kind of checkup after the day."""
    others = Reminder.objects.filter(
        member_id__in=among(ids), campaign__kind=campaign.kind_id, campaign__send_date__gt=day,
    ).exclude(Q(campaign=campaign.pk) | Q(channel=Channel.NONE))  # fmt: skip
    found = set(others.values_list("member_id", flat=True))
    population("最近の勧奨", len(found))
    return found


def counts_of(looks: Iterable[Look]) -> dict[str, int]:
    """population, mail, letter, and each reason that somebody has."""
    looks = list(looks)
    found = Counter(str(one.left or one.channel) for one in looks)
    return {"population": len(looks), **found}


def still_wanted(campaign: Campaign, ids: Sequence[int], on: date) -> set[int]:
    """Of these people, those nothing has happened to that makes the reminder pointless or unwanted."""
    rows = _rows(campaign, ids)
    wanted = {row[0] for row in rows}
    for people in _reasons(campaign, rows, on).values():
        wanted -= people
    return wanted


def letter_people(campaign: Campaign) -> list[int]:
    """Who is to get a letter of a built campaign, in the order of numbers."""
    ids = list(
        Reminder.objects.filter(campaign=campaign, channel=Channel.LETTER)
        .order_by("member__symbol_order", "member__number_order", "member__branch")
        .values_list("member_id", flat=True)
    )
    population("受診勧奨の手紙", len(ids))
    return ids


def untils(campaign: Campaign, ids: Sequence[int]) -> dict[int, date]:
    """Member id → the last day on which they can be examined."""
    found = dict(
        Target.objects.filter(
            member_id__in=among(ids), fiscal_year=campaign.fiscal_year, kind=campaign.kind_id
        ).values_list("member_id", "until")
    )
    shown(found)
    return found


# --- What became of it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """One way of reaching people: how many, how many of them booked after, how many were examined after."""

    label: str
    reached: int
    booked: int
    examined: int

    @property
    def rate(self) -> str:
        """受診した割合, in per cent with one decimal; ― without anybody."""
        return f"{self.examined * 100 / self.reached:.1f}%" if self.reached else "―"


def batch_of(campaign: Campaign) -> Batch | None:
    return Batch.objects.filter(pk=campaign.batch_id).first() if campaign.batch_id else None


def sent_mails(campaign: Campaign) -> set[int]:
    """Whose mail went out, as the outbox says."""
    rows = mailing.mails_of(KIND, campaign.pk).filter(state=MailState.SENT)
    return set(rows.values_list("recipient_id", flat=True))


def outcomes(campaign: Campaign) -> list[Outcome]:
    """Later attendance of those who were written to, by channel: bookings taken and examinations on or after the day."""
    mailed = sent_mails(campaign)
    lettered = set(
        Reminder.objects.filter(campaign=campaign, channel=Channel.LETTER).values_list("member_id", flat=True)
    )
    everybody = [*mailed, *lettered]
    since = campaign.send_date
    where = {"member_id__in": among(everybody), "fiscal_year": campaign.fiscal_year}
    of_kind = {"kind__statutory": True} if campaign.kind.statutory else {"kind": campaign.kind_id}
    made = Booking.objects.filter(**where, **of_kind, entered_at__date__gte=since)
    took = set(made.exclude(state=BookingState.CANCELLED).values_list("member_id", flat=True))
    done: Any = made.filter(state=BookingState.ATTENDED)
    if campaign.kind.statutory:
        done = CheckupResult.objects.filter(**where, state=ResultState.MATCHED, statutory=True, exam_date__gte=since)
    came = set(done.values_list("member_id", flat=True))
    population("受診勧奨の結果", len(everybody))
    return [
        Outcome(label, len(people), len(people & took), len(people & came))
        for label, people in (("メール", mailed), ("郵送", lettered), ("計", mailed | lettered))
    ]
