"""対象者の条件 over 1,000,000 results against the same question in SQL by hand; 階層化 by the rule against a CASE of SQL.

The results are invented by SQL, five years of 200,000 people. The rule of 階層化 is written in Python and explained value by
value, so its ratio to a bare CASE without reasons, missing values or the two-year rule says what the explanation costs;
it is measured on SOME results and told as results a second.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.db import connection, transaction

from benchmarks.measure import Way, compare, report
from benchmarks.place import run_sql

PEOPLE, YEARS, LAST, SOME = 200_000, 5, 2026, 10_000
# Far from the ids of the demonstration; triggers and keys are off while the rows are planted.
FIRST_ID = 10_000_000
PLANT = f"""
SET session_replication_role = replica;
INSERT INTO enrollment_member SELECT p.*
    FROM (SELECT to_jsonb(m) AS like_one FROM enrollment_member m LIMIT 1) one, generate_series(1, {PEOPLE}) n,
    LATERAL jsonb_populate_record(NULL::enrollment_member, like_one || jsonb_build_object(
        'id', {FIRST_ID} + n, 'number', n::text, 'number_order', n, 'symbol', '99', 'branch', '00', 'protected', false,
        'insured_id', null, 'merged_into_id', null, 'birth_date', date '1951-04-02' + (n * 37 %% 12700))) p;
INSERT INTO checkups_checkupresult SELECT p.*
    FROM (SELECT to_jsonb(r) AS like_one FROM checkups_checkupresult r WHERE state = 'matched' LIMIT 1) one,
        generate_series(1, {PEOPLE}) n, generate_series(0, {YEARS - 1}) y,
    LATERAL jsonb_populate_record(NULL::checkups_checkupresult, like_one || jsonb_build_object(
        'id', {FIRST_ID} + n * 10 + y, 'member_id', {FIRST_ID} + n, 'fiscal_year', {LAST} - y, 'state', 'matched',
        'statutory', true, 'double_of_id', null, 'sex', (n %% 2 + 1)::text, 'age', 40 + n %% 35, 'digest', md5((n * 10 + y)::text),
        'observations', '[]'::jsonb, 'exam_date', make_date({LAST} - y, 6, 1 + n %% 28),
        'systolic', 95 + (n * 31 + y * 7) %% 80, 'diastolic', 55 + (n * 17 + y * 5) %% 50, 'hba1c', 4.8 + ((n * 13 + y) %% 35) / 10.0,
        'waist', 65 + (n * 7 + y) %% 45, 'bmi', 17 + (n * 3) %% 16, 'tg_fasting', 50 + (n * 29) %% 300, 'hdl', 25 + (n * 11) %% 70,
        'glucose_fasting', 75 + (n * 19 + y) %% 70, 'smoking', 1 + n %% 3, 'medication_bp', 1 + (n * 5 + 1) %% 2,
        'medication_glucose', 2, 'medication_lipid', 2, 'fasting', 2)) p;
SET session_replication_role = DEFAULT;
"""
BY_HAND = f"""
SELECT count(*) FROM checkups_checkupresult r JOIN enrollment_member m ON m.id = r.member_id
WHERE r.fiscal_year = {LAST} AND r.state = 'matched' AND r.statutory AND m.birth_date <= '1981-11-24'
  AND ((r.systolic >= 140 AND r.medication_bp = 2 AND EXISTS (SELECT FROM checkups_checkupresult b WHERE b.member_id = r.member_id
          AND b.fiscal_year = {LAST - 1} AND b.state = 'matched' AND b.statutory AND b.systolic >= 140))
       OR r.hba1c >= 6.5)
"""
LEVELS_BY_HAND = """
SELECT level, count(*) FROM (
    SELECT CASE WHEN medication_bp = 1 OR medication_glucose = 1 OR medication_lipid = 1 THEN 'medicated'
                WHEN who = 0 OR risks = 0 THEN 'information'
                WHEN age < 65 AND ((who = 1 AND risks + smokes >= 2) OR (who = 2 AND risks + smokes >= 3)) THEN 'intensive'
                ELSE 'motivational' END AS level
    FROM (SELECT *, CASE WHEN waist >= CASE sex WHEN '1' THEN 85 ELSE 90 END THEN 1 WHEN bmi >= 25 THEN 2 ELSE 0 END AS who,
              (systolic >= 130 OR diastolic >= 85)::int + (tg_fasting >= 150 OR hdl < 40)::int
              + (glucose_fasting >= 100 OR hba1c >= 5.6)::int AS risks, (smoking = 1)::int AS smokes
          FROM checkups_checkupresult WHERE id = ANY(%s)) one) judged GROUP BY level
"""


def _count(statement: str, parameters: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def main() -> None:
    from health_programs.checkups.actions.judging import judge
    from health_programs.checkups.activities import COHORT_TARGETING
    from health_programs.checkups.models import CheckupResult
    from health_programs.checkups.queries.cohorts import matching
    from health_programs.checkups.rules.cohorts import Condition, Selection
    from kumiai.accounts.models import User
    from privacy.scope import scope
    from privacy.seen import population

    began = time.perf_counter()
    with transaction.atomic():
        run_sql(PLANT.replace("%%", "%"))
    run_sql("ANALYZE checkups_checkupresult; ANALYZE enrollment_member")
    planted = round(time.perf_counter() - began)
    programmes = User.objects.get(staff_number="1003")
    selection = Selection(
        LAST, date(2026, 11, 24),
        (
            (
                Condition("systolic", "ge", "140", LAST),
                Condition("medication_bp", "eq", "2", LAST),
                Condition("systolic", "ge", "140", LAST - 1),
            ),
            (Condition("hba1c", "ge", "6.5", LAST),),
        ),
        age_from=45,
    )  # fmt: skip

    def asked() -> int:
        with scope(COHORT_TARGETING, programmes):
            found: int = matching(selection).count()
            population("対象者の条件", found)
        return found

    def by_hand() -> int:
        found: int = _count(BY_HAND)[0][0]
        return found

    hand, ours = by_hand(), asked()
    if hand != ours:
        raise SystemExit(f"the two ways do not agree: {hand} by hand, {ours} by the conditions")
    raw, candidate = Way(by_hand), Way(asked)
    compare(raw, candidate, rounds=9)
    report("cohort_of_a_million", raw, candidate, target="ratio <= 1.5", reached=lambda ratio: ratio <= 1.5,
           results=PEOPLE * YEARS, people=hand, planted_s=planted)  # fmt: skip

    ids = list(range(FIRST_ID + 10, FIRST_ID + SOME * 10 + 10, 10))
    with scope(COHORT_TARGETING, programmes):
        results = list(CheckupResult.objects.filter(pk__in=ids))

    def judged() -> dict[str, int]:
        found: dict[str, int] = {}
        for result in results:
            level = judge(result, None).level.value
            found[level] = found.get(level, 0) + 1
        return found

    plain = dict(_count(LEVELS_BY_HAND, [ids]))
    if plain != judged():
        raise SystemExit(f"the two ways do not agree: {plain} by hand, {judged()} by the rule")
    raw, candidate = Way(lambda: _count(LEVELS_BY_HAND, [ids])), Way(judged)
    compare(raw, candidate, rounds=5, warm=1)
    rate = SOME / (min(candidate.times) / 1000)
    report("stratification", raw, candidate, target="told, not judged", reached=lambda _ratio: True, results=SOME,
           results_a_second=round(rate), million_minutes=round(1_000_000 / rate / 60, 1))  # fmt: skip
