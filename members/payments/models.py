"""口座 and 支払: where a member's money goes, what is to be paid, and the runs in which it is handed to the bank.

Money is integer yen. What must never happen is a constraint of the database: two confirmed accounts on a day, an account
confirmed by who proposed it, a run approved by who collected it, one decision paid twice, a run settled whose parts do
not make the whole.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from members.payments import enums
from members.payments.files import layout, zengin_text
from privacy.notice.register import Category
from privacy.outputs import shelves
from privacy.records import PersonalRecord


class BankRecord(PersonalRecord):
    """What every personal table of this app is: 口座に関する情報."""

    category: ClassVar[Category] = Category.BANK_ACCOUNT

    class Meta:
        abstract = True


class BankAccount(BankRecord):
    """口座. The account of a period [start, end). The number is kept encrypted; only its last three digits are readable."""

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="bank_accounts"
    )
    period = DateRangeField("期間")
    bank_code = models.CharField("銀行コード", max_length=4)
    branch_code = models.CharField("支店コード", max_length=3)
    kind = models.PositiveSmallIntegerField("預金種目", choices=enums.AccountKind.choices)
    number = models.TextField("口座番号（暗号）")
    number_tail = models.CharField("口座番号の下3桁", max_length=3)
    holder = models.CharField("口座名義（全銀の文字）", max_length=30)
    relation = models.CharField("名義人", max_length=10, choices=enums.Relation.choices, default=enums.Relation.SELF)
    relation_reason = models.CharField("名義が本人と違う理由", max_length=100, blank=True)
    state = models.CharField(
        "状態", max_length=10, choices=enums.AccountState.choices, default=enums.AccountState.PROPOSED
    )
    proposed_by_id = models.BigIntegerField("入力した職員")
    proposed_at = models.DateTimeField("入力日時", default=timezone.now)
    decided_by_id = models.BigIntegerField("確認した職員", null=True, blank=True)
    decided_at = models.DateTimeField("確認日時", null=True, blank=True)
    reject_reason = models.CharField("差し戻しの理由", max_length=100, blank=True)
    ending_date = models.DateField("終わりの日（届）", null=True, blank=True)
    ending_reason = models.CharField("終わりの理由", max_length=100, blank=True)
    ending_by_id = models.BigIntegerField("終わりを入力した職員", null=True, blank=True)
    ending_at = models.DateTimeField("終わりの入力日時", null=True, blank=True)
    ended_by_id = models.BigIntegerField("終わりを確認した職員", null=True, blank=True)
    ended_at = models.DateTimeField("終わりの確認日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "口座"
        verbose_name_plural = "口座"
        constraints = [
            ExclusionConstraint(
                name="payments_account_no_overlap",
                condition=Q(state="confirmed"),
                expressions=[
                    (Func(F("member"), F("member"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この期間には、確認済みの口座がすでにあります。",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state="proposed"),
                name="payments_account_one_proposal",
                violation_error_message="この人には、確認を待つ口座がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False), name="payments_account_real_period"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by_id__isnull=True)
                | (Q(state__in=["confirmed", "rejected"], decided_by_id__isnull=False)),
                name="payments_account_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by_id=F("proposed_by_id")),
                name="payments_account_second_person",
            ),
            models.CheckConstraint(
                condition=Q(ending_date__isnull=True, ending_by_id__isnull=True, ended_by_id__isnull=True)
                | (Q(state="confirmed", ending_date__isnull=False, ending_by_id__isnull=False) & ~Q(ending_reason="")),
                name="payments_account_ending_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_by_id__isnull=True) | ~Q(ended_by_id=F("ending_by_id")),
                name="payments_account_ending_second",
                violation_error_message="口座を終わらせるには、入力した人とは別の職員の確認が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(bank_code__regex=r"^[0-9]{4}$", branch_code__regex=r"^[0-9]{3}$"),
                name="payments_account_codes",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "state"], name="payments_account_of"),
            models.Index(fields=["proposed_at"], name="payments_account_wait", condition=Q(state="proposed")),
            models.Index(
                fields=["ending_at"],
                name="payments_account_ending",
                condition=Q(ending_date__isnull=False, ended_by_id__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"口座 {self.pk}"

    @property
    def masked(self) -> str:
        """The number as everybody may see it."""
        return f"****{self.number_tail}"

    @property
    def ending(self) -> bool:
        """Whether its end was entered and waits for a second person."""
        return self.ending_date is not None and self.ended_by_id is None


class PayerSetting(models.Model):
    """振込元の設定. The association's own account and what its bank asks of the file; about nobody."""

    title = models.CharField("名称", max_length=40)
    kind = models.CharField("種別", max_length=2, choices=enums.RunKind.choices, unique=True)
    client_code = models.CharField("振込依頼人コード", max_length=10)
    client_name = models.CharField("振込依頼人名（全銀の文字）", max_length=40)
    bank_code = models.CharField("仕向銀行番号", max_length=4)
    bank_name = models.CharField("仕向銀行名（全銀の文字）", max_length=15)
    branch_code = models.CharField("仕向支店番号", max_length=3)
    branch_name = models.CharField("仕向支店名（全銀の文字）", max_length=15)
    account_kind = models.PositiveSmallIntegerField("預金種目", choices=enums.AccountKind.choices, default=1)
    account_number = models.CharField("口座番号", max_length=7)
    crlf = models.BooleanField("行の終わりに改行を入れる", default=True)
    eof = models.BooleanField("ファイルの終わりに1Aを入れる", default=False)
    savings = models.BooleanField(
        "貯蓄の口座に給与振込できる", default=False, help_text="給与振込（種別11）だけの取り決め"
    )
    closed_days = models.CharField(
        "銀行が休みの日に当たるとき",
        max_length=8,
        choices=enums.ClosedDays.choices,
        default=enums.ClosedDays.PREVIOUS,
    )
    result_at = models.PositiveSmallIntegerField(
        "振込結果の符号の位置",
        default=120,
        help_text="データの記録の何バイト目か（1から数える）。91か、112から120まで。銀行との取り決めによる",
    )
    result_codes = models.TextField(
        "振込結果の符号",
        default=layout.RESULT_CODES,
        help_text="1行に一つ、半角1文字と空白と意味。1行目が「振り込まれた」ことを示す符号",
    )

    class Meta:
        verbose_name = "振込元の設定"
        verbose_name_plural = "振込元の設定"
        constraints = [
            models.CheckConstraint(
                condition=Q(result_at=91) | Q(result_at__gte=112, result_at__lte=120),
                name="payments_payer_result_at",
                violation_error_message="振込結果の符号の位置は、91か、112から120までにしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """What a bank would refuse is said at the field where it was typed."""
        wrong: dict[str, str] = {}
        for name, width in (("client_code", 10), ("bank_code", 4), ("branch_code", 3), ("account_number", 7)):
            typed = getattr(self, name)
            if not (typed.isascii() and typed.isdigit() and len(typed) == width):
                wrong[name] = f"{width}桁の数字にしてください。短いときは左に0を付けます。"
        names = (
            ("client_name", zengin_text.OF_GENERAL, 40),
            ("bank_name", zengin_text.OF_BANKS, 15),
            ("branch_name", zengin_text.OF_BANKS, 15),
        )
        for name, allowed, length in names:
            try:
                setattr(self, name, zengin_text.normalise(getattr(self, name), allowed=allowed, length=length).text)
            except zengin_text.BadText as bad:
                wrong[name] = str(bad)
        try:
            layout.read_codes(self.result_codes)
        except layout.BadCodes as bad:
            wrong["result_codes"] = str(bad)
        if wrong:
            raise ValidationError(wrong)

    @property
    def result_place(self) -> layout.ResultPlace:
        """Where this bank writes what became of a transfer."""
        return layout.ResultPlace(self.result_at, *layout.read_codes(self.result_codes))

    @property
    def moves_back(self) -> bool:
        """Whether a run for a day without banks pays on the bank day before it."""
        return self.closed_days == enums.ClosedDays.PREVIOUS


class PaymentRun(models.Model):
    """支払の回. Totals and states only; about nobody. Yen and counts reconcile at every step."""

    kind = models.CharField("種別", max_length=2, choices=enums.RunKind.choices)
    payment_date = models.DateField("振込日")
    state = models.CharField("状態", max_length=10, choices=enums.RunState.choices, default=enums.RunState.COLLECTING)
    count = models.PositiveIntegerField("件数", default=0)
    amount = models.PositiveBigIntegerField("金額（円）", default=0)
    paid_count = models.PositiveIntegerField("振り込まれた件数", default=0)
    paid_amount = models.PositiveBigIntegerField("振り込まれた金額（円）", default=0)
    returned_count = models.PositiveIntegerField("戻された件数", default=0)
    returned_amount = models.PositiveBigIntegerField("戻された金額（円）", default=0)
    collected_by_id = models.BigIntegerField("集計した職員")
    collected_at = models.DateTimeField("集計日時", default=timezone.now)
    checked_by_id = models.BigIntegerField("点検した職員", null=True, blank=True)
    approved_by_id = models.BigIntegerField("承認した職員", null=True, blank=True)
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    written_by_id = models.BigIntegerField("ファイルを作成した職員", null=True, blank=True)
    written_at = models.DateTimeField("作成日時", null=True, blank=True)
    output_id = models.BigIntegerField("受け渡し番号", null=True, blank=True)
    file_token = models.BigIntegerField("ファイルの合言葉", null=True, blank=True)
    key = models.UUIDField("画面の番号", unique=True)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "支払の回"
        verbose_name_plural = "支払の回"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("collected_by_id")),
                name="payments_run_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["collecting", "checked", "cancelled"]) | Q(approved_by_id__isnull=False),
                name="payments_run_approved_first",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("paid_amount") + F("returned_amount"))
                & Q(count__gte=F("paid_count") + F("returned_count")),
                name="payments_run_parts_within",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled")
                | (Q(amount=F("paid_amount") + F("returned_amount")) & Q(count=F("paid_count") + F("returned_count"))),
                name="payments_run_settled_whole",
            ),
        ]
        indexes = [models.Index(fields=["-payment_date", "-id"], name="payments_run_newest")]

    def __str__(self) -> str:
        return f"支払の回 {self.pk}"


class ResultFile(models.Model):
    """取り込んだ振込結果. A digest a file, so that one file is taken in once; about nobody."""

    run = models.ForeignKey(PaymentRun, verbose_name="支払の回", on_delete=models.PROTECT, related_name="result_files")
    digest = models.CharField("SHA-256", max_length=64)
    paid_count = models.PositiveIntegerField("振り込まれた件数", default=0)
    returned_count = models.PositiveIntegerField("戻された件数", default=0)
    imported_by_id = models.BigIntegerField("取り込んだ職員")
    imported_at = models.DateTimeField("取り込み日時", default=timezone.now)

    class Meta:
        verbose_name = "振込結果のファイル"
        verbose_name_plural = "振込結果のファイル"
        constraints = [models.UniqueConstraint(fields=["run", "digest"], name="payments_result_once")]

    def __str__(self) -> str:
        return f"振込結果 {self.pk}"


class Payment(BankRecord):
    """支払. One decision to pay an amount; the account is frozen when it is collected into a run."""

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", on_delete=models.PROTECT, related_name="payments"
    )
    source = models.CharField("支払の元", max_length=40)
    source_id = models.BigIntegerField("元の番号")
    attempt = models.PositiveSmallIntegerField("回", default=1)
    amount = models.PositiveBigIntegerField("金額（円）")
    due_date = models.DateField("支払う日")
    decided_by_id = models.BigIntegerField("決定した職員")
    ordered_by_id = models.BigIntegerField("登録した職員", null=True)
    ordered_at = models.DateTimeField("登録日時", default=timezone.now)
    state = models.CharField(
        "状態", max_length=10, choices=enums.PaymentState.choices, default=enums.PaymentState.DECIDED
    )
    run = models.ForeignKey(
        PaymentRun, verbose_name="支払の回", null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    position = models.PositiveIntegerField("回の中の順", null=True, blank=True)
    account = models.ForeignKey(
        BankAccount, verbose_name="口座", null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    result_code = models.CharField("振込結果", max_length=1, blank=True)
    result_date = models.DateField("結果の日", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = "支払"
        verbose_name_plural = "支払"
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id", "attempt"], name="payments_payment_attempt"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(state__in=["decided", "collected", "written", "paid"]),
                name="payments_payment_one_live",
                violation_error_message="この決定の支払は、すでに登録されています。",
            ),
            models.UniqueConstraint(fields=["run", "position"], name="payments_payment_place"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_positive"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["decided", "cancelled"], run__isnull=True, account__isnull=True, position__isnull=True
                )
                | Q(
                    state__in=["collected", "written", "paid", "returned", "repaid"],
                    run__isnull=False,
                    account__isnull=False,
                    position__isnull=False,
                ),
                name="payments_payment_frozen",
            ),
        ]
        indexes = [
            models.Index(fields=["member"], name="payments_payment_of"),
            models.Index(fields=["due_date"], name="payments_payment_due", condition=Q(state="decided")),
        ]

    def __str__(self) -> str:
        return f"支払 {self.pk}"


class BankPart(shelves.FilePart):
    """作成中の部分（口座）。"""

    category: ClassVar[Category] = Category.BANK_ACCOUNT

    class Meta(shelves.FilePart.Meta):
        verbose_name = "作成中の部分（口座）"
        verbose_name_plural = "作成中の部分（口座）"

    def __str__(self) -> str:
        return f"作成中の部分（口座） {self.pk}"


class BankContent(shelves.FileContent):
    """ファイルの中身（口座）。"""

    category: ClassVar[Category] = Category.BANK_ACCOUNT

    class Meta(shelves.FileContent.Meta):
        verbose_name = "ファイルの中身（口座）"
        verbose_name_plural = "ファイルの中身（口座）"

    def __str__(self) -> str:
        return f"ファイルの中身（口座） {self.pk}"


class BankSubject(shelves.FileSubject):
    """ファイルに載った人（口座）。"""

    category: ClassVar[Category] = Category.BANK_ACCOUNT

    class Meta(shelves.FileSubject.Meta):
        verbose_name = "ファイルに載った人（口座）"
        verbose_name_plural = "ファイルに載った人（口座）"

    def __str__(self) -> str:
        return f"ファイルに載った人（口座） {self.pk}"
