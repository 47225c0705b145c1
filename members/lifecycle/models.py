"""年齢到達 and 任意継続: what is due to a member by age, and by the term they chose to go on with.

Only days stand here; amounts belong to premiums. The qualification itself is a period of the register.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.lifecycle import enums
from privacy.notice.register import Category
from privacy.records import PersonalRecord


class Lifecycle(PersonalRecord):
    """What every model of this app is: row 1 of the notice."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta:
        abstract = True


class AgeEvent(Lifecycle):
    """年齢到達。A member reaches 40, 65, 70 or 75: planned two months ahead, announced a month ahead, processed on the day."""

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="age_events"
    )
    kind = models.PositiveSmallIntegerField("年齢", choices=enums.AgeKind.choices)
    reached_date = models.DateField("達する日")
    event_date = models.DateField("効力の日")
    state = models.CharField("状態", max_length=12, choices=enums.AgeState.choices, default=enums.AgeState.PLANNED)
    reason = models.CharField("理由", max_length=16, choices=enums.AgeReason.choices, blank=True)
    planned_at = models.DateTimeField("予定した日時", default=timezone.now)
    announced_at = models.DateTimeField("予告した日時", null=True, blank=True)
    processed_at = models.DateTimeField("処理した日時", null=True, blank=True)
    decided_by_id = models.BigIntegerField("判断した職員", null=True, blank=True)

    class Meta:
        verbose_name = "年齢到達"
        verbose_name_plural = "年齢到達"
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="lifecycle_ageevent_once"),
            models.CheckConstraint(
                condition=Q(event_date__gte=F("reached_date")), name="lifecycle_ageevent_after_reached"
            ),
        ]
        indexes = [
            models.Index(fields=["event_date", "kind"], name="lifecycle_ageevent_date"),
            models.Index(
                fields=["event_date"],
                name="lifecycle_ageevent_open",
                condition=Q(state__in=["planned", "announced", "held"]),
            ),
        ]

    def __str__(self) -> str:
        return f"年齢到達 {self.pk}"

    @property
    def meaning(self) -> str:
        return enums.AGE_MEANINGS[enums.AgeKind(self.kind)]


class VoluntaryTerm(Lifecycle):
    """任意継続の申出。An application to go on, how it was decided, and how the term ends."""

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="voluntary_terms"
    )
    eligibility = models.ForeignKey(
        "enrollment.EligibilityPeriod",
        verbose_name="任意継続の資格期間",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lost_date = models.DateField("資格を喪失した日")
    loss_reason = models.CharField("資格を喪失した理由", max_length=20)
    insured_from = models.DateField("継続して被保険者となった日", null=True, blank=True)
    by_certificate = models.BooleanField("前の保険者の証明による", default=False)
    received_date = models.DateField("申出の収受日")
    deadline_date = models.DateField("申出の期限")
    just_cause = models.BooleanField("遅れた正当な理由を認める", default=False)
    late_reason = models.CharField("遅れた理由", max_length=200, blank=True)
    first_due_date = models.DateField("初回の納付期日", null=True, blank=True)
    term_end_date = models.DateField("2年の満了による喪失日")
    decision = models.JSONField("判定の過程", default=list)
    state = models.CharField("状態", max_length=10, choices=enums.TermState.choices)
    end_kind = models.CharField("終わる理由", max_length=12, choices=enums.EndKind.choices, blank=True)
    end_fact_date = models.DateField("事実の日", null=True, blank=True)
    end_received_date = models.DateField("終わりの届の収受日", null=True, blank=True)
    end_date = models.DateField("喪失日", null=True, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)
    entered_by_id = models.BigIntegerField("入力した職員", null=True)
    entered_at = models.DateTimeField("入力日時", default=timezone.now)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "任意継続の申出"
        verbose_name_plural = "任意継続の申出"
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=["running", "ending"]),
                name="lifecycle_term_one_running",
                violation_error_message="この人には、継続中の任意継続がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("lost_date")),
                name="lifecycle_term_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "term_end_date"], name="lifecycle_term_end"),
            models.Index(fields=["member"], name="lifecycle_term_member"),
        ]

    def __str__(self) -> str:
        return f"任意継続 {self.pk}"


class VoluntaryInstalment(Lifecycle):
    """任意継続の納付。One month's premium of a term: when it is due, when it was paid, whether being late was excused."""

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="voluntary_instalments"
    )
    term = models.ForeignKey(
        VoluntaryTerm, verbose_name="任意継続", on_delete=models.PROTECT, related_name="instalments"
    )
    month = models.DateField("対象の月")
    due_date = models.DateField("納付期日")
    first = models.BooleanField("初めて納付すべき保険料", default=False)
    paid_date = models.DateField("納付した日", null=True, blank=True)
    excused = models.BooleanField("遅れた正当な理由を認める", default=False)
    excuse = models.CharField("遅れた理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "任意継続の納付"
        verbose_name_plural = "任意継続の納付"
        constraints = [
            models.UniqueConstraint(fields=["term", "month"], name="lifecycle_instalment_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="lifecycle_instalment_month"),
        ]
        indexes = [
            models.Index(
                fields=["due_date"],
                name="lifecycle_instalment_unpaid",
                condition=Q(paid_date__isnull=True, excused=False),
            )
        ]

    def __str__(self) -> str:
        return f"任意継続の納付 {self.pk}"


class NightRun(models.Model):
    """夜間処理。When the night's work was begun and done, with counts; about nobody."""

    day = models.DateField("処理日", unique=True)
    started_at = models.DateTimeField("始めた日時", default=timezone.now)
    finished_at = models.DateTimeField("終えた日時", null=True, blank=True)
    counts = models.JSONField("件数", default=dict)

    class Meta:
        verbose_name = "夜間処理"
        verbose_name_plural = "夜間処理"

    def __str__(self) -> str:
        return f"夜間処理 {self.day}"
