"""Figures of the law by date: parameters, the grades of standard remuneration, public holidays.

Every row says since when it holds and where it is written. Nothing here is about anybody.
"""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class Status(models.TextChoices):
    """Whether somebody compared the figure with the published text."""

    CONFIRMED = "confirmed", "確認済み"
    UNCONFIRMED = "unconfirmed", "未確認"


def only(column: str) -> Func:
    """A range of one number, so that GiST compares it without an extension."""
    return Func(F(column), F(column), Value("[]"), function="int8range")


class ParameterItem(models.Model):
    """数値の項目。What a figure is: its code, its name and its unit."""

    code = models.CharField("コード", max_length=100, unique=True)
    label = models.CharField("名称", max_length=100)
    unit = models.CharField("単位", max_length=30)

    class Meta:
        verbose_name = "数値の項目"
        verbose_name_plural = "数値の項目"

    def __str__(self) -> str:
        return self.label


class EffectiveQuerySet(models.QuerySet):
    def effective_on(self, on: date) -> "EffectiveQuerySet":
        """The rows that hold on a day."""
        return self.filter(effective__contains=on)


class Parameter(models.Model):
    """法令の数値。One figure from a day until the day before another; a missing start means since before our records."""

    item = models.ForeignKey(ParameterItem, verbose_name="項目", on_delete=models.PROTECT, related_name="values")
    value = models.DecimalField("値", max_digits=18, decimal_places=6)
    effective = DateRangeField("有効な期間", help_text="始まりの日を含み、終わりの日を含みません。")
    basis = models.CharField("根拠", max_length=200)
    status = models.CharField("確認", max_length=20, choices=Status.choices, default=Status.UNCONFIRMED)
    note = models.CharField("備考", max_length=200, blank=True)

    objects = EffectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "法令の数値"
        verbose_name_plural = "法令の数値"
        constraints = [
            ExclusionConstraint(
                name="reference_parameter_one_a_day",
                expressions=[(only("item"), RangeOperators.OVERLAPS), ("effective", RangeOperators.OVERLAPS)],
                violation_error_message="同じ項目の有効な期間が重なっています。",
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False),
                name="reference_parameter_period_not_empty",
                violation_error_message="有効な期間が空です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.effective}"


class RemunerationGrade(models.Model):
    """標準報酬の等級（健康保険法40条）。Remuneration from `lower` (included) to `upper` (not included), yen a month."""

    grade = models.PositiveSmallIntegerField("等級")
    standard_monthly = models.PositiveIntegerField("標準報酬月額", help_text="円")
    standard_daily = models.PositiveIntegerField(
        "標準報酬日額", help_text="円。標準報酬月額の30分の1、10円未満は四捨五入"
    )
    remuneration = IntegerRangeField("報酬月額", help_text="円。下限を含み、上限を含みません。")
    effective = DateRangeField("有効な期間", help_text="始まりの日を含み、終わりの日を含みません。")
    basis = models.CharField("根拠", max_length=200)

    objects = EffectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "標準報酬の等級"
        verbose_name_plural = "標準報酬の等級"
        constraints = [
            ExclusionConstraint(
                name="reference_grade_once_a_day",
                expressions=[(only("grade"), RangeOperators.OVERLAPS), ("effective", RangeOperators.OVERLAPS)],
                violation_error_message="同じ等級の有効な期間が重なっています。",
            ),
            ExclusionConstraint(
                name="reference_grade_brackets_apart",
                expressions=[("remuneration", RangeOperators.OVERLAPS), ("effective", RangeOperators.OVERLAPS)],
                violation_error_message="報酬月額の範囲が、ほかの等級と重なっています。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.grade}級"


class Holiday(models.Model):
    """国民の祝日と休日。Equinoxes of years not yet announced in the gazette are unconfirmed."""

    date = models.DateField("日付", unique=True)
    name = models.CharField("名称", max_length=50)
    basis = models.CharField("根拠", max_length=200)
    status = models.CharField("確認", max_length=20, choices=Status.choices, default=Status.UNCONFIRMED)

    class Meta:
        verbose_name = "国民の祝日"
        verbose_name_plural = "国民の祝日"

    def __str__(self) -> str:
        return f"{self.date.isoformat()} {self.name}"


def plain(value: Decimal) -> Decimal:
    """A figure without the zeros of its column: 0.002300 becomes 0.0023, 5730000.000000 becomes 5730000."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
