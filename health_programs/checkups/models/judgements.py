"""What follows from a result: the level of guidance, and the recommendation to see a doctor."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.results import CheckupResult


class Stratification(CheckupRecord):
    """階層化. The level of guidance a result leads to, with the reason value by value. A new judgement keeps the earlier.

    steps: [step number, heading, label, figure, threshold, hit] each. rule: the term of the rules ("4").
    """

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(
        CheckupResult, verbose_name="健診結果", on_delete=models.PROTECT, related_name="stratifications"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    level = models.CharField("保健指導レベル", max_length=20, choices=enums.Level.choices)
    group = models.PositiveSmallIntegerField("グループ", null=True)
    risks = models.PositiveSmallIntegerField("追加リスクの数", null=True)
    metabolic = models.CharField("メタボリックシンドローム判定", max_length=10, blank=True)
    replaceable = models.BooleanField("動機付け支援相当にできる", default=False)
    steps = models.JSONField("根拠", default=list)
    result_version = models.PositiveIntegerField("判定した結果の版")
    current = models.BooleanField("いまの判定", default=True)
    judged_at = models.DateTimeField("判定した日時", default=timezone.now)
    judged_by_id = models.BigIntegerField("判定した職員", null=True)

    class Meta:
        verbose_name = "階層化"
        verbose_name_plural = "階層化"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fiscal_year"], condition=Q(current=True), name="checkups_level_once"
            )
        ]
        indexes = [
            models.Index(fields=["fiscal_year", "level"], name="checkups_level", condition=Q(current=True)),
            models.Index(fields=["result"], name="checkups_level_result"),
        ]

    def __str__(self) -> str:
        return f"階層化 {self.pk}"


class Referral(CheckupRecord):
    """要医療. A result over a threshold of referral: what, how urgent, and what the person answered.

    items: [key, value, threshold, urgency] each, the most urgent first. treated: the questionnaire says medication.
    """

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    result = models.OneToOneField(
        CheckupResult, verbose_name="健診結果", on_delete=models.PROTECT, related_name="referral"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    urgency = models.CharField("急ぎ方", max_length=10, choices=enums.Urgency.choices)
    rank = models.PositiveSmallIntegerField("順", default=0)
    items = models.JSONField("あたる項目", default=list)
    treated = models.BooleanField("問診で服薬中と回答", default=False)
    state = models.CharField("状態", max_length=20, choices=enums.FollowState.choices, default=enums.FollowState.OPEN)
    due_date = models.DateField("次に確かめる日", null=True, blank=True)
    found_at = models.DateTimeField("抽出した日時", default=timezone.now)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "要医療"
        verbose_name_plural = "要医療"
        indexes = [
            models.Index(fields=["fiscal_year", "state", "rank"], name="checkups_referral_state"),
            models.Index(fields=["member"], name="checkups_referral_member"),
        ]

    def __str__(self) -> str:
        return f"要医療 {self.pk}"


class FollowUp(CheckupRecord):
    """受診勧奨の経過. One letter, mail, call or answer.

    output_id: the file of the door in which the letter went out. reminder: the line of the campaign whose mail went out.
    """

    referral = models.ForeignKey(Referral, verbose_name="要医療", on_delete=models.PROTECT, related_name="follow_ups")
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("日付")
    what = models.CharField("こと", max_length=20, choices=enums.FollowState.choices)
    note = models.TextField("内容", max_length=1000, blank=True)
    output_id = models.BigIntegerField("受け渡し", null=True, blank=True)
    reminder = models.ForeignKey(
        "checkups.Reminder", verbose_name="受診勧奨のメール", on_delete=models.PROTECT, related_name="follow_ups", null=True,
        blank=True,
    )  # fmt: skip
    entered_by_id = models.BigIntegerField("入力した職員")
    entered_at = models.DateTimeField("入力した日時", default=timezone.now)

    class Meta:
        verbose_name = "受診勧奨の経過"
        verbose_name_plural = "受診勧奨の経過"
        constraints = [
            models.UniqueConstraint(fields=["referral", "output_id"], name="checkups_followup_sent_once"),
            models.UniqueConstraint(fields=["referral", "reminder"], name="checkups_followup_mailed_once"),
        ]
        indexes = [models.Index(fields=["referral", "-date"], name="checkups_followup_date")]

    def __str__(self) -> str:
        return f"受診勧奨の経過 {self.pk}"
