"""The night's work: a scope a chunk, nobody at the keyboard. Killed at any point, the next run goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from celery import shared_task
from django.utils import timezone

from members.lifecycle.actions import ages, night, planning, terms
from members.lifecycle.activities import LIFECYCLE
from privacy.scope import Way, scope

WAY = Way(name="夜間処理", view="lifecycle.night")

Step = Callable[[date], int]

STEPS: tuple[tuple[str, Step], ...] = (
    ("moved", planning.move),
    ("given_up", planning.give_up),
    ("taken_up", planning.take_up),
    ("planned", planning.plan),
    ("announced", planning.announce),
    ("held", planning.hold),
    ("processed", planning.process),
    ("lost", ages.lose_due),
    ("watched", terms.watch),
    ("followed", terms.follow_register),
    ("expired", terms.expire_due),
    ("closed", terms.close_ended),
)
"""In this order: the register's corrections first, so that nobody is processed by what was true yesterday."""


def until_empty(step: Step, today: date) -> int:
    """Run a step chunk by chunk, each in a scope of its own, until nothing is left. How many rows it moved."""
    total = 0
    while True:
        with scope(LIFECYCLE, None, operation="change", way=WAY):
            moved = step(today)
        total += moved
        if not moved:
            return total


def run_night(today: date) -> dict[str, int]:
    """The whole night for a day. Run twice, the second finds nothing to do."""
    with scope(LIFECYCLE, None, operation="change", way=WAY):
        night.begin(today)
    counts = {name: until_empty(step, today) for name, step in STEPS}
    with scope(LIFECYCLE, None, operation="change", way=WAY):
        night.finish(today, counts)
    return counts


@shared_task(name="lifecycle.night", acks_late=True, reject_on_worker_lost=True, activity=LIFECYCLE)
def run_lifecycle_night(day: str | None = None) -> None:
    """年齢到達 and 任意継続 for a day (today in Tokyo)."""
    run_night(date.fromisoformat(day) if day else timezone.localdate())
