"""対象者リスト: chosen by results, opt-outs and protected people left out and counted, frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction

from health_programs.checkups.enums import Left, ResultState
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.models import CheckupResult, Cohort, CohortMember
from health_programs.checkups.policies import UnableToMove
from members.enrollment.queries import coverage, rosters
from privacy.outputs import door
from privacy.seen import population, shown

USE = "health_checkup.health_program_targeting"


@dataclass(frozen=True)
class Chosen:
    """Who meets the conditions: ids that stay, with their values, and reason → people left out."""

    people: dict[int, dict[str, str]]
    removed: dict[str, int]

    @property
    def population(self) -> int:
        return len(self.people) + sum(self.removed.values())


def found(fiscal_year: int, conditions: Sequence[Sequence[str]], *, age_from: int | None, age_to: int | None, sex: str, relation: str) -> Any:  # fmt: skip
    """Results of a year that meet all the conditions. One statement."""
    rows = CheckupResult.objects.filter(fiscal_year=fiscal_year, state=ResultState.MATCHED, statutory=True)
    for key, sign, number in conditions:
        if key not in MEASURE or sign not in ("ge", "le"):
            raise UnableToMove("知らない条件です。")
        try:
            rows = rows.filter(**{f"{key}__{'gte' if sign == 'ge' else 'lte'}": Decimal(number)})
        except InvalidOperation:
            raise UnableToMove("条件の値が数ではありません。") from None
    if age_from is not None:
        rows = rows.filter(age__gte=age_from)
    if age_to is not None:
        rows = rows.filter(age__lte=age_to)
    if sex:
        rows = rows.filter(sex=sex)
    if relation:
        rows = rows.filter(insured=relation == "insured")
    return rows


def choose(*, on: date, fiscal_year: int, conditions: Sequence[Sequence[str]], age_from: int | None, age_to: int | None, sex: str, relation: str) -> Chosen:  # fmt: skip
    """Who would stand in the list today. Five statements for any number of people."""
    keys = list(dict.fromkeys(key for key, _sign, _number in conditions))
    rows = found(fiscal_year, conditions, age_from=age_from, age_to=age_to, sex=sex, relation=relation)
    values = {
        member: {key: format(number, "f") for key, number in zip(keys, numbers, strict=True) if number is not None}
        for member, *numbers in rows.values_list("member_id", *keys)
    }
    population("対象者の条件", len(values))
    ids = list(values)
    from datetime import timedelta

    covered = coverage.covered_days(ids, on, on + timedelta(days=1)) if ids else {}
    guarded = rosters.protected_among(ids) if ids else set()
    unwilling = door.opted_out(ids, [USE], on) if ids else set()
    reasons: dict[str, int] = {}
    people = {}
    for pk in ids:
        reason = (
            Left.NOT_COVERED
            if pk not in covered
            else Left.PROTECTED
            if pk in guarded
            else Left.OPTED_OUT
            if pk in unwilling
            else None
        )
        if reason is None:
            people[pk] = values[pk]
        else:
            reasons[reason.value] = reasons.get(reason.value, 0) + 1
    return Chosen(people, reasons)


@transaction.atomic
def freeze(*, by: Any, on: date, title: str, programme: str, fiscal_year: int, conditions: Sequence[Sequence[str]], age_from: int | None, age_to: int | None, sex: str, relation: str) -> Cohort:  # fmt: skip
    """リストを確定する. Raises UnableToMove where the name is taken or nobody meets the conditions."""
    chosen = choose(
        on=on, fiscal_year=fiscal_year, conditions=conditions, age_from=age_from, age_to=age_to, sex=sex,
        relation=relation,
    )  # fmt: skip
    if not chosen.people:
        raise UnableToMove("条件にあてはまる人がいません。条件をゆるめてください。")
    try:
        with transaction.atomic():
            made = Cohort.objects.create(
                title=title, programme=programme, fiscal_year=fiscal_year, conditions=[list(one) for one in conditions],
                age_from=age_from, age_to=age_to, sex=sex, relation=relation, people=len(chosen.people),
                removed=chosen.removed, frozen_by_id=by.pk,
            )  # fmt: skip
    except IntegrityError:
        raise UnableToMove("この年度に、同じ名前のリストがあります。別の名前にしてください。") from None
    CohortMember.objects.bulk_create(
        (CohortMember(cohort=made, member_id=pk, values=values) for pk, values in chosen.people.items()),
        batch_size=5_000,
    )
    shown(list(chosen.people))
    return made


@transaction.atomic
def end_cohort(*, by: Any, cohort_id: int) -> None:
    """使い終わった: no longer offered; kept with its people as evidence."""
    Cohort.objects.filter(pk=cohort_id, ended=False).update(ended=True)
