"""COPY is noticed like any other statement: Django's execute wrappers do not see it, so the driver's cursor says so."""

from __future__ import annotations

from functools import cache
from typing import Any

from privacy.records import personal_tables
from privacy.seen import collecting


@cache
def noticing(factory: type) -> type:
    """The cursor class of a connection, whose `copy` notes that a personal table was read or written."""

    class NoticingCursor(factory):  # type: ignore[misc, valid-type]
        def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
            seen = collecting.get()
            if seen is not None and personal_tables().search(str(statement)):
                seen.touched = True
            return super().copy(statement, *args, **kwargs)

    return NoticingCursor


def notice_copy(sender: Any, connection: Any, **_kwargs: Any) -> None:
    """Receiver of connection_created."""
    if connection.vendor == "postgresql":
        raw = connection.connection
        raw.cursor_factory = noticing(raw.cursor_factory)
