"""オンライン資格確認への連携: what was collected to be sent, what became of it, and the answers as they came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.results import CheckupResult


class LinkBatch(CheckupRecord):
    """連携の回. Results collected on one day, sent in one file.

    counts: what was collected and who was left out, by code. file_token: proves that a file of the door is this batch's own.
    """

    subject: ClassVar[str | None] = None

    state = models.CharField(
        "状態", max_length=10, choices=enums.LinkBatchState.choices, default=enums.LinkBatchState.COLLECTING
    )
    fiscal_year = models.PositiveSmallIntegerField("集めた年度", help_text="この年度までの5年度分を集める")
    counts = models.JSONField("内訳", default=dict)
    job = models.ForeignKey(
        "jobs.Job", verbose_name="処理", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    output_id = models.BigIntegerField("受け渡し", null=True)
    file_token = models.BigIntegerField("ファイルの印", null=True)
    collected_by_id = models.BigIntegerField("集めた職員")
    collected_at = models.DateTimeField("集めた日時", default=timezone.now)
    sent_at = models.DateTimeField("送付した日時", null=True)

    class Meta:
        verbose_name = "連携の回"
        verbose_name_plural = "連携の回"
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=["collecting", "collected", "asked"]),
                name="checkups_link_one_open",
                violation_error_message="送付前の回があります。送るか取りやめてから集めてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"連携の回 {self.pk}"


class LinkLine(CheckupRecord):
    """連携の1件. One result in one batch. digest: of everything the line says; the file is made only of lines that still say
    the same. reference: 管理番号, by which an answer finds it. former: the accepted line that this one changes or cancels.
    """

    batch = models.ForeignKey(LinkBatch, verbose_name="連携の回", on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField("順")
    reference = models.CharField("管理番号", max_length=20, unique=True)
    result = models.ForeignKey(CheckupResult, verbose_name="健診結果", on_delete=models.PROTECT, related_name="links")
    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    action = models.CharField("処理", max_length=10, choices=enums.LinkAction.choices)
    digest = models.CharField("内容の要約値", max_length=64)
    former = models.ForeignKey(
        "self", verbose_name="前に受理された1件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状態", max_length=10, choices=enums.LinkState.choices, default=enums.LinkState.WAITING)
    error_code = models.CharField("エラーコード", max_length=10, blank=True)
    message = models.CharField("エラー内容", max_length=300, blank=True)
    answered_date = models.DateField("処理日", null=True)
    resend_by_id = models.BigIntegerField("もう一度送ることにした職員", null=True)
    resend_note = models.CharField("確かめたこと・直したこと", max_length=200, blank=True)

    class Meta:
        verbose_name = "連携の1件"
        verbose_name_plural = "連携の1件"
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="checkups_link_number_once"),
            models.UniqueConstraint(
                fields=["result"],
                condition=Q(state__in=["waiting", "sent"]),
                name="checkups_link_once",
                violation_error_message="この結果は、送付前か回答待ちの回に入っています。",
            ),
        ]
        indexes = [models.Index(fields=["state", "batch"], name="checkups_link_state")]

    def __str__(self) -> str:
        return f"連携の1件 {self.pk}"


class AnswerFile(CheckupRecord):
    """回答ファイル. The answer as it came; the same bytes are taken once. problems: [place, what, remedy] of the whole file."""

    subject: ClassVar[str | None] = None

    name = models.CharField("ファイルの名前", max_length=200)
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    state = models.CharField(
        "状態", max_length=10, choices=enums.AnswerState.choices, default=enums.AnswerState.READING
    )
    counts = models.JSONField("内訳", default=dict)
    problems = models.JSONField("誤り", default=list)
    job = models.ForeignKey(
        "jobs.Job", verbose_name="処理", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_by_id = models.BigIntegerField("受け付けた職員")
    received_at = models.DateTimeField("受け付けた日時", default=timezone.now)

    class Meta:
        verbose_name = "回答ファイル"
        verbose_name_plural = "回答ファイル"

    def __str__(self) -> str:
        return f"回答ファイル {self.pk}"


class AnswerContent(CheckupRecord):
    """回答ファイルの中身: the bytes as they came."""

    subject: ClassVar[str | None] = None

    file = models.OneToOneField(
        AnswerFile, verbose_name="回答ファイル", on_delete=models.PROTECT, related_name="content"
    )
    body = models.BinaryField("中身")

    class Meta:
        verbose_name = "回答ファイルの中身"
        verbose_name_plural = "回答ファイルの中身"

    def __str__(self) -> str:
        return f"回答ファイルの中身 {self.pk}"


class AnswerLine(CheckupRecord):
    """回答の1件. One line that could not be used, kept as it came: an unknown 管理番号, or one that waits for no answer."""

    subject: ClassVar[str | None] = None

    file = models.ForeignKey(AnswerFile, verbose_name="回答ファイル", on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField("行")
    reference = models.CharField("管理番号", max_length=20)
    outcome = models.CharField("扱い", max_length=12, choices=enums.AnswerOutcome.choices)
    error_code = models.CharField("エラーコード", max_length=10, blank=True)
    message = models.CharField("エラー内容", max_length=300, blank=True)

    class Meta:
        verbose_name = "回答の1件"
        verbose_name_plural = "回答の1件"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="checkups_answer_line_once")]

    def __str__(self) -> str:
        return f"回答の1件 {self.pk}"
