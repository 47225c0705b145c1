"""夜間処理: when it was begun and done, with counts, so that a missed night is seen."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from members.lifecycle.models import NightRun
from privacy.scope import population


def begin(today: date) -> None:
    """The first run of a day makes its row; a run after a kill keeps it."""
    NightRun.objects.get_or_create(day=today)
    population("lifecycle.night", 0)


def finish(today: date, counts: dict[str, int]) -> None:
    """Adds the counts of this run to those of the day."""
    run = NightRun.objects.select_for_update().get(day=today)
    run.counts = {name: run.counts.get(name, 0) + count for name, count in counts.items()}
    run.finished_at = timezone.now()
    run.save(update_fields=["counts", "finished_at"])
    population("lifecycle.night", sum(counts.values()))
