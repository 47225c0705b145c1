"""What a rule shows of its working: for the clerk who decides and for the letter that explains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Step:
    """One line of a working: what it is, the figure, the article it rests on. `detail` says how the figure was found."""

    label: str
    figure: date | int | str
    article: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Dated:
    """A day that follows from the law, with its working."""

    day: date
    steps: tuple[Step, ...]
