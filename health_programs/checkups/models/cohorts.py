"""対象者リスト: people chosen by their results, frozen with the conditions, who chose and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from health_programs.checkups.models.base import CheckupRecord


class Cohort(CheckupRecord):
    """対象者リスト. For one health programme: conditions on one year's results, frozen.

    conditions: [key, "ge" or "le", figure] each, all of them met. removed: reason → people left out.
    """

    subject: ClassVar[str | None] = None

    title = models.CharField("名前", max_length=60)
    programme = models.CharField("使う保健事業", max_length=60)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    conditions = models.JSONField("条件", default=list)
    age_from = models.PositiveSmallIntegerField("年度末年齢（から）", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("年度末年齢（まで）", null=True, blank=True)
    sex = models.CharField("性別", max_length=1, blank=True, choices=[("1", "男"), ("2", "女")])
    relation = models.CharField(
        "本人・家族", max_length=10, blank=True, choices=[("insured", "被保険者"), ("dependant", "被扶養者")]
    )
    people = models.PositiveIntegerField("人数", default=0)
    removed = models.JSONField("除いた人数", default=dict)
    frozen_at = models.DateTimeField("確定した日時", default=timezone.now)
    frozen_by_id = models.BigIntegerField("確定した職員")
    ended = models.BooleanField("使い終わった", default=False, db_default=False)

    class Meta:
        verbose_name = "対象者リスト"
        verbose_name_plural = "対象者リスト"
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "title"],
                name="checkups_cohort_title",
                violation_error_message="この年度に、同じ名前のリストがあります。",
            )
        ]

    def __str__(self) -> str:
        return f"対象者リスト {self.pk}"


class CohortMember(CheckupRecord):
    """対象者リストの1名: with the values that met the conditions, as they were that day."""

    cohort = models.ForeignKey(Cohort, verbose_name="対象者リスト", on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    values = models.JSONField("あたった値", default=dict)

    class Meta:
        verbose_name = "対象者リストの1名"
        verbose_name_plural = "対象者リストの1名"
        constraints = [models.UniqueConstraint(fields=["cohort", "member"], name="checkups_cohortmember_once")]

    def __str__(self) -> str:
        return f"対象者リストの1名 {self.pk}"
