"""The words of a comparison: what stands around a line, what is found, what is said. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

NEW, CHANGED, UNCHANGED, CONFLICT, ERROR = "new", "changed", "unchanged", "conflict", "error"
HEAD = "00"


@dataclass(frozen=True)
class Message:
    """Something the clerk is told of a line. column: the column it concerns, "" the line. general: without values."""

    column: str
    what: str
    remedy: str
    general: str = ""


@dataclass(frozen=True)
class Difference:
    """One field: what stands and what would stand. remark: such as that only a variant character differs."""

    title: str
    old: str
    new: str
    remark: str = ""


@dataclass
class Judgement:
    """What becomes of a line. operations: what applying does, in order."""

    outcome: str
    operations: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    messages: tuple[Message, ...] = ()
    member: Any = None


@dataclass
class Around:
    """What is known around one line.

    People are those of `enrollment.queries.standing`. standing: who has the number of the line. insured: who has it as 00,
    for a line of a dependant. insured_in_file: an earlier line of this file enters them. former: somebody had the number before. alike: registered people of the same
    birth date and name or reading. family: those registered as the insured person's. offices: 記号 → employer.
    only_symbol: 記号 of the employer the clerk chose. received: 収受日.
    """

    standing: Any = None
    insured: Any = None
    insured_in_file: bool = False
    former: bool = False
    alike: Sequence[Any] = ()
    family: Sequence[Any] = ()
    offices: Mapping[str, Any] = field(default_factory=dict)
    only_symbol: str = ""
    received: date = date.min


class Stop(Exception):
    """The line is judged."""

    def __init__(
        self, outcome: str, column: str, what: str, remedy: str, general: str = "", member: Any = None
    ) -> None:
        super().__init__(what)
        self.judgement = Judgement(outcome, messages=(Message(column, what, remedy, general or what),), member=member)


def day_of(values: Mapping[str, str], column: str) -> date | None:
    text = values.get(column, "")
    return date.fromisoformat(text) if text else None
