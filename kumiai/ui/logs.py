"""Lines of the log: with the request's reference, without what an error quoted.

The text of a database error repeats the values of the row (`Key (name)=(…)`), so a log never carries it: only the kind
of the error and the places of the code it passed. An address is whatever somebody typed, so a log carries its route.
"""

from __future__ import annotations

import copy
import logging
import traceback
from contextvars import ContextVar
from typing import Any

# The reference number of the request being answered; "-" outside of one.
reference: ContextVar[str] = ContextVar("reference", default="-")


def _route(request: Any) -> str:
    """Which screen was asked for, as the code names it: "/members/<int:pk>/"."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(no such address)"


def _escaped(text: str) -> str:
    """As Django writes a path into its lines."""
    return text.encode("unicode_escape").decode("ascii")


class LineFormatter(logging.Formatter):
    """Writes `%(reference)s`, and errors as their kind and places only."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        request = getattr(record, "request", None)
        record.reference = getattr(request, "reference", "") or reference.get()
        if request is not None and isinstance(record.args, tuple):
            paths = {request.path, request.path_info}
            typed = paths | set(map(_escaped, paths))
            record.args = tuple(_route(request) if arg in typed else arg for arg in record.args)
        record.exc_text = None  # another handler may have kept the full text
        return super().format(record)

    def formatException(self, ei) -> str:  # type: ignore[no-untyped-def]  # noqa: N802  (name given by logging)
        lines = []
        error, seen = ei[1], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            sqlstate = getattr(error, "sqlstate", None)
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}{f' {sqlstate}' if sqlstate else ''}")
            frames = traceback.extract_tb(error.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
