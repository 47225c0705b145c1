"""10,000 decided cases of 傷病手当金 computed again, against reading the same rows by SQL and doing nothing with them.

The cases are invented: three illnesses of each insured person, 34 days each, with the employer's certificate, a calculation
and a decision. What the ratio says is what the computation itself costs beside its reading; it is told as cases a second too.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from benchmarks.measure import Way, compare, report

CASES, DAYS = 10_000, 34
FIRSTS = (date(2025, 5, 12), date(2025, 12, 1), date(2026, 6, 8))
READ = (
    "SELECT * FROM cash_case WHERE id = ANY(%s)",
    "SELECT * FROM cash_sickness WHERE case_id = ANY(%s)",
    "SELECT * FROM cash_labourcertificate WHERE case_id = ANY(%s)",
    "SELECT * FROM cash_calculation WHERE case_id = ANY(%s)",
    "SELECT * FROM cash_decision WHERE case_id = ANY(%s)",
    "SELECT s.* FROM remuneration_standardremuneration s WHERE s.member_id IN (SELECT member_id FROM cash_case WHERE id = ANY(%s))",
    "SELECT e.* FROM enrollment_eligibilityperiod e WHERE e.member_id IN (SELECT member_id FROM cash_case WHERE id = ANY(%s))",
)
CHUNK = 200


def _plant() -> None:
    """As the owner of the tables, in bulk: what the screens would make one by one."""
    from benefits.cash.models import Calculation, Case, Decision, LabourCertificate, Sickness
    from members.enrollment.models import EligibilityPeriod
    from members.remuneration.models import StandardRemuneration

    people = list(
        EligibilityPeriod.objects.filter(period__contains=FIRSTS[0])
        .order_by("member_id")
        .values_list("member_id", flat=True)
    )
    people = list(dict.fromkeys(people))[: CASES // len(FIRSTS) + 1]
    known = set(StandardRemuneration.objects.values_list("member_id", flat=True))
    StandardRemuneration.objects.bulk_create(
        [
            StandardRemuneration(member_id=pk, period=(start, end), grade=grade, standard=yen, decision="periodic")
            for pk in people
            if pk not in known
            for start, end, grade, yen in (
                (date(2023, 9, 1), date(2025, 9, 1), 22, 300_000),
                (date(2025, 9, 1), None, 23, 320_000),
            )
        ],
        batch_size=5_000,
    )
    made = []
    for number, (pk, first) in enumerate(((pk, first) for pk in people for first in FIRSTS), start=1):
        if number > CASES:
            break
        made.append(
            Case(
                number=f"B8-{number:06d}", kind="sickness", member_id=pk, patient_id=pk, state="paid", first=first,
                last=first + timedelta(days=DAYS - 1), received_date=first + timedelta(days=DAYS + 5),
                claim_by=first + timedelta(days=730), entered_by_id=1, due_date=first + timedelta(days=60), entry_key=uuid4(),
            )
        )  # fmt: skip
    cases = Case.objects.bulk_create(made, batch_size=2_000)
    Sickness.objects.bulk_create(
        [
            Sickness(case=one, member_id=one.member_id, illness="肺炎", opinion_first=one.first, opinion_last=one.last)
            for one in cases
        ],
        batch_size=2_000,
    )
    LabourCertificate.objects.bulk_create(
        [
            LabourCertificate(
                case=one, member_id=one.member_id, first=one.first, last=one.last, certified_date=one.received_date,
                employer="架空商事", entered_by_id=1,
            )
            for one in cases
        ],
        batch_size=2_000,
    )  # fmt: skip
    calculations = Calculation.objects.bulk_create(
        [Calculation(case=one, member_id=one.member_id, serial=1, amount=1, steps=[], runs=[]) for one in cases],
        batch_size=2_000,
    )
    Decision.objects.bulk_create(
        [
            Decision(
                case_id=row.case_id, member_id=row.member_id, serial=1, outcome="grant", calculation=row, due=1, amount=1,
                fiscal_year=2026, decided_date=date(2026, 7, 1), proposed_by_id=1, decided_by_id=2, appeal_by=date(2026, 10, 1),
            )
            for row in calculations
        ],
        batch_size=2_000,
    )  # fmt: skip


def main() -> None:
    from benefits.cash.actions.recalculating import recalculate_some
    from benefits.cash.activities import SICKNESS_ALLOWANCE
    from benefits.cash.models import Case
    from kumiai.accounts.models import User
    from privacy.scope import scope

    began = time.perf_counter()
    if not Case.objects.filter(number__startswith="B8-").exists():
        with transaction.atomic():
            _plant()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    planted = round(time.perf_counter() - began)
    ids = list(Case.objects.filter(number__startswith="B8-").order_by("pk").values_list("pk", flat=True))
    clerk = User.objects.get(staff_number="1002")

    def read() -> int:
        rows = 0
        for start in range(0, len(ids), CHUNK):
            with connection.cursor() as cursor:
                for statement in READ:
                    cursor.execute(statement, [ids[start : start + CHUNK]])
                    rows += len(cursor.fetchall())
        return rows

    def computed() -> dict[str, int]:
        after: int | None = ids[0] - 1
        found: dict[str, Any] = {}
        while after is not None:
            with scope(SICKNESS_ALLOWANCE, clerk, operation="change"):
                after, _done, counts = recalculate_some(group="sickness", after=after, limit=CHUNK)
            for word, number in counts.items():
                found[word] = found.get(word, 0) + number
        return found

    outcome = computed()  # the first run writes the differences; those after it find them again
    raw, candidate = Way(read), Way(computed)
    compare(raw, candidate, rounds=3, warm=1)
    rate = len(ids) / (min(candidate.times) / 1000)
    report(
        "cash_recalculation", raw, candidate, target="told, not judged", reached=lambda _ratio: True, cases=len(ids),
        cases_a_second=round(rate), outcome=outcome, planted_s=planted,
    )  # fmt: skip
