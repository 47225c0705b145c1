"""受診勧奨 of every aim: written by one, approved by another, built at night, sent by the outbox. Never twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from health_programs.checkups.enums import CampaignAim, CampaignState, Channel
from health_programs.checkups.models import Campaign, Reminder
from health_programs.checkups.policies import UnableToMove, check_words
from health_programs.checkups.queries import campaigns as queries
from health_programs.checkups.queries import reminders
from health_programs.checkups.rules.campaign_text import filled
from kumiai.mailing import actions as outbox
from kumiai.mailing.kinds import Message
from kumiai.ui.formats import era_year, format_wareki
from members.enrollment import queries as enrollment
from members.enrollment.queries.contacts import mail_addresses
from privacy.scope import current_scope
from privacy.seen import population

SHARED = ("fiscal_year", "age_from", "age_to", "sex", "rest_days", "subject_line", "body", "send_date", "per_minute")
FIELDS = {
    CampaignAim.REMINDER: (*SHARED, "kind", "relation", "employer_id", "all_year_only"),
    CampaignAim.TREATMENT: (*SHARED, "urgency"),
}
"""What is chosen in a draft of each aim."""


def _locked(campaign_id: int, version: int | None) -> Campaign:
    found: Campaign = queries.campaigns().select_for_update(of=("self",)).get(pk=campaign_id)
    if version is not None and found.version != version:
        raise UnableToMove("ほかの職員が先に変更しました。いまの内容を確かめてから、もう一度操作してください。")
    return found


def _saved(campaign: Campaign, *fields: str) -> Campaign:
    campaign.version += 1
    campaign.save(update_fields=[*fields, "version"])
    return campaign


def _must_be(campaign: Campaign, *states: CampaignState) -> None:
    if campaign.state not in states:
        raise UnableToMove(f"この受診勧奨は「{campaign.get_state_display()}」なので、この操作はできません。")


def _check_day(campaign: Campaign, today: date) -> None:
    if campaign.send_date <= today:
        raise UnableToMove("送る日は、明日より後の日にしてください。夜間に送る人を確定します。")


@transaction.atomic
def create(*, by: Any, values: Mapping[str, Any], aim: CampaignAim = CampaignAim.REMINDER) -> Campaign:
    """A draft with the next number of its aim and year."""
    year = values["fiscal_year"]
    # The plans of a year are few; the year's numbers are given out one at a time.
    last = Campaign.objects.filter(aim=aim, fiscal_year=year).aggregate(n=Max("number"))["n"]
    population("受診勧奨", last or 0)
    return Campaign.objects.create(
        aim=aim, number=(last or 0) + 1, created_by_id=by.pk, **{name: values[name] for name in FIELDS[aim]}
    )


@transaction.atomic
def change(*, campaign_id: int, version: int, values: Mapping[str, Any]) -> Campaign:
    """Of a draft only; what was approved cannot be changed, it has to be taken back first."""
    found = _locked(campaign_id, version)
    _must_be(found, CampaignState.DRAFT)
    fields = FIELDS[CampaignAim(found.aim)]
    for name in fields:
        setattr(found, name, values[name])
    return _saved(found, *fields)


@transaction.atomic
def submit(*, by: Any, campaign_id: int, version: int, today: date, at: datetime) -> Campaign:
    """Ask another person to approve, with the count of today."""
    found = _locked(campaign_id, version)
    _must_be(found, CampaignState.DRAFT)
    _check_day(found, today)
    check_words(found)
    found.counts = queries.counts_of(queries.look(found, today))
    if not (found.counts.get(Channel.MAIL) or found.counts.get(Channel.LETTER)):
        raise UnableToMove("いまの条件では、送る人がいません。条件を変えてください。")
    found.state, found.submitted_by_id, found.submitted_at = CampaignState.SUBMITTED, by.pk, at
    found.returned_note = ""
    return _saved(found, "counts", "state", "submitted_by_id", "submitted_at", "returned_note")


@transaction.atomic
def take_back(*, campaign_id: int, version: int, note: str = "") -> Campaign:
    """To the draft again, by who asked or by who was asked; an approval is gone with it."""
    found = _locked(campaign_id, version)
    _must_be(found, CampaignState.SUBMITTED, CampaignState.APPROVED)
    found.state, found.returned_note = CampaignState.DRAFT, note
    for name in ("submitted_by_id", "submitted_at", "approved_by_id", "approved_at"):
        setattr(found, name, None)
    return _saved(found, "state", "returned_note", "submitted_by_id", "submitted_at", "approved_by_id", "approved_at")


@transaction.atomic
def approve(*, by: Any, campaign_id: int, version: int, today: date, at: datetime) -> Campaign:
    """The second person has seen condition, words, counts and samples; the version is the one they saw."""
    found = _locked(campaign_id, version)
    _must_be(found, CampaignState.SUBMITTED)
    _check_day(found, today)
    if found.submitted_by_id == by.pk:
        raise UnableToMove("依頼した本人は承認できません。ほかの職員が承認します。")
    found.state, found.approved_by_id, found.approved_at = CampaignState.APPROVED, by.pk, at
    return _saved(found, "state", "approved_by_id", "approved_at")


@transaction.atomic
def cancel(*, campaign_id: int, version: int) -> Campaign:
    """取りやめ, before anybody was written to."""
    found = _locked(campaign_id, version)
    _must_be(found, CampaignState.DRAFT, CampaignState.SUBMITTED, CampaignState.APPROVED)
    found.state = CampaignState.CANCELLED
    return _saved(found, "state")


@transaction.atomic
def build(*, campaign_id: int, today: date, at: datetime) -> Campaign:
    """The night before the day: fix who is written to and how, and hand the mails to the outbox, all or nothing.

    Built twice, the second finds it built; whoever was looked at has one row, and one mail a campaign.
    """
    found = _locked(campaign_id, None)
    if found.state != CampaignState.APPROVED:
        return found
    looks = queries.look(found, today)
    Reminder.objects.bulk_create(
        (
            Reminder(campaign=found, member_id=one.member_id, channel=one.channel, left=one.left, decided_at=at)
            for one in looks
        ),
        batch_size=1000,
    )
    found.counts, found.state, found.built_at = queries.counts_of(looks), CampaignState.BUILT, at
    mails = [one.member_id for one in looks if one.channel == Channel.MAIL]
    if mails:
        opened = current_scope()
        batch = outbox.create_batch(
            kind=queries.aim_of(found).mail,
            reference_id=found.pk,
            planned_on=found.send_date,
            activity_code=opened.activity.code if opened else "",
            per_minute=found.per_minute,
        )
        outbox.add_recipients(batch=batch, recipient_ids=mails)
        outbox.release_batch(batch=batch, by=found.approved_by_id)
        found.batch_id = batch.pk
    population("受診勧奨を送る人", len(looks))
    return _saved(found, "counts", "state", "built_at", "batch_id")


# --- Words ----------------------------------------------------------------------------------------------------------


def words_for(campaign: Campaign, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Member id → subject and text as that person reads them."""
    same = {
        "年度": f"{era_year(campaign.fiscal_year, long=True)}年度",
        "組合": settings.ASSOCIATION["name"],
        "連絡先": settings.ASSOCIATION["contact"],
    }
    return {
        pk: (filled(campaign.subject_line, same | own), filled(campaign.body, same | own))
        for pk, own in _own_words(campaign, ids).items()
    }


def _own_words(campaign: Campaign, ids: list[int]) -> dict[int, dict[str, str]]:
    """Member id → what stands in the places for this person alone. A recommendation has none: it says the same to all."""
    if campaign.aim == CampaignAim.TREATMENT:
        return {pk: {} for pk in ids}
    people = enrollment.members_by_id(ids)
    untils = reminders.untils(campaign, ids)
    return {
        pk: {
            "氏名": people[pk].name, "期限": format_wareki(untils[pk]), "健診": reminders.kind_of(campaign).name,
        }
        for pk in ids
        if pk in people and pk in untils
    }  # fmt: skip


def compose(campaign_id: int, ids: list[int]) -> dict[int, Message]:
    """The mails of one chunk, in the moment of sending."""
    campaign = queries.campaigns().get(pk=campaign_id)
    mails = mail_addresses(ids, timezone.localdate())
    words = words_for(campaign, [pk for pk in ids if pk in mails])
    return {pk: Message(mails[pk], subject, body) for pk, (subject, body) in words.items()}


def still_wanted(campaign_id: int, ids: list[int]) -> set[int]:
    """Asked right before sending: a booking, a result or an answer stops the mail."""
    campaign = queries.campaigns().get(pk=campaign_id)
    return queries.still_wanted(campaign, ids, timezone.localdate())
