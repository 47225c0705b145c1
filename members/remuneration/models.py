"""標準報酬月額 of the insured, period by period, and the association's own average.

A part of the register (資格及び住所に関する情報), but closed: the work of the register, of programmes and of files does not
read it; who sets it and who computes benefits from it names it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from members.remuneration import enums
from privacy.notice.register import Category
from privacy.records import PersonalIndex, PersonalRecord


class StandardRemuneration(PersonalRecord):
    """標準報酬月額。In force from the first day of the period until before its end; yen a month.

    own: decided by this association, or by one whose rights it took over (則84条の2第2項から第4項).
    """

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    closed: ClassVar[bool] = True

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="standard_remunerations"
    )
    period = DateRangeField("期間")
    grade = models.PositiveSmallIntegerField("等級")
    standard = models.PositiveIntegerField("標準報酬月額（円）")
    remuneration = models.PositiveIntegerField("報酬月額（円）", null=True, blank=True)
    decision = models.CharField("決定の種類", max_length=20, choices=enums.Decision.choices)
    own = models.BooleanField("当組合の決定", default=True)
    cancelled = models.BooleanField("取り消し済み", default=False, db_default=False, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "標準報酬月額"
        verbose_name_plural = "標準報酬月額"
        constraints = [
            ExclusionConstraint(
                name="remuneration_standard_no_overlap",
                condition=Q(cancelled=False),
                expressions=[
                    (Func(F("member"), F("member"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この期間には、標準報酬月額がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False), name="remuneration_standard_real_period"
            ),
            models.CheckConstraint(condition=Q(standard__gt=0, grade__gt=0), name="remuneration_standard_positive"),
        ]
        indexes = [models.Index(fields=["member"], name="remuneration_standard_of")]

    def __str__(self) -> str:
        return f"標準報酬月額 {self.pk}"


class InsurerAverage(models.Model):
    """全被保険者の平均標準報酬月額（法99条2項2号）。The average of all insured on a 30 September, in yen; about nobody."""

    on = models.DateField("9月30日", unique=True)
    average = models.DecimalField("平均（円）", max_digits=12, decimal_places=2)
    basis = models.CharField("根拠", max_length=200)

    class Meta:
        verbose_name = "全被保険者の平均標準報酬月額"
        verbose_name_plural = "全被保険者の平均標準報酬月額"
        constraints = [
            models.CheckConstraint(
                condition=Q(on__month=9, on__day=30, average__gt=0),
                name="remuneration_average_on_30_september",
                violation_error_message="平均は9月30日のものです。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on.isoformat()} の平均"


class RemunerationFile(PersonalRecord):
    """標準報酬の取り込み. One CSV of decisions: taken in once (by its digest), checked, then applied."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None
    closed: ClassVar[bool] = True

    name = models.CharField("ファイル名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    state = models.CharField("状態", max_length=10, choices=enums.FileState.choices, default=enums.FileState.CHECKING)
    line_count = models.PositiveIntegerField("行数")
    received_by_id = models.BigIntegerField("取り込んだ職員")
    received_at = models.DateTimeField("取り込み日時", default=timezone.now)
    job_id = models.BigIntegerField("処理", null=True, blank=True)

    class Meta:
        verbose_name = "標準報酬の取り込み"
        verbose_name_plural = "標準報酬の取り込み"

    def __str__(self) -> str:
        return f"標準報酬の取り込み {self.pk}"


class RemunerationLine(PersonalIndex):
    """取り込みの行. What one line says and what becomes of it."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    closed: ClassVar[bool] = True

    file = models.ForeignKey(RemunerationFile, verbose_name="取り込み", on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField("行")
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField("内容", default=dict)
    outcome = models.CharField("結果", max_length=10, choices=enums.Outcome.choices)
    sentence = models.CharField("説明", max_length=400, blank=True)

    class Meta:
        verbose_name = "取り込みの行"
        verbose_name_plural = "取り込みの行"
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="remuneration_line_once")]

    def __str__(self) -> str:
        return f"取り込みの行 {self.pk}"
