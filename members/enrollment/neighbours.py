"""What other apps hold about a member, told to the register by those apps when they are ready.

The register knows no app above it. An app that keeps days or ids of members registers here, in its AppConfig.ready, what a
retroactive change would touch there, and how its rows move when two rows of one person become one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Touched:
    """So many things of a kind in another app, as staff call it: 任意継続の納付 3件."""

    what: str
    count: int


@dataclass(frozen=True)
class Neighbour:
    """An app that keeps something about members.

    touched: (member ids, first day) → what a change from that day touches there. merged: (from id, to id, by) moves its
    rows to the row that remains. protected: (member id, whether) puts what it holds about somebody apart for the named
    clerks, or back.
    """

    name: str
    touched: Callable[[set[int], date], Iterable[Touched]] | None = None
    merged: Callable[[int, int, Any], None] | None = None
    protected: Callable[[int, bool], None] | None = None


def move(rows: Iterable[tuple[type[Model], str]], from_id: int, to_id: int) -> None:
    """Rows that name a member, by model and the field that does: from one member to another."""
    for model, field in rows:
        model._default_manager.filter(**{field: from_id}).update(**{field: to_id})


_neighbours: dict[str, Neighbour] = {}


def register(neighbour: Neighbour) -> None:
    """Once an app, by its name."""
    _neighbours[neighbour.name] = neighbour


def touched(member_ids: set[int], since: date) -> list[Touched]:
    """What stands with every neighbour about these members from the day on; nothing where there is nothing."""
    return [
        found
        for neighbour in _neighbours.values()
        if neighbour.touched is not None
        for found in neighbour.touched(member_ids, since)
        if found.count
    ]


def merged(from_id: int, to_id: int, by: Any) -> None:
    """Two rows became one: every neighbour moves its own."""
    for neighbour in _neighbours.values():
        if neighbour.merged is not None:
            neighbour.merged(from_id, to_id, by)


def protected(member_id: int, whether: bool) -> None:
    """A member is protected from now on, or no longer: every neighbour keeps its own accordingly."""
    for neighbour in _neighbours.values():
        if neighbour.protected is not None:
            neighbour.protected(member_id, whether)
