"""Reads of the notice: which version is in force, what it says, and who holds which grant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.auth.models import Group

from privacy.notice.headings import heading_of
from privacy.notice.models import NoticeVersion, Publication, PublishedUseGroupPermission


@dataclass(frozen=True)
class Row:
    """One line of the notice: a category and the purposes it may be used for, in published order."""

    number: int
    label: str
    code: str
    uses: tuple[Publication, ...]

    @property
    def turn(self) -> int:
        """The place in `uses` where the second column begins; 0 for one column, which up to three purposes take."""
        return (len(self.uses) + 1) // 2 if len(self.uses) > 3 else 0


@dataclass(frozen=True)
class Section:
    """Rows under one heading of ours; `anchor` is the place on the page."""

    anchor: str
    title: str
    rows: tuple[Row, ...]

    @property
    def numbers(self) -> str:
        """The categories of the section as printed: 1〜4."""
        first, last = self.rows[0].number, self.rows[-1].number
        return str(first) if first == last else f"{first}〜{last}"

    @property
    def use_count(self) -> int:
        return sum(len(row.uses) for row in self.rows)


@dataclass(frozen=True)
class Notice:
    """One version as it is published, with the other versions that can be looked up."""

    version: NoticeVersion
    in_force: bool
    sections: tuple[Section, ...]
    versions: tuple[NoticeVersion, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def category_count(self) -> int:
        return len(self.rows)

    @property
    def use_count(self) -> int:
        return sum(len(row.uses) for row in self.rows)


def publications_of(version: NoticeVersion) -> list[Publication]:
    """What a version says, in published order."""
    return list(
        version.publications.select_related("published_use__category").order_by("category_position", "position")
    )


def rows_of(publications: Iterable[Publication]) -> tuple[Row, ...]:
    """Publications in published order, one row a category."""
    made = []
    for number, uses in groupby(publications, key=lambda line: line.category_position):
        lines = tuple(uses)
        made.append(Row(number, lines[0].category_label, lines[0].published_use.category.code, lines))
    return tuple(made)


def sections_of(rows: Sequence[Row]) -> tuple[Section, ...]:
    """Rows under our headings, in published order: neighbours of one heading stand together."""
    grouped = groupby(rows, key=lambda row: heading_of(row.code))
    return tuple(
        Section(f"section-{position}", title, tuple(together)) for position, (title, together) in enumerate(grouped, 1)
    )


def published_notice(*, on: date, number: int | None = None) -> Notice | None:
    """The version in force on a day, or the version of a number already published by then. Two statements.

    None when there is no such version. A version whose days have not begun is public too: it was announced.
    """
    versions = [v for v in NoticeVersion.objects.order_by("-number") if v.published_date <= on]
    current = next((v for v in versions if on in v.period), None)
    chosen = current if number is None else next((v for v in versions if v.number == number), None)
    if chosen is None:
        return None
    sections = sections_of(rows_of(publications_of(chosen)))
    return Notice(chosen, chosen == current, sections, tuple(versions))


def register_of(rows: Iterable[Row]) -> dict[str, Any]:
    """Rows in the structure of the register file: categories with purposes, and the number of published uses."""
    categories = [
        {
            "code": row.code,
            "label": row.label,
            "purposes": [{"code": line.published_use.purpose, "label": line.purpose_label} for line in row.uses],
        }
        for row in rows
    ]
    return {"categories": categories, "published_uses": sum(len(c["purposes"]) for c in categories)}


def keys_in_force(*, on: date) -> set[str]:
    """The keys ("category.purpose") published on a day."""
    return set(
        Publication.objects.filter(version__in=NoticeVersion.objects.in_force_on(on)).values_list(
            "published_use__key", flat=True
        )
    )


# The letter of an operation in its fixed slot of a cell.
SLOTS = (
    ("view", "見", "見る"),
    ("change", "変", "変える"),
    ("export", "出", "出力する"),
    ("decide", "決", "決定・承認する"),
)


@dataclass(frozen=True)
class Slot:
    operation: str
    letter: str
    label: str
    held: bool


@dataclass(frozen=True)
class Cell:
    """What one group may do under one published use, in fixed slots."""

    operations: frozenset[str]

    @property
    def slots(self) -> list[Slot]:
        return [Slot(operation, letter, label, operation in self.operations) for operation, letter, label in SLOTS]


@dataclass(frozen=True)
class MatrixLine:
    """One published use, what each group may do under it, and how many people can decide."""

    line: Publication
    cells: tuple[Cell, ...]
    deciders: int

    @property
    def nobody(self) -> bool:
        return not any(cell.operations for cell in self.cells)

    @property
    def decided(self) -> bool:
        """Whether any group may decide at all."""
        return any("decide" in cell.operations for cell in self.cells)


@dataclass(frozen=True)
class MatrixRow:
    row: Row
    lines: tuple[MatrixLine, ...]


@dataclass(frozen=True)
class GrantMatrix:
    """Who may do what: published uses × groups, from the version in force. `rows` are those asked for."""

    groups: tuple[Group, ...]
    rows: tuple[MatrixRow, ...]
    only: str
    use_count: int
    second_count: int
    nobody_count: int


WANTED = {
    "second": lambda line: line.decided and line.deciders < 2,
    "nobody": lambda line: line.nobody,
}


def grant_matrix(*, on: date, only: str = "") -> GrantMatrix | None:
    """The matrix of grants on a day; None when no version is in force. Five statements, whatever its size.

    only: "second" for uses in which no second person can decide, "nobody" for uses nobody holds, else all.
    """
    notice = published_notice(on=on)
    if notice is None:
        return None
    groups = tuple(Group.objects.order_by("pk"))
    people = _active_people()
    held: dict[tuple[int, int], set[str]] = {}
    for use, group, operation in PublishedUseGroupPermission.objects.values_list(
        "content_object_id", "group_id", "permission__codename"
    ):
        held.setdefault((use, group), set()).add(operation)
    rows = [MatrixRow(row, tuple(_matrix_line(line, groups, held, people) for line in row.uses)) for row in notice.rows]
    lines = [line for row in rows for line in row.lines]
    if only in WANTED:
        chosen = [MatrixRow(row.row, tuple(filter(WANTED[only], row.lines))) for row in rows]
        rows = [row for row in chosen if row.lines]
    return GrantMatrix(
        groups=groups,
        rows=tuple(rows),
        only=only if only in WANTED else "",
        use_count=len(lines),
        second_count=sum(map(WANTED["second"], lines)),
        nobody_count=sum(map(WANTED["nobody"], lines)),
    )


def _matrix_line(
    line: Publication, groups: Sequence[Group], held: dict[tuple[int, int], set[str]], people: dict[int, set[int]]
) -> MatrixLine:
    cells = tuple(Cell(frozenset(held.get((line.published_use_id, group.pk), ()))) for group in groups)
    deciders: set[int] = set()
    for group, cell in zip(groups, cells, strict=True):
        if "decide" in cell.operations:
            deciders |= people.get(group.pk, set())
    return MatrixLine(line, cells, len(deciders))


def _active_people() -> dict[int, set[int]]:
    """Group → the people in it who can log in."""
    found: dict[int, set[int]] = {}
    for group, user in Group.objects.filter(user__is_active=True).values_list("pk", "user__pk"):
        found.setdefault(group, set()).add(user)
    return found
