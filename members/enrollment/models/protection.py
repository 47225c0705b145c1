"""Whose whereabouts are for named clerks only."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from members.enrollment import enums
from members.enrollment.models.base import Eligibility, PeriodQuerySet, no_overlap, real_period
from members.enrollment.models.members import Member


class Protection(Eligibility):
    """保護。Why a member's whereabouts are for named clerks only, since when, and whom others ask."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protections")
    kind = models.CharField("種類", max_length=20, choices=enums.ProtectionKind.choices)
    ask = models.CharField("尋ねる先", max_length=100, help_text="例：適用課 小林（内線 121）")
    period = DateRangeField("期間")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "保護"
        verbose_name_plural = "保護"
        constraints = [
            no_overlap("enrollment_protection_no_overlap", message="同じ人の保護の期間が重なっています。"),
            real_period("enrollment_protection_period"),
        ]

    def __str__(self) -> str:
        return f"保護 {self.pk}"


class NamedNow(models.Manager):
    """Who is named, without those who no longer are."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(released_date=None)


class ProtectionClerk(Eligibility):
    """指名された担当者。A clerk who handles a protected member. `user_id` is a plain id; users are never deleted."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protection_clerks"
    )
    user_id = models.BigIntegerField("職員")
    named_date = models.DateField("指名した日")
    released_date = models.DateField("指名を解いた日", null=True, blank=True)

    objects = NamedNow()
    with_released = models.Manager()

    class Meta:
        verbose_name = "保護対象の担当者"
        verbose_name_plural = "保護対象の担当者"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "user_id"],
                condition=models.Q(released_date=None),
                name="enrollment_protectionclerk_once",
            )
        ]

    def __str__(self) -> str:
        return f"担当者 {self.pk}"
