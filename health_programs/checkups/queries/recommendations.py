"""要医療者への受診勧奨 by campaign: who is over a threshold and neither treated nor answered; what was sent to whom, when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from health_programs.checkups.activities import TREATMENT_RECOMMENDATION
from health_programs.checkups.enums import CampaignAim, CampaignState, Channel, FollowState, NotSent
from health_programs.checkups.models import Campaign, FollowUp, Referral, Reminder
from health_programs.checkups.queries.reaching import Aim, Later, Standing
from health_programs.checkups.rules.referral import RANK, Urgency
from kumiai.mailing.enums import MailState
from kumiai.mailing.models import Outgoing
from privacy.outputs.door import among
from privacy.seen import population, shown

MAIL = "checkups.recommendation"
UNANSWERED = (FollowState.OPEN, FollowState.RECOMMENDED)
"""A case waits for the person as long as it stands in one of these."""
OF_STATE = {
    FollowState.VISITED: NotSent.VISITED,
    FollowState.UNDER_TREATMENT: NotSent.TREATED,
    FollowState.DECLINED: NotSent.DECLINED,
    FollowState.CLOSED: NotSent.CLOSED,
}
WATCHED = timedelta(days=90)
"""How long after its day the mail of a campaign is still looked at: retries and doubts are settled long before."""


def standing(campaign: Campaign, ids: Sequence[int] | None, on: date) -> Standing:
    """Everybody with a case of the year that is urgent enough, the urgent first. One statement.

    Somebody with several cases counts once: under the most urgent one that waits, else under the most urgent one.
    """
    cases = Referral.objects.filter(
        fiscal_year=campaign.fiscal_year, rank__lte=RANK[Urgency(campaign.urgency)],
        result__age__gte=campaign.age_from, result__age__lte=campaign.age_to,
    )  # fmt: skip
    if campaign.sex:
        cases = cases.filter(member__sex=campaign.sex)
    if ids is not None:
        cases = cases.filter(member_id__in=among(ids))
    rows = list(cases.order_by("rank", "member_id", "pk").values_list("member_id", "state", "items"))
    population("受診勧奨の条件", len(rows))
    why: dict[int, NotSent | None] = {}
    for pk, state, items in rows:
        reason = NotSent.CLOSED if not items else OF_STATE.get(FollowState(state))
        if pk not in why or reason is None:
            why[pk] = reason
    return Standing(list(why), {one: {pk for pk, reason in why.items() if reason == one} for one in OF_STATE.values()})


def recent(campaign: Campaign, ids: Sequence[int], day: date) -> set[int]:
    """Who was written to after the day: by another campaign of this aim, by letter, or by a clerk. Two statements."""
    others = Reminder.objects.filter(
        member_id__in=among(ids), campaign__aim=CampaignAim.TREATMENT, campaign__send_date__gt=day,
    ).exclude(Q(campaign=campaign.pk) | Q(channel=Channel.NONE))  # fmt: skip
    written = FollowUp.objects.filter(member_id__in=among(ids), what=FollowState.RECOMMENDED, date__gt=day)
    written = written.exclude(reminder__campaign=campaign.pk)
    found = {*others.values_list("member_id", flat=True), *written.values_list("member_id", flat=True)}
    population("最近の勧奨", len(found))
    return found


def later(campaign: Campaign, ids: Sequence[int]) -> Later:
    """Answers since the day of the campaign, and of them those who see a doctor. One statement."""
    answers = FollowUp.objects.filter(
        member_id__in=among(ids), referral__fiscal_year=campaign.fiscal_year, date__gte=campaign.send_date
    ).exclude(what__in=[*UNANSWERED, FollowState.CLOSED])
    replied, came = set(), set()
    for pk, what in answers.values_list("member_id", "what"):
        replied.add(pk)
        if what in (FollowState.VISITED, FollowState.UNDER_TREATMENT):
            came.add(pk)
    return Later(replied, came)


# A result that calls for a doctor is told by letter to whoever wants no mail.
AIM = Aim(CampaignAim.TREATMENT, TREATMENT_RECOMMENDATION, MAIL, standing, recent, later, by_letter=("", MAIL))


# --- What was sent ------------------------------------------------------------------------------------------------------


def watched(today: date) -> list[int]:
    """Campaigns whose mail may have gone out since it was last written down."""
    since = today - WATCHED
    found = Campaign.objects.filter(aim=CampaignAim.TREATMENT, state=CampaignState.BUILT, send_date__gte=since)
    ids = list(found.exclude(batch_id=None).order_by("pk").values_list("pk", flat=True))
    population("受診勧奨", len(ids))
    return ids


def urgencies(ids: Sequence[int], year: int) -> dict[int, Urgency]:
    """Member id → how urgent their case of a year is. One statement."""
    rows = Referral.objects.filter(member_id__in=among(ids), fiscal_year=year).order_by("-rank")
    found = {pk: Urgency(urgency) for pk, urgency in rows.values_list("member_id", "urgency")}
    shown(found)
    return found


@dataclass(frozen=True)
class Sent:
    """One thing sent to a person: by which way, on which day, and how it stands. failed: it did not arrive."""

    channel: Channel
    day: date
    word: str
    failed: bool = False


def sent_to(ids: Sequence[int], year: int) -> Mapping[int, list[Sent]]:
    """Member id → the mails and letters of the year about their case, the latest first. Three statements.

    A mail counts as the outbox knows it; a letter from the day on which its sending was written down.
    """
    found: dict[int, list[Sent]] = defaultdict(list)
    rows = Reminder.objects.filter(
        member_id__in=among(ids), channel=Channel.MAIL, campaign__aim=CampaignAim.TREATMENT, campaign__fiscal_year=year,
    ).values_list("member_id", "campaign_id")  # fmt: skip
    told = set(rows)
    shown({pk for pk, _campaign in told})
    mails = Outgoing.objects.filter(
        kind=MAIL,
        reference_id__in={campaign for _pk, campaign in told},
        recipient_id__in={pk for pk, _campaign in told},
    )
    for mail in mails:
        if (mail.recipient_id, mail.reference_id) in told and mail.claimed_at is not None:
            failed = mail.state not in (MailState.SENT, MailState.SENDING, MailState.DEFERRED)
            day = timezone.localdate(mail.claimed_at)
            found[mail.recipient_id].append(Sent(Channel.MAIL, day, str(MailState(mail.state).label), failed))
    letters = FollowUp.objects.filter(
        member_id__in=among(ids), referral__fiscal_year=year, output_id__isnull=False
    ).values_list("member_id", "date")
    for pk, day in letters:
        found[pk].append(Sent(Channel.LETTER, day, "発送済み"))
    shown(found)
    for one in found.values():
        one.sort(key=lambda sent: sent.day, reverse=True)
    return found
