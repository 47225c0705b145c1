"""計算, 決定 and 返納. Calculations and decisions are only added: an earlier one shows the figures of its day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from benefits.cash import enums
from benefits.cash.models.base import CaseRow


class Calculation(CaseRow):
    """給付の計算. steps: the working as rows of text (label, figure, article, parameter); runs: stretches of days with the
    same outcome; amounts in yen. parameters: the dated figures used, as they stood. Rows are only added.
    """

    serial = models.PositiveSmallIntegerField("回")
    amount = models.PositiveIntegerField("支給額（円）")
    extra = models.PositiveIntegerField("付加金（円）", default=0)
    to_institution = models.PositiveIntegerField("医療機関等へ支払われる額（円）", default=0)
    in_advance = models.PositiveIntegerField("内払とみなす額（円）", default=0)
    withheld = models.PositiveIntegerField("給付制限により支給しない額（円）", default=0)
    refused = models.CharField("支給しない理由", max_length=300, blank=True)
    warning = models.CharField("確かめること", max_length=300, blank=True)
    paid_days = models.PositiveSmallIntegerField("支給する日数", null=True, blank=True)
    remaining = models.PositiveSmallIntegerField("残りの日数", null=True, blank=True)
    term = models.PositiveSmallIntegerField("支給期間の日数", null=True, blank=True)
    daily = models.PositiveIntegerField("支給日額（円）", null=True, blank=True)
    steps = models.JSONField("計算の過程")
    runs = models.JSONField("日ごとの判定", default=list)
    parameters = models.JSONField("使った数値", default=list)
    calculated_by_id = models.BigIntegerField("計算した職員", null=True)
    calculated_at = models.DateTimeField("計算日時", default=timezone.now)

    class Meta:
        verbose_name = "給付の計算"
        verbose_name_plural = "給付の計算"
        constraints = [
            models.UniqueConstraint(fields=["case", "serial"], name="cash_calculation_once"),
            models.CheckConstraint(
                condition=Q(refused="") | Q(amount=0, extra=0), name="cash_calculation_refused_is_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"給付の計算 {self.pk}"

    @property
    def total(self) -> int:
        """Yen due to the person by law and by-law: what the person gets, before what was paid earlier."""
        return self.amount + self.extra - self.to_institution - self.in_advance - self.withheld


class Decision(CaseRow):
    """給付の決定. `amount`: yen now to be paid (支給) or to come back (返納); `due`: what is due in all. Rows are only added."""

    serial = models.PositiveSmallIntegerField("回")
    outcome = models.CharField("決定", max_length=10, choices=enums.Outcome.choices)
    calculation = models.ForeignKey(
        Calculation, verbose_name="計算", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    due = models.PositiveIntegerField("支給すべき額（円）")
    amount = models.PositiveIntegerField("今回の額（円）")
    extra = models.IntegerField("うち付加金（円）", default=0)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    decided_date = models.DateField("決定日")
    proposed_by_id = models.BigIntegerField("決裁に回した職員")
    decided_by_id = models.BigIntegerField("決定した職員")
    reason = models.CharField("理由", max_length=300, blank=True)
    appeal_by = models.DateField("審査請求の期限（知った日を決定日の翌日とみたとき）")

    class Meta:
        verbose_name = "給付の決定"
        verbose_name_plural = "給付の決定"
        constraints = [
            models.UniqueConstraint(fields=["case", "serial"], name="cash_decision_once"),
            models.CheckConstraint(
                condition=~Q(decided_by_id=F("proposed_by_id")),
                name="cash_decision_second_person",
                violation_error_message="決裁に回した人とは別の職員が決定します。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="grant", calculation__isnull=False)
                | (Q(outcome__in=["refuse", "recover"]) & ~Q(reason="")),
                name="cash_decision_has_its_ground",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refuse") | Q(amount=0, due=0), name="cash_decision_refusal_is_nothing"
            ),
        ]
        indexes = [models.Index(fields=["decided_date", "id"], name="cash_decision_day")]

    def __str__(self) -> str:
        return f"給付の決定 {self.pk}"


class Recovery(CaseRow):
    """返納. Money that is to come back; `last_day`: until when it may be demanded."""

    decision = models.OneToOneField(Decision, verbose_name="決定", on_delete=models.PROTECT, related_name="recovery")
    total = models.PositiveIntegerField("返納の額（円）")
    paid_date = models.DateField("支払った日")
    known_date = models.DateField("知った日")
    deceit = models.BooleanField("偽りその他不正の行為", default=False)
    last_day = models.DateField("請求できる最後の日")

    class Meta:
        verbose_name = "返納"
        verbose_name_plural = "返納"
        constraints = [models.CheckConstraint(condition=Q(total__gt=0), name="cash_recovery_positive")]

    def __str__(self) -> str:
        return f"返納 {self.pk}"


class Instalment(CaseRow):
    """返納の分割. One part of the plan; replaced parts are kept with `replaced`."""

    recovery = models.ForeignKey(Recovery, verbose_name="返納", on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField("回")
    due_date = models.DateField("納める日")
    amount = models.PositiveIntegerField("金額（円）")
    replaced = models.BooleanField("計画の変更で置き換えた", default=False)

    class Meta:
        verbose_name = "返納の分割"
        verbose_name_plural = "返納の分割"
        constraints = [
            models.UniqueConstraint(
                fields=["recovery", "number"], condition=Q(replaced=False), name="cash_instalment_once"
            )
        ]

    def __str__(self) -> str:
        return f"返納の分割 {self.pk}"


class Repayment(CaseRow):
    """返納金の受入れ. Money that came back; rows are only added, a mistake is taken back by `cancelled`."""

    recovery = models.ForeignKey(Recovery, verbose_name="返納", on_delete=models.PROTECT, related_name="repayments")
    received_date = models.DateField("受け入れた日")
    amount = models.PositiveIntegerField("金額（円）")
    entered_by_id = models.BigIntegerField("入力した職員")
    entry_key = models.UUIDField("入力の鍵", unique=True)
    cancelled = models.BooleanField("取り消し済み", default=False)

    class Meta:
        verbose_name = "返納金の受入れ"
        verbose_name_plural = "返納金の受入れ"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="cash_repayment_positive")]

    def __str__(self) -> str:
        return f"返納金の受入れ {self.pk}"


class Recalculation(CaseRow):
    """再計算の差. A decided case that comes out otherwise now: yen then and now, or why it cannot be computed any more."""

    calculation = models.ForeignKey(
        Calculation, verbose_name="決定した計算", on_delete=models.PROTECT, related_name="+"
    )
    before = models.IntegerField("決定した額（円）")
    after = models.IntegerField("いま計算した額（円）", null=True, blank=True)
    unable = models.CharField("計算できない理由", max_length=300, blank=True)
    found_at = models.DateTimeField("見つけた日時", default=timezone.now)
    standing = models.BooleanField("いまも差がある", default=True)

    class Meta:
        verbose_name = "再計算の差"
        verbose_name_plural = "再計算の差"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(standing=True), name="cash_recalculation_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=False, unable="") | (Q(after__isnull=True) & ~Q(unable="")),
                name="cash_recalculation_figure_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"再計算の差 {self.pk}"

    @property
    def difference(self) -> int | None:
        """Yen more (less, when negative) than was decided; None when it cannot be computed."""
        return None if self.after is None else self.after - self.before
