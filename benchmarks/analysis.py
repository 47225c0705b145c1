"""健診結果の分析 of 100,000 results: what the overview computes, suppression included, against the bare counts in raw SQL.

The raw statement counts the same people by year, sex, age and company with the tests written by hand; it decides nothing about
what may be told, and has no scope, event or log.
"""

from __future__ import annotations

from benchmarks.measure import Way, compare, report
from benchmarks.place import as_web

RESULTS = 100_000
YEARS = 5
RAW = """
SELECT fiscal_year, sex, band, at, count(*),
       count(*) FILTER (WHERE w AND p::int + l::int + g::int >= 2), count(*) FILTER (WHERE w AND p::int + l::int + g::int = 1),
       count(*) FILTER (WHERE w), count(*) FILTER (WHERE p), count(*) FILTER (WHERE l), count(*) FILTER (WHERE g),
       count(*) FILTER (WHERE smokes)
FROM (
    SELECT fiscal_year, sex, greatest(least(age / 5, 15), 7) AS band, coalesce(employer_id, 0) AS at,
           CASE WHEN visceral_fat IS NOT NULL THEN visceral_fat >= 100 WHEN sex = '1' THEN waist >= 85 ELSE waist >= 90 END AS w,
           coalesce(systolic >= 130 OR diastolic >= 85 OR medication_bp = 1, false) AS p,
           coalesce(coalesce(tg_fasting, tg_casual) >= 150 OR hdl < 40 OR medication_lipid = 1, false) AS l,
           coalesce(CASE WHEN glucose_fasting IS NOT NULL THEN glucose_fasting >= 110 ELSE hba1c >= 6 END
                    OR medication_glucose = 1, false) AS g,
           smoking = 1 AS smokes
    FROM checkups_checkupresult
    WHERE state = 'matched' AND statutory AND fiscal_year BETWEEN %s AND %s
) results GROUP BY fiscal_year, sex, band, at
"""
RAW_ITEM = """
SELECT fiscal_year, sex, floor(systolic / 10), count(*), count(*) FILTER (WHERE systolic >= 130), avg(systolic),
       percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY systolic)
FROM checkups_checkupresult
WHERE state = 'matched' AND statutory AND fiscal_year BETWEEN %s AND %s
GROUP BY GROUPING SETS ((fiscal_year, sex, floor(systolic / 10)), (fiscal_year, sex), (fiscal_year))
"""
MORE = """
INSERT INTO checkups_checkupresult (member_id, fiscal_year, state, exam_date, institution_code, institution_name, program_code,
  statutory, sex, age, insured, employer_id, observations, missing, document_id, digest, source, received_at, version, height,
  weight, waist, bmi, systolic, diastolic, tg_fasting, hdl, ldl, glucose_fasting, hba1c, smoking, medication_bp,
  medication_glucose, medication_lipid)
SELECT m.id, y, 'matched', make_date(y, 6, 1), '1310000011', '', '010', true, (1 + m.id %% 2)::text, 40 + m.id %% 35, true,
  1 + m.id %% 10, '[]', '[]', '', md5(m.id || ' ' || y) || md5(y::text), 'xml', now(), 1, 165, 50 + random() * 40,
  70 + random() * 30, 18 + random() * 14, 95 + (random() + random() + random()) * 25, 60 + (random() + random()) * 20,
  40 + random() * random() * 300, 35 + random() * 50, 70 + random() * 100, 80 + random() * random() * 70,
  round((5 + random() * 1.8)::numeric, 1), 1 + 2 * (random() > 0.2)::int, 1 + (random() > 0.15)::int,
  1 + (random() > 0.07)::int, 1 + (random() > 0.12)::int
FROM generate_series(10000000, 10000000 + %s) m(id), generate_series(%s, %s) y
"""


def fill(last: int) -> int:
    """Results up to RESULTS, of people who are only numbers (no foreign key is asked); how many there are."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM checkups_checkupresult")
        there: int = cursor.fetchone()[0]
        if there < RESULTS:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(MORE, [(RESULTS - there) // YEARS, last - YEARS + 1, last])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE checkups_checkupresult")
    return max(there, RESULTS)


def main() -> None:
    from django.contrib.auth import get_user_model
    from django.db import connection

    from health_programs.checkups.activities import CHECKUP_ANALYSIS
    from health_programs.checkups.queries import analysis
    from privacy.scope import scope

    last = 2026
    fill(last)
    user = get_user_model().objects.get(staff_number="1003")

    def raw(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [last - YEARS + 1, last])
            cursor.fetchall()

    def overview() -> None:
        with scope(CHECKUP_ANALYSIS, user):
            years = analysis.years(last - YEARS + 1, last)
            for year in years.values():
                assert year.measures and (year.sex_by_band, year.sex_by_employer)

    def item() -> None:
        with scope(CHECKUP_ANALYSIS, user):
            analysis.item("systolic", last - YEARS + 1, last)

    for name, statement, work in (("analysis", RAW, overview), ("analysis_item", RAW_ITEM, item)):
        bare, walled = Way(lambda statement=statement: raw(statement)), Way(work, as_web)
        compare(bare, walled, rounds=12)
        report(name, bare, walled, target="ratio <= 3", reached=lambda ratio: ratio <= 3)
