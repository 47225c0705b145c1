"""What the files of the register share: who they are addressed to, and how a cell of the door is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kumiai.ui.formats import format_wareki_short

Value = str | int | date | None
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Addressee:
    """The employer a document is for."""

    name: str
    symbol: str
    postal_code: str = ""
    address: str = ""

    @property
    def postal(self) -> str:
        """〒100-0001."""
        return f"〒{self.postal_code[:3]}-{self.postal_code[3:]}" if len(self.postal_code) == 7 else self.postal_code


@dataclass(frozen=True)
class Printed:
    """One column of a printed table: the items it joins with a hyphen, its head, its share of the width."""

    codes: tuple[str, ...]
    head: str
    width: float
    show: Callable[[Value], str]

    def cell(self, values: Values, chosen: frozenset[str]) -> str:
        return "-".join(self.show(values.get(code)) for code in self.codes if code in chosen)


def text(value: Value) -> str:
    return "" if value is None else str(value)


def day(value: Value) -> str:
    """昭54.9.27, from a date or from its ISO text."""
    return format_wareki_short(date.fromisoformat(value) if isinstance(value, str) and value else value or None)  # type: ignore[arg-type]
