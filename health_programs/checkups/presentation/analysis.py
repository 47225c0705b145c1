"""健診結果の分析 as it is shown: figures with their differences, and the pictures as plain geometry.

Figures in, numbers out, in units of the drawing; templates write them as SVG attributes. A figure that may not be told is
None here and ―（10名未満） on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from health_programs.checkups.rules.analysis import Distribution, Scale, change, met, share
from health_programs.checkups.rules.publication import ANY, METABOLIC, OVER, RISKS, Chosen, Year
from kumiai.ui.formats import era_year

BAR = 240
TREND_WIDTH, TREND_HEIGHT = 480.0, 200.0
LEFT, RIGHT, TOP, FOOT = 40.0, 64.0, 28.0, 26.0
STEPS = (
    Decimal("0.1"),
    Decimal("0.2"),
    Decimal("0.5"),
    Decimal(1),
    Decimal(2),
    Decimal(5),
    Decimal(10),
    Decimal(20),
    Decimal(25),
)
TICKS = 4


@dataclass(frozen=True)
class Figure:
    """One share. count, of: people; percent with one decimal. whole: percent among everybody, to compare with.

    difference: points, against everybody or against the year before.
    """

    count: int | None = None
    of: int | None = None
    percent: Decimal | None = None
    whole: Decimal | None = None
    difference: Decimal | None = None

    @property
    def told(self) -> bool:
        return self.percent is not None

    @property
    def bar(self) -> float:
        return round(BAR * float(self.percent or 0) / 100, 1)

    @property
    def tick(self) -> float | None:
        return round(BAR * float(self.whole) / 100, 1) if self.whole is not None else None

    @property
    def signed(self) -> str:
        return signed(self.difference)

    @property
    def tone(self) -> str:
        """How far above everybody: far from ten points on, above from three."""
        if self.difference is None or self.difference < 3:
            return ""
        return "far" if self.difference >= 10 else "above"


def signed(points: Decimal | None) -> str:
    if points is None:
        return ""
    return ("+" if points > 0 else "−" if points < 0 else "±") + str(abs(points))


def figure(cells: Mapping[str, int] | None, name: str, whole: Mapping[str, int] | None = None) -> Figure:
    """A class of a measure as a share, compared with everybody where `whole` is given."""
    average = share(whole[name], sum(whole.values())) if whole else None
    if cells is None:
        return Figure(whole=average)
    percent = share(cells[name], sum(cells.values()))
    return Figure(cells[name], sum(cells.values()), percent, average, change(percent, average))


def since(now: Figure, before: Figure) -> Figure:
    """A figure with the change from the year before instead of the difference from everybody."""
    return Figure(now.count, now.of, now.percent, now.whole, change(now.percent, before.percent))


@dataclass(frozen=True)
class RiskLine:
    label: str
    note: str
    now: Figure
    year: str
    """The change from the year before, with its sign."""


def risk_lines(now: Year, before: Year | None, chosen: Chosen) -> list[RiskLine]:
    """One line a risk among the chosen people."""
    found = []
    for one in RISKS:
        current = figure(now.told(one.key, chosen), OVER, now.told(one.key, Chosen()))
        earlier = figure(before.told(one.key, chosen), OVER) if before else Figure()
        found.append(RiskLine(one.label, one.note, current, signed(change(current.percent, earlier.percent))))
    return found


@dataclass(frozen=True)
class YearLine:
    """One year of the chosen people."""

    year: int
    people: int | None
    some: Figure
    yes: Figure
    near: Figure


def year_lines(years: Mapping[int, Year], chosen: Chosen) -> list[YearLine]:
    """The years in order, each with its change from the year before."""
    found: list[YearLine] = []
    for year, tables in sorted(years.items()):
        cells = tables.told(METABOLIC.key, chosen)
        yes, near = figure(cells, "yes"), figure(cells, "near")
        some = figure(tables.told(ANY.key, chosen), "any")
        if found:
            some, yes, near = since(some, found[-1].some), since(yes, found[-1].yes), since(near, found[-1].near)
        found.append(YearLine(year, tables.count(chosen), some, yes, near))
    return found


@dataclass(frozen=True)
class GroupLine:
    """One row of a breakdown: people, metabolic syndrome, risks. joint: several rows told together."""

    label: str
    people: int | None
    some: Figure
    """該当・予備群."""
    yes: Figure
    near: Figure
    risks: tuple[Figure, ...]
    joint: bool = False


def group_line(label: str, people: int | None, told, whole, *, joint: bool = False) -> GroupLine:  # type: ignore[no-untyped-def]
    """A row from `told(measure key)` → cells, compared with `whole(measure key)` → cells."""
    cells, everybody = told(METABOLIC.key), whole(METABOLIC.key)
    return GroupLine(
        label,
        people,
        figure(told(ANY.key), "any", whole(ANY.key)),
        figure(cells, "yes", everybody),
        figure(cells, "near", everybody),
        tuple(figure(told(one.key), OVER, whole(one.key)) for one in RISKS),
        joint,
    )


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Series:
    """One line. path: stretches between years that are told; label at the right end."""

    name: str
    label: str
    points: tuple[Point, ...]
    path: str
    end: Point | None


@dataclass(frozen=True)
class Axis:
    y: float
    label: str


@dataclass(frozen=True)
class Trend:
    series: tuple[Series, ...]
    axes: tuple[Axis, ...]
    years: tuple[tuple[float, str], ...]
    unit: str
    width: float = TREND_WIDTH
    height: float = TREND_HEIGHT
    left: float = LEFT
    right: float = TREND_WIDTH - RIGHT
    foot_y: float = TREND_HEIGHT - 8


def trend(
    years: Sequence[int],
    lines: Sequence[tuple[str, str, Sequence[Decimal | None]]],
    *,
    unit: str = "%",
    zero: bool = True,
) -> Trend | None:
    """Lines over the years, each (class, label, figures); None where nothing is told.

    zero: the scale begins at nought; else near the figures, and covers at least a twentieth of them, so that a small change
    looks small.
    """
    told = [figure for _name, _label, figures in lines for figure in figures if figure is not None]
    if not told:
        return None
    low = Decimal(0) if zero else min(told)
    span_wanted = max(max(told) - low, Decimal(0) if zero else max(told) / 20)
    step = next((one for one in STEPS if one * TICKS >= span_wanted), Decimal(50))
    base = Decimal(0) if zero else floor(low / step) * step
    steps = max(2, ceil((max(told) - base) / step))
    bottom, span = TREND_HEIGHT - FOOT, TREND_HEIGHT - FOOT - TOP

    def x(place: int) -> float:
        room = TREND_WIDTH - LEFT - RIGHT - 24
        return round(LEFT + 12 + room * place / max(1, len(years) - 1), 1)

    def y(value: Decimal) -> float:
        return round(bottom - span * float((value - base) / (step * steps)), 1)

    series = []
    for name, label, figures in lines:
        points, path, joined = [], "", False
        for place, value in enumerate(figures):
            if value is None:
                joined = False
                continue
            point = Point(x(place), y(value))
            path += f"{'L' if joined else 'M'}{point.x} {point.y}"
            points.append(point)
            joined = True
        series.append(Series(name, label, tuple(points), path, points[-1] if points else None))
    axes = tuple(Axis(y(base + step * n), format((base + step * n).normalize(), "f")) for n in range(steps + 1))
    return Trend(tuple(series), axes, tuple((x(n), era_year(year)) for n, year in enumerate(years)), unit)


COLUMN_WIDTH, COLUMN_HEIGHT = 840.0, 270.0
COLUMN_FOOT, COLUMN_TOP = 44.0, 28.0


@dataclass(frozen=True)
class Column:
    """One bin: its bar, its words in two lines, and the row of the table. tone: normal, guidance, referral."""

    label: str
    short: tuple[str, str]
    people: int
    percent: Decimal
    tone: str
    x: float
    y: float
    width: float
    height: float
    middle: float
    unmeasured: bool


@dataclass(frozen=True)
class Columns:
    columns: tuple[Column, ...]
    axes: tuple[Axis, ...]
    threshold: float | None
    not_measured: int | None
    people: int
    width: float = COLUMN_WIDTH
    height: float = COLUMN_HEIGHT
    bottom: float = COLUMN_HEIGHT - COLUMN_FOOT
    top: float = COLUMN_TOP
    left: float = LEFT
    label_y: float = COLUMN_HEIGHT - 28
    second_y: float = COLUMN_HEIGHT - 14


def columns(key: str, scale: Scale, found: Distribution, sex: str) -> Columns:
    """The bins as bars of one width; a threshold is drawn between the bins it divides."""
    total = found.people(sex)
    percents = [share(one.people[sex], total) or Decimal(0) for one in found.bins]
    step = next((one for one in STEPS if one * TICKS >= max(percents)), Decimal(50))
    steps = max(1, ceil(max(percents) / step))
    room = (COLUMN_WIDTH - LEFT - 8) / len(found.bins)
    bottom, span = COLUMN_HEIGHT - COLUMN_FOOT, COLUMN_HEIGHT - COLUMN_FOOT - COLUMN_TOP
    drawn = []
    for place, (one, percent) in enumerate(zip(found.bins, percents, strict=True)):
        height = round(span * float(percent / (step * steps)), 1)
        x = LEFT + place * room
        tone = "referral" if met(key, one, sex, referral=True) else "guidance" if met(key, one, sex) else "normal"
        label = one.label(scale)
        head, mark, tail = label.partition("以上")
        short = (
            (head, f"〜{tail.removesuffix('未満')}" if tail else mark) if mark else (label.removesuffix("未満"), "未満")
        )
        drawn.append(
            Column(
                label,
                short,
                one.people[sex],
                percent,
                tone,
                round(x + 2, 1),
                round(bottom - height, 1),
                round(min(room - 4, 56), 1) if room < 60 else round(room - 4, 1),
                height,
                round(x + room / 2, 1),
                one.unmeasured,
            )  # fmt: skip
        )
    reached = [column.tone != "normal" for column in drawn]
    line = next((LEFT + n * room for n in range(1, len(reached)) if reached[n] != reached[n - 1]), None)
    axes = tuple(
        Axis(round(bottom - span * n / steps, 1), format((step * n).normalize(), "f")) for n in range(steps + 1)
    )
    apart = found.not_measured[sex] if found.not_measured else None
    return Columns(tuple(drawn), axes, round(line, 1) if line is not None else None, apart, total)


def plain_figure(value: Decimal | None, digits: int) -> str:
    """A measured value with the decimals it is reported with; nothing where it is not told."""
    return format(value.quantize(Decimal(1).scaleb(-digits)), "f") if value is not None else ""
