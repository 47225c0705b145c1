"""健診結果の分析: counts of results and nothing else. Two or three statements a screen, whatever the number of people.

Only results of 特定健診 that were matched with a person count: one a person and year. No name is read, and nobody's row leaves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Floor

from health_programs.checkups.enums import ResultState
from health_programs.checkups.models import CheckupResult
from health_programs.checkups.rules.analysis import BANDS, NOT_MEASURED, QUARTERS, SCALES, limits
from health_programs.checkups.rules.overlap import BESIDE, HOLDERS
from health_programs.checkups.rules.publication import ALONE, NO_EMPLOYER, OVER, Line, Year
from members.enrollment.queries import employers
from privacy.seen import population

YEARS = 5
BAND_KEYS = tuple(band.key for band in BANDS)
NAME = "健診結果の分析"
RISK_TESTS = ("t_pressure", "t_lipid", "t_glucose")


def latest_year(today_year: int) -> int:
    """The latest 年度 with results; the running one where there are none."""
    found: int | None = _results().aggregate(latest=Max("fiscal_year"))["latest"]
    population(NAME, 0)
    return found if found is not None else today_year


def employer_names() -> dict[int, str]:
    """Companies by id, in the order of their symbols."""
    names = {employer.pk: employer.name for employer in employers()}
    return names | {NO_EMPLOYER: "事業所の記録なし"}


def years(first: int, last: int) -> dict[int, Year]:
    """What may be told of each year, by year: metabolic syndrome and its risks. One statement."""
    rows = (
        _results()
        .filter(fiscal_year__range=(first, last))
        .annotate(**_tests(), smokes=_test(Q(smoking=1), ~Q(smoking=1)))
        .values_list("fiscal_year", "sex", "band", "at", *RISK_TESTS, "t_waist", "smokes")
        .annotate(people=Count("pk"))
        .order_by()
    )
    found: dict[tuple[int, str, str, int], Counter[tuple[str, str]]] = defaultdict(Counter)
    sizes: Counter[tuple[int, str, str, int]] = Counter()
    for year, sex, band, at, pressure, lipid, glucose, waist, smokes, people in rows:
        place = (year, sex, band, at)
        sizes[place] += people
        counts = found[place]
        risks = (pressure, lipid, glucose)
        for key, hit in zip(("pressure", "lipid", "glucose", "smoking"), (*risks, smokes), strict=True):
            if hit:
                counts[key, OVER] += people
        if waist:
            name = _syndrome(risks)
            counts["waist", "any" if name else ALONE] += people
            if name:
                counts["any", "any"] += people
                counts["metabolic", name] += people
    lines: dict[int, list[Line]] = defaultdict(list)
    for (year, sex, band, at), people in sizes.items():
        lines[year].append(Line(sex, band, at, people, found[year, sex, band, at]))
    total = sizes.total()
    population(NAME, total)
    return {year: Year(lines[year], BAND_KEYS) for year in range(first, last + 1)}


def _syndrome(risks: tuple[int | None, ...]) -> str:
    """yes or near of somebody with a large waist; nothing where it is neither, or what was measured does not decide it."""
    hits, chances = risks.count(1), len(risks) - risks.count(0)
    if hits > 1:
        return "yes"
    return "near" if hits == chances == 1 else ""


@dataclass(frozen=True)
class Middle:
    """Mean and quarters of those measured. measured: how many; never shown, it decides what is told."""

    measured: int
    mean: Decimal | None
    quarters: tuple[Decimal, ...]


@dataclass(frozen=True)
class Item:
    """One measured item in some years, as counted; `rules` decide what of it is told.

    lines: people who meet 保健指導判定値, as OVER, and those who have only the risk that holds it, as BESIDE. places: people by year and (sex, class). middles: by year and sex ("" everybody).
    """

    lines: Mapping[int, list[Line]]
    places: Mapping[int, Mapping[tuple[str, int], int]]
    middles: Mapping[tuple[int, str], Middle]
    bands: Mapping[str, tuple[int, Decimal]]
    """How many were measured and the sum of their values, by age, in the last of the years."""
    held: Mapping[int, Mapping[tuple[str, int], int]]
    """Of `places`, those who have the risk that holds the item."""
    same: frozenset[int]
    """The years in which those who meet the threshold and those who have the risk are the same people."""


def item(key: str, first: int, last: int) -> Item:
    """An item's counts. Five statements: people, classes, the middles by sex and of everybody, sums by age."""
    results = _results().filter(fiscal_year__range=(first, last))
    risk = Q(pk__in=[])
    if key in HOLDERS:
        test = f"t_{HOLDERS[key].risk}"
        results, risk = results.annotate(**{test: _tests()[test]}), Q(**{test: 1})
    lines: dict[int, list[Line]] = defaultdict(list)
    counted = (
        results.values("fiscal_year", "sex", "band")
        .annotate(
            people=Count("pk"),
            over=Count("pk", filter=_over(key)),
            risk=Count("pk", filter=risk),
            both=Count("pk", filter=_over(key) & risk),
        )
        .order_by()
    )
    total = 0
    apart: set[int] = set()
    for row in counted:
        total += row["people"]
        if not row["over"] == row["risk"] == row["both"]:
            apart.add(row["fiscal_year"])
        lines[row["fiscal_year"]].append(
            Line(
                row["sex"],
                row["band"],
                NO_EMPLOYER,
                row["people"],
                {(key, OVER): row["over"], (key, BESIDE): row["risk"] - row["both"]},
            )
        )
    scale = SCALES[key]
    place = Coalesce(
        Floor((F(key) - Value(scale.start)) / Value(scale.step)), Value(NOT_MEASURED), output_field=IntegerField()
    )
    places: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    held: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    for year, sex, number, people, holding in (
        results.annotate(place=place)
        .values("fiscal_year", "sex", "place")
        .annotate(people=Count("pk"), holding=Count("pk", filter=risk))
        .order_by()
        .values_list("fiscal_year", "sex", "place", "people", "holding")
    ):
        places[year][sex, int(number)] = people
        held[year][sex, int(number)] = holding
    middles: dict[tuple[int, str], Middle] = {}
    for fields in (("fiscal_year", "sex"), ("fiscal_year",)):
        for row in results.values(*fields).annotate(n=Count(key), mean=Avg(key), quarters=_Quarters(key)).order_by():
            middles[row["fiscal_year"], row.get("sex", "")] = Middle(
                row["n"], row["mean"], tuple(row["quarters"] or ())
            )
    bands = {
        band: (people, added)
        for band, people, added in results.filter(fiscal_year=last, **{f"{key}__isnull": False})
        .values("band")
        .annotate(people=Count("pk"), added=Sum(key))
        .order_by()
        .values_list("band", "people", "added")
    }
    population(NAME, total)
    return Item(lines, places, middles, bands, held, frozenset(set(lines) - apart))


class _Quarters(Aggregate):
    """The quarters as values that were measured (nearest rank)."""

    function = "percentile_disc"
    template = (
        f"%(function)s(ARRAY[{','.join(str(part) for part in QUARTERS)}]) WITHIN GROUP (ORDER BY %(expressions)s)"
    )

    @property
    def output_field(self) -> Any:
        from django.contrib.postgres.fields import ArrayField
        from django.db.models import DecimalField

        return ArrayField(DecimalField(max_digits=8, decimal_places=3))


def _results() -> QuerySet[Any]:
    bands = [When(age__lte=band.last, then=Value(band.key)) for band in BANDS if band.last is not None]
    return CheckupResult.objects.filter(state=ResultState.MATCHED, statutory=True).annotate(
        band=Case(*bands, default=Value(BANDS[-1].key)), at=Coalesce("employer_id", Value(NO_EMPLOYER))
    )


def _over(key: str) -> Q:
    """Those who meet 保健指導判定値 of an item; nobody for an item that has none."""
    found = Q(pk__in=[])
    for sex, one in limits(key).items():
        found |= Q(sex=sex, **{f"{key}__{'lt' if one.down else 'gte'}": one.guidance})
    return found


def _test(true: Q, false: Q) -> Case:
    """1 met, else 0 not met, nothing where what was measured does not decide it."""
    return Case(When(true, then=Value(1)), When(false, then=Value(0)), output_field=IntegerField())


def _taking(key: str, *, answered: bool = False) -> Q:
    return Q(**{f"{key}__isnull": False}) if answered else Q(**{key: 1})


def _tests() -> dict[str, Any]:
    """The four tests of 8学会の診断基準, as `rules.metabolic` makes them of one person."""
    large, slim = Q(sex="1", waist__gte=85) | Q(sex="2", waist__gte=90), Q(waist__isnull=False)
    fat, no_fat = Q(visceral_fat__isnull=False), Q(visceral_fat__isnull=True)
    triglyceride = Q(tg_fasting__gte=150) | Q(tg_fasting__isnull=True, tg_casual__gte=150)
    no_triglyceride = Q(tg_fasting__lt=150) | Q(tg_fasting__isnull=True, tg_casual__lt=150)
    sugar = Q(glucose_fasting__gte=110) | Q(glucose_fasting__isnull=True, hba1c__gte=6)
    no_sugar = Q(glucose_fasting__lt=110) | Q(glucose_fasting__isnull=True, hba1c__lt=6)
    return {
        "t_waist": _test(Q(visceral_fat__gte=100) | (no_fat & large), fat | (no_fat & slim)),
        "t_pressure": _test(
            Q(systolic__gte=130) | Q(diastolic__gte=85) | _taking("medication_bp"),
            Q(systolic__lt=130, diastolic__lt=85) & _taking("medication_bp", answered=True),
        ),
        "t_lipid": _test(
            triglyceride | Q(hdl__lt=40) | _taking("medication_lipid"),
            no_triglyceride & Q(hdl__gte=40) & _taking("medication_lipid", answered=True),
        ),
        "t_glucose": _test(
            sugar | _taking("medication_glucose"), no_sugar & _taking("medication_glucose", answered=True)
        ),
    }
