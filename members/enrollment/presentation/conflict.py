"""Two people changed the same member: both contents side by side, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Side:
    """One field: what was saved first and what this clerk typed, as the form would send them and as people read them."""

    name: str
    label: str
    theirs: str
    yours: str
    theirs_text: str
    yours_text: str


@dataclass(frozen=True)
class Conflict:
    """The fields that differ, to choose from; the fields that agree, sent along; the version the choice is made on."""

    version: int
    rows: tuple[Side, ...]
    unchanged: tuple[Side, ...]
    who: str = ""
    at: Any = None

    @property
    def settled(self) -> bool:
        """Nothing to choose: what was saved first is what this clerk wanted, for example a second click."""
        return not self.rows


def compare(
    fields: Mapping[str, str],
    *,
    theirs: Mapping[str, Any],
    yours: Mapping[str, Any],
    along: Mapping[str, str],
    version: int,
    who: str = "",
    at: Any = None,
) -> Conflict:
    """The conflict of two contents.

    fields: name → label of the fields to compare. theirs, yours: values by name; a field `theirs` lacks counts as empty.
    along: raw text of the other fields of the form, kept as typed.
    """
    sides = [_side(name, label, theirs.get(name, ""), yours.get(name, "")) for name, label in fields.items()]
    kept = tuple(Side(name, "", text, text, text, text) for name, text in along.items())
    return Conflict(
        version=version,
        rows=tuple(side for side in sides if side.theirs != side.yours),
        unchanged=tuple(side for side in sides if side.theirs == side.yours) + kept,
        who=who,
        at=at,
    )


def _side(name: str, label: str, theirs: Any, yours: Any) -> Side:
    return Side(name, label, _sent(theirs), _sent(yours), _read(theirs), _read(yours))


def _sent(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value)


def _read(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return str(value)
