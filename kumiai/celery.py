"""The Celery application. The worker runs the checks before it takes its first task."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")

app = Celery("kumiai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_before_work(**_kwargs: object) -> None:
    """Refuse to start a worker whose code, grants and database disagree."""
    from django.core.management import call_command

    call_command("check", databases=["default"], fail_level="ERROR")
