"""事業主の証明の取り込み: what employers send of several people, until each line is in the case it serves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from benefits.cash.enums import FileState, LineOutcome
from privacy.notice.register import Category
from privacy.records import PersonalIndex, PersonalRecord


class CertificateFile(PersonalRecord):
    """証明の取り込み. One CSV of an employer for one allowance: taken in once (by its digest), checked, then applied."""

    category: ClassVar[Category] = Category.LABOUR_STATUS
    subject: ClassVar[str | None] = None

    allowance = models.CharField(
        "手当金", max_length=10, choices=[("sickness", "傷病手当金"), ("maternity", "出産手当金")]
    )
    name = models.CharField("ファイル名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    state = models.CharField("状態", max_length=10, choices=FileState.choices, default=FileState.CHECKING)
    line_count = models.PositiveIntegerField("行数")
    received_by_id = models.BigIntegerField("取り込んだ職員")
    received_at = models.DateTimeField("取り込み日時", default=timezone.now)
    job_id = models.BigIntegerField("処理", null=True, blank=True)

    class Meta:
        verbose_name = "証明の取り込み"
        verbose_name_plural = "証明の取り込み"
        constraints = [models.UniqueConstraint(fields=["allowance", "digest"], name="cash_certificate_file_once")]

    def __str__(self) -> str:
        return f"証明の取り込み {self.pk}"


class CertificateLine(PersonalIndex):
    """取り込みの行. What one line says, until it is in its case or given up: then only where it went is kept."""

    category: ClassVar[Category] = Category.LABOUR_STATUS

    file = models.ForeignKey(CertificateFile, verbose_name="取り込み", on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField("行")
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="被保険者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    case = models.ForeignKey(
        "cash.Case", verbose_name="申請", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField("内容", default=dict)
    outcome = models.CharField("結果", max_length=10, choices=LineOutcome.choices)
    sentence = models.CharField("説明", max_length=400, blank=True)

    class Meta:
        verbose_name = "取り込みの行"
        verbose_name_plural = "取り込みの行"
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="cash_certificate_line_once")]

    def __str__(self) -> str:
        return f"取り込みの行 {self.pk}"
