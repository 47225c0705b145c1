"""国への実績報告: one report a turn, everybody it looked at with the result that stood, and what the state sent back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.results import CheckupResult


class GovernmentReport(CheckupRecord):
    """国への実績報告. One collection of a fiscal year; a correction is a new one with the next number.

    counts: standing → people, "results_…" → results of the year, "protected" → people under protection among the lines.
    digest: SHA-256 over person, result, version and content of every line that goes out. file_token: what the file of
    the door is proved by. archive_date: 作成日 of the archive.
    """

    subject: ClassVar[str | None] = None

    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("回")
    state = models.CharField(
        "状態", max_length=12, choices=enums.ReportState.choices, default=enums.ReportState.COLLECTING
    )
    counts = models.JSONField("人数", default=dict)
    digest = models.CharField("要約値", max_length=64, blank=True)
    job = models.ForeignKey(
        "jobs.Job", verbose_name="処理", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    collected_by_id = models.BigIntegerField("集計した職員")
    collected_at = models.DateTimeField("集計した日時", default=timezone.now)
    approved_by_id = models.BigIntegerField("承認した職員", null=True)
    approved_at = models.DateTimeField("承認した日時", null=True)
    archive_date = models.DateField("ファイルの作成日", null=True)
    output_id = models.BigIntegerField("受け渡し番号", null=True)
    file_token = models.BigIntegerField("ファイルの符号", null=True)
    receipt_number = models.CharField("受付番号", max_length=30, blank=True)
    answered_date = models.DateField("受付・返戻の日", null=True)
    answered_by_id = models.BigIntegerField("受付・返戻を記録した職員", null=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "国への実績報告"
        verbose_name_plural = "国への実績報告"
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "number"], name="checkups_report_number"),
            models.UniqueConstraint(
                fields=["fiscal_year"],
                condition=Q(state__in=["collecting", "collected", "approved", "written"]),
                name="checkups_report_one_open",
                violation_error_message="この年度の報告は、すでに作業中です。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("collected_by_id")),
                name="checkups_report_two_persons",
                violation_error_message="集計した本人は承認できません。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["collecting", "collected", "cancelled"]) | Q(approved_by_id__isnull=False),
                name="checkups_report_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(receipt_number=""), name="checkups_report_receipt"
            ),
        ]

    def __str__(self) -> str:
        return f"国への実績報告 {self.pk}"


class GovernmentReportLine(CheckupRecord):
    """実績報告の1名. Frozen: where the person stood when it was collected, with the result and its version.

    position: place in the archive, from 1, of those that go out. reason: of an exclusion. institution: of the result.
    """

    report = models.ForeignKey(
        GovernmentReport, verbose_name="国への実績報告", on_delete=models.PROTECT, related_name="lines"
    )
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    standing = models.CharField("扱い", max_length=12, choices=enums.Standing.choices)
    position = models.PositiveIntegerField("順", null=True)
    result = models.ForeignKey(
        CheckupResult, verbose_name="健診結果", null=True, on_delete=models.PROTECT, related_name="+"
    )
    result_version = models.PositiveIntegerField("結果の版", null=True)
    result_digest = models.CharField("結果の要約値", max_length=64, blank=True)
    institution = models.CharField("健診機関", max_length=120, blank=True)
    missing = models.JSONField("欠けている必須項目", default=list)
    reason = models.CharField("除く理由", max_length=20, choices=enums.Exclusion.choices, blank=True)
    age = models.PositiveSmallIntegerField("年度末年齢")

    class Meta:
        verbose_name = "実績報告の1名"
        verbose_name_plural = "実績報告の1名"
        constraints = [
            models.UniqueConstraint(fields=["report", "member"], name="checkups_reportline_once"),
            models.UniqueConstraint(fields=["report", "position"], name="checkups_reportline_position"),
            models.CheckConstraint(
                condition=Q(standing="examined", position__isnull=False, result__isnull=False)
                | (~Q(standing="examined") & Q(position__isnull=True)),
                name="checkups_reportline_goes_out",
            ),
        ]
        indexes = [
            models.Index(fields=["report", "standing"], name="checkups_reportline_standing"),
            models.Index(fields=["member"], name="checkups_reportline_member"),
        ]

    def __str__(self) -> str:
        return f"実績報告の1名 {self.pk}"


class GovernmentReportError(CheckupRecord):
    """返戻の誤り: what the state found in one file of the archive. line: whose result it is, None for the whole archive."""

    report = models.ForeignKey(
        GovernmentReport, verbose_name="国への実績報告", on_delete=models.PROTECT, related_name="errors"
    )
    line = models.ForeignKey(
        GovernmentReportLine, verbose_name="実績報告の1名", null=True, on_delete=models.PROTECT, related_name="errors"
    )
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField("エラーコード", max_length=20)
    message = models.CharField("内容", max_length=200)

    class Meta:
        verbose_name = "返戻の誤り"
        verbose_name_plural = "返戻の誤り"

    def __str__(self) -> str:
        return f"返戻の誤り {self.pk}"
