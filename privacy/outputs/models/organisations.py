"""Organisations: who may receive, what was agreed with them, and how kinds of files are set. Nobody's data."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from privacy.outputs import enums
from privacy.records import kept_history


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

    history = kept_history("outputs_recipienthistory", "受け渡し先の変更")

    class Meta:
        verbose_name = "受け渡し先"
        verbose_name_plural = "受け渡し先"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=enums.THEMSELVES),
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

    history = kept_history("outputs_agreementhistory", "取決めの変更")

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

    history = kept_history("outputs_filesettinghistory", "ファイルの設定の変更")

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
