"""要医療: the mail of a campaign that went out is written into the cases it was about, as a letter is."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from health_programs.checkups.actions.judging import ANSWER_DAYS
from health_programs.checkups.enums import Channel, FollowState, Urgency
from health_programs.checkups.models import FollowUp, Referral, Reminder
from health_programs.checkups.queries import campaigns as queries
from health_programs.checkups.queries.recommendations import UNANSWERED
from kumiai.mailing import queries as mailing
from kumiai.mailing.enums import MailState
from privacy.seen import population, shown


@transaction.atomic
def write_down(*, campaign_id: int) -> int:
    """勧奨済み: every open case a mail of the campaign was about, from the day the mail server took it. How many are new.

    Written by who decided on the sending. Who answered meanwhile keeps the answer; done twice, nothing is written twice.
    """
    campaign = queries.campaigns().select_for_update(of=("self",)).get(pk=campaign_id)
    mails = mailing.mails_of(queries.aim_of(campaign).mail, campaign.pk).filter(state=MailState.SENT)
    days = {pk: timezone.localdate(at) for pk, at in mails.values_list("recipient_id", "finished_at") if at}
    lines = list(
        Reminder.objects.filter(campaign=campaign, channel=Channel.MAIL, member_id__in=list(days))
        .filter(follow_ups=None)
        .order_by("pk")
    )
    of = {line.member_id: line for line in lines}
    cases = list(
        Referral.objects.select_for_update(of=("self",))
        .filter(member_id__in=list(of), fiscal_year=campaign.fiscal_year)
        .exclude(state=FollowState.CLOSED)
        .order_by("pk")
    )
    FollowUp.objects.bulk_create(
        FollowUp(
            referral=case, member_id=case.member_id, date=days[case.member_id], what=FollowState.RECOMMENDED,
            reminder=of[case.member_id], note=f"受診勧奨のメールを送った（{campaign.title}）",
            entered_by_id=campaign.approved_by_id,
        )
        for case in cases
    )  # fmt: skip
    waiting = [case for case in cases if case.state in UNANSWERED]
    for case in waiting:
        case.state, case.version = FollowState.RECOMMENDED, case.version + 1
        case.due_date = days[case.member_id] + ANSWER_DAYS[Urgency(case.urgency)]
    Referral.objects.bulk_update(waiting, ["state", "version", "due_date"])
    shown(of)
    population("受診勧奨のメール", len(days))
    return len(cases)
