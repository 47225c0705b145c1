"""加入者台帳: employers, members, and the periods of what is true of them.

Periods are date ranges with an inclusive start and an exclusive end; two of the same person never overlap, which the
database itself refuses. Every personal row carries `member`, the person it is about.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from members.enrollment import enums
from privacy.notice.register import Category
from privacy.records import PersonalIndex, PersonalRecord


class PeriodQuerySet(models.QuerySet):
    def covered_on(self, day: date) -> PeriodQuerySet:
        """Rows whose period holds the day."""
        return self.filter(period__contains=day)


def no_overlap(name: str, *, message: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two periods of one person overlap; made without an extension (int8range of the id beside the period)."""
    own = Func(F("member"), F("member"), Value("[]"), function="int8range")
    return ExclusionConstraint(
        name=name,
        condition=condition,
        expressions=[(own, RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
        violation_error_message=message,
    )


def real_period(name: str) -> models.CheckConstraint:
    """A period has a first day and at least one day."""
    return models.CheckConstraint(
        condition=Q(period__isempty=False, period__lower_inf=False),
        name=name,
        violation_error_message="期間の終わりは、始まりより後の日にしてください。",
    )


class Employer(models.Model):
    """事業所。A company or works that belongs to the association; about nobody."""

    symbol = models.CharField("記号", max_length=8, unique=True)
    number = models.CharField("事業所番号", max_length=8, blank=True)
    name = models.CharField("名称", max_length=200)
    kana = models.CharField("名称（カナ）", max_length=200, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("所在地", max_length=300, blank=True)
    period = DateRangeField("加入期間")

    class Meta:
        verbose_name = "事業所"
        verbose_name_plural = "事業所"

    def __str__(self) -> str:
        return f"{self.symbol} {self.name}"


class Eligibility(PersonalRecord):
    """What every model of this app is: row 1 of the notice."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta:
        abstract = True


class Member(Eligibility):
    """加入者。An insured person or a dependant, with the facts printed on their certificate."""

    subject: ClassVar[str | None] = "self"

    symbol = models.CharField("記号", max_length=8)
    number = models.CharField("番号", max_length=8)
    branch = models.CharField("枝番", max_length=2, default="00")
    insured = models.ForeignKey(
        "self",
        verbose_name="被保険者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="family",
        help_text="被扶養者のときの被保険者。本人は空です。",
    )
    family_name = models.CharField("氏", max_length=60)
    given_name = models.CharField("名", max_length=60, blank=True)
    family_kana = models.CharField("氏（カナ）", max_length=60)
    given_kana = models.CharField("名（カナ）", max_length=60, blank=True)
    birth_date = models.DateField("生年月日")
    sex = models.CharField("性別", max_length=1, choices=enums.Sex.choices)
    # Sort keys of the list: the parts of the number as figures, so that 2 stands before 10.
    symbol_order = models.IntegerField("記号の順", editable=False, default=0)
    number_order = models.IntegerField("番号の順", editable=False, default=0)
    # Search keys, normalised; the name itself is stored as typed (docs/adr/0004).
    name_key = models.CharField("氏名の検索の鍵", max_length=130, editable=False, default="")
    kana_key = models.CharField("カナの検索の鍵", max_length=130, editable=False, default="")
    protected = models.BooleanField("保護対象", default=False, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "加入者"
        verbose_name_plural = "加入者"
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "number", "branch"],
                name="enrollment_member_number_once",
                violation_error_message="この記号・番号・枝番は、ほかの加入者が使っています。",
            ),
            models.CheckConstraint(condition=Q(sex__in=["1", "2"]), name="enrollment_member_sex"),
            models.CheckConstraint(
                condition=Q(branch__regex=r"^\d{2}$"),
                name="enrollment_member_branch",
                violation_error_message="枝番は2桁の数字です。",
            ),
        ]
        indexes = [
            models.Index(fields=["symbol_order", "number_order", "branch"], name="enrollment_member_order"),
            models.Index(fields=["number", "symbol"], name="enrollment_member_number"),
            models.Index(fields=["birth_date", "kana_key"], name="enrollment_member_birth"),
            models.Index(fields=["kana_key", "id"], name="enrollment_member_kana_order"),
        ]

    def __str__(self) -> str:
        return f"加入者 {self.pk}"

    @property
    def name(self) -> str:
        """氏名 as written, a space between."""
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}".strip()

    @property
    def card_number(self) -> str:
        """記号-番号-枝番 as staff write it."""
        return f"{self.symbol}-{self.number}-{self.branch}"

    @property
    def is_dependant(self) -> bool:
        return self.insured_id is not None


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

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "資格期間"
        verbose_name_plural = "資格期間"
        constraints = [
            no_overlap("enrollment_eligibility_no_overlap", message="同じ人の資格の期間が重なっています。"),
            real_period("enrollment_eligibility_period"),
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

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "被扶養者期間"
        verbose_name_plural = "被扶養者期間"
        constraints = [
            no_overlap("enrollment_dependant_no_overlap", message="同じ人の被扶養者の期間が重なっています。"),
            real_period("enrollment_dependant_period"),
            models.CheckConstraint(
                condition=~Q(member=F("insured")),
                name="enrollment_dependant_not_self",
                violation_error_message="本人を自分の被扶養者にはできません。",
            ),
        ]

    def __str__(self) -> str:
        return f"被扶養者期間 {self.pk}"


class AddressFields(Eligibility):
    """What an address is, for the open table and for the protected one."""

    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    town = models.CharField("都道府県・市区町村・町域", max_length=120)
    street = models.CharField("番地・建物", max_length=120, blank=True)
    abroad = models.BooleanField("国外", default=False)
    period = DateRangeField("期間")
    cancelled = models.BooleanField("取り消し済み", default=False, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def line(self) -> str:
        return f"{self.town}{self.street}"


class Address(AddressFields):
    """住所。Where a member lives, by period."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="addresses")

    class Meta:
        verbose_name = "住所"
        verbose_name_plural = "住所"
        constraints = [
            no_overlap(
                "enrollment_address_no_overlap",
                message="同じ人の住所の期間が重なっています。",
                condition=Q(cancelled=False),
            ),
            real_period("enrollment_address_period"),
        ]

    def __str__(self) -> str:
        return f"住所 {self.pk}"


class ProtectedAddress(AddressFields):
    """保護対象の住所。The address of a protected member: a table of its own, for named clerks."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_addresses"
    )

    class Meta:
        verbose_name = "保護対象の住所"
        verbose_name_plural = "保護対象の住所"
        constraints = [
            no_overlap(
                "enrollment_protectedaddress_no_overlap",
                message="同じ人の住所の期間が重なっています。",
                condition=Q(cancelled=False),
            ),
            real_period("enrollment_protectedaddress_period"),
        ]

    def __str__(self) -> str:
        return f"保護対象の住所 {self.pk}"


class ContactFields(Eligibility):
    kind = models.CharField("種類", max_length=10, choices=enums.ContactKind.choices)
    value = models.CharField("連絡先", max_length=120)
    period = DateRangeField("期間")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True


class ContactPoint(ContactFields):
    """連絡先。Telephone or mail of a member, by period."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        verbose_name = "連絡先"
        verbose_name_plural = "連絡先"
        constraints = [real_period("enrollment_contact_period")]

    def __str__(self) -> str:
        return f"連絡先 {self.pk}"


class ProtectedContact(ContactFields):
    """保護対象の連絡先。In a table of its own, for named clerks."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_contacts"
    )

    class Meta:
        verbose_name = "保護対象の連絡先"
        verbose_name_plural = "保護対象の連絡先"
        constraints = [real_period("enrollment_protectedcontact_period")]

    def __str__(self) -> str:
        return f"保護対象の連絡先 {self.pk}"


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


class ProtectionClerk(Eligibility):
    """指名された担当者。A clerk who handles a protected member. `user_id` is a plain id; users are never deleted."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protection_clerks"
    )
    user_id = models.BigIntegerField("職員")
    named_date = models.DateField("指名した日")

    class Meta:
        verbose_name = "保護対象の担当者"
        verbose_name_plural = "保護対象の担当者"
        constraints = [models.UniqueConstraint(fields=["member", "user_id"], name="enrollment_protectionclerk_once")]

    def __str__(self) -> str:
        return f"担当者 {self.pk}"


class ChangeReport(Eligibility):
    """届。The document behind a change of name or address, with what it replaced, so that it can be cancelled."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="change_reports")
    kind = models.CharField("種別", max_length=20, choices=enums.ChangeKind.choices)
    receipt_number = models.CharField("受付番号", max_length=20, unique=True)
    received_date = models.DateField("収受日")
    effective_date = models.DateField("変更の日")
    note = models.CharField("備考", max_length=200, blank=True)
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)
    access_event = models.UUIDField("閲覧の記録の番号", null=True, editable=False)
    entered_by_id = models.BigIntegerField("入力した職員", null=True)
    entered_at = models.DateTimeField("入力日時", default=timezone.now)
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    cancelled_by_id = models.BigIntegerField("取り消した職員", null=True, blank=True)

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        indexes = [models.Index(fields=["entered_at"], name="enrollment_report_entered")]

    def __str__(self) -> str:
        return f"届 {self.receipt_number}"


class ProtectedChange(Eligibility):
    """保護対象の届の内容。What a protected member's address report replaced: in a table of its own, as the address is."""

    member = models.ForeignKey(
        Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="protected_changes"
    )
    report = models.OneToOneField(
        ChangeReport, verbose_name="届", on_delete=models.PROTECT, related_name="protected_contents"
    )
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)

    class Meta:
        verbose_name = "保護対象の届の内容"
        verbose_name_plural = "保護対象の届の内容"

    def __str__(self) -> str:
        return f"保護対象の届の内容 {self.pk}"


class NameToken(PersonalIndex):
    """氏名の検索語。The ends of a member's normalised name and kana, for a search inside the name by prefix."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="tokens")
    token = models.CharField("検索語", max_length=130)

    class Meta:
        verbose_name = "氏名の検索語"
        verbose_name_plural = "氏名の検索語"
        indexes = [models.Index(fields=["token"], name="enrollment_token", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"検索語 {self.pk}"


class SavedSearch(PersonalIndex):
    """検索。What a clerk searched for, under an opaque number of the clerk's own, so that no name stands in a URL."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS
    subject: ClassVar[str | None] = None
    written_when_looking: ClassVar[bool] = True
    KEPT_FOR: ClassVar[timedelta] = timedelta(days=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.BigIntegerField("職員")
    terms = models.CharField("検索語", max_length=200)
    created_at = models.DateTimeField("日時", default=timezone.now)

    class Meta:
        verbose_name = "検索"
        verbose_name_plural = "検索"
        indexes = [models.Index(fields=["created_at"], name="enrollment_search_created")]

    def __str__(self) -> str:
        return f"検索 {self.pk}"
