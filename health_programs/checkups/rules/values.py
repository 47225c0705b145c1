"""検査値: what a rule sees of one result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Values:
    """One examination: numbers by key of `measures`, coded answers by key. A key that is absent was not measured.

    sex: "1" male, "2" female. age: 年度末年齢 in years. fasting: 採血時間, 2 ten hours or more, 3 from 3.5 to ten, 4 less.
    """

    sex: str
    age: int
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    fasting: int | None = None

    def number(self, key: str) -> Decimal | None:
        return self.numbers.get(key)

    def answer(self, key: str) -> int | None:
        return self.answers.get(key)

    @property
    def male(self) -> bool:
        return self.sex == "1"


@dataclass(frozen=True)
class Step:
    """One line of the working: under which step of the rule, what was looked at, the figure against the threshold, what
    came of it ("該当", "非該当", "未実施" …)."""

    part: int
    label: str
    figure: str
    outcome: str = ""

    @property
    def hit(self) -> bool:
        return self.outcome == "該当"


def plain(number: Decimal) -> str:
    """A figure as people write it: no trailing zeros, never an exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
