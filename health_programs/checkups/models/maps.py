"""列の対応: how one institution's CSV of results is to be understood, version by version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from health_programs.checkups.files.result_map import Shape
from health_programs.checkups.models.base import CheckupRecord


class ResultMap(CheckupRecord):
    """列の対応. One version of a map; never changed once saved: a correction is the next version.

    shape: as `Shape.stored`. head_row: row of the heads, 0 for a file without. heads: of the sample. Heads and words of a
    wrongly read sample may name somebody, so it stands behind the wall. current: the version that is used.
    """

    subject: ClassVar[str | None] = None

    institution = models.ForeignKey(
        "checkups.Institution", verbose_name="健診機関", on_delete=models.PROTECT, related_name="maps"
    )
    title = models.CharField("名前", max_length=60)
    number = models.PositiveIntegerField("版", default=1)
    current = models.BooleanField("使う版", default=True)
    codec = models.CharField("文字コード", max_length=10, blank=True)
    delimiter = models.CharField("区切り", max_length=1, blank=True)
    head_row = models.PositiveSmallIntegerField("見出しの行", default=1)
    heads = models.JSONField("見出し", default=list)
    shape_stored = models.JSONField("読み方", default=dict)
    note = models.CharField("変えたこと", max_length=200, blank=True)
    copied_from = models.ForeignKey(
        "self", verbose_name="写した元", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_by_id = models.BigIntegerField("保存した職員")
    saved_at = models.DateTimeField("保存した日時", default=timezone.now)

    class Meta:
        verbose_name = "結果CSVの列の対応"
        verbose_name_plural = "結果CSVの列の対応"
        constraints = [
            models.UniqueConstraint(fields=["institution", "title", "number"], name="checkups_map_version"),
            models.UniqueConstraint(
                fields=["institution", "title"], condition=Q(current=True), name="checkups_map_current"
            ),
        ]

    def __str__(self) -> str:
        return f"列の対応 {self.pk}"

    @property
    def shape(self) -> Shape:
        """The map as the reader needs it."""
        return Shape.of(
            codec=self.codec, delimiter=self.delimiter, head_row=self.head_row, heads=self.heads,
            stored=self.shape_stored,
        )  # fmt: skip
