"""Campaigns of the demonstration, of both aims and in every state. Their mail is answered by a script; none leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from health_programs.checkups import tasks
from health_programs.checkups.actions import campaigns, judging
from health_programs.checkups.enums import CampaignAim, FollowState
from health_programs.checkups.models import Campaign, CheckupKind, Referral
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries.campaigns import AIMS
from health_programs.checkups.rules import ages
from health_programs.checkups.rules.campaign_text import RECOMMENDATION, REMINDER
from kumiai.mailing import actions as outbox
from kumiai.mailing import demo as script
from kumiai.mailing import digests
from kumiai.mailing import queries as mailing
from kumiai.mailing.enums import MailState, SuppressionReason
from kumiai.mailing.outcomes import suppress
from kumiai.mailing.smtp import Answer
from members.enrollment.queries.contacts import mail_addresses
from privacy.scope import Way, scope
from privacy.seen import shown

SECOND = "1008"
WAY = Way(name="デモの仕事", view="checkups.demo")
LEAD = timedelta(days=3)
"""How long before its day a campaign was asked for and approved."""
RETURNED = "件名を「{組合}からのお知らせ」にそろえてください。"


@dataclass(frozen=True)
class Plan:
    """One campaign: its values, how many days ahead it is sent, and how far it has come."""

    values: dict[str, Any]
    days: int
    state: str


def _values(aim: CampaignAim, year: int) -> dict[str, Any]:
    shared = {"fiscal_year": year, "age_from": 40, "age_to": 74, "sex": "", "rest_days": 30, "per_minute": 60}
    if aim == CampaignAim.TREATMENT:
        return shared | {"urgency": "recheck", "subject_line": "{組合}からのお知らせ", "body": RECOMMENDATION}
    kind = CheckupKind.objects.filter(statutory=True).order_by("order", "pk").first()
    return shared | {
        "kind": kind, "relation": "", "employer_id": None, "all_year_only": False,
        "subject_line": "{年度}の{健診}のご案内", "body": REMINDER,
    }  # fmt: skip


PLANS: Mapping[CampaignAim, tuple[Plan, ...]] = {
    CampaignAim.REMINDER: (
        Plan({"relation": "dependant"}, 2, "approved"),
        Plan({"age_to": 49, "relation": "insured"}, 3, "submitted"),
        Plan({}, 14, "draft"),
    ),
    CampaignAim.TREATMENT: (
        Plan({"sex": "2", "age_to": 54}, 2, "approved"),
        Plan({"sex": "2", "age_from": 55}, 3, "submitted"),
        Plan({"urgency": "at_once"}, 10, "cancelled"),
        Plan({"subject_line": "{年度}のお知らせ"}, 12, "returned"),
        Plan({"rest_days": 90}, 20, "draft"),
    ),
}
FINISHED: Mapping[CampaignAim, dict[str, Any]] = {
    CampaignAim.REMINDER: {"age_from": 50, "relation": "insured"},
    CampaignAim.TREATMENT: {"sex": "1", "urgency": "soon"},
}
ANSWERS: Mapping[CampaignAim, Mapping[int, Answer]] = {
    CampaignAim.REMINDER: {1: script.UNKNOWN, 2: script.GREYLISTED, 4: script.CUT_OFF},
    CampaignAim.TREATMENT: {1: script.GREYLISTED, 2: script.CUT_OFF},
}
"""What the mail server answers to the n-th mail of the finished campaign, where it does not take it over."""


def load(*, by: Any, today: date, second: Any, aim: CampaignAim) -> int:
    """Make those of an aim that are still ahead, where there are none; how many. In the scope of the aim's activity."""
    year = ages.fiscal_year(today)
    values = _values(aim, year)
    if not _possible(values) or Campaign.objects.filter(aim=aim, fiscal_year=year, state="draft").first() is not None:
        return 0
    for plan in PLANS[aim]:
        made = campaigns.create(
            by=by, values=values | plan.values | {"send_date": today + timedelta(days=plan.days)}, aim=aim
        )
        try:
            _moved(made, plan.state, by=by, second=second, today=today)
        except UnableToMove:
            continue  # a demonstration in which nobody is due has drafts only
    return len(PLANS[aim])


def _possible(values: Mapping[str, Any]) -> bool:
    return values.get("kind", True) is not None


def _moved(made: Campaign, state: str, *, by: Any, second: Any, today: date) -> Campaign:
    at = timezone.now()
    if state == "cancelled":
        return campaigns.cancel(campaign_id=made.pk, version=made.version)
    if state == "draft" or second is None:
        return made
    made = campaigns.submit(by=by, campaign_id=made.pk, version=made.version, today=today, at=at)
    if state == "approved":
        return campaigns.approve(by=second, campaign_id=made.pk, version=made.version, today=today, at=at)
    if state == "returned":
        return campaigns.take_back(campaign_id=made.pk, version=made.version, note=RETURNED)
    return made


def finish(*, by: Any, today: date, second: Any, aim: CampaignAim) -> int:
    """One campaign of an aim that was built and sent on the last business day, where the aim has none; how many.

    Outside any scope: the outbox enters its own. While another sender is at work nothing is released.
    """
    if second is None:
        return 0
    with script.nobody_else_sends() as alone:
        if not alone:
            return 0
        made = _approved(by=by, today=today, second=second, aim=aim)
        if made is None:
            return 0
        tasks.build_due(today, [aim])
        _sent(aim, made.pk, today)
    if aim == CampaignAim.TREATMENT:
        tasks.write_recommended(today)
    return 1


def _approved(*, by: Any, today: date, second: Any, aim: CampaignAim) -> Campaign | None:
    """Asked for and approved some days before the last business day; None where there is one, or nobody to write to."""
    year = ages.fiscal_year(today)
    day = script.last_opening(today, timezone.now())
    at = timezone.now() - (today - day) - LEAD
    with scope(AIMS[aim].activity, by, operation="change", way=WAY):
        values = _values(aim, year) | FINISHED[aim]
        if not _possible(values) or Campaign.objects.filter(aim=aim, fiscal_year=year).first() is not None:
            return None
        made = campaigns.create(by=by, values=values | {"send_date": day}, aim=aim)
        made.created_at = at
        made.save(update_fields=["created_at"])
        try:
            made = campaigns.submit(by=by, campaign_id=made.pk, version=made.version, today=day - LEAD, at=at)
        except UnableToMove:
            campaigns.cancel(campaign_id=made.pk, version=made.version)
            return None
        return campaigns.approve(by=second, campaign_id=made.pk, version=made.version, today=day - LEAD, at=at)


def _sent(aim: CampaignAim, campaign_id: int, today: date) -> None:
    """Hand the mails to the script; then what people and mail systems do in the hours after."""
    kind = AIMS[aim].mail
    waiting = list(mailing.mails_of(kind, campaign_id).order_by("-pk").values_list("recipient_id", flat=True))
    with scope(AIMS[aim].activity, None, operation="view", way=WAY):
        last = mail_addresses(waiting[:1], today)
        shown(last)
    for address in last.values():  # asked long ago for no more mail of the kind
        suppress(digests.address_digest(address), SuppressionReason.UNSUBSCRIBE, kind=kind)
    script.send(kind, campaign_id, ANSWERS[aim])
    sent = list(mailing.mails_of(kind, campaign_id).filter(state=MailState.SENT).order_by("pk")[:5])
    for mail, what in zip(sent, ("unsubscribes", "bounces", "", "late"), strict=False):
        if what == "unsubscribes":
            outbox.unsubscribe(token=digests.unsubscribe_token(mail.pk))
        elif what == "bounces":
            outbox.handle_bounce(
                raw=script.notice(mail.message_id, action="failed", status="5.2.1", answer="550 5.2.1 mailbox disabled")
            )
        elif what == "late":
            outbox.handle_bounce(
                raw=script.notice(mail.message_id, action="delayed", status="4.2.2", answer="452 4.2.2 mailbox full")
            )


REPLIES = (
    (FollowState.VISITED, "電話で返事。かかりつけ医を受診し、薬を始めたとのこと"),
    (FollowState.UNDER_TREATMENT, "以前から通院中。回答書で返事"),
    (FollowState.DECLINED, "仕事の都合で受診しないとのこと"),
)


def answer(*, by: Any, today: date) -> int:
    """Some of those who were written to answer; how many. In the scope of 要医療者への受診勧奨."""
    cases = list(
        Referral.objects.filter(fiscal_year=ages.fiscal_year(today), state=FollowState.RECOMMENDED).order_by("pk")
    )[: len(REPLIES)]
    shown([case.member_id for case in cases])
    for case, (what, words) in zip(cases, REPLIES, strict=False):
        judging.follow_up(
            by=by, referral_id=case.pk, member_id=case.member_id, what=what, day=today, note=words, due_date=None
        )
    return len(cases)
