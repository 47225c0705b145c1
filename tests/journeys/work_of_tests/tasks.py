"""Writes one telephone number a member, a few at a time, slowly: a row done twice would stand twice."""

import time
from datetime import date

from django.core.mail import send_mail
from django.db.backends.postgresql.psycopg_any import DateRange

from kumiai.jobs.kinds import Chunk, register
from members.enrollment.models import ContactPoint, Member

KIND = "work_of_tests.numbers"
ROWS_A_CHUNK = 5
PAUSE_SECONDS = 0.25
VALUE = "03-0000-0000"


def _people(job):
    return Member.objects.filter(protected=False, pk__gt=job.position or 0).order_by("pk")


def _total(job) -> int:
    return min(len(_people(job)), job.parameters["rows"])


def _chunk(job, position, stop) -> Chunk:
    left = job.total - job.done
    people = list(_people(job)[: min(ROWS_A_CHUNK, left)])
    for member in people:
        ContactPoint.objects.create(
            member=member, kind="phone", value=VALUE, period=DateRange(date(2026, 1, 1), None, "[)")
        )
    time.sleep(PAUSE_SECONDS)
    finished = len(people) == left
    if finished:
        send_mail("処理が終わりました", f"処理番号 {job.pk}", None, ["clerk@kumiai.example"])
    return Chunk(people[-1].pk, len(people), counts={"added": len(people)}, finished=finished)


register(KIND, "電話番号の登録（試験）", total=_total, chunk=_chunk, counts={"added": "登録"})
