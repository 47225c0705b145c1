"""給付の申請: one application from its arrival to the payment, and what happened to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from benefits.cash import choices, enums
from benefits.cash.models.base import BenefitRecord, CaseRow
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import State


class Case(BenefitRecord):
    """給付の申請。`member` is the insured person it is paid to, `patient` who was ill, gave birth, died or was moved.

    first, last: of a daily allowance the days applied for; else both the day of the event. root: the first case of the
    same illness or birth, of which this is a further application; the case itself has none.
    """

    number = models.CharField("受付番号", max_length=12, unique=True)
    kind = models.CharField("種類", max_length=20, choices=choices.APPLICATION_CHOICES)
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="被保険者", on_delete=models.PROTECT, related_name="cash_cases"
    )
    patient = models.ForeignKey(
        "enrollment.Member", verbose_name="対象の人", on_delete=models.PROTECT, related_name="cash_cases_about"
    )
    root = models.ForeignKey(
        "self", verbose_name="初回の申請", null=True, blank=True, on_delete=models.PROTECT, related_name="further"
    )
    received_date = models.DateField("受付日")
    first = models.DateField("請求期間の初日")
    last = models.DateField("請求期間の末日")
    claim_by = models.DateField("時効")
    state = models.CharField("状態", max_length=20, choices=choices.STATE_CHOICES, default=State.RECEIVED)
    refusal_proposed = models.BooleanField("不支給として決裁に回した", default=False)
    entered_by_id = models.BigIntegerField("受け付けた職員")
    submitted_by_id = models.BigIntegerField("決裁に回した職員", null=True, blank=True)
    due_date = models.DateField("処理の期限")
    entry_key = models.UUIDField("入力の鍵", unique=True)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "給付の申請"
        verbose_name_plural = "給付の申請"
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="cash_case_period",
                violation_error_message="期間の終わりが始まりより前です。",
            ),
            models.CheckConstraint(
                condition=Q(root__isnull=True) | ~Q(root=F("pk")), name="cash_case_not_its_own_root"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.AWAITING_DECISION) | Q(submitted_by_id__isnull=False),
                name="cash_case_somebody_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "kind"], name="cash_case_of"),
            models.Index(fields=["patient"], name="cash_case_about"),
            models.Index(fields=["state", "due_date", "id"], name="cash_case_work"),
            models.Index(fields=["-received_date", "-id"], name="cash_case_newest"),
            models.Index(fields=["root"], name="cash_case_chain"),
        ]

    def __str__(self) -> str:
        return f"給付の申請 {self.pk}"

    @property
    def event(self) -> int:
        """What identifies the illness or the birth: the first of its cases."""
        return self.root_id or self.pk

    @property
    def benefit(self) -> Kind:
        return Kind(self.kind)

    @property
    def status(self) -> State:
        return State(self.state)


class CaseStep(CaseRow):
    """申請の動き. One move of a case: who, when, why; rows are only added."""

    move = models.CharField("動き", max_length=30)
    before = models.CharField("前の状態", max_length=20, choices=choices.STATE_CHOICES, blank=True)
    after = models.CharField("後の状態", max_length=20, choices=choices.STATE_CHOICES)
    by_id = models.BigIntegerField("職員", null=True, help_text="夜間の処理は空です。")
    at = models.DateTimeField("日時", default=timezone.now)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "申請の動き"
        verbose_name_plural = "申請の動き"
        indexes = [models.Index(fields=["case", "-at"], name="cash_step_of")]

    def __str__(self) -> str:
        return f"申請の動き {self.pk}"


class CaseDocument(CaseRow):
    """申請の書類. A document the case needs: whether it is there, and whether it is in order."""

    title = models.CharField("書類", max_length=60)
    basis = models.CharField("根拠", max_length=60, blank=True)
    required = models.BooleanField("必要", default=True)
    state = models.CharField(
        "状態", max_length=10, choices=enums.DocumentState.choices, default=enums.DocumentState.MISSING
    )
    arrived_date = models.DateField("届いた日", null=True, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)

    class Meta:
        verbose_name = "申請の書類"
        verbose_name_plural = "申請の書類"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "title"], name="cash_document_once", violation_error_message="同じ書類があります。"
            ),
            models.CheckConstraint(
                condition=Q(state="missing") | Q(arrived_date__isnull=False), name="cash_document_arrived"
            ),
        ]

    def __str__(self) -> str:
        return f"申請の書類 {self.pk}"


class CaseFinding(CaseRow):
    """点検の結果. What a check found, and how the clerk settled it; found anew at every check, settled ones kept."""

    code = models.CharField("点検", max_length=30)
    effect = models.CharField("効果", max_length=12, choices=choices.EFFECT_CHOICES)
    sentence = models.CharField("内容", max_length=300)
    article = models.CharField("根拠", max_length=60)
    first = models.DateField("初日")
    last = models.DateField("末日")
    standing = models.BooleanField("いまも当たる", default=True)
    settled_by_id = models.BigIntegerField("確かめた職員", null=True, blank=True)
    settled_at = models.DateTimeField("確かめた日時", null=True, blank=True)
    settlement = models.CharField("確かめたこと", max_length=300, blank=True)

    class Meta:
        verbose_name = "点検の結果"
        verbose_name_plural = "点検の結果"
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "first", "last", "sentence"], name="cash_finding_once"),
            models.CheckConstraint(
                condition=Q(settled_by_id__isnull=True, settlement="")
                | (Q(settled_by_id__isnull=False) & ~Q(settlement="")),
                name="cash_finding_settled_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"点検の結果 {self.pk}"

    @property
    def open(self) -> bool:
        """Whether it still stands in the way of a payment."""
        return self.standing and self.settled_by_id is None
