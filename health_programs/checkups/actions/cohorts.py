"""対象者リスト: chosen by results; who is no longer covered, protected or unwilling is left out and counted; frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from health_programs.checkups.activities import COHORT_TARGETING
from health_programs.checkups.enums import Left
from health_programs.checkups.models import Cohort, CohortMember
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import cohorts as queries
from health_programs.checkups.rules import cohorts as rules
from health_programs.checkups.rules.cohorts import Selection
from members.enrollment.queries import coverage, rosters
from privacy.outputs import door

BATCH = 5_000


@dataclass(frozen=True)
class Chosen:
    """Who meets the conditions: ids that stay, and reason → people left out."""

    ids: tuple[int, ...]
    removed: dict[str, int]

    @property
    def chosen(self) -> int:
        return len(self.ids) + sum(self.removed.values())


def choose(*, on: date, selection: Selection) -> Chosen:
    """Who would stand in the list on a day. Seven statements for any number of people. Raises UnableToSelect."""
    rules.check(selection)
    ids = queries.chosen_ids(selection)
    if not ids:
        return Chosen((), {})
    covered = coverage.covered_days(ids, on, on + timedelta(days=1))
    guarded = rosters.protected_among(ids)
    unwilling = door.opted_out(ids, COHORT_TARGETING.keys, on) | door.suspended(ids, on, third_party=False)
    removed: dict[str, int] = {}
    stay = []
    for pk in ids:
        if pk not in covered:
            reason = Left.NOT_COVERED
        elif pk in guarded:
            reason = Left.PROTECTED
        elif pk in unwilling:
            reason = Left.OPTED_OUT
        else:
            stay.append(pk)
            continue
        removed[reason.value] = removed.get(reason.value, 0) + 1
    return Chosen(tuple(stay), removed)


@transaction.atomic
def freeze(*, by: Any, on: date, selection: Selection, title: str, programme: str) -> Cohort:
    """リストを確定する: each person with the values that decided. Raises UnableToMove where the name is taken or nobody stays.

    What decided is told by the rule, person by person; where it does not agree with the statement that chose, nothing is
    frozen (a result changed in between).
    """
    chosen = choose(on=on, selection=selection)
    if not chosen.ids:
        raise UnableToMove("条件にあてはまり、リストに残る人がいません。条件をゆるめてください。")
    try:
        with transaction.atomic():
            made = Cohort.objects.create(
                title=title, programme=programme, fiscal_year=selection.year, conditions=rules.to_json(selection),
                chosen=chosen.chosen, removed=chosen.removed, people=len(chosen.ids), frozen_by_id=by.pk,
            )  # fmt: skip
    except IntegrityError:
        raise UnableToMove("この年度に、同じ名前のリストがあります。別の名前にしてください。") from None
    for start in range(0, len(chosen.ids), BATCH):
        some = chosen.ids[start : start + BATCH]
        facts = queries.facts_of(some, selection)
        rows = []
        for pk in some:
            if pk not in facts or not rules.meets(selection, facts[pk]):
                raise UnableToMove("確定する間に健診の結果が変わりました。もう一度確定してください。")
            decided = rules.deciding(selection, facts[pk])
            values = [
                [one.condition.key, one.condition.sign, one.condition.figure, one.condition.year, one.figure]
                for one in decided
            ]
            rows.append(CohortMember(cohort=made, member_id=pk, values=values))
        CohortMember.objects.bulk_create(rows)
    return made
