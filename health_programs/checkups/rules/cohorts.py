"""対象者の条件: who is chosen for a health programme by results. Pure; `queries.cohorts` says the same in one SQL statement.

A selection is about those examined in one fiscal year. Its groups are joined by OR, the conditions of a group by AND.
A value that was not measured meets nothing but "missing".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from health_programs.checkups.measures import ANSWERS, MEASURE
from health_programs.checkups.rules.ages import age_on, real_year
from health_programs.checkups.rules.stratification import Outcome

LEVEL = "level"
NUMBER_SIGNS = ("ge", "gt", "le", "lt", "missing")
CODE_SIGNS = ("eq", "ge", "missing")
LEVEL_SIGNS = ("eq", "missing")
QUALITATIVE = ("urine_sugar", "urine_protein")
MOST_GROUPS = 3
MOST_CONDITIONS = 4
MOST_FIGURE = Decimal(100_000)
OLDEST = 130


class UnableToSelect(ValueError):
    """A condition that cannot be asked, in words for the clerk."""


@dataclass(frozen=True)
class Condition:
    """One condition on one fiscal year. figure: a number in the item's unit, a code, or a level; empty with "missing"."""

    key: str
    sign: str
    figure: str
    year: int

    @property
    def number(self) -> Decimal:
        return Decimal(self.figure)


Group = tuple[Condition, ...]


@dataclass(frozen=True)
class Selection:
    """Who is looked for. age_from, age_to: years completed on the day `on`. sex, relation: empty means everybody.

    employer_id: the employer on the day of the examination.
    """

    year: int
    on: date
    groups: tuple[Group, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    sex: str = ""
    relation: str = ""
    employer_id: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one person. sex, insured, employer_id as of the examination of the selection's year.

    values: fiscal year → item → figure or code as measured. levels: fiscal year → the level in force.
    """

    sex: str
    birth_date: date
    insured: bool | None = None
    employer_id: int | None = None
    values: Mapping[int, Mapping[str, Decimal | int]] = field(default_factory=dict)
    levels: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deciding:
    """A value that decided: the condition and what stood there; figure is None where it was not measured."""

    condition: Condition
    figure: str | None


def signs_of(key: str) -> tuple[str, ...]:
    """How an item may be asked."""
    if key == LEVEL:
        return LEVEL_SIGNS
    if key in ANSWERS:
        return CODE_SIGNS if key in QUALITATIVE else ("eq", "missing")
    return NUMBER_SIGNS


def condition(key: str, sign: str, figure: str, year: int) -> Condition:
    """A condition as typed. Raises UnableToSelect."""
    if key != LEVEL and key not in MEASURE and key not in ANSWERS:
        raise UnableToSelect("検査項目を選んでください。")
    if sign not in signs_of(key):
        raise UnableToSelect("この項目では、その比べ方はできません。")
    if not real_year(year):
        raise UnableToSelect("年度を選んでください。")
    if sign == "missing":
        return Condition(key, sign, "", year)
    if key == LEVEL:
        if figure not in {outcome.value for outcome in Outcome}:
            raise UnableToSelect("保健指導レベルを選んでください。")
        return Condition(key, sign, figure, year)
    try:
        number = Decimal(figure)
    except InvalidOperation:
        raise UnableToSelect("値を数字で入力してください。例：140") from None
    if not number.is_finite() or not 0 <= number < MOST_FIGURE:
        raise UnableToSelect("値は0以上10万未満の数字で入力してください。")
    if key in ANSWERS and number != number.to_integral_value():
        raise UnableToSelect("回答は一覧から選んでください。")
    return Condition(key, sign, format(number.normalize(), "f"), year)


def check(selection: Selection) -> None:
    """Raises UnableToSelect for a selection that cannot be asked."""
    if not real_year(selection.year):
        raise UnableToSelect("年度を選んでください。")
    for age in (selection.age_from, selection.age_to):
        if age is not None and not 0 <= age <= OLDEST:
            raise UnableToSelect(f"年齢は0から{OLDEST}までの数字で入力してください。")
    if selection.age_from is not None and selection.age_to is not None and selection.age_from > selection.age_to:
        raise UnableToSelect("年齢の範囲が逆です。「から」を「まで」以下にしてください。")
    if len(selection.groups) > MOST_GROUPS or any(len(group) > MOST_CONDITIONS for group in selection.groups):
        raise UnableToSelect(f"条件は{MOST_GROUPS}組まで、1組に{MOST_CONDITIONS}つまでです。")


def _compare(sign: str, found: Decimal | int, figure: Decimal) -> bool:
    return {
        "ge": found >= figure, "gt": found > figure, "le": found <= figure, "lt": found < figure, "eq": found == figure,
    }[sign]  # fmt: skip


def holds(one: Condition, facts: Facts) -> bool:
    """Whether a condition is met."""
    if one.key == LEVEL:
        level = facts.levels.get(one.year)
        return level is None if one.sign == "missing" else level == one.figure
    found = facts.values.get(one.year, {}).get(one.key)
    if one.sign == "missing":
        return found is None
    return found is not None and _compare(one.sign, found, one.number)


def meets(selection: Selection, facts: Facts) -> bool:
    """Whether a person examined in the selection's year is chosen."""
    if selection.year not in facts.values:
        return False
    age = age_on(facts.birth_date, selection.on)
    if selection.age_from is not None and age < selection.age_from:
        return False
    if selection.age_to is not None and age > selection.age_to:
        return False
    if selection.sex and facts.sex != selection.sex:
        return False
    if selection.relation and facts.insured is not (selection.relation == "insured"):
        return False
    if selection.employer_id is not None and facts.employer_id != selection.employer_id:
        return False
    return not selection.groups or any(all(holds(one, facts) for one in group) for group in selection.groups)


def deciding(selection: Selection, facts: Facts) -> tuple[Deciding, ...]:
    """The values that decided: of every group that is met, each condition with what stood there."""
    found: dict[Condition, Deciding] = {}
    for group in selection.groups:
        if not all(holds(one, facts) for one in group):
            continue
        for one in group:
            value: Any = facts.levels.get(one.year) if one.key == LEVEL else facts.values.get(one.year, {}).get(one.key)
            if isinstance(value, Decimal):
                value = format(value, "f")
            found.setdefault(one, Deciding(one, None if value is None else str(value)))
    return tuple(found.values())


def years_of(selection: Selection) -> tuple[int, ...]:
    """Every fiscal year the selection asks about, its own first."""
    return tuple(dict.fromkeys([selection.year, *(one.year for group in selection.groups for one in group)]))


def born_until(age: int, on: date) -> date:
    """The latest birth date of somebody who has completed an age on a day (年齢計算ニ関スル法律: the day before counts)."""
    day = on + timedelta(days=1)
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, and none in the year of birth
        return date(day.year - age, 2, 28)


def to_json(selection: Selection) -> dict[str, Any]:
    """As it is kept with the list."""
    return {
        "year": selection.year,
        "on": selection.on.isoformat(),
        "groups": [[[one.key, one.sign, one.figure, one.year] for one in group] for group in selection.groups],
        "age_from": selection.age_from,
        "age_to": selection.age_to,
        "sex": selection.sex,
        "relation": selection.relation,
        "employer_id": selection.employer_id,
    }


def from_json(kept: Mapping[str, Any]) -> Selection:
    """What `to_json` was given."""
    groups: Sequence[Any] = kept["groups"]
    return Selection(
        year=kept["year"],
        on=date.fromisoformat(kept["on"]),
        groups=tuple(tuple(Condition(*one) for one in group) for group in groups),
        age_from=kept["age_from"],
        age_to=kept["age_to"],
        sex=kept["sex"],
        relation=kept["relation"],
        employer_id=kept["employer_id"],
    )
