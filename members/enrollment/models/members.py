"""加入者 and the numbers they are known by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from members.enrollment import enums
from members.enrollment.models.base import Eligibility


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
    common_name = models.CharField("通称", max_length=120, blank=True, default="", db_default="")
    alphabet_name = models.CharField("アルファベット氏名", max_length=120, blank=True, default="", db_default="")
    kana_unknown = models.BooleanField("読み仮名が不明", default=False, db_default=False)
    # The same person under an earlier row: a dependant who became insured, somebody certified in another household.
    earlier = models.ForeignKey(
        "self",
        verbose_name="前の登録",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="later",
        help_text="同じ人の、前の登録です。",
    )
    # Registered twice: this row is kept for its history, the person goes on under that one.
    merged_into = models.ForeignKey(
        "self",
        verbose_name="統合先",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
        help_text="重複していた登録を統合した先です。",
    )
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
            models.CheckConstraint(
                condition=~Q(pk=F("earlier")) & ~Q(pk=F("merged_into")),
                name="enrollment_member_not_own_link",
                violation_error_message="自分自身を前の登録や統合先にはできません。",
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
            models.Index(fields=["id"], name="enrollment_member_protected", condition=Q(protected=True)),
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

    @property
    def names_known_by(self) -> tuple[str, ...]:
        """通称 and alphabet name, where there are any."""
        return tuple(name for name in (self.common_name, self.alphabet_name) if name)


class FormerNumber(Eligibility):
    """前の記号・番号。What a member was numbered before, until (not including) a day: receipts still name it."""

    member = models.ForeignKey(Member, verbose_name="加入者", on_delete=models.PROTECT, related_name="former_numbers")
    symbol = models.CharField("記号", max_length=8)
    number = models.CharField("番号", max_length=8)
    branch = models.CharField("枝番", max_length=2)
    number_order = models.IntegerField("番号の順", editable=False, default=0)
    until_date = models.DateField("使わなくなった日")

    class Meta:
        verbose_name = "前の記号・番号"
        verbose_name_plural = "前の記号・番号"
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "number", "branch"],
                name="enrollment_formernumber_once",
                violation_error_message="この記号・番号・枝番は、前に使われています。",
            )
        ]
        indexes = [models.Index(fields=["symbol", "number_order"], name="enrollment_former_order")]

    def __str__(self) -> str:
        return f"前の記号・番号 {self.pk}"

    @property
    def card_number(self) -> str:
        """記号-番号-枝番 as staff write it."""
        return f"{self.symbol}-{self.number}-{self.branch}"
