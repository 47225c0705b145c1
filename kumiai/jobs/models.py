"""Long work and where it stands. Not personal: ids, counts, states, digests and activity codes only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kumiai.jobs.enums import OPEN, JobState


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> JobQuerySet:
        """One's own; administrators (is_staff) see all."""
        return self if user.is_staff else self.filter(owner=user)

    def open(self) -> JobQuerySet:
        return self.filter(state__in=OPEN)


class Job(models.Model):
    """処理。Long work of one person under one activity. What it works on stays in rows of its category."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="依頼者", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("種類", max_length=100)
    title = models.CharField("名称", max_length=100)
    activity_code = models.CharField("活動", max_length=100)
    parameters = models.JSONField("引数", default=dict, help_text="番号、日付、種類が定めた符号だけです。")
    state = models.CharField("状態", max_length=20, choices=JobState, default=JobState.ACCEPTED)
    error_code = models.CharField("失敗の符号", max_length=100, blank=True)

    total = models.BigIntegerField("全件数", null=True)
    done = models.BigIntegerField("済んだ件数（失敗を含む）", default=0)
    failed = models.BigIntegerField("失敗の件数", default=0)
    counts = models.JSONField("結果の内訳", default=dict)
    position = models.JSONField("続きの位置", null=True, help_text="番号、または番号の並びです。")

    retrying = models.BooleanField("失敗の行をやり直し中", default=False)
    retry_row = models.BigIntegerField("やり直した最後の行", default=0)
    retry_total = models.BigIntegerField("やり直す行数", default=0)
    retry_done = models.BigIntegerField("やり直した行数", default=0)

    claim = models.UUIDField("担当の印", null=True, help_text="この印を持つワーカーだけが位置を進めます。")
    heartbeat_at = models.DateTimeField("最後の動き", null=True)
    sent_at = models.DateTimeField("最後に送った日時", null=True)
    attempts = models.IntegerField("進まなかった回数", default=0)

    created_at = models.DateTimeField("受付日時", default=timezone.now)
    started_at = models.DateTimeField("開始日時", null=True)
    run_started_at = models.DateTimeField("今回の開始日時", null=True)
    run_started_done = models.BigIntegerField("今回の開始時の件数", default=0)
    finished_at = models.DateTimeField("終了日時", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "処理"
        verbose_name_plural = "処理"
        indexes = [
            models.Index(fields=["owner", "-id"], name="jobs_job_owner"),
            models.Index(fields=["heartbeat_at"], condition=Q(state__in=OPEN), name="jobs_job_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="jobs_job_state"),
            models.CheckConstraint(
                condition=Q(failed__gte=0, done__gte=F("failed")), name="jobs_job_failed_within_done"
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True) | Q(state__in=[JobState.RUNNING, JobState.STOP_REQUESTED]),
                name="jobs_job_claimed_while_running",
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def progress_done(self) -> int:
        """Rows done of what is running now: the failed rows while they are retried, else all."""
        return self.retry_done if self.retrying else self.done

    @property
    def progress_total(self) -> int | None:
        return self.retry_total if self.retrying else self.total

    @property
    def percent(self) -> int | None:
        """0 to 100, never 100 before the last row; None while the total is unknown."""
        if self.progress_total is None:
            return None
        return min(100, self.progress_done * 100 // self.progress_total) if self.progress_total else 100

    def remaining(self, at: Any) -> timedelta | None:
        """Time left at the speed of this run; None before it can be told."""
        if not self.is_open or self.run_started_at is None or self.progress_total is None:
            return None
        moved = self.progress_done - self.run_started_done
        if moved <= 0:
            return None
        left = max(0, self.progress_total - self.progress_done)
        return (at - self.run_started_at) / moved * left


class JobFailure(models.Model):
    """失敗の行。Row number and error code; what stands in the row is kept by the rows of its own category."""

    job = models.ForeignKey(Job, verbose_name="処理", on_delete=models.PROTECT, related_name="failures")
    row_number = models.BigIntegerField("行")
    error_code = models.CharField("誤りの符号", max_length=100)
    resolved_at = models.DateTimeField("解消した日時", null=True)

    class Meta:
        verbose_name = "失敗の行"
        verbose_name_plural = "失敗の行"
        constraints = [
            models.UniqueConstraint(fields=["job", "row_number"], name="jobs_jobfailure_row"),
            models.CheckConstraint(
                condition=Q(error_code__regex=r"^[a-z][a-z0-9_.]*$"), name="jobs_jobfailure_code_only"
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.job_id} row {self.row_number}"
