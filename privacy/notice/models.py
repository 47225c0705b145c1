"""The notice as data: versions in force over time, the published uses that carry grants, and the grants themselves.

None of these models is personal: they say what may be done, never about whom.
"""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase

from privacy.records import kept_history

OPERATIONS: list[tuple[str, str]] = [
    ("view", "見る"),
    ("change", "変える"),
    ("export", "出力する"),
    ("decide", "決定・承認する"),
]


class NoticeVersionQuerySet(models.QuerySet):
    def in_force_on(self, date):
        """The version in force on a date: one or none."""
        return self.filter(period__contains=date)


class NoticeVersion(models.Model):
    """公表の版。One published text and the days it is in force: start inclusive, end exclusive, never two at once."""

    number = models.PositiveSmallIntegerField("版", unique=True)
    published_date = models.DateField("公表した日")
    period = DateRangeField("有効な期間", help_text="始まりの日を含み、終わりの日を含みません。")
    association = models.JSONField(
        "公表時の組合の表示",
        default=dict,
        help_text="名称、所在地、代表者、手続など（個人情報保護法32条1項）",
    )

    objects = NoticeVersionQuerySet.as_manager()

    class Meta:
        db_table = "notice_version"
        verbose_name = "公表の版"
        verbose_name_plural = "公表の版"
        constraints = [
            ExclusionConstraint(
                name="notice_version_one_in_force",
                expressions=[("period", RangeOperators.OVERLAPS)],
                violation_error_message="有効な期間が、ほかの版と重なっています。",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False),
                name="notice_version_period_has_start",
                violation_error_message="有効な期間の始まりの日を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(period__startswith__gte=F("published_date")),
                name="notice_version_published_before_force",
                violation_error_message="公表した日は、有効な期間の始まりより後にできません。",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="notice_version_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}版"


class Category(models.Model):
    """個人情報の類型。The identity of a category; its words belong to each version."""

    code = models.CharField("コード", max_length=60, unique=True)

    class Meta:
        db_table = "notice_category"
        verbose_name = "個人情報の類型"
        verbose_name_plural = "個人情報の類型"

    def __str__(self) -> str:
        return self.code


class PublishedUse(models.Model):
    """公表している利用。One (category, purpose) for good: grants stay on it from version to version.

    A use that the version in force no longer names carries its grants, but nobody can exercise them.
    """

    category = models.ForeignKey(
        Category,
        verbose_name="個人情報の類型",
        on_delete=models.PROTECT,
        related_name="published_uses",
    )
    purpose = models.CharField("利用目的のコード", max_length=60)
    key = models.CharField("利用", max_length=121, unique=True, help_text="類型.利用目的")

    class Meta:
        db_table = "notice_publisheduse"
        verbose_name = "公表している利用"
        verbose_name_plural = "公表している利用"
        default_permissions = ()
        permissions = [(codename, label) for codename, label in OPERATIONS]
        constraints = [
            models.UniqueConstraint(fields=["category", "purpose"], name="notice_publisheduse_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Publication(models.Model):
    """公表の行。What one version says about one use: its words and its place in the table."""

    version = models.ForeignKey(
        NoticeVersion,
        verbose_name="版",
        on_delete=models.PROTECT,
        related_name="publications",
    )
    published_use = models.ForeignKey(
        PublishedUse,
        verbose_name="利用",
        on_delete=models.PROTECT,
        related_name="publications",
    )
    category_position = models.PositiveSmallIntegerField("類型の番号")
    position = models.PositiveSmallIntegerField("類型の中の番号")
    category_label = models.CharField("個人情報の類型", max_length=200)
    purpose_label = models.CharField("利用目的", max_length=200)

    class Meta:
        db_table = "notice_publication"
        verbose_name = "公表の行"
        verbose_name_plural = "公表の行"
        constraints = [
            models.UniqueConstraint(fields=["version", "published_use"], name="notice_publication_use_once"),
            models.UniqueConstraint(
                fields=["version", "category_position", "position"],
                name="notice_publication_place_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number printed before the purpose: 1-9."""
        return f"{self.category_position}-{self.position}"


class PublishedUseGroupPermission(GroupObjectPermissionBase):
    """権限。A section (課) may do one operation under one published use, and why.

    Grants go to groups only; django-guardian finds this table by the field `content_object`.
    """

    permission = models.ForeignKey(
        Permission,
        verbose_name="できること",
        on_delete=models.PROTECT,
        related_name="+",
    )
    group = models.ForeignKey(
        Group,
        verbose_name="課",
        on_delete=models.PROTECT,
        related_name="published_use_grants",
    )
    content_object = models.ForeignKey(
        PublishedUse,
        verbose_name="利用",
        on_delete=models.PROTECT,
        related_name="grants",
    )
    basis = models.CharField(
        "根拠",
        max_length=200,
        help_text="例：適用課の分掌（組織規程）。なぜこの課に要るのか。",
    )
    granted_by_id = models.BigIntegerField("与えた職員", null=True, editable=False)
    granted_at = models.DateTimeField("与えた日時", auto_now_add=True)

    history = kept_history("notice_granthistory", "権限の変更")

    class Meta(GroupObjectPermissionBase.Meta):
        db_table = "notice_grant"
        verbose_name = "権限"
        verbose_name_plural = "権限"
        indexes = [
            models.Index(
                fields=["content_object", "permission", "group"],
                name="notice_grant_proof",
            )
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class StatutoryCase(models.Model):
    """法令に基づく取扱いの案件。Opens one statutory activity to one person for a time, under a case number."""

    activity = models.CharField("活動", max_length=100, help_text="例：notice.statutory_inquiry")
    article = models.CharField("根拠の条文", max_length=100)
    case_number = models.CharField("案件の番号", max_length=60)
    reason = models.CharField("理由", max_length=400)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="担当する職員",
        on_delete=models.PROTECT,
        related_name="statutory_cases",
    )
    subject_id = models.BigIntegerField(
        "対象者の加入者番号",
        null=True,
        blank=True,
        help_text="加入者のページのアドレスにある番号です。この人についてだけ、案件が開きます。",
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申請した職員",
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="承認した職員",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    second_person = models.BooleanField(
        "二人目の承認が要る",
        default=True,
        editable=False,
        help_text="活動の宣言から写します。",
    )
    valid_from = models.DateTimeField("始まり")
    valid_until = models.DateTimeField("終わり")

    class Meta:
        db_table = "notice_statutorycase"
        verbose_name = "法令に基づく案件"
        verbose_name_plural = "法令に基づく案件"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "case_number", "user"],
                name="notice_case_once",
                violation_error_message="この案件は、すでにこの職員に開かれています。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="notice_case_ends_after_start",
                violation_error_message="終わりは、始まりより後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("user")) & ~Q(approved_by=F("requested_by")))
                | Q(second_person=False),
                name="notice_case_second_person",
                violation_error_message="承認は、申請した職員でも担当する職員でもない人が行ってください。",
            ),
        ]
        indexes = [models.Index(fields=["activity", "user"], name="notice_case_proof")]

    def __str__(self) -> str:
        return self.case_number


class SectionHead(models.Model):
    """所属長。Who answers for a section (課), since when; confirms its grants once a year."""

    group = models.ForeignKey(Group, verbose_name="課", on_delete=models.PROTECT, related_name="heads")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="所属長", on_delete=models.PROTECT, related_name="headed_sections"
    )
    period = DateRangeField("任期")

    class Meta:
        db_table = "notice_sectionhead"
        verbose_name = "所属長"
        verbose_name_plural = "所属長"
        constraints = [
            ExclusionConstraint(
                name="notice_sectionhead_one_a_day",
                expressions=[
                    (Func(F("group"), F("group"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この課には、その期間に別の所属長がいます。",
            ),
        ]

    def __str__(self) -> str:
        return f"section head {self.pk}"


class GrantReview(models.Model):
    """権限の年次確認。A section head said, of each grant of the section, whether it is still needed."""

    group = models.ForeignKey(Group, verbose_name="課", on_delete=models.PROTECT, related_name="grant_reviews")
    year = models.PositiveSmallIntegerField("年度")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="確認した所属長", on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("確認日時", auto_now_add=True)
    note = models.CharField("備考", max_length=400, blank=True)
    # [[use key, operation, still needed]] as they stood: grants that are withdrawn later do not change what was said.
    answers = models.JSONField("答え", default=list)

    class Meta:
        db_table = "notice_grantreview"
        verbose_name = "権限の年次確認"
        verbose_name_plural = "権限の年次確認"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "year"],
                name="notice_grantreview_once_a_year",
                violation_error_message="この課は、この年度の確認が済んでいます。",
            )
        ]

    def __str__(self) -> str:
        return f"grant review {self.pk}"

    @property
    def unneeded(self) -> set[tuple[str, str]]:
        """(use key, operation) that the head no longer wants."""
        return {(use, operation) for use, operation, needed in self.answers if not needed}


class DutySeparation(models.Model):
    """職務の分離。Two operations on published uses that no one person may hold together, and why."""

    first_use = models.ForeignKey(PublishedUse, verbose_name="利用（一）", on_delete=models.PROTECT, related_name="+")
    first_operation = models.CharField("できること（一）", max_length=10, choices=OPERATIONS)
    second_use = models.ForeignKey(PublishedUse, verbose_name="利用（二）", on_delete=models.PROTECT, related_name="+")
    second_operation = models.CharField("できること（二）", max_length=10, choices=OPERATIONS)
    reason = models.CharField("理由", max_length=200)

    history = kept_history("notice_dutyseparationhistory", "職務の分離の変更")

    class Meta:
        db_table = "notice_dutyseparation"
        verbose_name = "職務の分離"
        verbose_name_plural = "職務の分離"
        constraints = [
            models.UniqueConstraint(
                fields=["first_use", "first_operation", "second_use", "second_operation"],
                name="notice_dutyseparation_once",
                violation_error_message="この組み合わせは登録済みです。",
            ),
        ]

    def __str__(self) -> str:
        return f"duty separation {self.pk}"


class SafeguardRelease(models.Model):
    """安全措置の解除。A safeguard (a second person's look) that one administrator asked to switch off and another confirmed."""

    safeguard = models.CharField("安全措置", max_length=150, help_text="例：filings.loss.second_person")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="求めた職員", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("求めた日時", default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="確かめた職員",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField("確かめた日時", null=True, blank=True)

    class Meta:
        db_table = "notice_safeguardrelease"
        verbose_name = "安全措置の解除"
        verbose_name_plural = "安全措置の解除"
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                name="notice_safeguard_two_persons",
                violation_error_message="求めた職員とは別の職員が確かめてください。",
            ),
            models.UniqueConstraint(
                fields=["safeguard"], condition=Q(confirmed_by=None), name="notice_safeguard_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.safeguard
