"""閲覧の記録: one event a request or chunk of a job, insert-only, sealed by a chain of digests.

The tables are made by SQL in the migration (partitioned by month); Django only reads them. Rows are written by the
functions `accesslog_write` and `accesslog_refuse` alone.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Outcome(models.TextChoices):
    SHOWN = "shown", "表示"
    CHANGED = "changed", "変更"
    REFUSED = "refused", "拒否"


class AccessEvent(models.Model):
    """閲覧の記録: who read or changed whose information, when, under which purpose, by which way."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("日時")
    event = models.UUIDField("記録の番号")
    actor_id = models.BigIntegerField("職員", null=True)
    role = models.TextField("データベースの役割")
    activity = models.TextField("活動")
    uses = ArrayField(models.TextField(), verbose_name="利用目的")
    operation = models.TextField("操作")
    outcome = models.TextField("結果", choices=Outcome.choices)
    way = models.TextField("経路")
    view = models.TextField("画面")
    object_id = models.TextField("対象の番号")
    subjects = ArrayField(models.BigIntegerField(), verbose_name="加入者")
    populations = models.JSONField("件数")
    search = models.UUIDField("検索", null=True)
    hits = models.IntegerField("該当数", null=True)
    reference = models.TextField("受付番号")
    reason = models.TextField("理由")

    class Meta:
        managed = False
        db_table = "accesslog_event"
        verbose_name = "閲覧の記録"
        verbose_name_plural = "閲覧の記録"

    def __str__(self) -> str:
        return f"閲覧の記録 {self.id}"


class Seal(models.Model):
    """封: the digest over the events of a span of transactions, chained to the one before."""

    id = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField("日時")
    timeline = models.BigIntegerField("クラスター")
    boundary = models.TextField("取引番号の境")
    events = models.IntegerField("件数")
    previous = models.BinaryField("前の要約")
    digest = models.BinaryField("要約")

    class Meta:
        managed = False
        db_table = "accesslog_seal"
        verbose_name = "閲覧の記録の封"
        verbose_name_plural = "閲覧の記録の封"

    def __str__(self) -> str:
        return f"封 {self.id}"


class LogReview(models.Model):
    """閲覧の記録の点検。Who looked through the log of a month, when, and what was found."""

    month = models.DateField("月", unique=True, help_text="その月の1日です。")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="点検した職員", on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField("点検日時", auto_now_add=True)
    note = models.CharField("所見", max_length=1000)
    # The counts as they stood, so that what was looked at can be told later.
    counts = models.JSONField("件数", default=dict)

    class Meta:
        db_table = "accesslog_review"
        verbose_name = "閲覧の記録の点検"
        verbose_name_plural = "閲覧の記録の点検"

    def __str__(self) -> str:
        return f"log review {self.pk}"
