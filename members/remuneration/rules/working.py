"""What a rule shows of its working, line by line: for the clerk who decides and for the letter that explains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Figure = int | str | date | Fraction


@dataclass(frozen=True)
class Step:
    """One line: what it is, the figure (yen, days, a date, words), the article, the dated parameter it used if any."""

    label: str
    figure: Figure
    article: str = ""
    parameter: str = ""

    @property
    def shown(self) -> str:
        """The figure as plain text: dates in ISO, fractions to two places, whole numbers with commas."""
        if isinstance(self.figure, date):
            return self.figure.isoformat()
        if isinstance(self.figure, Fraction):
            whole = self.figure.denominator == 1
            return f"{self.figure.numerator:,}" if whole else f"{float(self.figure):,.2f}"
        if isinstance(self.figure, int):
            return f"{self.figure:,}"
        return self.figure


@dataclass(frozen=True)
class Working:
    """Steps in the order in which they were found; adding gives a new working."""

    steps: tuple[Step, ...] = ()

    def add(self, label: str, figure: Figure, article: str = "", parameter: str = "") -> Working:
        return Working((*self.steps, Step(label, figure, article, parameter)))

    def join(self, other: Working | Iterable[Step]) -> Working:
        return Working((*self.steps, *(other.steps if isinstance(other, Working) else other)))

    def as_rows(self) -> list[dict[str, str]]:
        """Plain rows of text, to be kept with the decision: a later change of the code does not change them."""
        return [
            {"label": step.label, "figure": step.shown, "article": step.article, "parameter": step.parameter}
            for step in self.steps
        ]
