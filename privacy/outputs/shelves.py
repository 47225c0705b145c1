"""What holds the files of one category while they are out: parts being made, the bytes, and whom they were about.

Parts and bytes are passing rows (`PersonalIndex`): a history of them would keep what was destroyed. Whom a file was about
is a record and stays. A wing with another category derives its own three tables from these and hands in a `Shelf`.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from privacy.records import PersonalIndex, PersonalRecord


class FilePart(PersonalIndex):
    """作成中の部分: up to 1,000 people, frozen when the job begins, and their rows once built."""

    subject: ClassVar[str | None] = None

    output = models.ForeignKey("outputs.Output", verbose_name="受け渡し", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("順")
    members = ArrayField(models.BigIntegerField(), verbose_name="加入者")
    rows = models.JSONField("行", null=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["output", "number"], name="%(app_label)s_%(class)s_once")]


class FileContent(PersonalIndex):
    """ファイルの中身: the bytes of one file, from the end of its job until it is destroyed.

    replaced: characters that CP932 does not hold, as [character, what stands instead, how often].
    """

    subject: ClassVar[str | None] = None

    output = models.OneToOneField(
        "outputs.Output", verbose_name="受け渡し", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    body = models.BinaryField("中身")
    replaced = models.JSONField("置き換わる文字", default=list)

    class Meta:
        abstract = True


class FileSubject(PersonalRecord):
    """ファイルに載った人. Kept after the bytes are gone; `designation` where a record of provision needs it (規則20条)."""

    subject: ClassVar[str | None] = "member_id"

    output = models.ForeignKey("outputs.Output", verbose_name="受け渡し", on_delete=models.PROTECT, related_name="+")
    member_id = models.BigIntegerField("加入者", db_index=True)
    designation = models.CharField("本人を特定する事項", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["output", "member_id"], name="%(app_label)s_%(class)s_once")]
