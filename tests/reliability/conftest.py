"""Faults, attacks and load. Small runs always; KUMIAI_LONG_TESTS=1 (script/test --long) runs the figures of the design.

Every run prints its seed; PORTAL_SEED replays it.
"""

from __future__ import annotations

import os
import random
import time

import pytest
from django.db import connection

LONG = os.environ.get("KUMIAI_LONG_TESTS", "") not in {"", "0"}


def small_or_long(small: int, long: int) -> int:
    """How many: always the small number, the long one only when it is asked for."""
    return long if LONG else small


@pytest.fixture
def dice() -> random.Random:
    """Chance with a printed seed."""
    seed = int(os.environ.get("PORTAL_SEED") or time.time_ns() % 10**6)
    print(f"PORTAL_SEED={seed}")
    return random.Random(seed)


@pytest.fixture(autouse=True)
def the_log_is_emptied(request):
    """What was really committed is taken away again: the flush of a transactional test knows nothing of the log."""
    marker = request.node.get_closest_marker("django_db")
    if not marker or not marker.kwargs.get("transaction"):
        yield
        return
    owner = request.getfixturevalue("owner")
    yield
    with owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accesslog_event")
