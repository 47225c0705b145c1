"""Under the kernel's hook: every chunk runs as the job's activity, for its owner, and is refused without the grant."""

import pytest
from django.db import connection

from kumiai.jobs import engine, kinds
from kumiai.jobs.enums import JobState
from kumiai.jobs.kinds import Chunk
from kumiai.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(monkeypatch, settings, sent) -> list[tuple[str, str]]:
    """(role, actor) of each chunk of a job of two chunks, whose second row fails."""
    settings.JOB_CHUNK_CONTEXT = "privacy.jobs.chunk_scope"
    seen = []

    def chunk(job, position, stop):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('kumiai.actor')")
            seen.append(cursor.fetchone())
        row = (position or 0) + 1
        return Chunk(row, 1, ((row, "unreadable"),) if row == 2 else (), {"added": 1}, finished=row == 2)

    kind = kinds.Kind("tests.scoped", "試しの処理", lambda job: 2, chunk)
    monkeypatch.setitem(kinds._kinds, "tests.scoped", kind)
    return seen


def test_each_chunk_is_the_activity_for_the_owner(personas, roles, settings):
    sato = personas["佐藤"]
    job = engine.start("tests.scoped", sato, {}, "enrollment.member_administration")

    engine.run(job.pk)

    role = f"{settings.WALL_PREFIX}_enrollment_member_administration"
    assert roles == [(role, str(sato.pk)), (role, str(sato.pk))]
    ended = Job.objects.get(pk=job.pk)
    assert (ended.state, ended.done, ended.failed) == (JobState.PARTLY_FAILED, 2, 1)


def test_an_owner_without_the_grant_is_refused_before_the_first_row(personas, roles):
    job = engine.start("tests.scoped", personas["伊藤"], {}, "enrollment.member_administration")

    engine.run(job.pk)

    assert roles == []
    assert (Job.objects.get().state, Job.objects.get().error_code) == (JobState.FAILED, "refused")


def test_the_operation_of_the_kind_is_proved_and_stands_in_the_refusal(personas, sent, monkeypatch, settings, events):
    """鈴木 may look at the register, so a kind that only looks runs for her; one that exports does not."""
    settings.JOB_CHUNK_CONTEXT = "privacy.jobs.chunk_scope"
    ran = []

    def chunk(job, position, stop):
        ran.append(job.kind)
        return Chunk(1, 1, finished=True)

    for operation in ("view", "export"):
        kind = kinds.Kind(f"tests.{operation}", "試しの処理", lambda job: 1, chunk, operation=operation)
        monkeypatch.setitem(kinds._kinds, kind.name, kind)
        engine.run(engine.start(kind.name, personas["鈴木"], {}, "enrollment.member_administration").pk)

    assert ran == ["tests.view"]
    [refusal] = events(outcome="refused")
    assert (refusal.operation, refusal.reason, refusal.actor_id) == ("export", "権限なし", personas["鈴木"].pk)
