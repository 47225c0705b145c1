"""受診勧奨: whom a campaign would reach today and why not the others; what became of it afterwards.

The same for every aim; what an aim reads of its own stands in `reminders` and `recommendations`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from health_programs.checkups.enums import CampaignAim, CampaignState, Channel, NotSent
from health_programs.checkups.models import Campaign, Reminder
from health_programs.checkups.queries import recommendations, reminders
from health_programs.checkups.queries.reaching import Aim
from kumiai.mailing import queries as mailing
from kumiai.mailing.enums import MailState
from kumiai.mailing.models import Batch
from members.enrollment.queries import coverage, postal_of, rosters
from members.enrollment.queries.contacts import mail_addresses
from privacy.outputs.door import opted_out, suspended
from privacy.scope import current_scope
from privacy.seen import population

AIMS: Mapping[CampaignAim, Aim] = {one.aim: one for one in (reminders.AIM, recommendations.AIM)}


@dataclass(frozen=True)
class Look:
    """One person a campaign looked at: how they are reached, or why they are not."""

    member_id: int
    channel: Channel
    left: str


def aim_of(campaign: Campaign) -> Aim:
    return AIMS[CampaignAim(campaign.aim)]


def campaigns() -> Any:
    """Those of the work at hand, the newest first: a campaign is in reach of the activity it belongs to and of no other."""
    opened = current_scope()
    own = [one.aim for one in AIMS.values() if opened is not None and one.activity is opened.activity]
    return Campaign.objects.filter(aim__in=own).select_related("kind").order_by("-fiscal_year", "-number")


def built() -> list[Campaign]:
    """Campaigns whose people are fixed, the newest first: those that letters can be of."""
    return list(campaigns().filter(state=CampaignState.BUILT)[:50])


def due_on(today: date) -> list[int]:
    """Approved campaigns whose mail is due on this day or was before."""
    found = campaigns().filter(state=CampaignState.APPROVED, send_date__lte=today).order_by("pk")
    ready = [row.pk for row in found if mailing.due_moment(row.send_date).date() <= today]
    population("受診勧奨", len(ready))
    return ready


def look(campaign: Campaign, on: date) -> list[Look]:
    """Everybody of the condition with how they are reached on the day, or the first reason why not, in the order in which
    they are written to. Thirteen statements at most, for any number of people."""
    ids, asked = _asked(campaign, None, on)
    mails = mail_addresses(ids, on)
    dead = mailing.stopped_among(set(mails.values()), aim_of(campaign).by_letter)
    mails = {pk: address for pk, address in mails.items() if address not in dead}
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


def _asked(campaign: Campaign, only: Sequence[int] | None, on: date) -> tuple[Sequence[int], dict[NotSent, set[int]]]:
    """Everybody of the condition, or these of them; and reason → whom it keeps from being written to."""
    aim = aim_of(campaign)
    standing = aim.standing(campaign, only, on)
    ids = list(standing.ids)
    covered = coverage.covered_days(ids, on, on + timedelta(days=1))
    return ids, {
        **standing.kept,
        NotSent.NOT_COVERED: {pk for pk in ids if pk not in covered},
        NotSent.PROTECTED: rosters.protected_among(ids),
        NotSent.OPTED_OUT: opted_out(ids, list(aim.activity.keys), on),
        NotSent.SUSPENDED: suspended(ids, on, third_party=False),
        NotSent.RECENT: aim.recent(campaign, ids, on - timedelta(days=campaign.rest_days)),
    }


def counts_of(looks: Iterable[Look]) -> dict[str, int]:
    """population, mail, letter, and each reason that somebody has."""
    looks = list(looks)
    found = Counter(str(one.left or one.channel) for one in looks)
    return {"population": len(looks), **found}


def still_wanted(campaign: Campaign, ids: Sequence[int], on: date) -> set[int]:
    """Of these people, those nothing has happened to that makes the campaign pointless or unwanted."""
    people, asked = _asked(campaign, ids, on)
    wanted = set(people)
    for kept in asked.values():
        wanted -= kept
    return wanted


def letter_people(campaign: Campaign) -> list[int]:
    """Who is to get a letter of a built campaign: a recommendation the urgent first, as they were looked at; else by number."""
    by_number = ("member__symbol_order", "member__number_order", "member__branch")
    rows = Reminder.objects.filter(campaign=campaign, channel=Channel.LETTER)
    rows = rows.order_by(*(("pk",) if campaign.aim == CampaignAim.TREATMENT else by_number))
    ids = list(rows.values_list("member_id", flat=True))
    population("受診勧奨の手紙", len(ids))
    return ids


# --- What became of it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """One way of reaching people: how many, how many of them answered (or booked), how many came (or were examined)."""

    label: str
    reached: int
    replied: int
    came: int

    @property
    def rate(self) -> str:
        """受診した割合, in per cent with one decimal; ― without anybody."""
        return f"{self.came * 100 / self.reached:.1f}%" if self.reached else "―"


def batch_of(campaign: Campaign) -> Batch | None:
    return Batch.objects.filter(pk=campaign.batch_id).first() if campaign.batch_id else None


def sent_mails(campaign: Campaign) -> set[int]:
    """Whose mail went out, as the outbox says."""
    rows = mailing.mails_of(aim_of(campaign).mail, campaign.pk).filter(state=MailState.SENT)
    return set(rows.values_list("recipient_id", flat=True))


def outcomes(campaign: Campaign) -> list[Outcome]:
    """What those who were written to did afterwards, by channel."""
    mailed = sent_mails(campaign)
    lettered = set(
        Reminder.objects.filter(campaign=campaign, channel=Channel.LETTER).values_list("member_id", flat=True)
    )
    everybody = [*mailed, *lettered]
    later = aim_of(campaign).later(campaign, everybody)
    population("受診勧奨の結果", len(everybody))
    return [
        Outcome(label, len(people), len(people & later.replied), len(people & later.came))
        for label, people in (("メール", mailed), ("郵送", lettered), ("計", mailed | lettered))
    ]
