"""取り込み: archives and CSV files as they came, what each document in them became, and the invoices beside them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.results import CheckupResult
from privacy.notice.register import Category
from privacy.records import PersonalIndex


class ResultArchive(CheckupRecord):
    """結果ファイル. One file of results as it came. digest: SHA-256 of the bytes; the same file is taken once.

    result_map: of a CSV, the version it was read by. announced: how many results the sender's letter says. notes: what the sender's totals say against what lies in the file. problem: why nothing can be read: [what, remedy].
    counts: outcome → documents.
    """

    subject: ClassVar[str | None] = None

    source = models.CharField("届いた形", max_length=10, choices=enums.Source.choices)
    name = models.CharField("ファイルの名前", max_length=200)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    received_date = models.DateField("収受日")
    state = models.CharField(
        "状態", max_length=12, choices=enums.ArchiveState.choices, default=enums.ArchiveState.RECEIVED
    )
    documents = models.PositiveIntegerField("文書の数", default=0)
    announced = models.PositiveIntegerField("送付書の件数", null=True)
    result_map = models.ForeignKey(
        "checkups.ResultMap", verbose_name="列の対応", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    counts = models.JSONField("内訳", default=dict)
    notes = models.JSONField("お知らせ", default=list)
    problem = models.JSONField("読めない理由", default=list)
    job = models.ForeignKey(
        "jobs.Job", verbose_name="処理", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by_id = models.BigIntegerField("受け付けた職員")
    uploaded_at = models.DateTimeField("受け付けた日時", default=timezone.now)
    read_at = models.DateTimeField("読み取りが終わった日時", null=True)

    class Meta:
        verbose_name = "結果ファイル"
        verbose_name_plural = "結果ファイル"

    def __str__(self) -> str:
        return f"結果ファイル {self.pk}"

    def count(self, outcome: str) -> int:
        """How many documents ended so."""
        return int(self.counts.get(outcome, 0))


class ArchiveContent(CheckupRecord):
    """結果ファイルの中身: the bytes as they came."""

    subject: ClassVar[str | None] = None

    archive = models.OneToOneField(
        ResultArchive, verbose_name="結果ファイル", on_delete=models.PROTECT, related_name="content"
    )
    body = models.BinaryField("中身")

    class Meta:
        verbose_name = "結果ファイルの中身"
        verbose_name_plural = "結果ファイルの中身"

    def __str__(self) -> str:
        return f"結果ファイルの中身 {self.pk}"


class ArchiveDocument(PersonalIndex):
    """結果ファイルの1件. What became of one document (or line). problems: [place, what, remedy] each, without values of people."""

    category: ClassVar[Category] = Category.HEALTH_CHECKUP
    subject: ClassVar[str | None] = None

    archive = models.ForeignKey(
        ResultArchive, verbose_name="結果ファイル", on_delete=models.PROTECT, related_name="lines"
    )
    number = models.PositiveIntegerField("順")
    name = models.CharField("ファイルの中の名前", max_length=200)
    outcome = models.CharField("扱い", max_length=10, choices=enums.DocumentOutcome.choices)
    problems = models.JSONField("誤り・お知らせ", default=list)
    result = models.ForeignKey(
        CheckupResult, verbose_name="健診結果", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "結果ファイルの1件"
        verbose_name_plural = "結果ファイルの1件"
        constraints = [models.UniqueConstraint(fields=["archive", "number"], name="checkups_line_once")]
        indexes = [models.Index(fields=["archive", "outcome", "number"], name="checkups_line_outcome")]

    def __str__(self) -> str:
        return f"結果ファイルの1件 {self.pk}"


class Invoice(CheckupRecord):
    """請求. What an institution claims for one examination, in yen, and whether a result stands behind it."""

    archive = models.ForeignKey(
        ResultArchive, verbose_name="結果ファイル", on_delete=models.PROTECT, related_name="invoices"
    )
    name = models.CharField("ファイルの中の名前", max_length=200)
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.ForeignKey(
        CheckupResult, verbose_name="健診結果", null=True, blank=True, on_delete=models.PROTECT, related_name="invoices"
    )
    institution_code = models.CharField("健診機関番号", max_length=10)
    exam_date = models.DateField("受診日", null=True)
    unit_price = models.PositiveIntegerField("単価（円）", default=0)
    copayment = models.PositiveIntegerField("窓口の自己負担（円）", default=0)
    by_other = models.PositiveIntegerField("ほかの健診による負担（円）", default=0)
    claimed = models.PositiveIntegerField("請求額（円）")
    contracted = models.PositiveIntegerField("契約単価（円）", null=True)
    state = models.CharField("状態", max_length=15, choices=enums.InvoiceState.choices)
    note = models.CharField("確かめたこと", max_length=200, blank=True)
    settled_by_id = models.BigIntegerField("確かめた職員", null=True)
    settled_at = models.DateTimeField("確かめた日時", null=True)

    class Meta:
        verbose_name = "請求"
        verbose_name_plural = "請求"
        constraints = [models.UniqueConstraint(fields=["archive", "name"], name="checkups_invoice_once")]
        indexes = [models.Index(fields=["state", "institution_code"], name="checkups_invoice_state")]

    def __str__(self) -> str:
        return f"請求 {self.pk}"
