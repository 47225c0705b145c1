"""What was applied for, by kind: the words of the application, read by the rules."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from benefits.cash import choices, enums
from benefits.cash.models.base import BenefitRecord, CaseRow


class Facts(BenefitRecord):
    """What one kind of application says; one row a case."""

    case = models.OneToOneField("cash.Case", verbose_name="申請", on_delete=models.PROTECT, related_name="%(class)s")
    member = models.ForeignKey("enrollment.Member", verbose_name="被保険者", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Sickness(Facts):
    """傷病手当金の申請の内容. opinion_*: the days on which the physician says work was impossible."""

    illness = models.CharField("傷病名", max_length=100)
    onset_date = models.DateField("療養の原因が生じた日", null=True, blank=True)
    hospital = models.CharField("医療機関", max_length=100, blank=True)
    opinion_first = models.DateField("労務不能と認めた期間の初日", null=True, blank=True)
    opinion_last = models.DateField("労務不能と認めた期間の末日", null=True, blank=True)
    opinion_date = models.DateField("意見を記入した日", null=True, blank=True)
    industrial_accident = models.BooleanField("業務上・通勤災害", default=False)
    third_party = models.BooleanField("第三者行為", default=False)
    seaman = models.BooleanField("船員保険の被保険者となった", default=False)
    lump_on = models.DateField("障害手当金を受けられる日", null=True, blank=True)
    lump_amount = models.PositiveIntegerField("障害手当金の額（円）", null=True, blank=True)

    class Meta:
        verbose_name = "傷病手当金の申請の内容"
        verbose_name_plural = "傷病手当金の申請の内容"
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion_first__isnull=True, opinion_last__isnull=True)
                | Q(opinion_first__isnull=False, opinion_last__gte=F("opinion_first")),
                name="cash_sickness_opinion",
                violation_error_message="労務不能の期間は、初日と末日の両方を、順に入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(lump_on__isnull=True, lump_amount__isnull=True)
                | Q(lump_on__isnull=False, lump_amount__isnull=False),
                name="cash_sickness_lump_whole",
                violation_error_message="障害手当金は、受けられる日と額の両方を入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"傷病手当金の内容 {self.pk}"


class Pension(CaseRow):
    """併せて受ける年金. Yen a year, payable on the days from `first` to `last` (empty: still)."""

    annual = models.PositiveIntegerField("年額（円）")
    first = models.DateField("支給の初日")
    last = models.DateField("支給の末日", null=True, blank=True)
    old_age = models.BooleanField("老齢退職年金", default=False)
    basis = models.CharField("確かめた資料", max_length=100, blank=True)
    cancelled = models.BooleanField("取り消し済み", default=False)

    class Meta:
        verbose_name = "併せて受ける年金"
        verbose_name_plural = "併せて受ける年金"
        constraints = [
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")),
                name="cash_pension_period",
                violation_error_message="年金の期間の終わりが始まりより前です。",
            )
        ]

    def __str__(self) -> str:
        return f"併せて受ける年金 {self.pk}"


class Birth(Facts):
    """出産の申請の内容. Of 出産手当金 the birth may still be to come (`born_date` empty)."""

    expected_date = models.DateField("出産の予定日", null=True, blank=True)
    born_date = models.DateField("出産の日", null=True, blank=True)
    multiple = models.BooleanField("多胎", default=False)
    weeks = models.PositiveSmallIntegerField("妊娠週数", null=True, blank=True)
    days = models.PositiveSmallIntegerField("妊娠週数の余りの日", default=0)
    children = models.PositiveSmallIntegerField("出生児の数（死産を含む）", default=1)
    stillborn = models.BooleanField("死産を含む", default=False)
    covered = models.BooleanField("産科医療補償制度の対象", default=True)
    way = models.CharField("受取方法", max_length=10, choices=enums.Way.choices, default=enums.Way.CASH)
    fee = models.PositiveIntegerField("出産に要した費用（円）", default=0)
    institution = models.CharField("医療機関等", max_length=100, blank=True)

    class Meta:
        verbose_name = "出産の申請の内容"
        verbose_name_plural = "出産の申請の内容"
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_date__isnull=False) | Q(born_date__isnull=False),
                name="cash_birth_some_day",
                violation_error_message="出産の日か予定日を入れてください。",
            ),
            models.CheckConstraint(condition=Q(days__lte=6, children__gte=1), name="cash_birth_figures"),
        ]

    def __str__(self) -> str:
        return f"出産の内容 {self.pk}"


class Death(Facts):
    """埋葬の申請の内容. The claimant is not always a member: an heir, or who buried the deceased."""

    died_date = models.DateField("死亡の日")
    buried_date = models.DateField("埋葬の日", null=True, blank=True)
    claimant = models.CharField("請求した人", max_length=60)
    claimant_relation = models.CharField("死亡した人との関係", max_length=40)
    maintained = models.BooleanField("生計を維持されていた", default=False)
    buries = models.BooleanField("埋葬を行う・行った", default=True)
    stillborn = models.BooleanField("死産", default=False)
    industrial_accident = models.BooleanField("業務上・通勤災害", default=False)

    class Meta:
        verbose_name = "埋葬の申請の内容"
        verbose_name_plural = "埋葬の申請の内容"

    def __str__(self) -> str:
        return f"埋葬の内容 {self.pk}"


class FuneralItem(CaseRow):
    """埋葬に要した費用."""

    label = models.CharField("費用", max_length=60)
    amount = models.PositiveIntegerField("金額（円）")
    counted = models.BooleanField("埋葬に直接要した", default=True)
    cancelled = models.BooleanField("取り消し済み", default=False)

    class Meta:
        verbose_name = "埋葬に要した費用"
        verbose_name_plural = "埋葬に要した費用"

    def __str__(self) -> str:
        return f"埋葬に要した費用 {self.pk}"


class Trip(Facts):
    """移送の申請の内容. Yen; the three conditions of 則81条."""

    moved_date = models.DateField("移送した日")
    paid_date = models.DateField("費用を支払った日")
    route = models.CharField("経路・方法", max_length=200)
    proper_treatment = models.BooleanField("法に基づく適切な療養を受けた", default=False)
    could_not_move = models.BooleanField("移動が著しく困難であった", default=False)
    unavoidable = models.BooleanField("緊急その他やむを得なかった", default=False)
    ordinary = models.PositiveIntegerField("最も経済的な通常の費用（円）")
    actual = models.PositiveIntegerField("実際の費用（円）")
    attended = models.BooleanField("医師が付添いを必要と認めた", default=False)
    attendant_ordinary = models.PositiveIntegerField("付添人の通常の費用（円）", default=0)
    attendant_actual = models.PositiveIntegerField("付添人の実際の費用（円）", default=0)
    industrial_accident = models.BooleanField("業務上・通勤災害", default=False)

    class Meta:
        verbose_name = "移送の申請の内容"
        verbose_name_plural = "移送の申請の内容"

    def __str__(self) -> str:
        return f"移送の内容 {self.pk}"


class Restriction(Facts):
    """給付制限（法116条から122条）. A ground and the share withheld, in percent."""

    ground = models.CharField("事由", max_length=20, choices=choices.RESTRICTION_CHOICES)
    percent = models.PositiveSmallIntegerField("支給しない割合（％）")
    reason = models.CharField("認めた理由", max_length=300)
    cancelled = models.BooleanField("取り消し済み", default=False)

    class Meta:
        verbose_name = "給付制限"
        verbose_name_plural = "給付制限"
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=100), name="cash_restriction_share")
        ]

    def __str__(self) -> str:
        return f"給付制限 {self.pk}"
