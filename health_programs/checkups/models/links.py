"""オンライン資格確認等システムへの連携: one row a result that is to be registered or handed to another insurer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.results import CheckupResult


class LinkEntry(CheckupRecord):
    """健診結果の連携. Waiting, sent in a file, accepted or refused with a code; corrected ones wait again.

    insurer_number: to whom, for a transfer. consent: 法令により本人の同意は不要 (高確法27条) unless a date is given.
    output_id: the file in which it left.
    """

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(CheckupResult, verbose_name="健診結果", on_delete=models.PROTECT, related_name="links")
    direction = models.CharField("種類", max_length=10, choices=enums.LinkDirection.choices)
    insurer_number = models.CharField("相手の保険者番号", max_length=8, blank=True)
    requested_date = models.DateField("求めを受けた日", null=True, blank=True)
    state = models.CharField("状態", max_length=10, choices=enums.LinkState.choices, default=enums.LinkState.WAITING)
    result_version = models.PositiveIntegerField("結果の版")
    output_id = models.BigIntegerField("受け渡し", null=True)
    error_code = models.CharField("エラー", max_length=10, blank=True)
    note = models.CharField("対応", max_length=200, blank=True)
    made_at = models.DateTimeField("登録した日時", default=timezone.now)
    changed_at = models.DateTimeField("最後に変わった日時", default=timezone.now)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "健診結果の連携"
        verbose_name_plural = "健診結果の連携"
        constraints = [
            models.UniqueConstraint(
                fields=["result", "direction", "insurer_number", "result_version"], name="checkups_link_once"
            )
        ]
        indexes = [models.Index(fields=["state", "direction"], name="checkups_link_state")]

    def __str__(self) -> str:
        return f"健診結果の連携 {self.pk}"


class LinkReply(CheckupRecord):
    """受付結果ファイル. The answer to a file, as it came. problems: [line, what, remedy] each."""

    subject: ClassVar[str | None] = None

    name = models.CharField("ファイルの名前", max_length=200)
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    body = models.BinaryField("中身")
    accepted = models.PositiveIntegerField("登録済み", default=0)
    rejected = models.PositiveIntegerField("エラー", default=0)
    problems = models.JSONField("読めない行", default=list)
    taken_by_id = models.BigIntegerField("取り込んだ職員")
    taken_at = models.DateTimeField("取り込んだ日時", default=timezone.now)

    class Meta:
        verbose_name = "受付結果ファイル"
        verbose_name_plural = "受付結果ファイル"

    def __str__(self) -> str:
        return f"受付結果ファイル {self.pk}"
