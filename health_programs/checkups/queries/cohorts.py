"""対象者リスト: the conditions of `rules.cohorts` as one SQL statement, lists that are frozen, and two of them compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from health_programs.checkups.enums import ResultState
from health_programs.checkups.measures import ANSWERS, MEASURE
from health_programs.checkups.models import CheckupResult, Cohort, CohortMember, Stratification
from health_programs.checkups.queries.paging import without_hidden
from health_programs.checkups.rules.cohorts import LEVEL, Condition, Facts, Selection, born_until, years_of
from privacy.outputs.door import among
from privacy.seen import population, shown

LOOKUPS = {"ge": "gte", "gt": "gt", "le": "lte", "lt": "lt", "eq": "exact"}
NAME = "対象者の条件"
KEYS = (*MEASURE, *ANSWERS)


def _results(year: int) -> Any:
    return CheckupResult.objects.filter(fiscal_year=year, state=ResultState.MATCHED, statutory=True)


def _of_condition(one: Condition, base_year: int) -> Q:
    """One condition on a row of the base year; another year and the level are looked up beside it."""
    if one.key == LEVEL:
        judged = Stratification.objects.filter(member_id=OuterRef("member_id"), fiscal_year=one.year, current=True)
        return Q(~Exists(judged)) if one.sign == "missing" else Q(Exists(judged.filter(level=one.figure)))
    if one.sign == "missing":
        if one.year == base_year:
            return Q(**{f"{one.key}__isnull": True})
        measured = _results(one.year).filter(member_id=OuterRef("member_id"), **{f"{one.key}__isnull": False})
        return Q(~Exists(measured))
    asked = {f"{one.key}__{LOOKUPS[one.sign]}": one.number}
    if one.year == base_year:
        return Q(**asked)
    return Q(Exists(_results(one.year).filter(member_id=OuterRef("member_id"), **asked)))


def matching(selection: Selection) -> Any:
    """Results of the selection's year whose people are chosen: one a person. One statement, not run yet."""
    rows = _results(selection.year)
    if selection.sex:
        rows = rows.filter(sex=selection.sex)
    if selection.relation:
        rows = rows.filter(insured=selection.relation == "insured")
    if selection.employer_id is not None:
        rows = rows.filter(employer_id=selection.employer_id)
    if selection.age_from is not None:
        rows = rows.filter(member__birth_date__lte=born_until(selection.age_from, selection.on))
    if selection.age_to is not None:
        rows = rows.filter(member__birth_date__gt=born_until(selection.age_to + 1, selection.on))
    if selection.groups:
        wanted = Q()
        for group in selection.groups:
            every = Q()
            for one in group:
                every &= _of_condition(one, selection.year)
            wanted |= every
        rows = rows.filter(wanted)
    return rows


def chosen_ids(selection: Selection) -> list[int]:
    """Whom the conditions choose, in the order of ids. One statement."""
    found = list(matching(selection).order_by("member_id").values_list("member_id", flat=True))
    population(NAME, len(found))
    return found


def facts_of(ids: Sequence[int], selection: Selection) -> dict[int, Facts]:
    """What the rule sees of these people. Two statements for any number of people."""
    years = years_of(selection)
    values: dict[int, dict[int, dict[str, Any]]] = {}
    own: dict[int, tuple[Any, ...]] = {}
    rows = CheckupResult.objects.filter(
        member_id__in=among(ids), fiscal_year__in=years, state=ResultState.MATCHED, statutory=True
    )
    for member, year, sex, born, insured, employer, *figures in rows.values_list(
        "member_id", "fiscal_year", "sex", "member__birth_date", "insured", "employer_id", *KEYS
    ):
        known = {key: figure for key, figure in zip(KEYS, figures, strict=True) if figure is not None}
        values.setdefault(member, {})[year] = known
        if year == selection.year:
            own[member] = (sex, born, insured, employer)
    levels: dict[int, dict[int, str]] = {}
    judged = Stratification.objects.filter(member_id__in=among(ids), fiscal_year__in=years, current=True)
    for member, year, level in judged.values_list("member_id", "fiscal_year", "level"):
        levels.setdefault(member, {})[year] = level
    shown(own)
    return {
        pk: Facts(sex, born, insured, employer, values[pk], levels.get(pk, {}))
        for pk, (sex, born, insured, employer) in own.items()
    }


def cohorts() -> Any:
    """Frozen lists, the latest first."""
    return Cohort.objects.order_by("-frozen_at", "-pk")


def cohort_of(pk: int) -> Cohort | None:
    return Cohort.objects.filter(pk=pk).first()


def people_of(cohort_id: int, user_id: int) -> Any:
    """The people of a list as this clerk may see them, in the order of ids."""
    return without_hidden(CohortMember.objects.filter(cohort_id=cohort_id), user_id).order_by("member_id")


def ids_of(cohort_id: int) -> list[int]:
    """Everybody in a list, by id."""
    found = list(
        CohortMember.objects.filter(cohort_id=cohort_id).order_by("member_id").values_list("member_id", flat=True)
    )
    population("対象者リスト", len(found))
    return found


def in_list(cohort_id: int, ids: Sequence[int]) -> set[int]:
    """Of these people, those who stand in the list."""
    rows = CohortMember.objects.filter(cohort_id=cohort_id, member_id__in=among(ids))
    found = set(rows.values_list("member_id", flat=True))
    population("対象者リスト", len(found))
    return found


SIDES = ("both", "first", "second")


def compared(first: int, second: int, user_id: int) -> dict[str, Any]:
    """Rows in both lists, only in the first, only in the second, by id."""
    left, right = people_of(first, user_id), people_of(second, user_id)
    in_right = Exists(CohortMember.objects.filter(cohort_id=second, member_id=OuterRef("member_id")))
    in_left = Exists(CohortMember.objects.filter(cohort_id=first, member_id=OuterRef("member_id")))
    return {"both": left.filter(in_right), "first": left.exclude(in_right), "second": right.exclude(in_left)}


def counted(sides: dict[str, Any]) -> dict[str, int]:
    """How many rows each side of a comparison has."""
    found = {side: rows.count() for side, rows in sides.items()}
    population("対象者リストの比較", sum(found.values()))
    return found


def result_years(on: date) -> list[int]:
    """Fiscal years with results that count, the latest first; the running one where there are none."""
    found = list(
        CheckupResult.objects.filter(state=ResultState.MATCHED, statutory=True)
        .order_by("-fiscal_year")
        .values_list("fiscal_year", flat=True)
        .distinct()
    )
    population("健診の年度", len(found))
    return found or [on.year if on.month >= 4 else on.year - 1]
