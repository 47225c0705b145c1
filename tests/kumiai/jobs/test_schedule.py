"""What runs by the clock exists, and does what its name says."""

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from kumiai.accounts.models import UserSession
from kumiai.accounts.sessions import SessionStore, stored_key
from kumiai.accounts.tasks import clear_sessions


def test_every_entry_names_a_task_that_a_worker_knows():
    current_app.loader.import_default_modules()

    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert named <= set(current_app.tasks)
    assert {"jobs.reap", "accesslog.seal"} <= named


@pytest.mark.parametrize("task", ["jobs.reap", "accesslog.seal"])
def test_what_keeps_a_promise_of_sixty_seconds_runs_every_thirty(task):
    assert settings.CELERY_BEAT_SCHEDULE[task]["schedule"] == 30


@pytest.mark.django_db
def test_only_expired_sessions_are_removed():
    kept, gone = SessionStore(), SessionStore()
    kept.create()
    gone.create()
    UserSession.objects.filter(session_key=_stored(gone)).update(expire_date=timezone.now() - timedelta(seconds=1))

    clear_sessions()

    assert UserSession.objects.filter(session_key=_stored(kept)).exists()
    assert not UserSession.objects.filter(session_key=_stored(gone)).exists()
    gone["seen"] = True
    with pytest.raises(UpdateError):
        gone.save()


def _stored(store: SessionStore) -> str:
    return stored_key(store.session_key)
