"""How lines are shown: number, name, what would change, with its mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from members.intake.enums import Outcome
from members.intake.queries import Line

MARKS = {
    Outcome.NEW: ("■", "run"),
    Outcome.CHANGED: ("◐", "run"),
    Outcome.UNCHANGED: ("○", "ended"),
    Outcome.CONFLICT: ("▲", "care"),
    Outcome.ERROR: ("▲", "bad"),
}


@dataclass(frozen=True)
class ShownLine:
    """One line of the table. hidden: of a protected person, for named clerks only; then only `whom` says something."""

    row: Any
    hidden: bool
    whom: str
    number: str
    name: str
    mark: str
    tone: str
    label: str
    differences: list[tuple[str, str, str, str]]
    messages: list[tuple[str, str, str, str, str]]
    applied: bool
    correctable: bool


def shown_line(line: Line) -> ShownLine:
    row = line.row
    outcome = Outcome(row.outcome)
    mark, tone = MARKS[outcome]
    label = str(outcome.label)
    if row.applied_at is not None:
        mark, tone, label = "●", "good", f"{outcome.label}済み"
    values = {} if line.hidden else row.values
    number = "-".join(values[name] for name in ("symbol", "number") if values.get(name))
    if number and values.get("branch"):
        number += f"-{values['branch']}"
    if row.member is not None and (row.applied_at is not None or row.operations):
        number = row.member.card_number
    name = " ".join(values[part] for part in ("family_name", "given_name") if values.get(part))
    return ShownLine(
        row=row,
        hidden=line.hidden,
        whom=line.whom,
        number=number,
        name=name or (row.member.name if row.member is not None and not line.hidden else ""),
        mark=mark,
        tone=tone,
        label=label,
        differences=[] if line.hidden else [tuple(entry) for entry in row.differences],
        messages=[tuple(entry[:5]) for entry in row.messages],
        applied=row.applied_at is not None,
        correctable=not line.hidden and row.applied_at is None,
    )
