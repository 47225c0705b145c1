"""年齢と年度: ages as the law counts them, on whole days."""

from __future__ import annotations

from datetime import date, timedelta


def fiscal_year(day: date) -> int:
    """年度 of a day: from 1 April to 31 March."""
    return day.year if day.month >= 4 else day.year - 1


def real_year(year: int | None) -> bool:
    """Whether a number can be a fiscal year of 特定健診, which began in 2008 (高確法)."""
    return year is not None and 2008 <= year <= 2200


def first_day(year: int) -> date:
    """The first day of a fiscal year."""
    return date(year, 4, 1)


def last_day(year: int) -> date:
    """The last day of a fiscal year."""
    return date(year + 1, 3, 31)


def birthday(born: date, age: int) -> date:
    """The day on which somebody completes a year of age in common speech; 29 February is 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def reached_on(born: date, age: int) -> date:
    """The day on which an age is reached: the day before the birthday (年齢計算ニ関スル法律)."""
    return birthday(born, age) - timedelta(days=1)


def age_on(born: date, day: date) -> int:
    """Years of age on a day; reached the day before the birthday. Somebody born on 1 April is a year older on 31 March."""
    age = day.year - born.year
    while reached_on(born, age) > day:
        age -= 1
    while reached_on(born, age + 1) <= day:
        age += 1
    return age


def year_end_age(born: date, year: int) -> int:
    """年度末年齢: years of age on the last day of a fiscal year.

    実施基準1条: those who reach 40 to 75 years in the fiscal year. The state's tables count the age on 31 March, born on
    1 April included by the day before.
    """
    return age_on(born, last_day(year))
