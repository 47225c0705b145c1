"""届: what employers and members hand in, from the day it is received until it stands in the register.

A filing is personal from its first draft: its contents, its steps and the scanned documents are rows of 資格及び住所に関する情報.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.filings import enums
from privacy.notice.register import Category
from privacy.records import PersonalIndex, PersonalRecord


class FilingRecord(PersonalRecord):
    """What every model of this app is: row 1 of the notice."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta:
        abstract = True


class Filing(FilingRecord):
    """届。One document about one person. `contents` is what the clerk typed, field by field, as typed.

    member: the insured person (or the dependant whose name or address changed), once known. dependant: the dependant of
    a 被扶養者異動届, once known. The contents of a protected member stand in ProtectedContents.
    """

    kind = models.CharField("種別", max_length=20, choices=enums.FilingKind.choices)
    role = models.CharField("区分", max_length=20, choices=enums.FilingRole.choices, default=enums.FilingRole.NEW)
    state = models.CharField("状態", max_length=20, choices=enums.FilingState.choices, default=enums.FilingState.DRAFT)
    receipt_number = models.CharField("受付番号", max_length=20, blank=True)
    received_date = models.DateField("収受日", null=True, blank=True)
    effective_date = models.DateField("事実の日", null=True, blank=True)
    employer = models.ForeignKey(
        "enrollment.Employer", verbose_name="事業所", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dependant = models.ForeignKey(
        "enrollment.Member", verbose_name="被扶養者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contents = models.JSONField("入力した内容", default=dict)
    corrects = models.ForeignKey(
        "self", verbose_name="元の届", null=True, blank=True, on_delete=models.PROTECT, related_name="followers"
    )
    # The two clocks, worked out when the filing is received (rules.deadlines).
    filing_due_date = models.DateField("届出の期限", null=True, blank=True)
    late_days = models.PositiveIntegerField("遅れた日数", default=0)
    registration_due_date = models.DateField("登録の期限", null=True, blank=True)
    alarm_date = models.DateField("登録の警告の日", null=True, blank=True)
    # What the checks found when the filing was last saved.
    errors = models.PositiveSmallIntegerField("誤りの数", default=0)
    warnings = models.PositiveSmallIntegerField("確認の数", default=0)
    # Saving twice with one key is saving once; the filings of one sitting stand beside the form.
    entry_key = models.UUIDField("入力の鍵", unique=True, default=uuid.uuid4, editable=False)
    sitting = models.UUIDField("連続入力の番号", null=True, editable=False)
    entered_by_id = models.BigIntegerField("入力した職員")
    entered_at = models.DateTimeField("入力日時", default=timezone.now)
    requested_by_id = models.BigIntegerField("承認を求めた職員", null=True, blank=True)
    requested_at = models.DateTimeField("承認を求めた日時", null=True, blank=True)
    approved_by_id = models.BigIntegerField("承認した職員", null=True, blank=True)
    processed_by_id = models.BigIntegerField("処理した職員", null=True, blank=True)
    processed_at = models.DateTimeField("処理日時", null=True, blank=True)
    # The register's own report of a change of name or address, which its cancellation asks for.
    register_report_id = models.BigIntegerField("台帳の届の番号", null=True, editable=False)
    voluntary_term_id = models.BigIntegerField("任意継続の番号", null=True, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        constraints = [
            models.UniqueConstraint(
                fields=["receipt_number"],
                condition=~Q(receipt_number=""),
                name="filings_receipt_number_once",
                violation_error_message="この受付番号は使われています。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (~Q(receipt_number="") & Q(received_date__isnull=False)),
                name="filings_received_has_number",
                violation_error_message="受け付けた届には、受付番号と収受日が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("entered_by_id")),
                name="filings_approver_is_another",
                violation_error_message="入力した本人は承認できません。",
            ),
            models.CheckConstraint(
                condition=Q(role="new") | Q(corrects__isnull=False),
                name="filings_correction_names_filing",
                violation_error_message="訂正届・取消届には、元の届が要ります。",
            ),
        ]
        indexes = [
            models.Index(fields=["registration_due_date", "id"], name="filings_open", condition=Q(state__in=["received", "waiting"])),
            models.Index(fields=["entered_by_id", "-entered_at"], name="filings_entered_by"),
            models.Index(fields=["processed_at"], name="filings_processed"),
            models.Index(fields=["employer", "state"], name="filings_employer"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"届 {self.receipt_number or self.pk}"

    @property
    def title(self) -> str:
        """資格取得届, or 資格取得届（取消届）."""
        kind = enums.FilingKind(self.kind).label
        return kind if self.role == enums.FilingRole.NEW else f"{kind}（{enums.FilingRole(self.role).label}）"

    @property
    def protected(self) -> bool:
        """Whether the filing is about a protected member; `member` and `dependant` are loaded."""
        return bool((self.member and self.member.protected) or (self.dependant and self.dependant.protected))


class ProtectedContents(FilingRecord):
    """保護対象の届の内容。What was typed about a protected member: in a table of its own, as their address is."""

    member = models.ForeignKey("enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="+")
    filing = models.OneToOneField(
        Filing, verbose_name="届", on_delete=models.PROTECT, related_name="protected_contents"
    )
    contents = models.JSONField("入力した内容", default=dict)

    class Meta:
        verbose_name = "保護対象の届の内容"
        verbose_name_plural = "保護対象の届の内容"

    def __str__(self) -> str:
        return f"保護対象の届の内容 {self.pk}"


class FilingStep(FilingRecord):
    """届の経過。One step of a filing: from which state to which, by whom, when, why."""

    filing = models.ForeignKey(Filing, verbose_name="届", on_delete=models.PROTECT, related_name="steps")
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.CharField("前の状態", max_length=20, choices=enums.FilingState.choices, blank=True)
    after = models.CharField("後の状態", max_length=20, choices=enums.FilingState.choices)
    sentence = models.CharField("内容", max_length=300, blank=True)
    by_id = models.BigIntegerField("職員")
    at = models.DateTimeField("日時", default=timezone.now)

    class Meta:
        verbose_name = "届の経過"
        verbose_name_plural = "届の経過"
        indexes = [models.Index(fields=["filing", "at"], name="filings_step_order")]

    def __str__(self) -> str:
        return f"届の経過 {self.pk}"


class FilingReturn(FilingRecord):
    """返戻。A filing sent back to the employer, and why; the letter is made from these rows."""

    filing = models.ForeignKey(Filing, verbose_name="届", on_delete=models.PROTECT, related_name="returns")
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey(
        "enrollment.Employer", verbose_name="返戻先の事業所", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("理由", max_length=20, choices=enums.ReturnReason.choices)
    sentence = models.CharField("事業所に伝えること", max_length=400)
    returned_date = models.DateField("返戻した日")
    returned_by_id = models.BigIntegerField("返戻した職員")
    answered_date = models.DateField("再提出を受けた日", null=True, blank=True)

    class Meta:
        verbose_name = "返戻"
        verbose_name_plural = "返戻"

    def __str__(self) -> str:
        return f"返戻 {self.pk}"


class Attachment(FilingRecord):
    """添付書類。A scanned document of a filing: what it is, its size in bytes and its SHA-256. Never deleted, only withdrawn."""

    filing = models.ForeignKey(Filing, verbose_name="届", on_delete=models.PROTECT, related_name="attachments")
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("ファイル名", max_length=200)
    content_type = models.CharField("形式", max_length=40)
    size = models.PositiveIntegerField("大きさ", help_text="バイト")
    digest = models.CharField("SHA-256", max_length=64)
    added_by_id = models.BigIntegerField("添付した職員")
    added_at = models.DateTimeField("添付した日時", default=timezone.now)
    withdrawn_by_id = models.BigIntegerField("外した職員", null=True, blank=True)
    withdrawn_at = models.DateTimeField("外した日時", null=True, blank=True)

    class Meta:
        verbose_name = "添付書類"
        verbose_name_plural = "添付書類"
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "digest"],
                condition=Q(withdrawn_at__isnull=True),
                name="filings_attachment_once",
                violation_error_message="同じファイルが添付されています。",
            )
        ]

    def __str__(self) -> str:
        return f"添付書類 {self.pk}"


class AttachmentContent(PersonalIndex):
    """添付書類の中身。The bytes, apart from the facts about them so that no list reads them.

    Without a history of their own: they are written once and never change, and the digest in the history of Attachment
    proves it.
    """

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = "member"

    attachment = models.OneToOneField(
        Attachment, verbose_name="添付書類", on_delete=models.PROTECT, related_name="content"
    )
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    content = models.BinaryField("中身")

    class Meta:
        verbose_name = "添付書類の中身"
        verbose_name_plural = "添付書類の中身"

    def __str__(self) -> str:
        return f"添付書類の中身 {self.pk}"


class FilingRule(models.Model):
    """届の承認の設定。Which kinds of filings a second person approves, by the association's own rules; about nobody."""

    kind = models.CharField("種別", max_length=20, choices=enums.FilingKind.choices, unique=True)
    second_person = models.BooleanField("届に承認が要る", default=False)
    second_person_corrections = models.BooleanField("訂正届・取消届に承認が要る", default=False)
    basis = models.CharField("根拠", max_length=200, blank=True, help_text="例：事務決裁規程 第7条")

    class Meta:
        verbose_name = "届の承認の設定"
        verbose_name_plural = "届の承認の設定"

    def __str__(self) -> str:
        return str(enums.FilingKind(self.kind).label)
