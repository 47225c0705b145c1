"""Two ways of doing the same work, interleaved in shuffled rounds; medians and a bootstrap interval of their ratio.

Absolute times mean little on a shared machine; a ratio measured in one run does. A benchmark prints one JSON line.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from unittest.mock import patch

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

Work = Callable[[], object]


@dataclass
class Way:
    """One way of doing the work. `around` is entered before each call, outside the time."""

    work: Work
    around: Callable[[], AbstractContextManager] = nullcontext
    times: list[float] = field(default_factory=list)

    def once(self) -> float:
        """Milliseconds of one call."""
        with self.around():
            start = time.perf_counter()
            self.work()
            return (time.perf_counter() - start) * 1000

    def statements(self) -> int:
        """Statements one call sends, COMMIT included; BEGIN travels with the first. Counted below Django, whose own
        count misses what the kernel prepares."""
        sent = 0
        execute = psycopg.Cursor.execute

        def counted(cursor, *args, **kwargs):
            nonlocal sent
            sent += 1
            return execute(cursor, *args, **kwargs)

        with (
            self.around(),
            CaptureQueriesContext(connection) as caught,
            patch.object(psycopg.Cursor, "execute", counted),
        ):
            self.work()
        return sent + sum(query["sql"] == "COMMIT" for query in caught.captured_queries)


def compare(baseline: Way, candidate: Way, *, rounds: int, warm: int = 3, seed: int = 1) -> None:
    """Measure both ways `rounds` times, in an order shuffled each round."""
    dice = random.Random(seed)
    ways = [baseline, candidate]
    for _round in range(warm):
        for way in ways:
            way.once()
    for _round in range(rounds):
        dice.shuffle(ways)
        for way in ways:
            way.times.append(way.once())


def interval(baseline: list[float], candidate: list[float], *, seed: int = 1) -> tuple[float, float]:
    """Bootstrap 95 % interval of the ratio of medians, over rounds drawn with replacement."""
    dice = random.Random(seed)
    count = len(baseline)
    ratios = []
    for _draw in range(1000):
        chosen = dice.choices(range(count), k=count)
        ratios.append(statistics.median(candidate[i] for i in chosen) / statistics.median(baseline[i] for i in chosen))
    ratios.sort()
    return ratios[24], ratios[974]


def report(name: str, baseline: Way, candidate: Way, *, target: str, reached: Callable[[float], bool], **more) -> None:
    """Measure nothing more: print the JSON line. `statements` is what the candidate adds to the baseline."""
    before, after = statistics.median(baseline.times), statistics.median(candidate.times)
    ratio = after / before
    low, high = interval(baseline.times, candidate.times)
    line = {
        "name": name,
        "baseline_ms": round(before, 3),
        "candidate_ms": round(after, 3),
        "ratio": round(ratio, 3),
        "ci95": [round(low, 3), round(high, 3)],
        "n": len(baseline.times),
        "statements": candidate.statements() - baseline.statements(),
        "target": target,
        "pass": bool(reached(ratio)),
        **more,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def p95(way: Way) -> float:
    """The 95th percentile of a way's times, milliseconds."""
    return sorted(way.times)[int(len(way.times) * 0.95)]
