"""Subtraction between every two published tables of a year, of different measures and of the item pages too.

People are invented in kinds (性別, 年齢, 事業所, blood pressure, medication, lipids, waist, smoking). Every published count is
the set of kinds it counts, by definition; wherever one set holds another, the difference of the two counts is what a reader can
compute, and it counts ten or more, or the two are one set.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health_programs.checkups.rules.analysis import NOT_MEASURED, SCALES, Distribution, distribution
from health_programs.checkups.rules.overlap import BESIDE, HOLDERS
from health_programs.checkups.rules.publication import (
    ALONE,
    ANY,
    EVERYBODY,
    MEASURED,
    METABOLIC,
    NO_EMPLOYER,
    OVER,
    REST,
    WAIST,
    Line,
    Measured,
    Sums,
    Tables,
    Year,
    tables,
)
from health_programs.checkups.rules.suppression import FLOOR

SEXES, BANDS, EMPLOYERS = ("1", "2"), ("a40", "a45", "a50"), (1, 2)
SYSTOLIC = (None, 118, 128, 133, 145)
# sex, band, employer, systolic, 服薬（血圧）, 脂質, 血糖, large waist
KINDS = tuple(product(SEXES, BANDS, EMPLOYERS, SYSTOLIC, (0, 1), (0, 1), (0, 1), (0, 1)))
NUMBER = {kind: place for place, kind in enumerate(KINDS)}


def hits(kind) -> tuple[bool, bool, bool]:
    _sex, _band, _at, systolic, taking, lipid, glucose, _waist = kind
    return (taking == 1 or (systolic or 0) >= 130, lipid == 1, glucose == 1)


def classes_of(kind) -> dict[str, str]:
    """Measure → class."""
    risks, large = hits(kind), kind[7] == 1
    count = sum(risks)
    some = large and count > 0
    found = {key: OVER if hit else REST for key, hit in zip(("pressure", "lipid", "glucose"), risks, strict=True)}
    found[ANY.key] = "any" if some else REST
    found[METABOLIC.key] = ("yes" if count > 1 else "near") if some else REST
    found[WAIST.key] = "any" if some else ALONE if large else REST
    found["smoking"] = REST
    return found


CLASSES = {kind: classes_of(kind) for kind in KINDS}


def everybody(**conditions) -> frozenset[int]:
    places = {"sex": 0, "band": 1, "employer": 2}
    return frozenset(
        NUMBER[kind]
        for kind in KINDS
        if all(
            kind[places[name]] in wanted if name in places else CLASSES[kind][name] in wanted
            for name, wanted in conditions.items()
        )
    )


def year_of(base: dict) -> Year:
    lines: dict = defaultdict(lambda: [0, defaultdict(int)])
    for kind, people in base.items():
        line = lines[kind[:3]]
        line[0] += people
        for key, name in CLASSES[kind].items():
            if name != REST:
                line[1][key, name] += people
    return Year([Line(*place, people, counts) for place, (people, counts) in lines.items()], BANDS)


def published_of_overview(year: Year) -> list[tuple[str, frozenset, int]]:
    told = []
    people = year.people
    if people.whole:
        told.append(("全員", everybody(), people.whole[EVERYBODY]))
    for way in ("sex", "band", "employer"):
        for group in getattr(people, f"by_{way}").groups:
            told.append((f"人数 {way} {group.rows}", everybody(**{way: group.rows}), group.people))
    for one in MEASURED:
        found = year.measures[one.key]
        if found.whole:
            told += [
                (f"{one.key} {name}", everybody(**{one.key: [name]}), found.whole[name]) for name in one.all_classes
            ]
        for way in ("sex", "band", "employer"):
            for group in getattr(found, f"by_{way}").groups:
                told += [
                    (f"{one.key} {name} {way} {group.rows}", everybody(**{one.key: [name], way: group.rows}), count)
                    for name, count in group.cells.items()
                ]
    for release, way in ((year.sex_by_band, "band"), (year.sex_by_employer, "employer")):
        for group in release.groups:
            for (key, sex, name), count in group.cells.items():
                told.append(
                    (
                        f"{key} {name} {sex} {group.rows}",
                        everybody(**{key: [name], "sex": [sex], way: group.rows}),
                        count,
                    )
                )
    return told


def item_page(base: dict) -> tuple[Tables, Tables, dict[tuple[str, int], int], dict[tuple[str, int], int]]:
    """収縮期血圧 as the page of the item divides it."""
    lines, places, held = [], defaultdict(int), defaultdict(int)
    for sex in SEXES:
        for band in BANDS:
            own = {kind: n for kind, n in base.items() if kind[:2] == (sex, band)}
            over = sum(n for kind, n in own.items() if (kind[3] or 0) >= 130)
            risk = sum(n for kind, n in own.items() if hits(kind)[0])
            lines.append(
                Line(
                    sex,
                    band,
                    NO_EMPLOYER,
                    sum(own.values()),
                    {("systolic", OVER): over, ("systolic", BESIDE): risk - over},
                )
            )
    for kind, people in base.items():
        place = SCALES["systolic"].place(Decimal(kind[3])) if kind[3] else NOT_MEASURED
        if people:
            places[kind[0], place] += people
            held[kind[0], place] += people if hits(kind)[0] else 0
    sums = Sums(lines)
    whole = tables(sums, Measured("people", "", ()), BANDS, employers=False)
    over = tables(sums, Measured("systolic", "", (OVER,), also=(BESIDE,)), (), whole, employers=False)
    return whole, over, places, held


def published_of_item(base: dict, protect: bool = True) -> list[tuple[str, frozenset, int]]:
    people, over, places, held = item_page(base)
    told = []

    def kinds(sexes, low=None, high=None) -> frozenset[int]:
        return frozenset(
            NUMBER[kind]
            for kind in KINDS
            if kind[0] in sexes
            and kind[3] is not None
            and (low is None or kind[3] >= low)
            and (high is None or kind[3] < high)
        )

    if over.whole:
        told.append(("収縮期130以上", kinds(SEXES, 130), over.whole[OVER]))
    if over.sexes_told:
        told += [(f"収縮期130以上 {g.rows}", kinds(g.rows, 130), g.cells[OVER]) for g in over.by_sex.groups]
    sexes_told = over.sexes_told if over.whole is not None else people.sexes_told
    for sex in ("", *SEXES):
        division: Distribution | None = distribution(
            "systolic",
            places,
            sex=sex,
            sexes_told=sexes_told,
            told_apart=over.whole is not None,
            held=held if protect else None,
        )
        if division is None:
            continue
        scale = SCALES["systolic"]
        for first in range(len(division.bins)):  # stretches of classes that end at the top: they lie inside 血圧
            part = division.bins[first:]
            if part[0].open_below or any(one.unmeasured for one in part):
                continue
            low = int(scale.edge(part[0].first))
            told.append(
                (
                    f"{low}以上 {sex}",
                    kinds([sex] if sex else SEXES, low),
                    sum(one.people[sex] for one in part),
                )
            )
    return told


def small_differences(told, base: dict) -> list[str]:
    """Every two published counts of which one counts part of the other, and what is left is few.

    That a company, an age or a sex has no results at all is told, so kinds of such rows are no difference.
    """
    found = []
    rows = [{kind[place] for kind, people in base.items() if people} for place in range(3)]
    present = sum(1 << NUMBER[kind] for kind in KINDS if all(kind[place] in rows[place] for place in range(3)))
    masks = [(what, sum(1 << place for place in kinds) & present, count) for what, kinds, count in told]
    for what, kinds, count in masks:
        for other, part, fewer in masks:
            if part != kinds and part & ~kinds == 0 and count - fewer < FLOOR:
                found.append(f"{what} {count} less {other} {fewer}")
    return found


def base_of(weights: list[int], more: int) -> dict:
    """People by kind: each kind draws one of the weights, so that all tables are told and some crossings are small."""
    return {
        kind: weights[place * 7919 % len(weights)] + (more if kind[3] == 118 else 0) for kind, place in NUMBER.items()
    }


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from((0, 0, 0, 0, 1, 1, 2, 4)), min_size=97, max_size=97),
    st.sampled_from((0, 3)),
)
def test_no_two_published_tables_differ_by_fewer_than_ten(weights, more):
    base = base_of(weights, more)
    told = published_of_overview(year_of(base)) + published_of_item(base)
    assert all(count == sum(base[KINDS[place]] for place in kinds) for what, kinds, count in told if "収縮期" in what)
    assert not small_differences(told, base)


def medicated(few: int) -> dict:
    """Forty with high pressure by measurement, `few` by medication alone, of each sex."""
    base = dict.fromkeys(KINDS, 0)
    for sex in SEXES:
        base[sex, "a40", 1, 118, 0, 0, 0, 0] = 60
        base[sex, "a45", 1, 133, 0, 0, 0, 0] = 15
        base[sex, "a45", 1, 145, 0, 0, 0, 0] = 25
        base[sex, "a45", 1, 118, 1, 0, 0, 0] = few
    return base


@pytest.mark.parametrize(("few", "told"), [(2, False), (5, True), (12, True)])
def test_pressure_less_systolic_is_not_who_takes_medicine(few, told):
    """2 of each sex: 4 people take medicine alone, so the item page keeps its threshold to itself; 10 may be told."""
    _people, over, _places, _held = item_page(medicated(few))
    assert (over.whole is not None) is told
    assert over.sexes_told is (few >= FLOOR)
    everything = published_of_overview(year_of(medicated(few))) + published_of_item(medicated(few))
    assert not small_differences(everything, medicated(few))


def test_the_attack_finds_what_the_classes_would_tell():
    """Without the rule the classes from 130 upwards stand beside 血圧 and the four are told."""
    base = medicated(2)
    year = published_of_overview(year_of(base))
    assert any("pressure over" in one for one in small_differences(year + published_of_item(base, protect=False), base))
    assert not small_differences(year + published_of_item(base), base)


def test_those_with_only_a_large_waist_are_not_told_by_subtraction_from_the_risks():
    """血圧のない人 less 腹囲だけの人 would leave 4 of the company; so it shares its row."""
    base = dict.fromkeys(KINDS, 0)
    base |= {("1", "a40", 2, 118, 0, 0, 0, 0): 90, ("1", "a40", 2, 133, 0, 0, 0, 1): 40}
    base |= {("1", "a40", 1, 118, 0, 0, 0, 1): 30, ("1", "a40", 1, 118, 0, 0, 0, 0): 4}
    base |= {("1", "a40", 1, 145, 0, 0, 0, 1): 40, ("1", "a40", 2, 118, 0, 0, 0, 1): 20}
    year = year_of(base)
    assert year.measures["pressure"].by_employer.cells(1) is None
    assert year.measures["pressure"].whole is not None
    assert not small_differences(published_of_overview(year), base)


def test_the_risks_of_those_without_the_syndrome_are_not_added_up():
    """血圧＋脂質＋血糖 less 2×該当 less 予備群 are the risks of everybody else: 3 here, so 該当 and 予備群 are not told."""
    base = dict.fromkeys(KINDS, 0)
    base |= {
        ("1", "a40", 1, 145, 0, 1, 0, 1): 20,
        ("1", "a40", 1, 118, 0, 0, 1, 1): 20,
        ("1", "a40", 1, 118, 0, 0, 0, 0): 80,
    }
    base |= {("1", "a40", 1, 118, 0, 1, 0, 0): 3}
    assert year_of(base).measures[METABOLIC.key].whole is None
    base |= {("1", "a40", 1, 118, 0, 1, 0, 0): 10}
    assert year_of(base).measures[METABOLIC.key].whole is not None


def test_every_item_inside_a_risk_has_its_edge_among_the_classes():
    """The lowest value that brings the risk is an edge, or lies inside a class, never beyond the classes."""
    for key, holder in HOLDERS.items():
        for sex, limit in holder.limits.items():
            place = SCALES[key].place(limit)
            assert SCALES[key].edge(place) <= limit < SCALES[key].edge(place + 1)
            assert holder.inside(SCALES[key].edge(place - 1 if holder.down else place + 1), [sex])


def test_two_years_are_counted_from_different_results():
    """One more result the year after changes what is told of that year and nothing of the year before."""
    base = medicated(12)
    before = published_of_overview(year_of(base))
    year_of(base | {("1", "a40", 1, 118, 0, 0, 0, 0): 61})
    assert published_of_overview(year_of(base)) == before
