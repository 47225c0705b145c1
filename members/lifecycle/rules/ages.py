"""Ages that change what the association owes a member: 40, 65, 70, 75.

Age is reached at the end of the day before the birthday (年齢計算ニ関スル法律, 民法143条). Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kumiai.ui.formats import legal_age_reached_on
from members.lifecycle.rules.terms import DAY, add_months, first_of_next_month
from members.lifecycle.rules.working import Step

AGES = (40, 65, 70, 75)
AGE_LAW = "年齢計算ニ関スル法律・民法143条"


@dataclass(frozen=True)
class AgeDates:
    """What follows from one age of one person.

    reached: the day the age is reached (達する日), the day before the birthday.
    effective: the day the association acts on: 40 and 65 the day reached, 70 the first of the month after it, 75 the
    day after it, which is the birthday.
    month: first of the month from which premiums or shares differ; None for 75.
    """

    age: int
    reached: date
    effective: date
    month: date | None
    steps: tuple[Step, ...]


def age_reached_on(birth: date, age: int) -> date:
    """年齢に達する日: the day before the birthday; 28 February for those born on 29 February, leap year or not."""
    return legal_age_reached_on(birth, age)


def effective_on(birth: date, age: int) -> date:
    """The day an age takes effect for the association, without the working. ValueError for other ages."""
    reached = age_reached_on(birth, age)
    if age in (40, 65):
        return reached
    if age == 70:
        return first_of_next_month(reached)
    if age == 75:
        return reached + DAY
    raise ValueError(f"nothing follows from age {age}")


def age_dates(birth: date, age: int) -> AgeDates:
    """What follows from an age, with the working. ValueError for other ages than 40, 65, 70 and 75.

    40 (介護保険法9条2号): second-class insured person of long-term care from the day reached; care premiums from that
    month (法156条1項1号). 65: no longer (the same article); no care premium from that month (法156条2項).
    70: 2割 from the month after the month in which the day reached lies (法74条1項2号); the 高齢受給者証 holds from
    the first of that month (則52条). Born on the 1st, the day reached lies in the month before: the month of the birthday.
    75: insured under 後期高齢者医療 as a person of 75 or over (高確法50条1号, 52条1号). The age is complete at the end of
    the day before the birthday, so one is "of 75 or over" from the birthday on; the qualification here is lost on that
    day: the day after the day of the event (法36条3号), or for 任意継続 the day of becoming insured there (法38条6号).
    """
    reached = age_reached_on(birth, age)
    effective = effective_on(birth, age)
    month = None if age == 75 else effective.replace(day=1)
    steps = [
        Step("生年月日", birth),
        Step(f"{age}歳に達する日", reached, AGE_LAW, "誕生日の前日（その日の終わりに達する）"),
    ]
    if age == 40:
        steps += [
            Step("介護保険の第2号被保険者となる日", effective, "介護保険法9条2号・10条", "達する日から"),
            Step("介護保険料の始まる月", effective.replace(day=1), "法156条1項1号", "第2号被保険者となる月から"),
        ]
    elif age == 65:
        steps += [
            Step(
                "介護保険の第2号被保険者でなくなる日", effective, "介護保険法9条1号・2号", "達する日から第1号被保険者"
            ),
            Step("介護保険料を算定しない月", effective.replace(day=1), "法156条2項", "該当しなくなった月から"),
        ]
    elif age == 70:
        steps += [
            Step("自己負担の割合が変わる日", effective, "法74条1項2号・110条2項1号ハ", "達する日の属する月の翌月から"),
            Step("高齢受給者証の有効な日", effective, "則52条1項", "割合の変わる月の1日から"),
        ]
        if birth.day == 1:
            steps.append(Step("1日生まれ", effective, AGE_LAW, "達する日が前の月の末日になるため、誕生日の月から"))
    else:
        steps += [
            Step("75歳以上となる日", effective, "高確法50条1号・52条1号", "達する日の終わりの翌日、誕生日"),
            Step("資格を喪失する日", effective, "法36条3号・38条6号", "後期高齢者医療の被保険者となる日"),
        ]
    return AgeDates(age, reached, effective, month, tuple(steps))


def births_effective(age: int, first: date, last: date) -> dict[date, AgeDates]:
    """Every birth date for which the age takes effect from `first` to `last`, both included, with what follows.

    The dates are consecutive, so that an index on the birth date finds their people.
    """
    day = add_months(first, -12 * age - 2)
    end = add_months(last, -12 * age + 2)
    found = {}
    while day <= end:
        if first <= effective_on(day, age) <= last:
            found[day] = age_dates(day, age)
        day += timedelta(days=1)
    return found


def announce_from(effective: date) -> date:
    """The day an age is announced: a month ahead (the corresponding day of the month before, at most its last)."""
    month = add_months(effective, -1)
    last = first_of_next_month(month) - DAY
    return month.replace(day=min(effective.day, last.day))


def announced_until(today: date) -> date:
    """The last day of effect that is announced by a day: every one whose announcement day has come."""
    day = today
    while announce_from(day + DAY) <= today:
        day += DAY
    return day


def planned_until(today: date) -> date:
    """The last day of effect that is planned by a day: the end of the second month after this one."""
    return first_of_next_month(add_months(today, 2)) - DAY
