"""資格期間 and 被扶養者期間: the days on which somebody is covered."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from members.enrollment import enums
from members.enrollment.models.base import (
    Eligibility,
    PeriodQuerySet,
    StandingManager,
    no_overlap,
    real_or_cancelled,
)
from members.enrollment.models.employers import Employer
from members.enrollment.models.members import Member


class EligibilityPeriod(Eligibility):
    """資格期間。An insured person's membership: from the day of acquisition, until (not including) the day of loss."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="eligibility_periods"
    )
    employer = models.ForeignKey(
        Employer, verbose_name="事業所", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("種別", max_length=20, choices=enums.EligibilityKind.choices)
    period = DateRangeField("期間")
    acquisition_reason = models.CharField("取得の理由", max_length=20, choices=enums.AcquisitionReason.choices)
    loss_reason = models.CharField("喪失の理由", max_length=20, choices=enums.LossReason.choices, blank=True)
    received_date = models.DateField("届出を受けた日", null=True, blank=True)

    cancelled = models.BooleanField("取り消し済み", default=False, db_default=False, editable=False)

    objects = StandingManager.from_queryset(PeriodQuerySet)()
    with_cancelled = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "資格期間"
        verbose_name_plural = "資格期間"
        constraints = [
            no_overlap("enrollment_eligibility_no_overlap", message="同じ人の資格の期間が重なっています。"),
            real_or_cancelled("enrollment_eligibility_period"),
        ]
        indexes = [
            models.Index(
                fields=["member"], name="enrollment_voluntary", condition=Q(kind=enums.EligibilityKind.VOLUNTARY)
            )
        ]

    def __str__(self) -> str:
        return f"資格期間 {self.pk}"


class DependantPeriod(Eligibility):
    """被扶養者期間。A dependant's days under an insured person: from 認定日, until (not including) the day of removal."""

    member = models.ForeignKey(
        Member, verbose_name="被扶養者", on_delete=models.PROTECT, related_name="dependant_periods"
    )
    insured = models.ForeignKey(Member, verbose_name="被保険者", on_delete=models.PROTECT, related_name="+")
    relation = models.CharField("続柄", max_length=20, choices=enums.Relation.choices)
    period = DateRangeField("期間")
    end_reason = models.CharField("削除の理由", max_length=20, choices=enums.DependantEndReason.choices, blank=True)
    received_date = models.DateField("届出を受けた日", null=True, blank=True)

    cancelled = models.BooleanField("取り消し済み", default=False, db_default=False, editable=False)

    objects = StandingManager.from_queryset(PeriodQuerySet)()
    with_cancelled = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "被扶養者期間"
        verbose_name_plural = "被扶養者期間"
        constraints = [
            no_overlap("enrollment_dependant_no_overlap", message="同じ人の被扶養者の期間が重なっています。"),
            real_or_cancelled("enrollment_dependant_period"),
            models.CheckConstraint(
                condition=~Q(member=F("insured")),
                name="enrollment_dependant_not_self",
                violation_error_message="本人を自分の被扶養者にはできません。",
            ),
        ]

    def __str__(self) -> str:
        return f"被扶養者期間 {self.pk}"


class ConcurrentEmployment(Eligibility):
    """二以上勤務。Another employer a person works for at the same time (則1条の3・37条): the one that was not chosen.

    The employer chosen as 主たる事業所 stands in the 資格期間. `employer` is one of ours; elsewhere `outside_name` says who.
    """

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="concurrent_employments"
    )
    employer = models.ForeignKey(
        Employer, verbose_name="事業所", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outside_name = models.CharField("当組合でない事業所の名称", max_length=200, blank=True)
    outside_insurer = models.CharField("その事業所の保険者", max_length=100, blank=True)
    period = DateRangeField("期間")
    received_date = models.DateField("届出を受けた日", null=True, blank=True)
    cancelled = models.BooleanField("取り消し済み", default=False, db_default=False, editable=False)

    objects = StandingManager.from_queryset(PeriodQuerySet)()
    with_cancelled = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "二以上勤務"
        verbose_name_plural = "二以上勤務"
        constraints = [
            real_or_cancelled("enrollment_concurrent_period"),
            models.CheckConstraint(
                condition=Q(employer__isnull=False, outside_name="") | (Q(employer__isnull=True) & ~Q(outside_name="")),
                name="enrollment_concurrent_one_employer",
                violation_error_message="当組合の事業所か、ほかの事業所の名称の、どちらか一つを入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"二以上勤務 {self.pk}"

    @property
    def name(self) -> str:
        """The employer as staff call it; `employer` is to be loaded with the row."""
        return self.employer.name if self.employer_id and self.employer else self.outside_name
