"""The engine without a broker: exactly one effect a row, whatever arrives how often."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models.functions import Now

from kumiai.jobs import actions, engine, kinds, policies
from kumiai.jobs.enums import JobState
from kumiai.jobs.kinds import Chunk, UnableToDescribeJob
from kumiai.jobs.models import Job
from tests.kumiai.jobs import probes
from tests.kumiai.jobs.conftest import effects

pytestmark = pytest.mark.usefixtures("probe_table", "sent")


def accepted(owner, **parameters) -> Job:
    return engine.start("tests.probe", owner, {"rows": 50, **parameters}, "tests.work")


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def chunk_that(monkeypatch, function) -> None:
    monkeypatch.setitem(
        kinds._kinds, "tests.probe", kinds.Kind("tests.probe", "試し", lambda job: 50, function, probes.retry)
    )


def test_the_id_is_sent_only_after_the_commit(sato, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = accepted(sato)
        assert sent == []

    assert len(callbacks) == 1
    assert sent == [job.pk]


def test_a_broker_that_is_away_loses_nothing(sato, monkeypatch, django_capture_on_commit_callbacks):
    def away(*_args, **_options):
        raise ConnectionError("redis is away")

    monkeypatch.setattr("kumiai.jobs.tasks.run_job.apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = accepted(sato)

    assert again(job).state == JobState.ACCEPTED


def test_a_job_runs_to_its_end(sato):
    job = accepted(sato)

    engine.run(job.pk)

    job = again(job)
    assert (job.state, job.done, job.total, job.failed) == (JobState.SUCCEEDED, 50, 50, 0)
    assert job.counts == {"added": 50}
    assert job.claim is None
    assert effects(job) == list(range(1, 51))


def test_a_second_delivery_does_nothing(sato):
    job = accepted(sato)

    for _ in range(3):
        engine.run(job.pk)

    assert effects(job) == list(range(1, 51))


def test_a_delivery_while_another_worker_is_alive_does_nothing(sato):
    job = accepted(sato)
    Job.objects.update(state=JobState.RUNNING, claim=uuid.uuid4(), heartbeat_at=Now(), total=50)

    engine.run(job.pk)

    assert effects(job) == []


def test_a_job_whose_worker_is_gone_goes_on_at_its_position(sato):
    job = accepted(sato)
    long_ago = Now() - timedelta(seconds=120)
    Job.objects.update(
        state=JobState.RUNNING, claim=uuid.uuid4(), heartbeat_at=long_ago, total=50, done=40, position=40
    )

    engine.run(job.pk)

    assert effects(job) == list(range(41, 51))
    assert again(job).state == JobState.SUCCEEDED


def test_a_worker_that_lost_its_claim_stores_nothing(sato, monkeypatch):
    def overtaken(job, position, stop):
        probes._write(job, [1])
        Job.objects.filter(pk=job.pk).update(claim=uuid.uuid4())
        return Chunk(1, 1)

    chunk_that(monkeypatch, overtaken)
    job = accepted(sato)

    engine.run(job.pk)

    assert effects(job) == []
    assert again(job).done == 0


def test_an_error_keeps_the_chunks_before_it_and_undoes_its_own(sato, monkeypatch, caplog):
    def breaks(job, position, stop):
        if position:
            probes._write(job, [21])
            raise ValueError("氏名 山田太郎")
        return probes.chunk(job, position, stop)

    chunk_that(monkeypatch, breaks)
    job = accepted(sato)

    engine.run(job.pk)

    job = again(job)
    assert (job.state, job.error_code, job.position) == (JobState.FAILED, "error", 20)
    assert effects(job) == list(range(1, 21))
    assert "ValueError" in caplog.text
    assert "山田" not in caplog.text


def test_a_refusal_ends_the_job_with_its_code(sato, monkeypatch):
    def refused(job, position, stop):
        raise PermissionDenied("no grant")

    chunk_that(monkeypatch, refused)
    job = accepted(sato)

    engine.run(job.pk)

    assert (again(job).state, again(job).error_code) == (JobState.FAILED, "refused")


def test_a_database_that_went_away_leaves_the_job_to_the_reaper(sato, monkeypatch):
    def away(job, position, stop):
        raise OperationalError("server closed the connection")

    chunk_that(monkeypatch, away)
    job = accepted(sato)

    engine.run(job.pk)

    assert again(job).state == JobState.RUNNING


def test_a_job_that_never_moves_fails_after_some_attempts(sato, monkeypatch):
    chunk_that(monkeypatch, lambda *_: (_ for _ in ()).throw(OperationalError()))
    job = accepted(sato)

    for _ in range(engine.ATTEMPTS + 1):
        engine.run(job.pk)
        Job.objects.update(heartbeat_at=Now() - timedelta(seconds=120))

    assert (again(job).state, again(job).error_code) == (JobState.FAILED, "no_progress")


def test_a_kill_between_the_last_row_and_the_end_repeats_nothing(sato, monkeypatch):
    """A kind that says no position when it is finished would begin anew if rows and end were two transactions."""

    def all_at_once(job, position, stop):
        probes._write(job, [1, 2, 3])
        return Chunk(None, 3, finished=True)

    chunk_that(monkeypatch, all_at_once)
    job = accepted(sato)
    ending = engine._finish

    def killed(*_args, **_fields):
        monkeypatch.setattr(engine, "_finish", ending)
        raise OperationalError("the connection died with the worker")

    monkeypatch.setattr(engine, "_finish", killed)
    engine.run(job.pk)
    assert effects(job) == []

    Job.objects.update(heartbeat_at=Now() - timedelta(seconds=120))
    engine.run(job.pk)

    assert again(job).state == JobState.SUCCEEDED
    assert effects(job) == [1, 2, 3]


def test_a_missing_key_in_the_work_is_not_called_a_missing_kind(sato, monkeypatch):
    chunk_that(monkeypatch, lambda job, position, stop: {}["absent"])
    job = accepted(sato)

    engine.run(job.pk)

    assert (again(job).state, again(job).error_code) == (JobState.FAILED, "error")


def test_a_kind_that_is_gone_fails_with_its_code(sato, monkeypatch):
    job = accepted(sato)
    monkeypatch.delitem(kinds._kinds, "tests.probe")

    engine.run(job.pk)

    assert (again(job).state, again(job).error_code) == (JobState.FAILED, "unknown_kind")


def test_a_chunk_that_does_not_move_is_an_error(sato, monkeypatch):
    chunk_that(monkeypatch, lambda job, position, stop: Chunk(position, 0))
    job = accepted(sato)

    engine.run(job.pk)

    assert again(job).state == JobState.FAILED


def test_stop_takes_effect_after_the_chunk_and_resume_goes_on(sato, monkeypatch):
    def stopped_meanwhile(job, position, stop):
        if position is None:
            actions.stop_job(job=again(job), by=sato)
        return probes.chunk(job, position, stop)

    chunk_that(monkeypatch, stopped_meanwhile)
    job = accepted(sato)
    engine.run(job.pk)
    assert (again(job).state, again(job).done) == (JobState.STOPPED, 20)

    engine.run(job.pk)
    assert again(job).state == JobState.STOPPED, "a late delivery must not wake a stopped job"

    actions.resume_job(job=again(job), by=sato)
    engine.run(job.pk)

    assert again(job).state == JobState.SUCCEEDED
    assert effects(job) == list(range(1, 51))


def test_stop_of_a_waiting_job_is_at_once(sato):
    job = accepted(sato)

    actions.stop_job(job=job, by=sato)
    engine.run(job.pk)

    assert again(job).state == JobState.STOPPED
    assert effects(job) == []


def test_only_the_owner_resumes_but_a_stop_may_come_from_others(sato, tanaka):
    job = accepted(sato)
    actions.stop_job(job=job, by=tanaka)

    with pytest.raises(policies.NotYours):
        actions.resume_job(job=again(job), by=tanaka)


def test_failed_rows_are_kept_by_number_and_retried_alone(sato):
    job = accepted(sato, rows=200, some_fail=True)
    engine.run(job.pk)
    job = again(job)
    assert (job.state, job.done, job.failed) == (JobState.PARTLY_FAILED, 200, 2)
    assert list(job.failures.order_by("row_number").values_list("row_number", "error_code")) == [
        (97, "unreadable"),
        (194, "unreadable"),
    ]

    actions.retry_failures(job=job, by=sato)
    engine.run(job.pk)

    job = again(job)
    assert (job.state, job.failed, job.done) == (JobState.PARTLY_FAILED, 1, 200)
    assert list(job.failures.filter(resolved_at=None).values_list("row_number", "error_code")) == [
        (97, "still_unreadable")
    ]
    assert effects(job) == [n for n in range(1, 201) if n != 97]


def test_the_reaper_sends_what_nobody_works_on_and_only_that(sato, sent):
    waiting, running, gone, stopped = (accepted(sato) for _ in range(4))
    old = Now() - timedelta(seconds=120)
    Job.objects.update(created_at=old, sent_at=old)
    Job.objects.filter(pk=running.pk).update(state=JobState.RUNNING, claim=uuid.uuid4(), heartbeat_at=Now())
    Job.objects.filter(pk=gone.pk).update(state=JobState.RUNNING, claim=uuid.uuid4(), heartbeat_at=old)
    Job.objects.filter(pk=stopped.pk).update(state=JobState.STOPPED)

    assert engine.reap() == 2
    assert sent == [waiting.pk, gone.pk]
    assert engine.reap() == 0, "sent a moment ago: not again"


@pytest.mark.parametrize("value", ["山田太郎", "yamada", "yamada taro", 1.5, {"a": 1}, b"x", ["山田"], "2026-02-30"])
def test_parameters_refuse_what_could_be_a_name(sato, value):
    with pytest.raises(UnableToDescribeJob) as refusal:
        accepted(sato, value=value)

    assert "yamada" not in str(refusal.value)
    assert "山田" not in str(refusal.value)


def test_parameters_take_numbers_dates_digests_and_declared_codes(sato):
    job = accepted(sato, ids=[1, 2], on=date(2026, 4, 1), form="csv", digest="ab" * 32, list=str(uuid.uuid4()))

    assert again(job).parameters["on"] == "2026-04-01"


def test_a_result_may_not_hold_text(sato, monkeypatch):
    chunk_that(monkeypatch, lambda job, position, stop: Chunk(1, 1, ((1, "山田太郎"),)))
    job = accepted(sato)

    engine.run(job.pk)

    assert again(job).state == JobState.FAILED
    assert not again(job).failures.exists()
