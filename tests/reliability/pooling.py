"""Many threads over few database connections, as a web process with persistent connections has them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections


class Pool:
    """Open connections that go from thread to thread, each used by one at a time."""

    def __init__(self, size: int) -> None:
        self.free: queue.Queue[Any] = queue.Queue()
        for _ in range(size):
            made = connection.copy()
            made.inc_thread_sharing()
            made.connect()
            self.free.put(made)
        self.size = size

    @contextmanager
    def lend(self) -> Iterator[Any]:
        """This thread's `connection` is one of the pool's for a while."""
        lent = self.free.get()
        connections["default"] = lent
        try:
            yield lent
        finally:
            del connections["default"]
            self.free.put(lent)

    def close(self) -> None:
        for _ in range(self.size):
            self.free.get(timeout=30).close()


@contextmanager
def pool(size: int) -> Iterator[Pool]:
    made = Pool(size)
    try:
        yield made
    finally:
        made.close()


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run `work(0 … count-1)` at the same time; the first exception of any thread is raised here."""
    start, problems = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as problem:  # noqa: BLE001  (raised again in the test's own thread)
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
