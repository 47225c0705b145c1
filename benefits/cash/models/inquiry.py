"""医師への照会: row 22 of the notice, readable only by the work of the allowance it serves."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from privacy.notice.register import Category
from privacy.records import PersonalRecord


class InquiryState(models.TextChoices):
    DRAFT = "draft", "作成中"
    SENT = "sent", "回答待ち"
    ANSWERED = "answered", "回答あり"
    CLOSED = "closed", "意見あり"
    CANCELLED = "cancelled", "取りやめ"


class Opinion(models.TextChoices):
    """What the adviser says of the claimed days."""

    SUPPORTED = "supported", "労務不能と認められる"
    PARTLY = "partly", "一部の期間について認められる"
    UNSUPPORTED = "unsupported", "認められない"


class TreatmentInquiry(PersonalRecord):
    """医師への照会. One inquiry of a case: questions, the person's consent, the answer, the adviser's opinion.

    recipient_id: the institution among the recipients of the door. able_from: the day from which the physician holds the
    person able to work; empty: still unable.
    """

    category: ClassVar[Category] = Category.TREATMENT_INQUIRY

    case = models.ForeignKey("cash.Case", verbose_name="申請", on_delete=models.PROTECT, related_name="inquiries")
    member = models.ForeignKey("enrollment.Member", verbose_name="被保険者", on_delete=models.PROTECT, related_name="+")
    recipient_id = models.BigIntegerField("照会先（受け渡し先）")
    physician = models.CharField("担当の医師", max_length=60, blank=True)
    questions = ArrayField(models.CharField(max_length=300), verbose_name="照会する事項")
    state = models.CharField("状態", max_length=10, choices=InquiryState.choices, default=InquiryState.DRAFT)
    consent_date = models.DateField("本人の同意日", null=True, blank=True)
    consent_note = models.CharField("同意の書面", max_length=100, blank=True)
    sent_date = models.DateField("送った日", null=True, blank=True)
    due_date = models.DateField("回答の期限", null=True, blank=True)
    reminded_date = models.DateField("督促した日", null=True, blank=True)
    answered_date = models.DateField("回答を受けた日", null=True, blank=True)
    answers = ArrayField(models.CharField(max_length=600, blank=True), verbose_name="回答", default=list, blank=True)
    able_from = models.DateField("労務可能となった日", null=True, blank=True)
    opinion = models.CharField("顧問医の意見", max_length=12, choices=Opinion.choices, blank=True)
    opinion_words = models.CharField("意見の内容", max_length=600, blank=True)
    opinion_by = models.CharField("顧問医", max_length=60, blank=True)
    opinion_date = models.DateField("意見の日", null=True, blank=True)
    entered_by_id = models.BigIntegerField("作成した職員")
    entered_at = models.DateTimeField("作成日時", default=timezone.now)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "医師への照会"
        verbose_name_plural = "医師への照会"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(consent_date__isnull=False, sent_date__isnull=False),
                name="cash_inquiry_consent_first",
                violation_error_message="本人の同意がない照会は送れません。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | Q(answered_date__gte=F("sent_date")),
                name="cash_inquiry_answered_after",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(opinion="") & ~Q(opinion_by="")), name="cash_inquiry_opinion"
            ),
        ]
        indexes = [models.Index(fields=["case"], name="cash_inquiry_of")]

    def __str__(self) -> str:
        return f"医師への照会 {self.pk}"
