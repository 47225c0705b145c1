"""Reads of the notice: which version is in force, what it says, and who holds which grant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from kumiai.accounts.models import User
from privacy.accesslog.queries import keys_exercised_since
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
    """What one column may do under one published use, in fixed slots. `first`: a section begins here."""

    operations: frozenset[str]
    first: bool

    @property
    def slots(self) -> list[Slot]:
        return [Slot(operation, letter, label, operation in self.operations) for operation, letter, label in SLOTS]


@dataclass(frozen=True)
class MatrixLine:
    """One published use, what each column may do under it, and how many people can decide."""

    line: Publication
    cells: tuple[Cell, ...]
    deciders: int
    anybody: bool
    decided: bool

    @property
    def nobody(self) -> bool:
        return not self.anybody


@dataclass(frozen=True)
class MatrixRow:
    row: Row
    lines: tuple[MatrixLine, ...]


@dataclass(frozen=True)
class Column:
    """One column of the matrix: a section, or one person of it; None where a section has nobody."""

    section: Group
    person: User | None
    groups: frozenset[int]
    first: bool


@dataclass(frozen=True)
class GrantMatrix:
    """Who may do what: published uses × people or sections, from the version in force. `rows` are those asked for."""

    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    only: str
    by: str
    use_count: int
    second_count: int
    nobody_count: int

    @property
    def sections(self) -> list[tuple[Group, int]]:
        """(section, how many columns stand under it), in order."""
        return [
            (section, len(list(together)))
            for section, together in groupby((column.section for column in self.columns), key=lambda group: group)
        ]

    @property
    def people_count(self) -> int:
        return sum(column.person is not None for column in self.columns)


UNUSED_DAYS = 90
WANTED = {
    "second": lambda line: line.decided and line.deciders < 2,
    "nobody": lambda line: line.nobody,
}


def grant_matrix(*, on: date, only: str = "", by: str = "sections") -> GrantMatrix | None:
    """The matrix of grants on a day; None when no version is in force. Seven statements, whatever its size.

    only: "second" for uses in which no second person can decide, "nobody" for uses nobody holds, "unused" for uses held
    for 90 days in which nobody exercised them, else all. by: "people" or "sections".
    """
    notice = published_notice(on=on)
    if notice is None:
        return None
    groups = tuple(Group.objects.order_by("pk"))
    people = _people_of_sections(groups)
    columns = tuple(_columns(groups, people if by == "people" else {}))
    held: dict[int, dict[int, set[str]]] = {}
    oldest: dict[int, datetime] = {}
    for use, group, operation, since in PublishedUseGroupPermission.objects.values_list(
        "content_object_id", "group_id", "permission__codename", "granted_at"
    ):
        held.setdefault(use, {}).setdefault(group, set()).add(operation)
        oldest[use] = min(since, oldest.get(use, since))
    everyone = [person for members in people.values() for person in members]
    rows = [
        MatrixRow(
            row, tuple(_matrix_line(line, columns, held.get(line.published_use_id, {}), everyone) for line in row.uses)
        )
        for row in notice.rows
    ]
    lines = [line for row in rows for line in row.lines]
    wanted = WANTED.get(only)
    if only == "unused":
        before = timezone.now() - timedelta(days=UNUSED_DAYS)
        exercised = keys_exercised_since(before)
        wanted = lambda line: (  # noqa: E731  (as short as its neighbours in WANTED)
            not line.nobody
            and oldest[line.line.published_use_id] < before
            and line.line.published_use.key not in exercised
        )
    if wanted is not None:
        chosen = [MatrixRow(row.row, tuple(filter(wanted, row.lines))) for row in rows]
        rows = [row for row in chosen if row.lines]
    return GrantMatrix(
        columns=columns,
        rows=tuple(rows),
        only=only if wanted is not None else "",
        by=by,
        use_count=len(lines),
        second_count=sum(map(WANTED["second"], lines)),
        nobody_count=sum(map(WANTED["nobody"], lines)),
    )


def _columns(groups: Sequence[Group], people: dict[int, list[tuple[User, frozenset[int]]]]) -> Iterator[Column]:
    joined = {group for members in people.values() for _person, own in members for group in own}
    for group in groups:
        members = people.get(group.pk, [])
        if not members and group.pk not in joined:
            yield Column(group, None, frozenset({group.pk}), True)
        for place, (person, own) in enumerate(members):
            yield Column(group, person, own, place == 0)


def _matrix_line(
    line: Publication,
    columns: Sequence[Column],
    held: dict[int, set[str]],
    everyone: Sequence[tuple[User, frozenset[int]]],
) -> MatrixLine:
    def operations(groups: frozenset[int]) -> frozenset[str]:
        return frozenset().union(*(held.get(group, ()) for group in groups))

    cells = tuple(Cell(operations(column.groups), column.first) for column in columns)
    deciders = sum("decide" in operations(groups) for _person, groups in everyone)
    return MatrixLine(line, cells, deciders, anybody=bool(held), decided=any("decide" in o for o in held.values()))


def _people_of_sections(groups: Sequence[Group]) -> dict[int, list[tuple[User, frozenset[int]]]]:
    """Section → the people who can log in, each once, under their own section or else their first group. Two statements."""
    found: dict[int, list[tuple[User, frozenset[int]]]] = {}
    people = User.objects.only("id", "staff_number", "name", "section").filter(is_active=True)
    for person in people.prefetch_related("groups").order_by("staff_number"):
        own = [group.pk for group in person.groups.all()]
        if own:
            home = person.section_id if person.section_id in own else min(own)
            found.setdefault(int(home or 0), []).append((person, frozenset(own)))
    return found
