"""階層化 of 1,000,000 results as the job reads and judges them, against raw SQL reading of the same columns.

The results are those of `cohorts`: five years of 200,000 people. Reading and judging is measured on SOME of them spread
over the table; what choosing the next chunk costs is measured when nothing has been judged and when nearly all has.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.db import connection, transaction

from benchmarks.cohorts import FIRST_ID, LAST, PEOPLE, PLANT, YEARS
from benchmarks.measure import Way, compare, report
from benchmarks.place import run_sql

SOME, ROUNDS = 20_000, 5
LAST_CHUNK = 500
# As if all but the last people of the year had been judged.
JUDGED = f"""
SET session_replication_role = replica;
INSERT INTO checkups_stratification SELECT p.*
    FROM (SELECT to_jsonb(s) AS like_one FROM checkups_stratification s LIMIT 1) one, generate_series(1, {PEOPLE - LAST_CHUNK}) n,
    LATERAL jsonb_populate_record(NULL::checkups_stratification, like_one || jsonb_build_object(
        'id', {FIRST_ID} + n, 'member_id', {FIRST_ID} + n, 'result_id', {FIRST_ID} + n * 10, 'fiscal_year', {LAST},
        'current', true, 'steps', '[]'::jsonb,
        'result_version', (SELECT version FROM checkups_checkupresult WHERE id = {FIRST_ID} + n * 10))) p;
SET session_replication_role = DEFAULT;
ANALYZE checkups_stratification;
"""


def main() -> None:
    from health_programs.checkups.actions.judging import judge, unjudged
    from health_programs.checkups.activities import GUIDANCE_TARGETING
    from health_programs.checkups.measures import ANSWERS, MEASURES
    from health_programs.checkups.models import CheckupResult
    from kumiai.accounts.models import User
    from privacy.scope import scope

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM enrollment_member WHERE id = {FIRST_ID + 1}")
        planted = cursor.fetchone()
    if not planted:
        with transaction.atomic():
            run_sql(PLANT.replace("%%", "%"))
    run_sql("ANALYZE checkups_checkupresult; ANALYZE enrollment_member")
    programmes = User.objects.get(staff_number="1003")
    every = PEOPLE * YEARS // SOME
    ids = [FIRST_ID + (1 + n * every // YEARS) * 10 + n % YEARS for n in range(SOME)]
    columns = ", ".join(("id", "sex", "age", "fasting", *(one.key for one in MEASURES), *ANSWERS))

    def raw() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM checkups_checkupresult WHERE id = ANY(%s)", [ids])
            return list(cursor.fetchall())

    def judged() -> int:
        done = 0
        with scope(GUIDANCE_TARGETING, programmes):
            for start in range(0, SOME, LAST_CHUNK):
                for row in CheckupResult.objects.filter(pk__in=ids[start : start + LAST_CHUNK]):
                    judge(row, None)
                    done += 1
        return done

    if len(raw()) != SOME or judged() != SOME:
        raise SystemExit("the two ways do not read the same rows")
    baseline, candidate = Way(raw), Way(judged)
    compare(baseline, candidate, rounds=ROUNDS, warm=1)
    rate = SOME / (min(candidate.times) / 1000)
    report("stratification_read", baseline, candidate, target="told, not judged", reached=lambda _ratio: True, results=SOME,
           of=PEOPLE * YEARS, results_a_second=round(rate), million_minutes=round(1_000_000 / rate / 60, 1))  # fmt: skip

    def chunk(after: int) -> float:
        with scope(GUIDANCE_TARGETING, programmes):
            start = time.perf_counter()
            rows = list(unjudged(LAST).filter(pk__gt=after).order_by("pk")[:LAST_CHUNK])
            took = time.perf_counter() - start
        if len(rows) != LAST_CHUNK:
            raise SystemExit(f"{len(rows)} results to judge")
        return took * 1000

    first = min(chunk(FIRST_ID) for _round in range(3))
    with transaction.atomic():
        run_sql(JUDGED)
        from_start = min(chunk(FIRST_ID) for _round in range(3))
        last = min(chunk(FIRST_ID + (PEOPLE - LAST_CHUNK) * 10) for _round in range(3))
        transaction.set_rollback(True)
    line = {
        "name": "stratification_chunk", "first_ms": round(first, 1), "last_ms": round(last, 1), "ratio": round(last / first, 1),
        "looked_for_from_the_start_ms": round(from_start, 1),
        "target": "the last chunk of a year costs at most three times the first", "pass": last <= 3 * first,
    }  # fmt: skip
    print(json.dumps(line), flush=True)
