"""The population pyramid as plain geometry: men to the left, women to the right, the oldest on top.

Pure functions: counts in, numbers out, in units of the drawing. The template writes them as SVG attributes, because the
content security policy forbids styles in the page; the same drawing goes into the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SIDE = 236.0
"""Greatest length of a bar."""
MIDDLE = 68.0
"""Room for the ages between the two sides."""
ROW = 20.0
BAR = 15.0
HEAD = 26.0
FOOT = 24.0
MARGIN = 18.0
STEPS = (1, 2, 5)
TICKS = 4


class Counted(Protocol):
    """An age band with its people."""

    @property
    def label(self) -> str: ...
    @property
    def insured_men(self) -> int: ...
    @property
    def insured_women(self) -> int: ...
    @property
    def dependant_men(self) -> int: ...
    @property
    def dependant_women(self) -> int: ...


@dataclass(frozen=True)
class Part:
    """One piece of a bar."""

    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """An age band: two pieces a side, insured beside the middle and dependants outside."""

    label: str
    y: float
    insured_men: Part
    dependant_men: Part
    insured_women: Part
    dependant_women: Part
    height: float = BAR

    @property
    def text_y(self) -> float:
        return round(self.y + BAR / 2, 2)


@dataclass(frozen=True)
class Tick:
    """A line of the scale on both sides, and its number."""

    left: float
    right: float
    label: str


@dataclass(frozen=True)
class Pyramid:
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    width: float
    height: float
    left: float
    """Where the bars of the men begin."""
    right: float
    """Where the bars of the women begin."""
    middle: float
    top: float = HEAD
    bar: float = BAR

    @property
    def bottom(self) -> float:
        return round(self.height - FOOT, 2)

    @property
    def foot_y(self) -> float:
        return round(self.height - FOOT / 2, 2)

    @property
    def men_x(self) -> float:
        return round(self.left - SIDE / 2, 2)

    @property
    def women_x(self) -> float:
        return round(self.right + SIDE / 2, 2)


def nice_step(most: int, *, ticks: int = TICKS) -> int:
    """The step of the scale: 1, 2 or 5 times a power of ten, so that at most `ticks` steps hold `most`."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * ticks >= most:
                return step * power
        power *= 10


def pyramid(bands: Sequence[Counted]) -> Pyramid:
    """The drawing of these bands, given from the youngest to the oldest."""
    most = max([1, *(max(b.insured_men + b.dependant_men, b.insured_women + b.dependant_women) for b in bands)])
    step = nice_step(most)
    scale_end = step * -(-most // step)
    left = MARGIN + SIDE
    right = left + MIDDLE

    def length(count: int) -> float:
        return round(SIDE * count / scale_end, 2)

    rows = []
    for place, band in enumerate(reversed(bands)):
        y = HEAD + place * ROW + (ROW - BAR) / 2
        inner, outer = length(band.insured_men), length(band.dependant_men)
        inner_right, outer_right = length(band.insured_women), length(band.dependant_women)
        rows.append(
            Row(
                label=band.label.removesuffix("歳"),
                y=round(y, 2),
                insured_men=Part(round(left - inner, 2), inner),
                dependant_men=Part(round(left - inner - outer, 2), outer),
                insured_women=Part(right, inner_right),
                dependant_women=Part(round(right + inner_right, 2), outer_right),
            )
        )
    ticks = tuple(
        Tick(round(left - length(count), 2), round(right + length(count), 2), f"{count:,}")
        for count in range(0, scale_end + 1, step)
    )
    height = HEAD + len(bands) * ROW + FOOT
    return Pyramid(tuple(rows), ticks, right + SIDE + MARGIN, height, left, right, left + MIDDLE / 2)
