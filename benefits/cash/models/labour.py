"""事業主の証明 of days worked and pay: row 21 of the notice, readable only by the work of the allowance it serves."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from privacy.notice.register import Category
from privacy.records import PersonalRecord


class LabourRecord(PersonalRecord):
    """被保険者の労務状況に関する情報."""

    category: ClassVar[Category] = Category.LABOUR_STATUS

    member = models.ForeignKey("enrollment.Member", verbose_name="被保険者", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class LabourCertificate(LabourRecord):
    """事業主の証明. Of the days from `first` to `last` those at work, on paid leave and off; every other day is an absence."""

    case = models.ForeignKey("cash.Case", verbose_name="申請", on_delete=models.PROTECT, related_name="certificates")
    first = models.DateField("証明した期間の初日")
    last = models.DateField("証明した期間の末日")
    worked = ArrayField(models.DateField(), verbose_name="出勤した日", default=list, blank=True)
    leave = ArrayField(models.DateField(), verbose_name="有給休暇の日", default=list, blank=True)
    holidays = ArrayField(models.DateField(), verbose_name="公休の日", default=list, blank=True)
    certified_date = models.DateField("証明した日")
    employer = models.CharField("証明した事業所", max_length=100)
    note = models.CharField("備考", max_length=200, blank=True)
    entered_by_id = models.BigIntegerField("入力した職員")
    entered_at = models.DateTimeField("入力日時", default=timezone.now)
    cancelled = models.BooleanField("取り消し済み", default=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "事業主の証明"
        verbose_name_plural = "事業主の証明"
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="cash_certificate_period",
                violation_error_message="証明した期間の終わりが始まりより前です。",
            )
        ]
        indexes = [models.Index(fields=["case"], name="cash_certificate_of")]

    def __str__(self) -> str:
        return f"事業主の証明 {self.pk}"


class LabourPay(LabourRecord):
    """支払われた報酬. Yen for a stretch of days: a day's, the whole stretch's, or a month's (divided by 30)."""

    class Per(models.TextChoices):
        DAY = "day", "1日あたり"
        CALENDAR = "calendar", "期間の合計（暦日で割る）"
        THIRTY = "thirty", "月額（30で割る）"

    certificate = models.ForeignKey(
        LabourCertificate, verbose_name="証明", on_delete=models.PROTECT, related_name="payments"
    )
    label = models.CharField("報酬の種類", max_length=40)
    first = models.DateField("初日")
    last = models.DateField("末日")
    amount = models.PositiveIntegerField("金額（円）")
    per = models.CharField("割り方", max_length=10, choices=Per.choices, default=Per.DAY)
    cancelled = models.BooleanField("取り消し済み", default=False)

    class Meta:
        verbose_name = "支払われた報酬"
        verbose_name_plural = "支払われた報酬"
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="cash_pay_period",
                violation_error_message="報酬の期間の終わりが始まりより前です。",
            )
        ]

    def __str__(self) -> str:
        return f"支払われた報酬 {self.pk}"
