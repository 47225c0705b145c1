"""Behind the wall, 資格及び住所に関する情報: bytes and subjects of files, what people asked for, what was received."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from privacy.notice.register import Category
from privacy.outputs import enums, shelves
from privacy.outputs.models.files import staff
from privacy.outputs.models.organisations import Recipient
from privacy.records import PersonalRecord


class EligibilityPart(shelves.FilePart):
    """作成中の部分（資格及び住所）。"""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta(shelves.FilePart.Meta):
        verbose_name = "作成中の部分"
        verbose_name_plural = "作成中の部分"

    def __str__(self) -> str:
        return f"部分 {self.pk}"


class EligibilityContent(shelves.FileContent):
    """ファイルの中身（資格及び住所）。"""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta(shelves.FileContent.Meta):
        verbose_name = "ファイルの中身"
        verbose_name_plural = "ファイルの中身"

    def __str__(self) -> str:
        return f"中身 {self.pk}"


class EligibilitySubject(shelves.FileSubject):
    """ファイルに載った人（資格及び住所）。"""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta(shelves.FileSubject.Meta):
        verbose_name = "ファイルに載った人"
        verbose_name_plural = "ファイルに載った人"

    def __str__(self) -> str:
        return f"載った人 {self.pk}"


class AboutPerson(PersonalRecord):
    """A row about a member, by id: the kernel may not name the table of the register (docs/adr/0009)."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = "member_id"

    member_id = models.BigIntegerField("加入者", db_index=True)

    class Meta:
        abstract = True


class OptOut(AboutPerson):
    """利用を希望しない申出（オプトアウト）。A person does not want a published use; from a day, until it is taken back."""

    use = models.CharField("利用目的", max_length=100, help_text="類型と利用目的の符号です。")
    since = models.DateField("いつから")
    until = models.DateField("いつまで", null=True, blank=True, help_text="取り下げた日です。この日からは除きません。")
    source = models.CharField("申出の方法", max_length=20, choices=enums.WishSource.choices)

    class Meta:
        verbose_name = "利用を希望しない申出"
        verbose_name_plural = "利用を希望しない申出"
        constraints = [
            models.UniqueConstraint(
                fields=["member_id", "use"],
                condition=Q(until__isnull=True),
                name="outputs_optout_once",
                violation_error_message="この利用を希望しない申出は、もう登録されています。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="outputs_optout_period"
            ),
        ]

    def __str__(self) -> str:
        return f"申出 {self.pk}"


class Suspension(AboutPerson):
    """利用停止（個人情報保護法35条）。Use, or handing over to third parties, stopped for a person at their request."""

    scope = models.CharField("停止の範囲", max_length=20, choices=enums.SuspensionScope.choices)
    article = models.CharField("条文", max_length=60, choices=enums.SuspensionArticle.choices)
    since = models.DateField("停止した日")
    until = models.DateField("解いた日", null=True, blank=True)

    class Meta:
        verbose_name = "利用停止"
        verbose_name_plural = "利用停止"
        constraints = [
            models.UniqueConstraint(
                fields=["member_id", "scope"],
                condition=Q(until__isnull=True),
                name="outputs_suspension_once",
                violation_error_message="この停止は、もう登録されています。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="outputs_suspension_period"
            ),
        ]

    def __str__(self) -> str:
        return f"利用停止 {self.pk}"


class Receipt(PersonalRecord):
    """受領の確認の記録（個人情報保護法30条）。Data received from a third party, and what was confirmed (規則24条)."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None

    provider = models.ForeignKey(Recipient, verbose_name="提供元", on_delete=models.PROTECT, related_name="+")
    received_date = models.DateField("提供を受けた日")
    provider_name = models.CharField("提供元の名称", max_length=200)
    provider_address = models.CharField("提供元の住所", max_length=300)
    provider_representative = models.CharField("提供元の代表者", max_length=100)
    background = models.TextField("取得の経緯", help_text="提供元がその個人データをどう取得したか（30条1項2号）。")
    confirmed_how = models.CharField("確認の方法", max_length=20, choices=enums.ConfirmedHow.choices)
    items = models.TextField("個人データの項目")
    consent = models.BooleanField("本人の同意を得ている")
    stands_in = models.BooleanField("契約書が記録に代わる", default=False)
    kept_until = models.DateField("保存する最後の日")
    recorded_by = staff("記録した職員", null=False)
    recorded_at = models.DateTimeField("記録日時", default=timezone.now)

    class Meta:
        verbose_name = "受領の確認の記録"
        verbose_name_plural = "受領の確認の記録"

    def __str__(self) -> str:
        return f"受領の記録 {self.pk}"


class ReceiptPerson(AboutPerson):
    """受領した個人データの本人。"""

    receipt = models.ForeignKey(Receipt, verbose_name="受領の記録", on_delete=models.PROTECT, related_name="people")
    designation = models.CharField("本人を特定する事項", max_length=200)

    class Meta:
        verbose_name = "受領した個人データの本人"
        verbose_name_plural = "受領した個人データの本人"
        constraints = [models.UniqueConstraint(fields=["receipt", "member_id"], name="outputs_receiptperson_once")]

    def __str__(self) -> str:
        return f"受領した本人 {self.pk}"
