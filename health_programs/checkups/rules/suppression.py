"""10名未満の集団を出さない: which rows of a table may be told, which are told only together, and why nothing can be subtracted.

A table counts people by row (事業所, 年齢…) and by class (該当, 予備群, その他). The classes divide everybody of the row: those who were
not measured stand in one of them. What is published of a table is always the counts of *groups* of rows that divide all
rows, every class of every group counting at least `FLOOR` people, so that whatever is added or subtracted among the published
counts is again a sum of such cells. A row that stands alone in its group is shown; a row that shares its group is suppressed
and only the group's sum is told. Hiding a small row would not do: the total less the others would tell it. Sharing takes as many
neighbours as it needs, which is the secondary suppression.

Beyond subtraction. For every suppressed cell there is a population that agrees with everything published and has `FLOOR`
or more people in that cell; so no bound that can be computed ends below `FLOOR`, and no suppressed count below it is ever
determined. Why: inside a group the published figures are the numbers of people of its rows (each FLOOR or more, or told only as a
sum that is) and the sums of its classes (each FLOOR or more). A table with given sums of rows and of columns can be filled
beginning with any cell, up to the smaller of its two sums. Tables are published so that each pair shares only what is itself
published whole (employer × class and age × class share the classes; age × sex × class and age × class share groups × class),
and tables that agree on such a common part always fit together into one population. Age × employer is therefore never
published. A measure whose classes are sums of another's (該当・予備群 of 該当 and 予備群, or of the large waist) keeps together
what the other keeps together.

Measures that hold each other. Of some measures one holds the other by what they mean: everybody of 収縮期血圧130以上 counts as 血圧,
everybody of 該当・予備群 has a large waist and a risk, nobody whose waist alone is large counts as 血圧. There one published number less
another tells a third, so that third counts FLOOR or more as well before the table is told (`also`; the list stands in
`publication` and `overlap`). It is asked of every group whether or not the other table tells that group, so it holds for every
pair of tables: those of other rows, of one sex, of the item page. Measures of which neither holds the other (血圧 and 喫煙)
share the numbers of people only: every crossing of theirs may hold as many as the smaller of the two classes, FLOOR or more.

Years are apart: a result belongs to one year, no table adds years, and a difference of two years is of different results.

What this does not cover: who knows from elsewhere what a colleague's result was knows more than is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

FLOOR = 10
"""People. A group with fewer is not told."""

Row = TypeVar("Row", bound=Hashable)
Class = TypeVar("Class", bound=Hashable)
Cells = Mapping[Class, int]


@dataclass(frozen=True)
class Group(Generic[Row, Class]):
    """Rows that are told together. cells: people by class; every one FLOOR or more."""

    rows: tuple[Row, ...]
    cells: Mapping[Class, int]

    @property
    def alone(self) -> bool:
        return len(self.rows) == 1

    @property
    def people(self) -> int:
        return sum(self.cells.values())


@dataclass(frozen=True)
class Release(Generic[Row, Class]):
    """What may be told of a table. groups: empty where not even the sum of all rows may be told."""

    groups: tuple[Group[Row, Class], ...]

    def of(self, row: Row) -> Group[Row, Class] | None:
        """The group in which a row is told; None for a row without people, or of a table that is not told."""
        return next((group for group in self.groups if row in group.rows), None)

    def cells(self, row: Row) -> Mapping[Class, int] | None:
        """The counts of a row that stands alone; None where it is suppressed."""
        group = self.of(row)
        return group.cells if group is not None and group.alone else None

    @property
    def shared(self) -> tuple[Group[Row, Class], ...]:
        """The groups of several rows."""
        return tuple(group for group in self.groups if not group.alone)


def adjacent(
    rows: Sequence[tuple[Row, Cells[Class]]],
    *,
    classes: Sequence[Class],
    within: Iterable[Sequence[Row]] = (),
    also: Sequence[Class] = (),
) -> Release[Row, Class]:
    """The release of rows in order (年齢, 階級): a row with a class below FLOOR shares its group with its neighbours.

    A group that falls short takes in the smaller of the two groups beside it, until none falls short. within: rows that stood
    together in a coarser release already and therefore stay together. also: what another table subtracted from this one would tell;
    it counts FLOOR or more like a class, and is not told. Rows without people are left out.
    """
    needed = (*classes, *also)
    groups = [(list(part), total) for part, total in _parts(rows, within)]
    while len(groups) > 1:
        short = [place for place, (_rows, cells) in enumerate(groups) if not _enough(cells, needed)]
        if not short:
            break
        place = min(short, key=lambda one: (sum(groups[one][1].values()), one))
        beside = [one for one in (place - 1, place + 1) if 0 <= one < len(groups)]
        other = min(beside, key=lambda one: (sum(groups[one][1].values()), one))
        first, second = sorted((place, other))
        groups[first : second + 1] = [(groups[first][0] + groups[second][0], groups[first][1] + groups[second][1])]
    return _release(groups, classes, also)


def pooled(
    rows: Sequence[tuple[Row, Cells[Class]]],
    *,
    classes: Sequence[Class],
    within: Iterable[Sequence[Row]] = (),
    also: Sequence[Class] = (),
) -> Release[Row, Class]:
    """The release of rows without order (事業所, 性別): those with a class below FLOOR are told together, as one group.

    Where even they together fall short, the smallest of the others joins them, and so on. within: rows that were told together
    in a coarser release; if one of them joins, all do. also: as for `adjacent`. Rows without people are left out.
    """
    needed = (*classes, *also)
    parts = _parts(rows, within)
    together = [part for part in parts if len(part[0]) > 1 or not _enough(part[1], needed)]
    alone = [part for part in parts if len(part[0]) == 1 and _enough(part[1], needed)]
    alone.sort(key=lambda part: (-sum(part[1].values()), repr(part[0])))
    while together and alone and not _enough(_sum(cells for _rows, cells in together), needed):
        together.append(alone.pop())
    order = {row: place for place, (row, _cells) in enumerate(rows)}
    alone.sort(key=lambda part: order[part[0][0]])
    if together:
        members = sorted((row for part, _cells in together for row in part), key=lambda row: order[row])
        alone.append((members, _sum(cells for _rows, cells in together)))
    return _release(alone, classes, also)


def joined(releases: Iterable[Release[Row, Class]]) -> list[tuple[Row, ...]]:
    """The finest division of the rows that is coarser than every one of these releases: what stays together in any of them.

    A release that tells nothing joins nothing; such a table must be left out of what is built upon the others.
    """
    leader: dict[Row, Row] = {}

    def find(row: Row) -> Row:
        while leader.setdefault(row, row) != row:
            row = leader[row]
        return row

    for release in releases:
        for group in release.groups:
            for row in group.rows:
                leader[find(row)] = find(group.rows[0])
    sets: dict[Row, list[Row]] = {}
    for row in leader:
        sets.setdefault(find(row), []).append(row)
    return [tuple(rows) for rows in sets.values()]


def _parts(
    rows: Sequence[tuple[Row, Cells[Class]]], within: Iterable[Sequence[Row]]
) -> list[tuple[list[Row], Counter[Class]]]:
    """Rows with people, those of one set of `within` put together at the place of the first."""
    number = {row: place for place, together in enumerate(within) for row in together}
    parts: dict[Hashable, tuple[list[Row], Counter[Class]]] = {}
    for row, cells in rows:
        if not any(cells.values()):
            continue
        key = ("set", number[row]) if row in number else ("row", row)
        members, total = parts.setdefault(key, ([], Counter()))
        members.append(row)
        total.update(cells)
    return list(parts.values())


def _enough(cells: Cells[Class], classes: Sequence[Class]) -> bool:
    return all(cells.get(one, 0) >= FLOOR for one in classes)


def _sum(many: Iterable[Cells[Class]]) -> Counter[Class]:
    total: Counter[Class] = Counter()
    for cells in many:
        total.update(cells)
    return total


def _release(
    groups: Sequence[tuple[Sequence[Row], Cells[Class]]], classes: Sequence[Class], also: Sequence[Class]
) -> Release[Row, Class]:
    if not all(_enough(cells, (*classes, *also)) for _rows, cells in groups):
        return Release(())
    return Release(tuple(Group(tuple(rows), {one: cells[one] for one in classes}) for rows, cells in groups))
