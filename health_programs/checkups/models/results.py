"""健診結果: what was measured, apart from who it was submitted for.

The identity as submitted stands in a table of its own, so that work which needs no names (分析) never reads one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from health_programs.checkups import enums
from health_programs.checkups.models.base import CheckupRecord
from health_programs.checkups.models.measured import MeasuredValues


class CheckupResult(MeasuredValues, CheckupRecord):
    """健診結果. One examination of one person on one day.

    Columns named in `measures` hold the numbers that rules, cohorts and plots read, unrounded as reported. `observations`
    holds every item as submitted, in order: {code, key, value, text, coded, unit, state, flag, low, high}; state is one of
    measured, not_measured, refused, below, above. member: None while nobody is matched. age: 年度末年齢.
    employer_id: the employer of the insured person on the day of examination, for analysis without the register.
    document_id: the sender's own number of the document; digest: of everything measured, to know the same result again.
    """

    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状態", max_length=10, choices=enums.ResultState.choices)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    exam_date = models.DateField("受診日")
    institution_code = models.CharField("健診機関番号", max_length=10)
    institution_name = models.CharField("健診機関", max_length=120, blank=True)
    program_code = models.CharField("プログラム種別", max_length=3, default="010")
    statutory = models.BooleanField("特定健診として数える", default=True)
    sex = models.CharField("性別", max_length=1)
    age = models.PositiveSmallIntegerField("年度末年齢")
    insured = models.BooleanField("被保険者", null=True)
    employer_id = models.BigIntegerField("事業所", null=True)
    fasting = models.PositiveSmallIntegerField(
        "採血時間（食後）", null=True, help_text="2 10時間以上、3 3.5時間以上10時間未満、4 3.5時間未満"
    )
    observations = models.JSONField("検査項目", default=list)
    missing = models.JSONField("欠けている必須項目", default=list)
    document_id = models.CharField("文書番号", max_length=80, blank=True)
    digest = models.CharField("内容の要約値", max_length=64)
    source = models.CharField("届いた形", max_length=10, choices=enums.Source.choices)
    double_of = models.ForeignKey(
        "self", verbose_name="先にある結果", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField("受け付けた日時", default=timezone.now)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "健診結果"
        verbose_name_plural = "健診結果"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fiscal_year"],
                condition=Q(state="matched", statutory=True),
                name="checkups_result_once",
                violation_error_message="この人の、この年度の特定健診の結果はすでにあります。",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(state="withdrawn"), name="checkups_result_same_once"
            ),
            models.CheckConstraint(
                condition=Q(state="unmatched", member__isnull=True)
                | Q(state__in=["matched", "double"], member__isnull=False)
                | Q(state="withdrawn"),
                name="checkups_result_who",
            ),
            models.CheckConstraint(condition=Q(sex__in=["1", "2"]), name="checkups_result_sex"),
        ]
        indexes = [
            models.Index(fields=["member", "-exam_date"], name="checkups_result_member"),
            models.Index(fields=["fiscal_year", "state"], name="checkups_result_year"),
        ]

    def __str__(self) -> str:
        return f"健診結果 {self.pk}"


class SubmittedIdentity(CheckupRecord):
    """結果に書かれていた人. Name in kana, number and birth date as the institution submitted them; never corrected.

    member: repeated here so that whoever sees the identity is logged against the person.
    """

    result = models.OneToOneField(
        CheckupResult, verbose_name="健診結果", on_delete=models.PROTECT, related_name="submitted"
    )
    member = models.ForeignKey(
        "enrollment.Member", verbose_name="加入者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    insurer_number = models.CharField("保険者番号", max_length=8)
    symbol = models.CharField("記号", max_length=40, blank=True)
    number = models.CharField("番号", max_length=40)
    branch = models.CharField("枝番", max_length=2, blank=True)
    kana = models.CharField("氏名（カナ）", max_length=120)
    birth_date = models.DateField("生年月日")
    sex = models.CharField("性別", max_length=1)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    voucher_number = models.CharField("受診券整理番号", max_length=11, blank=True)
    reason = models.CharField("本人を確認できない理由", max_length=20, blank=True)

    class Meta:
        verbose_name = "結果に書かれていた人"
        verbose_name_plural = "結果に書かれていた人"
        indexes = [models.Index(fields=["number", "birth_date"], name="checkups_submitted_number")]

    def __str__(self) -> str:
        return f"結果に書かれていた人 {self.pk}"
