"""A kind of work for the tests: writes one row a number into a table that forbids nothing, so that doubles would show."""

import time

from django.db import connection

from kumiai.jobs.kinds import Chunk, register

TABLE = "jobs_probe_effect"
ROWS_A_CHUNK = 20
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (job_id bigint NOT NULL, n bigint NOT NULL)"
FAILS_EVERY = 97


def _write(job, numbers) -> None:
    with connection.cursor() as cursor:
        for n in numbers:
            cursor.execute(f"INSERT INTO {TABLE} (job_id, n) VALUES (%s, %s)", [job.pk, n])
            time.sleep(job.parameters.get("pause_ms", 0) / 1000)


def fails(job, n: int) -> bool:
    return bool(job.parameters.get("some_fail")) and n % FAILS_EVERY == 0


def chunk(job, position, stop) -> Chunk:
    first = (position or 0) + 1
    numbers = range(first, min(first + ROWS_A_CHUNK, job.total + 1))
    bad = [n for n in numbers if fails(job, n)]
    _write(job, [n for n in numbers if n not in bad])
    return Chunk(
        position=numbers[-1],
        done=len(numbers),
        failures=tuple((n, "unreadable") for n in bad),
        counts={"added": len(numbers) - len(bad)},
        finished=numbers[-1] >= job.total,
    )


def retry(job, rows, stop) -> Chunk:
    """The first row still fails; the others succeed."""
    good = rows[1:] if job.retry_row == 0 else rows
    bad = tuple(set(rows) - set(good))
    _write(job, good)
    return Chunk(None, len(rows), tuple((n, "still_unreadable") for n in bad), {"added": len(good)})


KIND = register(
    "tests.probe",
    "試しの処理",
    total=lambda job: job.parameters["rows"],
    chunk=chunk,
    retry=retry,
    errors={"unreadable": "=読めない行です。", "still_unreadable": "まだ読めない行です。"},
    counts={"added": "追加"},
    codes=["csv"],
)
