"""The door out: who may receive, what was agreed, every file that went through, and the records the law asks for.

`Recipient`, `Agreement`, `FileSetting`, `Output` and `Provision` are about nobody: organisations, ids, codes, counts,
states and digests. Whom a file was about stands in the tables of its shelf, behind the wall.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from privacy.notice.register import Category
from privacy.outputs import enums, shelves
from privacy.records import PersonalRecord


class Recipient(models.Model):
    """受け渡し先。An organisation that may be handed files; about nobody.

    Name, address and representative are what a record of provision must say (個人情報保護法施行規則20条1項1号ロ).
    """

    code = models.CharField(
        "番号",
        max_length=12,
        unique=True,
        help_text="確認する人が打ち込む番号です。事業主は記号、医療機関や保険者はその番号にします。",
        error_messages={"unique": "この番号は、ほかの受け渡し先が使っています。"},
    )
    kind = models.CharField("種別", max_length=20, choices=enums.RecipientKind.choices)
    name = models.CharField("名称", max_length=200)
    name_key = models.CharField("名称の比較の鍵", max_length=200, editable=False, default="")
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("所在地", max_length=300, blank=True)
    representative = models.CharField("代表者", max_length=100, blank=True)
    employer_id = models.BigIntegerField("事業所", null=True, blank=True, unique=True)
    public_body = models.BooleanField(
        "国の機関・地方公共団体・独立行政法人等",
        default=False,
        help_text="個人情報保護法16条2項各号の者です。提供の記録（29条）の「第三者」に入りません。",
    )
    abroad = models.BooleanField(
        "外国にある第三者", default=False, help_text="個人情報保護法28条1項の第三者です。法令か本人の同意が要ります。"
    )
    since = models.DateField("使い始める日")
    until = models.DateField("使わなくなる日", null=True, blank=True, help_text="この日から選べません。")

    class Meta:
        verbose_name = "受け渡し先"
        verbose_name_plural = "受け渡し先"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=enums.RecipientKind.PERSON),
                name="outputs_recipient_is_an_organisation",
                violation_error_message="本人は受け渡し先に登録しません。",
            ),
            models.CheckConstraint(
                condition=Q(kind=enums.RecipientKind.EMPLOYER, employer_id__isnull=False)
                | (~Q(kind=enums.RecipientKind.EMPLOYER) & Q(employer_id__isnull=True)),
                name="outputs_recipient_employer",
                violation_error_message="事業主には事業所を選び、ほかの種別には選ばないでください。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="outputs_recipient_period",
                violation_error_message="使わなくなる日は、使い始める日より後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"受け渡し先 {self.code}"

    def is_open(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


class Agreement(models.Model):
    """取決め。What was agreed with a recipient for one kind of file: basis, items, days, and when it is handed back."""

    recipient = models.ForeignKey(
        Recipient, verbose_name="受け渡し先", on_delete=models.PROTECT, related_name="agreements"
    )
    file_kind = models.CharField("ファイルの種類", max_length=100)
    basis = models.CharField("根拠", max_length=20, choices=enums.Basis.choices)
    title = models.CharField("契約・取決めの名称", max_length=200)
    items = ArrayField(models.CharField(max_length=60), verbose_name="取り決めた項目")
    period = DateRangeField("期間")
    stands_in = models.BooleanField(
        "契約書が記録に代わる",
        default=False,
        help_text="本人への物品・役務の提供に関する契約書に記録事項がそろうときです（施行規則19条3項）。保存は1年です。",
    )
    return_days = models.PositiveSmallIntegerField(
        "返却・廃棄までの日数", null=True, blank=True, help_text="委託のとき、取り出した日から数えます。"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登録した職員", on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("登録日時", default=timezone.now)

    class Meta:
        verbose_name = "取決め"
        verbose_name_plural = "取決め"
        constraints = [
            # Made without an extension: the recipient and the kind of file as ranges of one number each.
            ExclusionConstraint(
                name="outputs_agreement_one_at_a_time",
                expressions=[
                    (Func(F("recipient"), F("recipient"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            Func(F("file_kind"), Value(0), function="hashtextextended"),
                            Func(F("file_kind"), Value(0), function="hashtextextended"),
                            Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この受け渡し先とファイルの取決めが、同じ期間にもうあります。",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=[enums.Basis.CONTRACT, enums.Basis.SHARED_USE, enums.Basis.CONSENT]),
                name="outputs_agreement_basis",
                violation_error_message="取決めの根拠は、委託、共同利用、同意のどれかです。",
            ),
            models.CheckConstraint(
                condition=~Q(basis=enums.Basis.CONTRACT) | Q(return_days__isnull=False),
                name="outputs_agreement_return",
                violation_error_message="委託には、返却・廃棄までの日数を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False),
                name="outputs_agreement_period",
                violation_error_message="期間の終わりは、始まりより後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"取決め {self.pk}"


class FileSetting(models.Model):
    """ファイルの種類ごとの設定。What the association sets differently from the declaration."""

    file_kind = models.CharField("ファイルの種類", max_length=100, unique=True)
    second_person = models.BooleanField("二人目の確認を受ける")
    retention_days = models.PositiveSmallIntegerField("保管する日数")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="変更した職員", on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField("変更日時", default=timezone.now)

    class Meta:
        verbose_name = "ファイルの設定"
        verbose_name_plural = "ファイルの設定"
        constraints = [
            models.CheckConstraint(
                condition=Q(retention_days__gte=1, retention_days__lte=31),
                name="outputs_setting_days",
                violation_error_message="保管する日数は1日から31日までです。",
            )
        ]

    def __str__(self) -> str:
        return f"設定 {self.file_kind}"


def _staff(name: str, *, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=name, null=null, on_delete=models.PROTECT, related_name="+"
    )


class Output(models.Model):
    """受け渡し。One file through the door: what, to whom, how many, by whom, and its end. Ids, codes and counts only."""

    key = models.UUIDField("依頼の番号", default=uuid.uuid4, unique=True, editable=False)
    file_kind = models.CharField("ファイルの種類", max_length=100)
    activity_code = models.CharField("活動", max_length=100)
    uses = ArrayField(models.CharField(max_length=100), verbose_name="利用目的")
    parameters = models.JSONField("引数", default=dict)
    columns = ArrayField(models.CharField(max_length=60), verbose_name="項目")
    file_format = models.CharField("形式", max_length=10, choices=enums.FileFormat.choices)
    encoding = models.CharField(
        "文字コード", max_length=10, choices=enums.Encoding.choices, default=enums.Encoding.UTF8
    )

    recipient_kind = models.CharField("受取人の種別", max_length=20, choices=enums.RecipientKind.choices)
    recipient = models.ForeignKey(Recipient, verbose_name="受け渡し先", null=True, on_delete=models.PROTECT)
    member_id = models.BigIntegerField("受取人（本人）", null=True)
    agreement = models.ForeignKey(Agreement, verbose_name="取決め", null=True, on_delete=models.PROTECT)
    basis = models.CharField("根拠", max_length=20, choices=enums.Basis.choices)
    article = models.CharField("条文", max_length=100, blank=True)

    state = models.CharField(
        "状態", max_length=20, choices=enums.OutputState.choices, default=enums.OutputState.PREPARING
    )
    job_id = models.BigIntegerField("処理", null=True)
    expected_count = models.PositiveIntegerField("依頼したときの人数")
    subject_count = models.PositiveIntegerField("人数", null=True)
    row_count = models.PositiveIntegerField("件数", null=True)
    removed = models.JSONField("除いた人数", default=dict)
    digest = models.CharField("要約値（SHA-256）", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）", null=True)
    filename = models.CharField("ファイルの名前", max_length=200, blank=True)
    replaced_count = models.PositiveIntegerField("置き換わる文字の数", default=0)

    second_person = models.BooleanField("二人目の確認を受ける")
    requested_by = _staff("依頼した職員", null=False)
    requested_at = models.DateTimeField("依頼日時", default=timezone.now)
    built_at = models.DateTimeField("作成日時", null=True)
    decided_by = _staff("確認した職員")
    decided_at = models.DateTimeField("確認日時", null=True)
    refusal = models.CharField("差し戻しの理由", max_length=20, choices=enums.RefusalReason.choices, blank=True)
    fetched_at = models.DateTimeField("取り出した日時", null=True)
    expires_at = models.DateTimeField("保管の期限", null=True)
    destroyed_at = models.DateTimeField("廃棄日時", null=True)
    destroyed_by = _staff("廃棄した職員")

    return_due = models.DateField("返却・廃棄の期限", null=True)
    returned_on = models.DateField("返却・廃棄を確かめた日", null=True)
    returned_by = _staff("返却・廃棄を確かめた職員")
    return_way = models.CharField("後始末", max_length=20, choices=enums.HandBack.choices, blank=True)

    class Meta:
        verbose_name = "受け渡し"
        verbose_name_plural = "受け渡し"
        indexes = [
            models.Index(fields=["requested_by", "-id"], name="outputs_output_mine"),
            models.Index(fields=["state"], name="outputs_output_open", condition=~Q(state=enums.OutputState.DESTROYED)),
            models.Index(
                fields=["return_due"],
                name="outputs_output_return",
                condition=Q(return_due__isnull=False, returned_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=enums.OutputState.values), name="outputs_output_state"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="outputs_output_two_persons",
                violation_error_message="依頼した本人は確認できません。",
            ),
            # Nothing half made is ever offered: without a digest no file, without a second person where one is due no file.
            models.CheckConstraint(
                condition=~Q(state__in=[enums.OutputState.WAITING, enums.OutputState.READY, enums.OutputState.FETCHED])
                | Q(digest__regex=r"^[0-9a-f]{64}$", size__isnull=False, row_count__gt=0, expires_at__isnull=False),
                name="outputs_output_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[enums.OutputState.READY, enums.OutputState.FETCHED])
                | Q(second_person=False)
                | Q(decided_by__isnull=False),
                name="outputs_output_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True, member_id__isnull=False, recipient_kind="person")
                | (Q(recipient__isnull=False, member_id__isnull=True) & ~Q(recipient_kind="person")),
                name="outputs_output_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"受け渡し {self.pk}"

    def is_overdue(self, on: date) -> bool:
        """Whether a contractor should have returned or destroyed it by now."""
        return self.return_due is not None and self.returned_on is None and on > self.return_due

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and at >= self.expires_at


class Provision(models.Model):
    """提供の記録（個人情報保護法29条）。The facts of 規則20条 about one file; the people stand with the file's subjects."""

    output = models.OneToOneField(Output, verbose_name="受け渡し", on_delete=models.PROTECT, related_name="provision")
    provided_date = models.DateField("提供した日")
    recipient_name = models.CharField("提供先の名称", max_length=200)
    recipient_address = models.CharField("提供先の住所", max_length=300)
    recipient_representative = models.CharField("提供先の代表者", max_length=100)
    consent = models.BooleanField("本人の同意を得ている")
    article = models.CharField("同意の条文", max_length=60)
    items = ArrayField(models.CharField(max_length=100), verbose_name="個人データの項目")
    stands_in = models.BooleanField("契約書が記録に代わる")
    kept_until = models.DateField("保存する最後の日")

    class Meta:
        verbose_name = "提供の記録"
        verbose_name_plural = "提供の記録"

    def __str__(self) -> str:
        return f"提供の記録 {self.pk}"


# --- Behind the wall: 資格及び住所に関する情報 ----------------------------------------------------------------------
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
    recorded_by = _staff("記録した職員", null=False)
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
