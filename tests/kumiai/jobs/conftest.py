"""Invented staff and a kind of work that leaves countable traces."""

import pytest
from django.conf import settings as django_settings
from django.db import connection

from kumiai.accounts.models import User
from kumiai.jobs import tasks
from tests.kumiai.accounts.conftest import make_user, quick_hashing  # noqa: F401  (fixtures)
from tests.kumiai.jobs import probes


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The ids handed to the broker; nothing leaves the process."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: ids.append(*args))
    return ids


@pytest.fixture
def plain_chunks(settings) -> None:
    settings.JOB_CHUNK_CONTEXT = ""


@pytest.fixture
def probe_table(db, owner, plain_chunks) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute(probes.CREATE)
        cursor.execute(f'GRANT SELECT, INSERT ON {probes.TABLE} TO "{django_settings.WALL_PREFIX}_web"')


@pytest.fixture
def sato(make_user) -> User:  # noqa: F811  (the fixture of accounts)
    return make_user("9101", name="佐藤 試", kana="サトウ タメシ")


@pytest.fixture
def suzuki(make_user) -> User:  # noqa: F811
    return make_user("9102", name="鈴木 試", kana="スズキ タメシ")


@pytest.fixture
def tanaka(make_user) -> User:  # noqa: F811
    return make_user("9103", name="田中 試", kana="タナカ タメシ", is_staff=True)


def effects(job) -> list[int]:
    """The numbers the probe wrote, in order; a double would stand twice."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT n FROM {probes.TABLE} WHERE job_id = %s ORDER BY n", [job.pk])
        return [n for (n,) in cursor.fetchall()]
