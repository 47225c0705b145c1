"""対象者: who is due for an examination in a fiscal year, until which day, and who counts for the state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from health_programs.checkups.rules import ages


@dataclass(frozen=True)
class KindRule:
    """What a kind of examination asks of a person. Ages are 年度末年齢, both included. sex, relation: blank for everybody."""

    age_from: int
    age_to: int
    sex: str = ""
    relation: str = ""
    ends_at_75: bool = True


@dataclass(frozen=True)
class Person:
    """Whom the rule looks at: days of coverage as [first, after the last) with None for open ends, joined."""

    birth_date: date
    sex: str
    insured: bool
    covered: tuple[tuple[date, date | None], ...]


@dataclass(frozen=True)
class Due:
    """Somebody is due: from which day to which, both included, and whether the state counts them (加入が年度を通して)."""

    age: int
    since: date
    until: date
    all_year: bool


def joined(periods: Iterable[tuple[date, date | None]]) -> tuple[tuple[date, date | None], ...]:
    """Periods [first, after) in order, those that touch made one."""
    made: list[tuple[date, date | None]] = []
    for start, end in sorted(periods, key=lambda period: period[0]):
        if made and (made[-1][1] is None or start <= made[-1][1]):
            last = made[-1]
            longer = None if last[1] is None or end is None else max(last[1], end)
            made[-1] = (last[0], longer)
        else:
            made.append((start, end))
    return tuple(made)


def due(person: Person, rule: KindRule, year: int) -> Due | None:
    """Whether somebody is due in a fiscal year; None where not.

    高確法20条・実施基準1条: who reaches 40 to 75 in the year. Who reaches 75 may be examined until the day before the
    birthday, since they leave for 後期高齢者医療 that day (高確法52条); for them 年度末年齢 is 75. Covered on some day of
    the year. The state's rate counts only those covered on every day of the year (特定健診等実施計画の手引き).
    """
    age = ages.year_end_age(person.birth_date, year)
    turning = rule.ends_at_75 and rule.age_to >= 74 and age == 75
    if not (rule.age_from <= age <= rule.age_to or turning):
        return None
    if rule.sex and rule.sex != person.sex:
        return None
    if rule.relation and (rule.relation == "insured") != person.insured:
        return None
    first, last = ages.first_day(year), ages.last_day(year)
    if rule.ends_at_75:
        last = min(last, ages.birthday(person.birth_date, 75) - timedelta(days=1))
    spans = [
        (max(start, first), last if end is None else min(end - timedelta(days=1), last))
        for start, end in joined(person.covered)
    ]
    spans = [span for span in spans if span[0] <= span[1]]
    if not spans:
        return None
    all_year = len(spans) == 1 and spans[0] == (ages.first_day(year), ages.last_day(year))
    # Of several stays the one that ends last: only in it can an examination still be taken.
    since, until = spans[-1]
    return Due(age, since, until, all_year)
