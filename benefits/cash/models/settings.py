"""What the association sets by its by-laws, what it budgets, and the months it has closed. Nothing here is about anybody."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from benefits.cash import choices, enums
from privacy.records import kept_history

DAILY_ADDITIONS = [
    choice
    for choice in choices.KIND_CHOICES
    if choice[0] in ("sickness_addition", "sickness_extension", "maternity_addition")
]
LUMP_ADDITIONS = [choice for choice in choices.KIND_CHOICES if choice[0] in ("childbirth_addition", "funeral_addition")]


class DailyAddition(models.Model):
    """日ごとの付加金の規約. Law and addition together reach `percent` of the daily base, dropped to `unit` yen."""

    kind = models.CharField("種類", max_length=20, choices=DAILY_ADDITIONS)
    percent = models.DecimalField("基礎に対する割合（％）", max_digits=6, decimal_places=3)
    unit = models.PositiveSmallIntegerField("端数の単位（円）", default=1)
    max_days = models.PositiveSmallIntegerField("支給する日数の上限", null=True, blank=True)
    covered = models.BooleanField("法定給付が全額調整された日にも支給する", default=False)
    after_loss = models.BooleanField("資格を喪失した後にも支給する", default=False)
    effective = DateRangeField("有効な期間", help_text="始まりの日を含み、終わりの日を含みません。")
    basis = models.CharField("規約の条", max_length=60)
    history = kept_history("cash_historicaldailyaddition", "日ごとの付加金の規約の変更")

    class Meta:
        verbose_name = "日ごとの付加金の規約"
        verbose_name_plural = "日ごとの付加金の規約"
        constraints = [
            *(
                ExclusionConstraint(
                    name=f"cash_{code}_one_a_day",
                    condition=Q(kind=code),
                    expressions=[("effective", RangeOperators.OVERLAPS)],
                    violation_error_message="同じ付加金の有効な期間が重なっています。",
                )
                for code, _label in DAILY_ADDITIONS
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100, unit__gte=1), name="cash_daily_addition_figures"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective}"


class LumpAddition(models.Model):
    """一時金の付加金の規約. Yen a child or a death, beside the benefit of law; `family`: for that of a dependant."""

    kind = models.CharField("種類", max_length=20, choices=LUMP_ADDITIONS)
    family = models.BooleanField("被扶養者の分", default=False)
    amount = models.PositiveIntegerField("金額（円）")
    effective = DateRangeField("有効な期間", help_text="始まりの日を含み、終わりの日を含みません。")
    basis = models.CharField("規約の条", max_length=60)
    history = kept_history("cash_historicallumpaddition", "一時金の付加金の規約の変更")

    class Meta:
        verbose_name = "一時金の付加金の規約"
        verbose_name_plural = "一時金の付加金の規約"
        constraints = [
            ExclusionConstraint(
                name=f"cash_{code}_{'family' if family else 'own'}_one_a_day",
                condition=Q(kind=code, family=family),
                expressions=[("effective", RangeOperators.OVERLAPS)],
                violation_error_message="同じ付加金の有効な期間が重なっています。",
            )
            for code, _label in LUMP_ADDITIONS
            for family in (False, True)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective}"


class Budget(models.Model):
    """給付の予算. Yen of a fiscal year for a kind of benefit."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("科目", max_length=20, choices=choices.KIND_CHOICES)
    amount = models.PositiveBigIntegerField("予算額（円）")

    class Meta:
        verbose_name = "給付の予算"
        verbose_name_plural = "給付の予算"
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "kind"], name="cash_budget_once")]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度 {self.get_kind_display()}"


class MonthClose(models.Model):
    """月次の締切. The decisions of a month, totalled and approved; count and yen as they were then."""

    month = models.DateField("月（初日）", unique=True)
    state = models.CharField("状態", max_length=10, choices=enums.Hold.choices, default=enums.Hold.PROPOSED)
    count = models.PositiveIntegerField("件数")
    amount = models.PositiveBigIntegerField("金額（円）")
    digest = models.CharField("一覧のSHA-256", max_length=64)
    proposed_by_id = models.BigIntegerField("締め切った職員")
    proposed_at = models.DateTimeField("締切日時", default=timezone.now)
    approved_by_id = models.BigIntegerField("承認を記録した職員", null=True, blank=True)
    approved_date = models.DateField("議長の承認日", null=True, blank=True)

    class Meta:
        verbose_name = "月次の締切"
        verbose_name_plural = "月次の締切"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("proposed_by_id")),
                name="cash_month_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "reopened"], approved_by_id__isnull=True, approved_date__isnull=True)
                | Q(state="closed", approved_by_id__isnull=False, approved_date__isnull=False),
                name="cash_month_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} の締切"


class CaseCounter(models.Model):
    """受付番号. The last number of a fiscal year."""

    fiscal_year = models.PositiveSmallIntegerField("年度", primary_key=True)
    last = models.PositiveIntegerField("最後の番号", default=0)

    class Meta:
        verbose_name = "受付番号"
        verbose_name_plural = "受付番号"

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度 {self.last}"
