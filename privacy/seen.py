"""Shown = logged: what the open scope has read.

Instances report themselves (`PersonalRecord.from_db`). What leaves through `values()`, aggregates or COPY must be said:
`shown(ids)` for people, `population(name, count)` for counts. A scope that read personal tables and recorded neither
fails in tests and raises an alarm in production.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    """The collection of one scope."""

    event: uuid.UUID = field(default_factory=uuid.uuid4)
    subjects: set[int] = field(default_factory=set)
    populations: dict[str, int] = field(default_factory=dict)
    search: uuid.UUID | None = None
    hits: int | None = None
    touched: bool = False
    about_nobody: bool = False
    without_subject: set[str] = field(default_factory=set)

    @property
    def recorded(self) -> bool:
        return bool(self.subjects or self.populations or self.search or self.about_nobody)


collecting: ContextVar[Seen | None] = ContextVar("seen", default=None)


def _open() -> Seen:
    seen = collecting.get()
    if seen is None:
        raise RuntimeError("開いている利用目的がありません。scope() の中で呼び出してください。")
    return seen


def note_seen(model: Any, instance: Any) -> None:
    """Record whom an instance is about. Silent outside a scope, where the wall lets nothing be read."""
    seen = collecting.get()
    if seen is None:
        return
    column = model.subject_column()
    if column is None:
        seen.about_nobody = True
        return
    subject = instance.__dict__.get(column)
    if subject is not None:
        seen.subjects.add(int(subject))
    elif column not in instance.__dict__:
        seen.without_subject.add(model._meta.label)
    else:
        seen.about_nobody = True


def shown(subjects: Iterable[int]) -> None:
    """Say which people leave through a way that makes no instances."""
    _open().subjects.update(int(subject) for subject in subjects)


def population(name: str, count: int) -> None:
    """Say that a population was counted or listed without its people: its name and how many."""
    _open().populations[name] = int(count)


def record_search(search: uuid.UUID, hits: int) -> None:
    """Put the opaque id of a stored search and its number of hits into the access event."""
    seen = _open()
    seen.search, seen.hits = search, int(hits)
