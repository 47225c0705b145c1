"""kill -9 with a real worker and a real broker: every row once, whatever dies and whatever arrives twice.

The seed is printed; PORTAL_SEED replays a run. Kills alternate between the process that works and the whole worker.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from kombu import Connection

from kumiai.accounts.models import User
from kumiai.jobs import engine, tasks
from kumiai.jobs.enums import JobState
from kumiai.jobs.models import Job, JobFailure
from tests.kumiai.jobs import probes
from tests.kumiai.jobs.conftest import effects

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("PORTAL_KILLS", "4"))
ROWS = 400 * KILLS
ROOT = Path(__file__).resolve().parents[3]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    """A Redis of this test's own, else the one of REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        if "REDIS_URL" not in os.environ:
            pytest.fail("redis-server がなく、REDIS_URL もありません。")
        yield os.environ["REDIS_URL"]
        return
    port = _free_port()
    server = subprocess.Popen(
        [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(tmp_path_factory.mktemp("redis")),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def standing(probe_table, transactional_db, owner):
    """Somebody in a database in which things are really committed."""
    with owner():
        somebody = User.objects.create(staff_number="9199", name="止 試", is_active=True)
    yield somebody
    with owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {probes.TABLE}")


class Worker:
    """One Celery worker with two processes, started again after it was killed."""

    def __init__(self, broker: str, queue: str, log: Path) -> None:
        self.queue = queue
        self.log = log.open("ab")
        self.environment = os.environ | {"REDIS_URL": broker, "DATABASE_URL": _database_url()}
        self.environment.pop("TEST_DATABASE_NAME", None)
        self.process = self._start()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.kumiai.jobs.worker_app", "worker", "--concurrency", "2"]
            + ["--queues", self.queue, "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def kill_children(self) -> None:
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = self._start()

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def _database_url() -> str:
    s = connection.settings_dict
    who = quote(s["USER"]) + (f":{quote(s['PASSWORD'])}" if s["PASSWORD"] else "")
    port = f":{s['PORT']}" if s["PORT"] else ""
    return f"postgresql://{who}@{quote(s['HOST'], safe='')}{port}/{s['NAME']}"


@pytest.fixture
def worker(standing, broker, tmp_path, monkeypatch, settings):
    settings.JOB_HEARTBEAT_SECONDS = 1
    queue = f"test-{uuid.uuid4().hex}"
    with Connection(broker) as away:
        send = partial(tasks.run_job.apply_async, queue=queue, connection=away)
        monkeypatch.setattr(tasks.run_job, "apply_async", send)
        worker = Worker(broker, queue, tmp_path / "worker.log")
        try:
            yield worker
        finally:
            worker.end()
            print((tmp_path / "worker.log").read_text()[-4000:])


def _wait(job: Job, until, seconds: float) -> Job:
    """Until something holds of the job; the reaper runs meanwhile, as beat would have it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = Job.objects.get(pk=job.pk)
        if until(found):
            return found
        engine.reap()
        time.sleep(0.05)
    raise AssertionError(f"{found}: {found.state} {found.error_code} {found.done}/{found.total} after {seconds} s")


def test_every_row_is_done_once_through_kills_and_double_deliveries(worker, standing):
    seed = int(os.environ.get("PORTAL_SEED", time.time_ns() % 10**6))
    print(f"PORTAL_SEED={seed}")
    chance = random.Random(seed)
    job = engine.start("tests.probe", standing, {"rows": ROWS, "pause_ms": 1, "some_fail": True}, "tests.work")

    for kill in range(KILLS):
        before = Job.objects.get(pk=job.pk).done
        _wait(job, lambda found, before=before: found.done > before, 30)
        for _ in range(chance.randrange(3)):
            tasks.run_job.apply_async((job.pk,))
        time.sleep(chance.uniform(0, 0.15))
        assert Job.objects.get(pk=job.pk).is_open, "the kill must strike while work is under way"
        worker.kill_all() if kill % 5 == 4 else worker.kill_children()

    ended = _wait(job, lambda found: not found.is_open, 60)

    failing = [n for n in range(1, ROWS + 1) if n % probes.FAILS_EVERY == 0]
    assert ended.state == JobState.PARTLY_FAILED
    assert (ended.done, ended.failed, ended.position) == (ROWS, len(failing), ROWS)
    doubles = [n for n, times in Counter(effects(job)).items() if times > 1]
    lost = sorted(set(range(1, ROWS + 1)) - set(effects(job)) - set(failing))
    assert (doubles, lost) == ([], [])
    assert list(JobFailure.objects.order_by("row_number").values_list("row_number", flat=True)) == failing


def test_many_jobs_delivered_several_times_in_any_order_have_one_effect_each(worker, standing):
    chance = random.Random(7)
    jobs = [engine.start("tests.probe", standing, {"rows": 30}, "tests.work") for _ in range(20)]
    deliveries = [job.pk for job in jobs for _ in range(chance.randrange(2, 6))]
    chance.shuffle(deliveries)

    for job_id in deliveries:
        tasks.run_job.apply_async((job_id,))

    for job in jobs:
        assert _wait(job, lambda found: not found.is_open, 30).state == JobState.SUCCEEDED
        assert effects(job) == list(range(1, 31))
