"""What is offered, where, at what price, and the plan of a year. About organisations and offers, not about people."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class CheckupKind(models.Model):
    """健診の種類. What the association offers, and to whom: ages are those on the last day of the fiscal year (年度末年齢).

    statutory: the 特定健康診査 of 高確法20条, counted for the state. sex, relation: blank means everybody.
    """

    code = models.SlugField("符号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    age_from = models.PositiveSmallIntegerField("年度末年齢（から）", default=40)
    age_to = models.PositiveSmallIntegerField("年度末年齢（まで）", default=74)
    sex = models.CharField("性別", max_length=1, blank=True, choices=[("1", "男"), ("2", "女")])
    relation = models.CharField(
        "本人・家族", max_length=10, blank=True, choices=[("insured", "被保険者"), ("dependant", "被扶養者")]
    )
    statutory = models.BooleanField("特定健康診査を含む", default=True)
    ends_at_75 = models.BooleanField("75歳の誕生日の前日まで", default=True)
    voucher_type = models.CharField("受診券の種別", max_length=1, blank=True, default="1")
    copayment = models.PositiveIntegerField("自己負担（円）", default=0)
    order = models.PositiveSmallIntegerField("順", default=0)
    active = models.BooleanField("使う", default=True)

    class Meta:
        verbose_name = "健診の種類"
        verbose_name_plural = "健診の種類"
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from__lte=F("age_to")),
                name="checkups_kind_ages",
                violation_error_message="年齢の範囲が逆です。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """健診機関. Who examines: 10 digits of 特定健診機関番号, the last a check digit."""

    code = models.CharField("機関番号", max_length=10, unique=True)
    name = models.CharField("名称", max_length=120)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("所在地", max_length=200, blank=True)
    telephone = models.CharField("電話番号", max_length=20, blank=True)
    active = models.BooleanField("契約中", default=True)

    class Meta:
        verbose_name = "健診機関"
        verbose_name_plural = "健診機関"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{10}$"),
                name="checkups_institution_code",
                violation_error_message="機関番号は10桁の数字です。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContractPrice(models.Model):
    """契約単価. What one examination of a kind costs at an institution in a period, in yen."""

    institution = models.ForeignKey(
        Institution, verbose_name="健診機関", on_delete=models.PROTECT, related_name="prices"
    )
    kind = models.ForeignKey(CheckupKind, verbose_name="健診の種類", on_delete=models.PROTECT, related_name="+")
    period = DateRangeField("期間")
    price = models.PositiveIntegerField("単価（円）")

    class Meta:
        verbose_name = "契約単価"
        verbose_name_plural = "契約単価"
        constraints = [
            ExclusionConstraint(
                name="checkups_price_once",
                expressions=[
                    (
                        Func(F("institution"), F("institution"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func(F("kind"), F("kind"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="同じ機関・同じ種類の単価の期間が重なっています。",
            )
        ]

    def __str__(self) -> str:
        return f"契約単価 {self.pk}"


class YearPlan(models.Model):
    """年度の計画. A fiscal year whose people are counted: when the register was last looked through, and the job that does it."""

    fiscal_year = models.PositiveSmallIntegerField("年度", unique=True)
    counted_at = models.DateTimeField("対象者を確かめた日時", null=True)
    job = models.ForeignKey("jobs.Job", verbose_name="処理", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "年度の計画"
        verbose_name_plural = "年度の計画"

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度の計画"
