"""Countries by their two letters (ISO 3166-1), as an address abroad names them in Japanese."""

from __future__ import annotations

from functools import cache
from pathlib import Path

COUNTRIES = Path(__file__).parent / "countries.csv"


@cache
def countries() -> dict[str, str]:
    """Two letters → name in Japanese, in the order of the file (where members live first, then by reading)."""
    lines = COUNTRIES.read_text(encoding="utf-8").splitlines()
    return dict(line.split(",", 1) for line in lines[1:] if line)  # type: ignore[misc]


def country_name(code: str) -> str:
    """The name of a country; ValueError for letters that are no country."""
    try:
        return countries()[code]
    except KeyError:
        raise ValueError(f"no country {code}") from None
