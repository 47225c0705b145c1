"""What members are found by, and what clerks searched for."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from members.enrollment.models.members import Member
from privacy.notice.register import Category
from privacy.records import PersonalIndex


class NameToken(PersonalIndex):
    """氏名の検索語。The ends of a member's normalised name and kana, for a search inside the name by prefix."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="tokens")
    token = models.CharField("検索語", max_length=130)

    class Meta:
        verbose_name = "氏名の検索語"
        verbose_name_plural = "氏名の検索語"
        indexes = [
            # Whom a token leads to stands in the index too: a common name would fetch a page of the table a person.
            models.Index(
                fields=["token"], include=["member"], name="enrollment_token_member", opclasses=["varchar_pattern_ops"]
            )
        ]

    def __str__(self) -> str:
        return f"検索語 {self.pk}"


class SavedSearch(PersonalIndex):
    """検索。What a clerk searched for, under an opaque number of the clerk's own, so that no name stands in a URL."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None
    written_when_looking: ClassVar[bool] = True
    KEPT_FOR: ClassVar[timedelta] = timedelta(days=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.BigIntegerField("職員")
    terms = models.CharField("検索語", max_length=200)
    created_at = models.DateTimeField("日時", default=timezone.now)

    class Meta:
        verbose_name = "検索"
        verbose_name_plural = "検索"
        indexes = [models.Index(fields=["created_at"], name="enrollment_search_created")]

    def __str__(self) -> str:
        return f"検索 {self.pk}"


class MoveList(PersonalIndex):
    """移す人の一覧。Whom a merger or a split of employers moves, frozen when the clerk saw the counts. Thrown away after a week."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    KEPT_FOR: ClassVar[timedelta] = timedelta(days=7)

    list_id = models.UUIDField("一覧")
    owner_id = models.BigIntegerField("職員")
    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("日時", default=timezone.now)

    class Meta:
        verbose_name = "移す人の一覧"
        verbose_name_plural = "移す人の一覧"
        constraints = [models.UniqueConstraint(fields=["list_id", "member"], name="enrollment_movelist_once")]
        indexes = [models.Index(fields=["created_at"], name="enrollment_movelist_created")]

    def __str__(self) -> str:
        return f"移す人の一覧 {self.pk}"
