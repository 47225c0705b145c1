"""The documents behind changes, and the numbers they receive."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from members.enrollment import enums
from members.enrollment.models.base import Eligibility
from members.enrollment.models.members import Member


class ChangeReport(Eligibility):
    """届。The document behind a change, with what it replaced, so that it can be cancelled."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="change_reports")
    kind = models.CharField("種別", max_length=24, choices=enums.ChangeKind.choices)
    receipt_number = models.CharField("受付番号", max_length=20)
    received_date = models.DateField("収受日")
    effective_date = models.DateField("変更の日")
    note = models.CharField("備考", max_length=200, blank=True)
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)
    access_event = models.UUIDField("閲覧の記録の番号", null=True, editable=False)
    entered_by_id = models.BigIntegerField("入力した職員", null=True)
    entered_at = models.DateTimeField("入力日時", default=timezone.now)
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    cancelled_by_id = models.BigIntegerField("取り消した職員", null=True, blank=True)

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        indexes = [
            models.Index(fields=["entered_at"], name="enrollment_report_entered"),
            # One document may report several things (a loss and its dependants): numbers repeat.
            models.Index(
                fields=["receipt_number"], name="enrollment_report_receipt", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return f"届 {self.receipt_number}"


class ProtectedChange(Eligibility):
    """保護対象の届の内容。What a protected member's address report replaced: in a table of its own, as the address is."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_changes"
    )
    report = models.OneToOneField(
        ChangeReport, verbose_name="届", on_delete=models.PROTECT, related_name="protected_contents"
    )
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)

    class Meta:
        verbose_name = "保護対象の届の内容"
        verbose_name_plural = "保護対象の届の内容"

    def __str__(self) -> str:
        return f"保護対象の届の内容 {self.pk}"


class ReceiptCounter(models.Model):
    """受付番号の通し番号。The last number given in a month; about nobody."""

    prefix = models.CharField("月", max_length=8, unique=True, help_text="例：R8-11-")
    last = models.PositiveIntegerField("最後の番号", default=0)

    class Meta:
        verbose_name = "受付番号の通し番号"
        verbose_name_plural = "受付番号の通し番号"

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:04d}"
