"""健診結果の分析 of one year: every table that may be told, decided at once, so that no two screens can be held against each other.

The same release stands behind every filter of every screen. Per measure: everybody, 性別, 年齢5歳ごと, 事業所. 性別 crosses with 年齢 and
with 事業所, divided the same way for all measures together; 年齢 and 事業所 never cross (see `suppression`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from health_programs.checkups.rules.suppression import FLOOR, Group, Release, adjacent, joined, pooled

NO_EMPLOYER = 0
"""The row of results that name no employer (任意継続 and the like)."""
EVERYBODY = "all"
REST = "rest"
"""The class of those who are in no other class of a measure, the unmeasured among them."""

Cross = tuple[str, str, str]
"""Measure, sex, class."""


@dataclass(frozen=True)
class Measured:
    """One thing that is counted. classes: the names of its classes without REST."""

    key: str
    label: str
    classes: tuple[str, ...]
    note: str = ""
    also: tuple[str, ...] = ()
    """What another measure subtracted from this one tells; never shown, but FLOOR or more in every group."""

    @property
    def all_classes(self) -> tuple[str, ...]:
        return (*self.classes, REST)


OVER = "over"
SPARE = "spare"
"""血圧, 脂質 and 血糖 added up, less what 該当 (two of them each) and 予備群 (one each) hold: the risks of everybody else."""
CALM = "calm"
"""Those in REST of a risk who are not in ALONE: whoever is in ALONE is in REST of every risk."""
ANY = Measured("any", "該当・予備群", ("any",), "メタボリックシンドロームの該当と予備群", (SPARE,))
METABOLIC = Measured(
    "metabolic",
    "メタボリックシンドローム",
    ("yes", "near"),
    "腹囲と、血圧・脂質・血糖のうち2つ以上が該当、1つが予備群",
    (SPARE,),
)
ALONE = "alone"
"""The class of those whose waist is large and who are neither 該当 nor 予備群. Subtraction tells it, so it is a class itself."""
WAIST = Measured("waist", "腹囲", ("any", ALONE), "男85cm以上、女90cm以上（内臓脂肪面積を測ったときは100cm²以上）")
RISKS = (
    WAIST,
    Measured("pressure", "血圧", (OVER,), "収縮期130以上、拡張期85以上、または服薬", (CALM,)),
    Measured("lipid", "脂質", (OVER,), "中性脂肪150以上、HDL 40未満、または服薬", (CALM,)),
    Measured("glucose", "血糖", (OVER,), "空腹時血糖110以上（ないときはHbA1c 6.0以上）、または服薬", (CALM,)),
    Measured("smoking", "喫煙", (OVER,), "いま習慣的に吸っている"),
)
MEASURED = (ANY, METABOLIC, *RISKS)
HOLDS = {METABOLIC.key: ANY.key, WAIST.key: ANY.key}
"""Measure → the measure whose classes are sums of its own; groups of rows of the one stay together in the other."""
BY_KEY = {one.key: one for one in MEASURED}


@dataclass(frozen=True)
class Line:
    """Counted people who are alike. counts: people by (measure, class), the classes without REST; SPARE and CALM are
    calculated, what else a measure names in `also` stands in counts."""

    sex: str
    band: str
    employer: int
    people: int
    counts: Mapping[tuple[str, str], int]

    def cells(self, measured: Measured) -> Counter[str]:
        """People by class; REST are all others."""
        found = Counter({one: self.counts.get((measured.key, one), 0) for one in measured.classes})
        found[REST] = self.people - found.total()
        for one in measured.also:
            found[one] = self._difference(measured.key, one, found[REST])
        return found

    def _difference(self, key: str, name: str, rest: int) -> int:
        """What subtraction would tell; negative where what was left undecided makes it tell nothing."""
        if name == CALM:
            return rest - self.counts.get((WAIST.key, ALONE), 0)
        if name == SPARE:
            risks = sum(self.counts.get((one, OVER), 0) for one in ("pressure", "lipid", "glucose"))
            if key == ANY.key:
                return risks - self.counts.get((ANY.key, "any"), 0)
            return risks - 2 * self.counts.get((key, "yes"), 0) - self.counts.get((key, "near"), 0)
        return self.counts.get((key, name), 0)


@dataclass(frozen=True)
class Tables:
    """What may be told of one measure. whole: the classes of everybody; None where one of them is below FLOOR."""

    whole: Mapping[str, int] | None
    by_sex: Release[str, str]
    by_band: Release[str, str]
    by_employer: Release[int, str]

    @property
    def sexes_told(self) -> bool:
        return bool(self.by_sex.groups) and all(group.alone for group in self.by_sex.groups)


def added(lines: Iterable[Line]) -> dict[tuple[str, str, int], Line]:
    """Lines of the same sex, band and employer as one."""
    found: dict[tuple[str, str, int], tuple[list[int], Counter[tuple[str, str]]]] = {}
    for line in lines:
        people, counts = found.setdefault((line.sex, line.band, line.employer), ([], Counter()))
        people.append(line.people)
        counts.update(line.counts)
    return {place: Line(*place, sum(people), counts) for place, (people, counts) in found.items()}


class Sums:
    """Lines added up once for every measure: by sex, by age, by employer, of each sex by both, and of everybody."""

    def __init__(self, lines: Iterable[Line]) -> None:
        lines = list(added(lines).values())
        self.sexes = sorted({line.sex for line in lines})
        self.sex_by_band = _by(lines, sex=True, band=True)
        self.sex_by_employer = _by(lines, sex=True, employer=True)
        self.by_employer = {place[2]: line for place, line in _by(self.sex_by_employer.values(), employer=True).items()}
        self.by_band = {place[1]: line for place, line in _by(self.sex_by_band.values(), band=True).items()}
        by_sex = _by(self.sex_by_band.values(), sex=True)
        self.by_sex = {place[0]: line for place, line in by_sex.items()}
        self.whole = next(iter(_by(by_sex.values()).values()), Line("", "", NO_EMPLOYER, 0, {}))


def _by(
    lines: Iterable[Line], sex: bool = False, band: bool = False, employer: bool = False
) -> dict[tuple[str, str, int], Line]:
    """Lines added up over what is not named."""
    return added(
        Line(
            line.sex if sex else "",
            line.band if band else "",
            line.employer if employer else NO_EMPLOYER,
            line.people,
            line.counts,
        )
        for line in lines
    )


def tables(
    sums: Sums,
    measured: Measured,
    bands: Sequence[str],
    coarse: Tables | None = None,
    employers: bool = True,
) -> Tables:
    """The tables of one measure. coarse: those whose groups stay together here: of the numbers of people, or of
    a measure whose classes are sums of these. None: the numbers of people themselves."""
    classes = measured.all_classes if coarse is not None else (EVERYBODY,)
    also = measured.also if coarse is not None else ()

    def cells(line: Line | None) -> Counter[str]:
        if line is None:
            return Counter()
        return line.cells(measured) if coarse is not None else Counter({EVERYBODY: line.people})

    total = cells(sums.whole)
    return Tables(
        {one: total[one] for one in classes} if all(total[one] >= FLOOR for one in (*classes, *also)) else None,
        pooled(
            [(sex, cells(sums.by_sex.get(sex))) for sex in ("1", "2")],
            classes=classes,
            also=also,
            within=[g.rows for g in coarse.by_sex.shared] if coarse else (),
        ),
        adjacent(
            [(band, cells(sums.by_band.get(band))) for band in bands],
            classes=classes,
            also=also,
            within=[g.rows for g in coarse.by_band.shared] if coarse else (),
        ),
        pooled(
            [(row, cells(line)) for row, line in sorted(sums.by_employer.items())] if employers else [],
            classes=classes,
            also=also,
            within=[g.rows for g in coarse.by_employer.shared] if coarse else (),
        ),
    )


@dataclass(frozen=True)
class Chosen:
    """A filter. band and employer exclude each other."""

    sex: str = ""
    band: str = ""
    employer: int | None = None


class Year:
    """Everything that may be told of one year."""

    def __init__(self, lines: Sequence[Line], bands: Sequence[str]) -> None:
        self._sums = Sums(lines)
        self._bands = tuple(bands)
        self.people = tables(self._sums, Measured("people", "結果のある人", ()), self._bands)

    @cached_property
    def measures(self) -> dict[str, Tables]:
        found: dict[str, Tables] = {}
        for one in MEASURED:
            coarse = found[HOLDS[one.key]] if one.key in HOLDS else self.people
            found[one.key] = tables(self._sums, one, self._bands, coarse)
        return found

    @cached_property
    def crossing(self) -> tuple[Measured, ...]:
        """The measures that are told for each sex and may be crossed with it.

        They share one division of the rows, so a measure with small classes would coarsen all: 該当 and 予備群 cross together
        only, and the waist, whose remainder beside them is small, not at all.
        """
        return tuple(one for one in MEASURED if one.key not in HOLDS and self.measures[one.key].sexes_told)

    @cached_property
    def sex_by_band(self) -> Release[str, Cross]:
        rows = self._crossed({(sex, band): line for (sex, band, _), line in self._sums.sex_by_band.items()})
        within = joined(self.measures[one.key].by_band for one in self.crossing)
        found = [(band, rows.get(band, Counter())) for band in self._bands]
        return (
            adjacent(found, classes=self._cross_classes, within=within, also=self._cross_also)
            if self.crossing
            else Release(())
        )

    @cached_property
    def sex_by_employer(self) -> Release[int, Cross]:
        rows = self._crossed({(sex, at): line for (sex, _, at), line in self._sums.sex_by_employer.items()})
        within = joined(self.measures[one.key].by_employer for one in self.crossing)
        found = [(employer, rows[employer]) for employer in sorted(rows)]
        return (
            pooled(found, classes=self._cross_classes, within=within, also=self._cross_also)
            if self.crossing
            else Release(())
        )

    @cached_property
    def _cross_classes(self) -> tuple[Cross, ...]:
        sexes = self._sums.sexes
        return tuple((one.key, sex, name) for one in self.crossing for sex in sexes for name in one.all_classes)

    @cached_property
    def _cross_also(self) -> tuple[Cross, ...]:
        sexes = self._sums.sexes
        return tuple((one.key, sex, name) for one in self.crossing for sex in sexes for name in one.also)

    def _crossed(self, lines):  # type: ignore[no-untyped-def]
        rows: dict = {}
        for (sex, row), line in lines.items():
            cells = rows.setdefault(row, Counter())
            for one in self.crossing:
                cells.update({(one.key, sex, name): count for name, count in line.cells(one).items()})
        return rows

    def release(self, key: str, by: str, sex: str = "") -> Release:  # type: ignore[type-arg]
        """The groups of a measure by "band" or "employer", of one sex where it is given."""
        if not sex:
            one = self.measures[key]
            return one.by_band if by == "band" else one.by_employer
        if BY_KEY[key] not in self.crossing:
            return Release(())
        release = self.sex_by_band if by == "band" else self.sex_by_employer
        return _of_sex(release, BY_KEY[key], sex)

    def told(self, key: str, chosen: Chosen) -> Mapping[str, int] | None:
        """The classes of a measure among the chosen people, of a risk OVER and REST; None where they may not be told."""
        cells = self._told(key, chosen)
        return shown(key, cells) if cells is not None else None

    def _told(self, key: str, chosen: Chosen) -> Mapping[str, int] | None:
        one = self.measures[key]
        if chosen.employer is not None:
            return self.release(key, "employer", chosen.sex).cells(chosen.employer)
        if chosen.band:
            return self.release(key, "band", chosen.sex).cells(chosen.band)
        return one.by_sex.cells(chosen.sex) if chosen.sex else one.whole

    def _somebody(self, chosen: Chosen) -> bool:
        """Whether the chosen age, employer or sex has a result. That one sex of an age has nobody is not told."""
        if chosen.band:
            return chosen.band in self._sums.by_band
        if chosen.employer is not None:
            return chosen.employer in self._sums.by_employer
        return chosen.sex in self._sums.by_sex if chosen.sex else self._sums.whole.people > 0

    def count(self, chosen: Chosen) -> int | None:
        """How many people have a result; None where it may not be told. 0 where there is nobody."""
        if not self._somebody(chosen):
            return 0
        if chosen.sex and (chosen.band or chosen.employer is not None):
            found = [self._told(one.key, chosen) for one in self.crossing]
            return sum(found[0].values()) if found and found[0] is not None else None
        if chosen.employer is not None:
            cells = self.people.by_employer.cells(chosen.employer)
        elif chosen.band:
            cells = self.people.by_band.cells(chosen.band)
        else:
            cells = self.people.by_sex.cells(chosen.sex) if chosen.sex else self.people.whole
        return cells[EVERYBODY] if cells is not None else None


def shown(key: str, cells: Mapping[str, int]) -> Mapping[str, int]:
    """The classes as a screen names them: a large waist is one class, with or without 該当・予備群."""
    if key != WAIST.key:
        return cells
    return {OVER: cells["any"] + cells[ALONE], REST: cells[REST]}


def _of_sex(release, measured: Measured, sex: str) -> Release:  # type: ignore[no-untyped-def,type-arg]
    """The part of a crossed release that tells one measure of one sex."""
    groups = []
    for group in release.groups:
        cells = {name: group.cells.get((measured.key, sex, name), 0) for name in measured.all_classes}
        if sum(cells.values()):
            groups.append(Group(group.rows, cells))
    return Release(tuple(groups))
