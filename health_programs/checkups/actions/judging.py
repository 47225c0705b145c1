"""階層化 and 要医療の抽出: set against what was judged before; an earlier judgement is kept, never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from health_programs.checkups.actions.results import values_of
from health_programs.checkups.activities import GUIDANCE_TARGETING, TREATMENT_RECOMMENDATION
from health_programs.checkups.enums import FollowState, Level, ResultState, Urgency
from health_programs.checkups.models import CheckupResult, FollowUp, Referral, Stratification
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.rules import referral
from health_programs.checkups.rules.metabolic import metabolic
from health_programs.checkups.rules.stratification import Judgement, LastYear, Outcome, stratify
from kumiai.jobs.actions import start_job
from privacy.seen import population, shown

STRATIFY = "checkups.stratify"
FIND = "checkups.find_referrals"
CHUNK = 500
ANSWER_DAYS = {
    Urgency.AT_ONCE: timedelta(days=14),
    Urgency.SOON: timedelta(days=45),
    Urgency.RECHECK: timedelta(days=100),
}
"""How long after a letter the clerk looks again: a little longer than the letter gives the person."""


def start_stratify(*, by: Any, fiscal_year: int) -> Any:
    """階層化する: every result of a year that is not judged as it stands. A job."""
    return start_job(kind=STRATIFY, parameters={"year": fiscal_year}, activity_code=GUIDANCE_TARGETING.code, by=by)


def unjudged(fiscal_year: int | None = None) -> Any:
    """Results that count and whose judgement is missing, or is of an earlier version of the result."""
    judged = Stratification.objects.filter(result_id=OuterRef("pk"), current=True, result_version=OuterRef("version"))
    found = CheckupResult.objects.filter(state=ResultState.MATCHED, statutory=True, age__gte=40, age__lte=75)
    if fiscal_year is not None:
        found = found.filter(fiscal_year=fiscal_year)
    return found.exclude(Exists(judged))


def left_behind(fiscal_year: int | None = None) -> Any:
    """Judgements in force whose result no longer counts for that person: withdrawn, a double, or matched anew."""
    found = Stratification.objects.filter(current=True)
    if fiscal_year is not None:
        found = found.filter(fiscal_year=fiscal_year)
    return found.filter(~Q(result__state=ResultState.MATCHED) | ~Q(result__member_id=F("member_id")))


class Judged(NamedTuple):
    """What one chunk did: how many, level → results, the last result looked at."""

    done: int
    counts: dict[str, int]
    reached: int


def stratify_some(*, by_id: int | None, fiscal_year: int | None, limit: int = CHUNK) -> tuple[int, dict[str, int]]:
    """Judge the next results, wherever they stand. How many, and level → results; 0 when all are judged."""
    judged = stratify_after(by_id=by_id, fiscal_year=fiscal_year, after=0, limit=limit)
    return judged.done, judged.counts


@transaction.atomic
def stratify_after(*, by_id: int | None, fiscal_year: int | None, after: int, limit: int = CHUNK) -> Judged:
    """Judge the next results behind one, so that those judged before are not looked through again for every chunk.

    What changes before it meanwhile is found from 0, which is asked last. Five statements and two writes.
    """
    gone = list(left_behind(fiscal_year).values_list("pk", "member_id")[:limit])
    if gone:
        shown([member for _pk, member in gone])
        Stratification.objects.filter(pk__in=[pk for pk, _member in gone]).update(current=False)
    rows = list(unjudged(fiscal_year).filter(pk__gt=after).order_by("pk")[:limit])
    if not rows:
        return Judged(len(gone), {"ended": len(gone)} if gone else {}, after)
    before = _last_years(rows)
    made = [_judgement(row, before.get((row.member_id, row.fiscal_year - 1)), by_id) for row in rows]
    places = Q()
    for row in rows:
        places |= Q(member_id=row.member_id, fiscal_year=row.fiscal_year)
    Stratification.objects.filter(places, current=True).update(current=False)
    Stratification.objects.bulk_create(made)
    counts: dict[str, int] = {}
    for one in made:
        counts[one.level] = counts.get(one.level, 0) + 1
    return Judged(len(rows) + len(gone), counts, rows[-1].pk)


def _last_years(rows: Sequence[CheckupResult]) -> dict[tuple[int | None, int], LastYear]:
    """What the two-year rule compares with. Two statements."""
    members = [row.member_id for row in rows if row.member_id is not None]
    years = {row.fiscal_year - 1 for row in rows}
    levels = {
        (row.member_id, row.fiscal_year): row.level
        for row in Stratification.objects.filter(member_id__in=members, fiscal_year__in=years, current=True)
    }
    found = {}
    results = CheckupResult.objects.only("member_id", "fiscal_year", "weight", "waist")
    for row in results.filter(member_id__in=members, fiscal_year__in=years, state=ResultState.MATCHED, statutory=True):
        level = levels.get((row.member_id or 0, row.fiscal_year))
        if level is not None:
            found[row.member_id, row.fiscal_year] = LastYear(Outcome(level), row.weight, row.waist)
    return found


def judge(result: CheckupResult, before: LastYear | None) -> Judgement:
    """The rule on a stored result."""
    return stratify(values_of(result), before)


def _judgement(result: CheckupResult, before: LastYear | None, by_id: int | None) -> Stratification:
    found = judge(result, before)
    assert result.member_id is not None
    return Stratification(
        member_id=result.member_id,
        result=result,
        fiscal_year=result.fiscal_year,
        level=Level(found.level.value),
        group=found.group,
        risks=found.risks,
        metabolic=metabolic(values_of(result)).value,
        replaceable=found.replaceable,
        steps=[asdict(step) for step in found.steps],
        result_version=result.version,
        judged_by_id=by_id,
    )


# --- 要医療 --------------------------------------------------------------------------------------------------------------


def start_find(*, by: Any, fiscal_year: int) -> Any:
    """要医療者を抽出する: every result of a year that was not looked at as it stands. A job."""
    return start_job(kind=FIND, parameters={"year": fiscal_year}, activity_code=TREATMENT_RECOMMENDATION.code, by=by)


@transaction.atomic
def find_some(*, fiscal_year: int, after: int, limit: int = CHUNK) -> tuple[int | None, int, dict[str, int]]:
    """The next results of a year, by id: those that call for a doctor and for which no medication is named.

    Returns (the last id looked at or None at the end, how many, code → people). A result looked at again keeps its
    follow-up; only what it is about changes.
    """
    rows = list(
        CheckupResult.objects.filter(
            fiscal_year=fiscal_year, state=ResultState.MATCHED, statutory=True, pk__gt=after
        ).order_by("pk")[:limit]
    )
    if not rows:
        return None, 0, {}
    standing = {row.result_id: row for row in Referral.objects.filter(result_id__in=[row.pk for row in rows])}
    new, changed = [], []
    counts: dict[str, int] = {}
    for row in rows:
        values = values_of(row)
        found = referral.findings(values)
        open_ones = referral.untreated(values, found)
        known = standing.get(row.pk)
        if not open_ones and known is None:
            continue
        items = [[one.key, str(one.number), str(one.threshold), one.urgency.value] for one in open_ones]
        if known is None:
            assert row.member_id is not None
            urgency = open_ones[0].urgency
            new.append(
                Referral(
                    member_id=row.member_id, result=row, fiscal_year=fiscal_year, urgency=urgency.value,
                    rank=referral.RANK[urgency], items=items, treated=len(open_ones) < len(found),
                )
            )  # fmt: skip
            counts[urgency.value] = counts.get(urgency.value, 0) + 1
        elif known.items != items:
            known.items = items
            if open_ones:
                known.urgency, known.rank = open_ones[0].urgency.value, referral.RANK[open_ones[0].urgency]
            else:
                known.state = FollowState.CLOSED
            changed.append(known)
    Referral.objects.bulk_create(new)
    Referral.objects.bulk_update(changed, ["items", "urgency", "rank", "state"])
    return rows[-1].pk, len(rows), counts


@transaction.atomic
def follow_up(*, by: Any, referral_id: int, member_id: int, what: str, day: date, note: str, due_date: date | None) -> FollowUp:  # fmt: skip
    """経過を書く: the state of the case is what happened last. Raises UnableToMove on a closed case."""
    case = Referral.objects.select_for_update(of=("self",)).get(pk=referral_id, member_id=member_id)
    if case.state == FollowState.CLOSED and what != FollowState.RECOMMENDED:
        raise UnableToMove("終了した勧奨です。もう一度勧奨するときは「勧奨済み・返事待ち」から始めます。")
    made = FollowUp.objects.create(
        referral=case, member_id=member_id, date=day, what=what, note=note, entered_by_id=by.pk
    )
    case.state, case.due_date, case.version = what, due_date, case.version + 1
    case.save(update_fields=["state", "due_date", "version"])
    return made


@transaction.atomic
def mark_sent(*, by: Any, output_id: int, fiscal_year: int, member_ids: Sequence[int], day: date) -> int:
    """発送した: every open case of the people a file of letters was about waits for an answer until the day to look again.

    How many; 0 where it was written down before. Who answered meanwhile keeps the answer.
    """
    cases = list(
        Referral.objects.select_for_update(of=("self",))
        .filter(
            member_id__in=list(member_ids),
            fiscal_year=fiscal_year,
            state__in=[FollowState.OPEN, FollowState.RECOMMENDED],
        )
        .order_by("pk")
    )
    known = set(FollowUp.objects.filter(output_id=output_id, referral__in=cases).values_list("referral_id", flat=True))
    cases = [case for case in cases if case.pk not in known]
    FollowUp.objects.bulk_create(
        FollowUp(
            referral=case, member_id=case.member_id, date=day, what=FollowState.RECOMMENDED, output_id=output_id,
            note=f"受診勧奨の通知を送った（受け渡し番号 {output_id}）", entered_by_id=by.pk,
        )
        for case in cases
    )  # fmt: skip
    for case in cases:
        case.state, case.version = FollowState.RECOMMENDED, case.version + 1
        case.due_date = day + ANSWER_DAYS[Urgency(case.urgency)]
    Referral.objects.bulk_update(cases, ["state", "version", "due_date"])
    shown([case.member_id for case in cases])
    population("受診勧奨の発送", len(member_ids))
    return len(cases)


def results_of_year(fiscal_year: int) -> int:
    """How many results of a year are to be looked at."""
    found = CheckupResult.objects.filter(fiscal_year=fiscal_year, state=ResultState.MATCHED, statutory=True).count()
    population("健診結果", found)
    return found


def unjudged_count(fiscal_year: int) -> int:
    """How many results of a year wait to be judged."""
    found = unjudged(fiscal_year).count()
    population("階層化を待つ結果", found)
    return found
