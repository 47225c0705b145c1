"""The drawn timeline of a member: periods of several kinds on one axis by 年度, as plain geometry.

Pure functions: dates in, numbers out. The template writes them as SVG attributes, because the content security policy
forbids style attributes. Horizontal positions are percentages of the whole drawing, so that it follows the width of the
page while its letters keep their size; vertical positions are pixels.

Periods are half open: the start belongs to them, the end does not. A period without an end runs past the right edge and is
drawn without a right edge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kumiai.ui.formats import era_year, fiscal_year

LABEL_PERCENT = 10.0
"""Share of the width kept for the names of the lanes, in percent."""
PLOT_PIXELS = 836
"""Width of the plot at 1366 pixels, the page the drawing is made for; only the spacing of the year labels follows it."""
YEAR_LABEL_PIXELS = 44
"""Room that one year label needs, in pixels."""
HEAD = 46
ROW = 26
BAR = 24
LANE_GAP = 5
FOOT = 22
MINIMUM_WIDTH_PERCENT = 0.35
"""A period of a day must stay visible."""


@dataclass(frozen=True)
class Period:
    """One bar before it has a place. `end` is the first day that does not belong to it; None while it runs."""

    start: date
    end: date | None
    label: str
    tone: str = "plain"
    row: str = ""
    """Periods of the same row share a line of the lane; the empty row takes the first free line."""
    description: str = ""
    """The whole fact in words, for those who hover or listen."""


@dataclass(frozen=True)
class Lane:
    """A kind of fact, drawn in the order given and kept even when it is empty."""

    name: str
    periods: Sequence[Period] = ()
    ruled: bool = False
    """A hairline over the lane."""


@dataclass(frozen=True)
class Bar:
    """A period with its place. `x` and `width` in percent, `y` in pixels."""

    x: float
    width: float
    y: float
    label: str
    tone: str
    description: str
    open_left: bool
    open_right: bool

    @property
    def right(self) -> float:
        return round(self.x + self.width, 4)

    @property
    def bottom(self) -> float:
        return self.y + BAR


@dataclass(frozen=True)
class DrawnLane:
    name: str
    y: float
    height: float
    ruled: bool
    bars: tuple[Bar, ...]

    @property
    def text_y(self) -> float:
        return self.y + BAR / 2


@dataclass(frozen=True)
class Year:
    """A 年度 of the axis: its left edge, its middle, and its names where there is room for them."""

    x: float
    middle: float
    era: str
    western: str
    labelled: bool


@dataclass(frozen=True)
class Timeline:
    years: tuple[Year, ...]
    lanes: tuple[DrawnLane, ...]
    today_x: float
    first_year: int
    height: float
    label_percent: float = LABEL_PERCENT

    head: int = HEAD
    bar_height: int = BAR

    @property
    def plot_bottom(self) -> float:
        return self.height - FOOT

    @property
    def today_label_y(self) -> float:
        return self.height - FOOT + 1

    @property
    def today_label_shift(self) -> int:
        """Left edge of the label from the line, in pixels: centred, except near the right edge, where it must not leave."""
        return -36 if self.today_x > 97.5 else -18

    @property
    def today_label_text(self) -> int:
        return self.today_label_shift + 18

    @property
    def span(self) -> str:
        """From which 年度 the drawing runs, as the heading says it."""
        return f"{era_year(self.first_year, long=True)}年度から現在まで"


def label_step(years: int) -> int:
    """Every how many years the axis is labelled so that labels do not touch."""
    for step in (1, 2, 5, 10, 20):
        if PLOT_PIXELS * step / years >= YEAR_LABEL_PIXELS:
            return step
    return 50


def draw(lanes: Iterable[Lane], *, today: date, longest: int = 110) -> Timeline:
    """The drawing of `lanes`.

    The axis runs from the 年度 of the first start to the end of the 年度 of `today`, further when something known ends
    later, but at most one 年度 further: what is to come must not squeeze what was. `longest` limits the axis to that many
    years before today, so that a mistyped date cannot flatten everything else.
    """
    lanes = list(lanes)
    current = fiscal_year(today)
    starts = [fiscal_year(period.start) for lane in lanes for period in lane.periods]
    ends = [fiscal_year(period.end) for lane in lanes for period in lane.periods if period.end is not None]
    first = min([year for year in starts if year >= current - longest] + [current])
    later = any(year > current for year in ends) or any(year > current for year in starts)
    last = current + (1 if later else 0)

    axis_start, axis_end = date(first, 4, 1), date(last + 1, 4, 1)
    days = (axis_end - axis_start).days
    plot = 100.0 - LABEL_PERCENT

    def place(day: date) -> float:
        inside = min(max(day, axis_start), axis_end)
        return round(LABEL_PERCENT + plot * (inside - axis_start).days / days, 4)

    drawn: list[DrawnLane] = []
    top = float(HEAD + 10)
    for lane in lanes:
        visible = [
            period
            for period in lane.periods
            if period.start < axis_end and (period.end is None or period.end > axis_start)
        ]
        if not any(period.row for period in visible):
            visible.sort(key=lambda period: period.start)
        rows = arrange(visible)
        bars = tuple(
            _bar(period, row, top=top, place=place, axis_start=axis_start, axis_end=axis_end)
            for period, row in zip(visible, rows, strict=True)
        )
        lines = max(rows, default=0) + 1
        height = lines * ROW
        drawn.append(DrawnLane(lane.name, top, height, lane.ruled, bars))
        top += height + LANE_GAP

    step = label_step(last - first + 1)
    years = tuple(
        Year(
            x=place(date(year, 4, 1)),
            middle=round((place(date(year, 4, 1)) + place(date(year + 1, 4, 1))) / 2, 4),
            era=era_year(year),
            western=str(year),
            labelled=(year - first) % step == 0,
        )
        for year in range(first, last + 1)
    )
    return Timeline(
        years=years, lanes=tuple(drawn), today_x=place(today), first_year=first, height=top + LANE_GAP + FOOT
    )


def arrange(periods: Sequence[Period]) -> list[int]:
    """The line of each period inside its lane, counted from 0: named rows in order of appearance, the rest where free."""
    named: dict[str, int] = {}
    free_from: dict[int, date] = {}
    result: list[int] = []
    for period in periods:
        if period.row:
            line = named.setdefault(period.row, len(named))
        else:
            line = 0
            while line in free_from and free_from[line] > period.start:
                line += 1
        end = period.end or date.max
        free_from[line] = max(free_from.get(line, date.min), end)
        result.append(line)
    return result


def _bar(period: Period, row: int, *, top: float, place, axis_start: date, axis_end: date) -> Bar:
    x = place(period.start)
    right = place(period.end) if period.end is not None else 100.0
    width = round(max(right - x, MINIMUM_WIDTH_PERCENT), 4)
    if x + width > 100.0:
        x = round(100.0 - width, 4)
    return Bar(
        x=x,
        width=width,
        y=top + row * ROW,
        label=period.label,
        tone=period.tone,
        description=period.description or period.label,
        open_left=period.start < axis_start,
        open_right=period.end is None or period.end > axis_end,
    )
