"""Who was covered in a span of days, for the work of health programmes: whole chunks of the register, statements constant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from members.enrollment.enums import EligibilityKind
from members.enrollment.models import DependantPeriod, EligibilityPeriod, FormerNumber, Member
from members.enrollment.queries.identity import numbered
from privacy.outputs.door import among
from privacy.seen import population, shown


@dataclass(frozen=True)
class Covering:
    """One person with the days covered: [first, after the last), None for an open end.

    insured: whether the latest of these days was their own insurance. employer_id: of the insured person, on the latest of
    these days; None for voluntary continuation and for protected people, whose employer is told to nobody.
    """

    member_id: int
    birth_date: date
    sex: str
    protected: bool
    insured: bool
    employer_id: int | None
    covered: tuple[tuple[date, date | None], ...]


def _people(born_from: date, born_to: date) -> Q:
    return Q(birth_date__gte=born_from, birth_date__lte=born_to, merged_into__isnull=True)


def born_between(born_from: date, born_to: date) -> int:
    """How many people of the register were born between two days, both included."""
    count = Member.objects.filter(_people(born_from, born_to)).count()
    population("生年月日による対象", count)
    return count


def coverings(
    *, after: int, limit: int, born_from: date, born_to: date, since: date, until: date
) -> tuple[list[Covering], int | None]:
    """The next people by id who were born between two days, with their days from `since` to `until` (not included), and
    the last id looked at; None when there are no more. Four statements.
    """
    people = list(
        Member.objects.filter(_people(born_from, born_to), pk__gt=after)
        .order_by("pk")
        .values_list("pk", "birth_date", "sex", "protected")[:limit]
    )
    if not people:
        return [], None
    found = covered_days([row[0] for row in people], since, until)
    made = []
    for pk, born, sex, protected in people:
        periods, insured, employer = found.get(pk, ((), False, None))
        if periods:
            made.append(Covering(pk, born, sex, protected, insured, None if protected else employer, periods))
    population("健診の対象の確認", len(people))
    return made, people[-1][0]


def covered_days(
    ids: Sequence[int], since: date, until: date
) -> dict[int, tuple[tuple[tuple[date, date | None], ...], bool, int | None]]:
    """Member → (periods that touch the span, whether insured in the latest of them, the employer then). Three statements."""
    span = (since, until)
    own: dict[int, list[tuple[date, date | None, bool, int | None]]] = defaultdict(list)
    insured = EligibilityPeriod.objects.filter(member_id__in=among(ids), period__overlap=span)
    for member_id, period, employer in insured.values_list("member_id", "period", "employer_id"):
        own[member_id].append((period.lower, period.upper, True, employer))
    family = list(
        DependantPeriod.objects.filter(member_id__in=among(ids), period__overlap=span).values_list(
            "member_id", "insured_id", "period"
        )
    )
    heads: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
    rows = EligibilityPeriod.objects.filter(
        member_id__in=among({head for _one, head, _period in family}), period__overlap=span, member__protected=False
    )
    for member_id, start, employer in rows.values_list("member_id", "period__startswith", "employer_id"):
        heads[member_id].append((start, employer))
    for member_id, head, period in family:
        latest = max(heads[head], key=lambda row: row[0], default=(None, None))
        own[member_id].append((period.lower, period.upper, False, latest[1]))
    population("加入の期間", len(own))
    made = {}
    for member_id, periods in own.items():
        last = max(periods, key=lambda row: row[0])
        made[member_id] = (tuple((start, end) for start, end, _insured, _employer in periods), last[2], last[3])
    return made


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the person a result is about, under a number they bear or bore before."""

    member_id: int
    symbol: str
    number: str
    branch: str
    kana_key: str
    birth_date: date
    sex: str


NUMBERED = ("pk", "symbol", "number", "branch", "kana_key", "birth_date", "sex")
FORMERLY = (
    "member_id", "symbol", "number", "branch", "member__kana_key", "member__birth_date", "member__sex",
)  # fmt: skip


def candidates(numbers: Iterable[tuple[str, str]]) -> list[Candidate]:
    """Everybody who bears or bore one of these 記号・番号, with their families. Two statements."""
    where = Q(pk__in=[])
    for symbol, number in numbers:
        where |= numbered(symbol, number)
    rows = list(Member.objects.filter(where, merged_into__isnull=True).values_list(*NUMBERED))
    rows += FormerNumber.objects.filter(where, member__merged_into__isnull=True).values_list(*FORMERLY)
    population("本人の確認", len(rows))
    return [Candidate(*row) for row in rows]


@dataclass(frozen=True)
class InsuredTime:
    """An insured period: from its start until (not including) its end; voluntary: as 任意継続."""

    start: date
    end: date | None
    voluntary: bool


def insured_times(ids: Sequence[int]) -> dict[int, tuple[InsuredTime, ...]]:
    """Of each person the insured periods, oldest first; who never was insured has none. One statement."""
    found: dict[int, list[InsuredTime]] = {pk: [] for pk in ids}
    rows = EligibilityPeriod.objects.filter(member_id__in=among(ids)).order_by("member_id", "period")
    for member_id, period, kind in rows.values_list("member_id", "period", "kind"):
        found[member_id].append(InsuredTime(period.lower, period.upper, kind == EligibilityKind.VOLUNTARY))
    shown(ids)
    return {pk: tuple(times) for pk, times in found.items()}


def depended_on(pairs: Mapping[tuple[int, int], date]) -> set[tuple[int, int]]:
    """Of (dependant, insured person) on a day each, those who stood so in the register. One statement."""
    rows = DependantPeriod.objects.filter(member_id__in=among({pair[0] for pair in pairs}))
    found = set()
    for member_id, insured_id, period in rows.values_list("member_id", "insured_id", "period"):
        day = pairs.get((member_id, insured_id))
        if day is not None and period.lower <= day and (period.upper is None or day < period.upper):
            found.add((member_id, insured_id))
    shown(pair[0] for pair in pairs)
    return found
