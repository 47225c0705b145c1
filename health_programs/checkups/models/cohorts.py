"""対象者リスト: people chosen by their results for a health programme, frozen with the conditions, who chose and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from health_programs.checkups.models.base import CheckupRecord


class Cohort(CheckupRecord):
    """対象者リスト. Frozen: the database refuses every change of it and of its people.

    conditions: as `rules.cohorts.to_json`. chosen: people who met them. removed: reason → people left out. people: who stands in it.
    """

    subject: ClassVar[str | None] = None

    title = models.CharField("名前", max_length=60)
    programme = models.CharField("使う保健事業", max_length=60)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    conditions = models.JSONField("条件")
    chosen = models.PositiveIntegerField("条件にあてはまった人数")
    removed = models.JSONField("除いた人数", default=dict)
    people = models.PositiveIntegerField("人数")
    frozen_at = models.DateTimeField("確定した日時", default=timezone.now)
    frozen_by_id = models.BigIntegerField("確定した職員")

    class Meta:
        verbose_name = "対象者リスト"
        verbose_name_plural = "対象者リスト"
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "title"],
                name="checkups_cohort_title",
                violation_error_message="この年度に、同じ名前のリストがあります。別の名前にしてください。",
            )
        ]

    def __str__(self) -> str:
        return f"対象者リスト {self.pk}"


class CohortMember(CheckupRecord):
    """対象者リストの1名: with the values that decided, as they were that day: [item, sign, figure, year, what stood there] each."""

    cohort = models.ForeignKey(Cohort, verbose_name="対象者リスト", on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    values = models.JSONField("あたった値", default=list)

    class Meta:
        verbose_name = "対象者リストの1名"
        verbose_name_plural = "対象者リストの1名"
        constraints = [models.UniqueConstraint(fields=["cohort", "member"], name="checkups_cohortmember_once")]

    def __str__(self) -> str:
        return f"対象者リストの1名 {self.pk}"
