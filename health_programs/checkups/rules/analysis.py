"""健診結果の分析: bands of age, classes of a measured value, shares, changes from year to year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from health_programs.checkups.rules.overlap import HOLDERS, kept_together, merged
from health_programs.checkups.rules.referral import Range, range_of
from health_programs.checkups.rules.suppression import FLOOR, Group, adjacent
from health_programs.checkups.rules.values import plain

MALE, FEMALE = "1", "2"
SEXES = (MALE, FEMALE)
QUARTERS = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))
NOT_MEASURED = 10**6
"""The row of those whose item was not measured, beside the numbers of the classes."""


@dataclass(frozen=True)
class Band:
    """年度末年齢 from `first` to `last`, years; last None: and over."""

    key: str
    label: str
    first: int
    last: int | None


BANDS = (
    Band("u40", "40歳未満", 0, 39),
    *(Band(f"a{first}", f"{first}〜{first + 4}歳", first, first + 4) for first in range(40, 75, 5)),
    Band("o75", "75歳以上", 75, None),
)
BAND = {band.key: band for band in BANDS}


def band_of(age: int) -> Band:
    """The band of an age in years."""
    return next(band for band in BANDS if age >= band.first and (band.last is None or age <= band.last))


def band_words(keys: Sequence[str]) -> str:
    """What adjacent bands are called together: 40〜54歳, 60歳以上, 50歳未満."""
    first, last = BAND[keys[0]], BAND[keys[-1]]
    if first is last:
        return first.label
    if last.last is None:
        return f"{first.first}歳以上" if first.first else "全年齢"
    return f"{first.first}〜{last.last}歳" if first.first else f"{last.last + 1}歳未満"


def share(count: int, of: int) -> Decimal | None:
    """Percent with one decimal, half up; None of nobody."""
    if not of:
        return None
    return (Decimal(count) * 100 / Decimal(of)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The difference of two figures as they are shown: points of percent, or the unit of the item."""
    return now - before if now is not None and before is not None else None


def rounded(figure: Decimal | None, digits: int) -> Decimal | None:
    """A mean as it is shown: one decimal more than the item is reported with, half up."""
    return figure.quantize(Decimal(1).scaleb(-digits - 1), ROUND_HALF_UP) if figure is not None else None


def quantile_may_be_told(part: Decimal, people: int) -> bool:
    """A quantile is somebody's own value. It is told where at least FLOOR people lie on either side of it."""
    return people * part >= FLOOR and people * (1 - part) >= FLOOR


@dataclass(frozen=True)
class Scale:
    """The classes of an item: class n holds start + n × step up to, not including, the next; in the unit of the item."""

    start: Decimal
    step: Decimal

    def place(self, value: Decimal) -> int:
        return floor((value - self.start) / self.step)

    def edge(self, place: int) -> Decimal:
        return self.start + place * self.step


def _scale(step: str, start: str = "0") -> Scale:
    return Scale(Decimal(start), Decimal(step))


SCALES: Mapping[str, Scale] = {
    "height": _scale("5"), "weight": _scale("5"), "waist": _scale("5"), "bmi": _scale("1"), "visceral_fat": _scale("20"),
    "systolic": _scale("10"), "diastolic": _scale("5"), "tg_fasting": _scale("50"), "tg_casual": _scale("25"),
    "hdl": _scale("5"), "ldl": _scale("20"), "non_hdl": _scale("10"), "ast": _scale("10", "1"), "alt": _scale("10", "1"),
    "ggt": _scale("25", "1"), "glucose_fasting": _scale("10"), "glucose_casual": _scale("20"),
    "hba1c": _scale("0.3", "5.6"), "creatinine": _scale("0.1"), "egfr": _scale("5"), "hemoglobin": _scale("0.5", "12.1"),
}  # fmt: skip
"""Every 保健指導判定値 is an edge, so that those who meet it are whole classes."""


def limits(key: str) -> dict[str, Range]:
    """The thresholds of an item by sex; empty for an item that has none."""
    return {sex: found for sex in SEXES if (found := range_of(key, sex)) is not None}


def by_sex_only(key: str) -> bool:
    """Whether the two sexes have thresholds of their own."""
    found = limits(key)
    return len({one.guidance for one in found.values()}) > 1


@dataclass(frozen=True)
class Bin:
    """Classes that are told together. first, last: numbers of classes; open below or above at the ends of the distribution.

    unmeasured: those who were not measured are counted in it, because there are fewer than FLOOR of them.
    """

    first: int
    last: int
    open_below: bool
    open_above: bool
    people: Mapping[str, int]
    unmeasured: bool = False

    def label(self, scale: Scale) -> str:
        low, high = plain(scale.edge(self.first)), plain(scale.edge(self.last + 1))
        if self.open_below and self.open_above:
            return "すべて"
        if self.open_below:
            return f"{high}未満"
        return f"{low}以上" if self.open_above else f"{low}以上{high}未満"


@dataclass(frozen=True)
class Distribution:
    """A distribution as it may be told. people of each bin by "" (everybody) or by sex. not_measured: as a row of its own."""

    bins: tuple[Bin, ...]
    not_measured: Mapping[str, int] | None

    def people(self, sex: str = "") -> int:
        return sum(one.people[sex] for one in self.bins) + ((self.not_measured or {}).get(sex, 0))


def distribution(
    key: str,
    counts: Mapping[tuple[str, int], int],
    *,
    sex: str = "",
    sexes_told: bool,
    told_apart: bool,
    held: Mapping[tuple[str, int], int] | None = None,
) -> Distribution | None:
    """Classes of an item in which every bin counts FLOOR people or more; None where no division may be told.

    counts: people by (sex, number of the class or NOT_MEASURED). sexes_told: the two sexes may be told apart.
    told_apart: those who meet the threshold are told by other tables, so no bin lies across it. A bin that falls short takes in
    its neighbour. The bins for the sexes are made of the bins for everybody, so nothing can be subtracted between the two; an
    item whose threshold differs by sex has bins for each sex and none for everybody. held: of these people those who have the
    risk that holds the item (see `overlap`); None where no table tells that risk, or tells the very same people.
    """
    held = held or {}
    if by_sex_only(key):
        if not (sex and sexes_told):
            return None
        own = {(one, place): count for (one, place), count in counts.items() if one == sex}
        return _division(key, own, (sex,), told_apart, held)
    whole = _division(key, counts, ("",), told_apart, held)
    if not sex:
        return whole
    present = tuple(sorted({one for one, _place in counts}))
    return _division(key, counts, present, told_apart, held, whole) if sexes_told and sex in present else None


def _division(
    key: str,
    counts: Mapping[tuple[str, int], int],
    classes: tuple[str, ...],
    told_apart: bool,
    held: Mapping[tuple[str, int], int],
    finer: Distribution | None = None,
) -> Distribution | None:
    """The bins in which each of the sexes of `classes` ("" for everybody) counts FLOOR or more."""
    rows: dict[int, Counter[str]] = {}
    for (sex, place), count in counts.items():
        rows.setdefault(place, Counter())[sex if classes != ("",) else ""] += count
    unmeasured = rows.pop(NOT_MEASURED, Counter())
    if not rows:
        return None
    edges = _edges(key, classes) if told_apart else []
    own_row = all(unmeasured[one] >= FLOOR for one in classes)
    absorbing: int | None = None
    if unmeasured.total() and not own_row:
        absorbing = _absorbing(key, classes, rows, told_apart, finer)
        rows[absorbing].update(unmeasured)
    standing = [list(range(one.first, one.last + 1)) for one in finer.bins] if finer else []
    if held and key in HOLDERS:
        places = sorted(rows)
        starts_at = {place: SCALES[key].edge(place) for place in places}
        standing = merged([*standing, kept_together(HOLDERS[key], places, starts_at, held, classes)])
    groups: list[Group[int, str]] = []
    starts: list[int] = []
    for lowest, zone in _zones(rows, edges):
        release = adjacent([(place, rows[place]) for place in zone], classes=classes, within=standing)
        if not release.groups:
            return None
        starts += [
            lowest if lowest is not None else release.groups[0].rows[0],
            *(g.rows[0] for g in release.groups[1:]),
        ]
        groups += release.groups
    bins = []
    for number, group in enumerate(groups):
        last = starts[number + 1] - 1 if number + 1 < len(groups) else group.rows[-1]
        ends = (number == 0, number == len(groups) - 1)
        bins.append(Bin(starts[number], last, *ends, dict(group.cells), absorbing in group.rows))
    return Distribution(tuple(bins), dict(unmeasured) if own_row else None)


def _absorbing(
    key: str, classes: Sequence[str], rows: Mapping[int, Counter[str]], told_apart: bool, finer: Distribution | None
) -> int:
    """The class that takes in those who were not measured: the fullest of those that do not meet the threshold."""
    places = [place for place in rows if not (told_apart and _meets_any(key, place, classes))] or list(rows)
    held = next((one for one in finer.bins if one.unmeasured), None) if finer else None
    if held is not None:
        places = [place for place in places if held.first <= place <= held.last] or places
    return max(places, key=lambda place: (rows[place].total(), place))


def _meets_any(key: str, place: int, classes: Sequence[str]) -> bool:
    low = SCALES[key].edge(place)
    return any(one.met(one.guidance, low) for sex, one in limits(key).items() if classes == ("",) or sex in classes)


def _edges(key: str, classes: Sequence[str]) -> list[int]:
    """The classes that begin at the thresholds of these sexes."""
    found = limits(key)
    return sorted({SCALES[key].place(one.guidance) for sex, one in found.items() if classes == ("",) or sex in classes})


def _zones(rows: Mapping[int, object], edges: Sequence[int]) -> list[tuple[int | None, list[int]]]:
    """The classes in order, divided at the edges, each stretch with the edge it begins at; stretches without anybody left out."""
    zones: list[list[int]] = [[] for _ in range(len(edges) + 1)]
    for place in sorted(rows):
        zones[sum(place >= edge for edge in edges)].append(place)
    return [(edge, zone) for edge, zone in zip((None, *edges), zones, strict=True) if zone]


def met(key: str, one: Bin, sex: str, *, referral: bool = False) -> bool:
    """Whether everybody measured in a bin meets 保健指導判定値 (受診勧奨判定値) of this sex."""
    found = limits(key).get(sex or MALE)
    if found is None or (not sex and by_sex_only(key)):
        return False
    limit = found.referral if referral else found.guidance
    if limit is None:
        return False
    scale = SCALES[key]
    if found.down:
        return scale.edge(one.last + 1) <= limit
    return scale.edge(one.first) >= limit
