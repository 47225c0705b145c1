"""受診勧奨: a campaign with its aim, condition and text, and one row for everybody it looked at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.plans import CheckupKind
from kumiai.ui.formats import era_year


class Campaign(CheckupRecord):
    """受診勧奨. Who is written to, with which words, on which day.

    aim: whom and why. 未受診者: due for `kind` and neither booked nor examined. 要医療者: a result over a threshold of referral
    and neither under treatment nor answered; `urgency` is the least urgent that is still written to.
    subject_line, body: the same for everybody, with placeholders (rules/campaign_text.py). counts: "population", each
    reason of `NotSent`, "mail" and "letter" → people, as they were when it was submitted, then as it was built. A change is
    possible in a draft only, so what was approved is what is sent; nobody approves what they submitted.
    """

    subject: ClassVar[str | None] = None

    aim = models.CharField("目的", max_length=10, choices=enums.CampaignAim.choices, default=enums.CampaignAim.REMINDER)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("回")
    kind = models.ForeignKey(
        CheckupKind, verbose_name="健診の種類", on_delete=models.PROTECT, related_name="+", null=True
    )
    urgency = models.CharField("急ぎ方（まで）", max_length=10, blank=True, choices=enums.Urgency.choices)
    age_from = models.PositiveSmallIntegerField("年度末年齢（から）", default=40)
    age_to = models.PositiveSmallIntegerField("年度末年齢（まで）", default=74)
    sex = models.CharField("性別", max_length=1, blank=True, choices=[("1", "男"), ("2", "女")])
    relation = models.CharField(
        "本人・家族", max_length=10, blank=True, choices=[("insured", "被保険者"), ("dependant", "被扶養者")]
    )
    employer_id = models.BigIntegerField("事業所", null=True, blank=True)
    all_year_only = models.BooleanField("年度を通して加入している人だけ", default=False)
    rest_days = models.PositiveSmallIntegerField("前の勧奨からあける日数", default=30)
    subject_line = models.CharField("件名", max_length=60)
    body = models.TextField("本文", max_length=2000)
    send_date = models.DateField("送る日")
    per_minute = models.PositiveSmallIntegerField("1分あたりの通数", default=60)
    state = models.CharField(
        "状態", max_length=12, choices=enums.CampaignState.choices, default=enums.CampaignState.DRAFT
    )
    counts = models.JSONField("人数", default=dict)
    created_by_id = models.BigIntegerField("作った職員")
    created_at = models.DateTimeField("作った日時", default=timezone.now)
    submitted_by_id = models.BigIntegerField("依頼した職員", null=True)
    submitted_at = models.DateTimeField("依頼した日時", null=True)
    approved_by_id = models.BigIntegerField("承認した職員", null=True)
    approved_at = models.DateTimeField("承認した日時", null=True)
    returned_note = models.CharField("差し戻しの言葉", max_length=200, blank=True)
    built_at = models.DateTimeField("送る人を確定した日時", null=True)
    batch_id = models.BigIntegerField("送信の束", null=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "受診勧奨"
        verbose_name_plural = "受診勧奨"
        constraints = [
            models.UniqueConstraint(fields=["aim", "fiscal_year", "number"], name="checkups_campaign_number"),
            models.CheckConstraint(
                condition=Q(aim="reminder", kind__isnull=False, urgency="")
                | (Q(aim="treatment", kind__isnull=True) & ~Q(urgency="")),
                name="checkups_campaign_condition",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("submitted_by_id")),
                name="checkups_campaign_two_persons",
                violation_error_message="依頼した本人は承認できません。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "cancelled"]) | Q(approved_by_id__isnull=False),
                name="checkups_campaign_approved",
            ),
            models.CheckConstraint(condition=Q(age_from__lte=F("age_to")), name="checkups_campaign_ages"),
        ]
        indexes = [models.Index(fields=["state", "send_date"], name="checkups_campaign_due")]

    def __str__(self) -> str:
        return f"受診勧奨 {self.pk}"

    @property
    def title(self) -> str:
        """What staff call it."""
        return f"{era_year(self.fiscal_year, long=True)}年度 第{self.number}回"


class Reminder(CheckupRecord):
    """受診勧奨の1名. Everybody the campaign looked at, once: how they are reached, or why they are not."""

    campaign = models.ForeignKey(Campaign, verbose_name="受診勧奨", on_delete=models.PROTECT, related_name="reminders")
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField("届け方", max_length=10, choices=enums.Channel.choices)
    left = models.CharField("送らない理由", max_length=20, choices=enums.NotSent.choices, blank=True)
    decided_at = models.DateTimeField("決めた日時", default=timezone.now)

    class Meta:
        verbose_name = "受診勧奨の1名"
        verbose_name_plural = "受診勧奨の1名"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "member"], name="checkups_reminder_once"),
            models.CheckConstraint(
                condition=(Q(channel="none") & ~Q(left="")) | (~Q(channel="none") & Q(left="")),
                name="checkups_reminder_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "channel", "left"], name="checkups_reminder_channel"),
            models.Index(fields=["member"], name="checkups_reminder_member"),
        ]

    def __str__(self) -> str:
        return f"受診勧奨の1名 {self.pk}"
