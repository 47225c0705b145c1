"""番号法に基づく情報連携: copies of decided benefits, inquiries with their answers, and the record of both.

番号法22条 obliges the association to provide what its decided benefits are, through copies it registers; 23条 has every
inquiry and provision recorded. Whom a line is about stands in the line; 個人番号 stands nowhere here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from benefits.cash import enums
from benefits.cash.models.base import BenefitRecord, CaseRow
from privacy.notice.register import Category
from privacy.records import PersonalIndex


class LinkBatch(BenefitRecord):
    """連携の回. Lines sent in one file. counts: what was collected and who was left out, by code.

    file_token: proves that a file of the door is this batch's own.
    """

    subject: ClassVar[str | None] = None

    content = models.CharField("内容", max_length=10, choices=enums.LinkContent.choices)
    state = models.CharField(
        "状態", max_length=10, choices=enums.LinkBatchState.choices, default=enums.LinkBatchState.COLLECTED
    )
    counts = models.JSONField("内訳", default=dict)
    output_id = models.BigIntegerField("受け渡し", null=True)
    file_token = models.BigIntegerField("ファイルの印", null=True)
    collected_by_id = models.BigIntegerField("集めた職員")
    collected_at = models.DateTimeField("集めた日時", default=timezone.now)
    sent_at = models.DateTimeField("送付した日時", null=True)

    class Meta:
        verbose_name = "連携の回"
        verbose_name_plural = "連携の回"
        constraints = [
            models.UniqueConstraint(
                fields=["content"],
                condition=Q(state__in=["collected", "asked"]),
                name="cash_link_one_open",
                violation_error_message="送付前の回があります。送るか取りやめてから集めてください。",
            )
        ]

    def __str__(self) -> str:
        return f"連携の回 {self.pk}"


class LinkRow(CaseRow):
    """One line that goes out. reference: 管理番号, by which what comes back finds it; number: its place in the batch."""

    number = models.PositiveIntegerField("順", null=True)
    # None while no batch holds it: many wait without a number.
    reference = models.CharField("管理番号", max_length=20, unique=True, null=True)  # noqa: DJ001
    state = models.CharField("状態", max_length=10, choices=enums.LinkState.choices, default=enums.LinkState.WAITING)
    error_code = models.CharField("エラーコード", max_length=10, blank=True)
    message = models.CharField("エラー内容", max_length=300, blank=True)
    answered_date = models.DateField("回答日", null=True)
    resend_by_id = models.BigIntegerField("もう一度送ることにした職員", null=True)
    resend_note = models.CharField("確かめたこと・直したこと", max_length=200, blank=True)

    class Meta:
        abstract = True


class BenefitCopy(LinkRow):
    """給付の情報の副本. What one case has given, as registered. digest: of everything the line says; the file is made only
    of lines that still say the same. former: the accepted line this one changes or cancels.
    """

    batch = models.ForeignKey(LinkBatch, verbose_name="連携の回", on_delete=models.PROTECT, related_name="copies")
    decision = models.ForeignKey("cash.Decision", verbose_name="決定", on_delete=models.PROTECT, related_name="copies")
    action = models.CharField("処理区分", max_length=10, choices=enums.LinkAction.choices)
    digest = models.CharField("内容の要約値", max_length=64)
    former = models.ForeignKey(
        "self", verbose_name="前に受理された副本", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "給付の情報の副本"
        verbose_name_plural = "給付の情報の副本"
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="cash_copy_number_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["waiting", "sent"]),
                name="cash_copy_once",
                violation_error_message="この給付の副本は、送付前か回答待ちの回に入っています。",
            ),
        ]
        indexes = [models.Index(fields=["state", "batch"], name="cash_copy_state")]

    def __str__(self) -> str:
        return f"給付の情報の副本 {self.pk}"


class LinkInquiry(LinkRow):
    """情報の照会. One question of a case. finding, use: what the answer says and what became of it.

    wish: where the applicant asked for it (則84条1項11号イ), or why the pension has to be known.
    """

    batch = models.ForeignKey(
        LinkBatch, verbose_name="連携の回", null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries"
    )
    matter = models.CharField("照会する情報", max_length=10, choices=enums.Matter.choices)
    on_date = models.DateField("基準日")
    wish = models.CharField("照会の理由", max_length=200)
    asked_by_id = models.BigIntegerField("照会を作った職員")
    asked_at = models.DateTimeField("作成日時", default=timezone.now)
    finding = models.CharField("照会の結果", max_length=10, choices=enums.Finding.choices, blank=True)
    use = models.CharField("回答の扱い", max_length=10, choices=enums.AnswerUse.choices, blank=True)
    used_by_id = models.BigIntegerField("回答を扱った職員", null=True)
    used_note = models.CharField("使わない理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "情報の照会"
        verbose_name_plural = "情報の照会"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "matter"],
                condition=Q(state__in=["waiting", "sent"]),
                name="cash_link_inquiry_once",
                violation_error_message="同じ照会が、送付前か回答待ちです。",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(finding=""), name="cash_link_inquiry_answered_in_words"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="cash_link_inquiry_state")]

    def __str__(self) -> str:
        return f"情報の照会 {self.pk}"


class PensionAnswer(CaseRow):
    """年金の回答. One pension of an answer: yen a year from `first` to `last` (empty: still); of 障害手当金 the sum once."""

    inquiry = models.ForeignKey(LinkInquiry, verbose_name="照会", on_delete=models.PROTECT, related_name="pensions")
    kind = models.CharField("年金の種類", max_length=20, choices=enums.PensionKind.choices)
    code = models.CharField("年金コード", max_length=4, blank=True)
    first = models.DateField("支給の初日")
    last = models.DateField("支給の末日", null=True, blank=True)
    annual = models.PositiveIntegerField("年額（円）")

    class Meta:
        verbose_name = "年金の回答"
        verbose_name_plural = "年金の回答"

    def __str__(self) -> str:
        return f"年金の回答 {self.pk}"


class AccountAnswer(PersonalIndex):
    """口座の回答, until it is taken in or declined: it passes, and the account itself is the record."""

    category: ClassVar[Category] = Category.BANK_ACCOUNT

    inquiry = models.OneToOneField(LinkInquiry, verbose_name="照会", on_delete=models.PROTECT, related_name="account")
    member = models.ForeignKey("enrollment.Member", verbose_name="被保険者", on_delete=models.PROTECT, related_name="+")
    bank_code = models.CharField("銀行コード", max_length=4)
    branch_code = models.CharField("支店コード", max_length=3)
    kind = models.PositiveSmallIntegerField("預金種目")
    number = models.TextField("口座番号（暗号）")
    number_tail = models.CharField("口座番号の下3桁", max_length=3)
    holder = models.CharField("口座名義カナ", max_length=30)

    class Meta:
        verbose_name = "口座の回答"
        verbose_name_plural = "口座の回答"

    def __str__(self) -> str:
        return f"口座の回答 {self.pk}"

    @property
    def masked(self) -> str:
        return f"****{self.number_tail}"


class LinkRecord(CaseRow):
    """情報提供等の記録 (番号法23条1項・2項). One provision or inquiry, and one answer: who, when, what, whom with.

    Rows are only added, and the database refuses to change one. keep_until: seven years on (番号法施行令).
    """

    kind = models.CharField("内容", max_length=20, choices=enums.LinkEvent.choices)
    item = models.CharField("特定個人情報の項目", max_length=60)
    reference = models.CharField("管理番号", max_length=20)
    result = models.CharField("結果", max_length=60, blank=True)
    by_id = models.BigIntegerField("職員")
    at = models.DateTimeField("日時")
    keep_until = models.DateField("保存の期限")

    class Meta:
        verbose_name = "情報提供等の記録"
        verbose_name_plural = "情報提供等の記録"
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="cash_link_record_once")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="cash_link_record_newest"),
            models.Index(fields=["member", "-at"], name="cash_link_record_of"),
        ]

    def __str__(self) -> str:
        return f"情報提供等の記録 {self.pk}"


class LinkAnswerFile(BenefitRecord):
    """回答ファイル. What came back; the same bytes are taken once. The bytes are not kept: they may hold account numbers.

    faults: [line, field, what, remedy] of what could not be read.
    """

    subject: ClassVar[str | None] = None

    content = models.CharField("内容", max_length=10, choices=enums.LinkContent.choices)
    name = models.CharField("ファイルの名前", max_length=200)
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    counts = models.JSONField("内訳", default=dict)
    faults = models.JSONField("誤り", default=list)
    received_by_id = models.BigIntegerField("受け付けた職員")
    received_at = models.DateTimeField("受け付けた日時", default=timezone.now)

    class Meta:
        verbose_name = "回答ファイル"
        verbose_name_plural = "回答ファイル"

    def __str__(self) -> str:
        return f"回答ファイル {self.pk}"


class LinkAnswerLine(BenefitRecord):
    """回答の1件 that could not be used: an unknown 管理番号, or one that waits for no answer."""

    subject: ClassVar[str | None] = None

    file = models.ForeignKey(
        LinkAnswerFile, verbose_name="回答ファイル", on_delete=models.PROTECT, related_name="lines"
    )
    number = models.PositiveIntegerField("行")
    reference = models.CharField("管理番号", max_length=20)
    outcome = models.CharField("扱い", max_length=12, choices=enums.LineUse.choices)

    class Meta:
        verbose_name = "回答の1件"
        verbose_name_plural = "回答の1件"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="cash_link_answer_line_once")]

    def __str__(self) -> str:
        return f"回答の1件 {self.pk}"
