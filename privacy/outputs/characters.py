"""Which characters of a PDF the font cannot draw, told before anybody asks for the file and before it is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kumiai.documents import missing_characters
from kumiai.documents.font import printable
from privacy.outputs.door import pass_rows
from privacy.outputs.kinds import FileKind, Order, Row
from privacy.seen import population

PART = 1000
MOST_CHECKED = 2000
"""People looked at on the page that asks; with more, it says that only the first were."""


@dataclass(frozen=True)
class Missing:
    """A character the font does not have, what stands in the PDF instead, and in how many rows it is."""

    sign: str
    instead: str
    rows: int

    @property
    def code(self) -> str:
        """U+20BB7, or U+845B U+E0101 of a variant."""
        return " ".join(f"U+{ord(character):04X}" for character in self.sign)


@dataclass(frozen=True)
class Characters:
    """What was found, and whether every person of the file was looked at: `checked` of `people`."""

    missing: tuple[Missing, ...]
    checked: int
    people: int

    @property
    def partly(self) -> bool:
        return self.checked < self.people


def characters(kind: FileKind, order: Order, members: Sequence[int], apart: Sequence[Row] = ()) -> Characters:
    """What of the rows about these people (and of those about people in no register), and of the recipient's name and
    address, cannot be drawn. Runs in the open scope of the kind's activity; reads what the file would hold."""
    looked_at = members if kind.counts_only else members[:MOST_CHECKED]
    rows = [row for part in (*_parts(kind, order, looked_at), apart) for row in part]
    population(kind.title, len(looked_at))
    return Characters(missing_in(order, rows), len(looked_at), len(members))


def missing_in(order: Order, rows: Iterable[Row]) -> tuple[Missing, ...]:
    """What of these rows and of the recipient's name and address the font cannot draw."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(missing_characters([row.values.get(code) for code in order.columns]))
    found.update(missing_characters([order.addressee.name, order.addressee.address]))
    return tuple(Missing(sign, printable(sign, (sign,)), found[sign]) for sign in sorted(found))


def _parts(kind: FileKind, order: Order, members: Sequence[int]) -> list[list[Row]]:
    size = len(members) if kind.counts_only else PART
    parts = [members[start : start + size] for start in range(0, len(members), size or 1)]
    return [pass_rows(kind, order, kind.build(order, part), part)[0] for part in parts]
