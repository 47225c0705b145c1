"""Who is due in a year, what they booked, and which voucher they hold."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.plans import CheckupKind, Institution


class Target(CheckupRecord):
    """対象者. One person due for one kind of examination in a fiscal year, as the register stood when it was counted.

    age: years on the last day of the fiscal year. all_year: enrolled from 1 April to 31 March, as the state counts.
    until: the last day on which the examination may be taken (75歳の誕生日の前日、資格の最後の日).
    gone: no longer due (the register was corrected); the row stays for its history.
    """

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    kind = models.ForeignKey(CheckupKind, verbose_name="健診の種類", on_delete=models.PROTECT, related_name="+")
    age = models.PositiveSmallIntegerField("年度末年齢")
    insured = models.BooleanField("被保険者")
    all_year = models.BooleanField("年度を通して加入")
    since = models.DateField("受診できる最初の日")
    until = models.DateField("受診できる最後の日")
    employer_id = models.BigIntegerField("事業所", null=True)
    gone = models.BooleanField("対象でなくなった", default=False, db_default=False)

    class Meta:
        verbose_name = "対象者"
        verbose_name_plural = "対象者"
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "kind", "member"], name="checkups_target_once"),
        ]
        indexes = [models.Index(fields=["member", "fiscal_year"], name="checkups_target_member")]

    def __str__(self) -> str:
        return f"対象者 {self.pk}"


class TargetExclusion(CheckupRecord):
    """対象からの除外. Why somebody is not due in a year (告示3号); ended rather than removed."""

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    reason = models.CharField("理由", max_length=20, choices=enums.Exclusion.choices)
    note = models.CharField("確かめた書類など", max_length=200, blank=True)
    ended = models.BooleanField("取り消し済み", default=False, db_default=False)
    entered_at = models.DateTimeField("入力した日時", default=timezone.now)
    entered_by_id = models.BigIntegerField("入力した職員")

    class Meta:
        verbose_name = "対象からの除外"
        verbose_name_plural = "対象からの除外"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fiscal_year"],
                condition=Q(ended=False),
                name="checkups_exclusion_once",
                violation_error_message="この年度の除外は登録済みです。",
            )
        ]

    def __str__(self) -> str:
        return f"対象からの除外 {self.pk}"


class Booking(CheckupRecord):
    """予約. An appointment at an institution."""

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    kind = models.ForeignKey(CheckupKind, verbose_name="健診の種類", on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, verbose_name="健診機関", on_delete=models.PROTECT, related_name="+")
    date = models.DateField("受診する日")
    state = models.CharField(
        "状態", max_length=10, choices=enums.BookingState.choices, default=enums.BookingState.BOOKED
    )
    note = models.CharField("備考", max_length=200, blank=True)
    entered_at = models.DateTimeField("受け付けた日時", default=timezone.now)
    entered_by_id = models.BigIntegerField("受け付けた職員")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "予約"
        verbose_name_plural = "予約"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fiscal_year", "kind"],
                condition=Q(state="booked"),
                name="checkups_booking_once",
                violation_error_message="この年度の同じ健診の予約がすでにあります。",
            )
        ]
        indexes = [
            models.Index(fields=["fiscal_year", "date"], name="checkups_booking_date"),
            models.Index(fields=["member", "fiscal_year"], name="checkups_booking_member"),
        ]

    def __str__(self) -> str:
        return f"予約 {self.pk}"


class Voucher(CheckupRecord):
    """受診券. Issued to one person for a year; eleven digits, never given twice."""

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    kind = models.ForeignKey(CheckupKind, verbose_name="健診の種類", on_delete=models.PROTECT, related_name="+")
    number = models.CharField("受診券整理番号", max_length=11)
    issued_date = models.DateField("交付日")
    valid_until = models.DateField("有効期限")
    state = models.CharField(
        "状態", max_length=10, choices=enums.VoucherState.choices, default=enums.VoucherState.ISSUED
    )
    reason = models.CharField("回収・再発行の理由", max_length=200, blank=True)
    issued_by_id = models.BigIntegerField("交付した職員")

    class Meta:
        verbose_name = "受診券"
        verbose_name_plural = "受診券"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="checkups_voucher_number"),
            models.UniqueConstraint(
                fields=["member", "fiscal_year", "kind"],
                condition=Q(state="issued"),
                name="checkups_voucher_once",
                violation_error_message="この年度の受診券は交付済みです。",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^\d{11}$"), name="checkups_voucher_digits"),
        ]

    def __str__(self) -> str:
        return f"受診券 {self.pk}"
