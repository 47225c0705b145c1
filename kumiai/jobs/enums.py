"""States of a job."""

from django.db import models


class JobState(models.TextChoices):
    """Where a job stands. The words are those of the screen."""

    ACCEPTED = "accepted", "受付"
    RUNNING = "running", "実行中"
    STOP_REQUESTED = "stop_requested", "停止要求"
    STOPPED = "stopped", "停止"
    SUCCEEDED = "succeeded", "成功"
    PARTLY_FAILED = "partly_failed", "一部失敗"
    FAILED = "failed", "失敗"


# A worker is, or ought to be, at these.
CLAIMED = (JobState.RUNNING, JobState.STOP_REQUESTED)
# Neither finished nor stopped.
OPEN = (JobState.ACCEPTED, *CLAIMED)
