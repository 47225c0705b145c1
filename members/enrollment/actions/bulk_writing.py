"""Writing many rows of the register at once, by COPY: what both ways of entering people share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from members.enrollment import search
from members.enrollment.actions.addresses import ALL_FIELDS
from members.enrollment.actions.common import Person
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.receipts import mint_receipt_numbers
from members.enrollment.rules.numbers import order_of
from privacy.scope import current_scope, shown


@dataclass
class Entered:
    """What became of the entries: key → member, and key → why not."""

    members: dict[Hashable, int]
    refused: dict[Hashable, str]


@lru_cache(maxsize=50_000)
def keys_of(family: str, given: str, family_kana: str, given_kana: str) -> tuple[str, str, tuple[str, ...]]:
    name_key, kana_key = search.name_keys(family, given, family_kana, given_kana)
    return name_key, kana_key, tuple(search.tokens(name_key, kana_key))


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def span_text(start: date, end: date | None) -> str:
    return f"[{start},{end or ''})"


def refusing(refused: dict[Hashable, str], key: Hashable, check: Callable[[], Any]) -> Any:
    """What the check gives; None, with its sentence kept, when it refuses."""
    try:
        return check()
    except UnableToChange as unable:
        refused[key] = str(unable)
        return None


MEMBER_COLUMNS = (
    "symbol number branch insured_id family_name given_name family_kana given_kana birth_date sex common_name alphabet_name "
    "kana_unknown symbol_order number_order name_key kana_key protected version"
).split()


def member_row(person: Person, symbol: str, number: str, branch: str, insured_id: int | None) -> tuple:
    name_key, kana_key, _tokens = keys_of(*person.names.values())
    return (
        symbol, number, branch, insured_id, *person.names.values(), person.birth_date, person.sex, *person.other_names.values(),
        order_of(symbol), order_of(number), name_key, kana_key, False, 1,
    )  # fmt: skip


def write_members(rows: Sequence[tuple]) -> dict[tuple[str, str, str], int]:
    """Write the people and read back who they are, by their numbers."""
    if not rows:
        return {}
    copy_in("enrollment_member", MEMBER_COLUMNS, rows)
    numbers = [list(part) for part in zip(*(row[:3] for row in rows), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.symbol, m.number, m.branch, m.id FROM enrollment_member m "
            "JOIN unnest(%s::text[], %s::text[], %s::text[]) AS k (symbol, number, branch) "
            "ON (m.symbol, m.number, m.branch) = (k.symbol, k.number, k.branch)",
            numbers,
        )
        found = {row[:3]: row[3] for row in cursor.fetchall()}
    shown(found.values())
    return found


def write_tokens(people: Iterable[tuple[int, Person]]) -> None:
    """What a search finds them by, as `names.write_tokens` does for one."""

    def rows() -> Iterable[tuple[int, str]]:
        for pk, person in people:
            tokens: Iterable[str] = keys_of(*person.names.values())[2]
            others = [name for name in (person.common_name, person.alphabet_name) if name]
            if others:
                tokens = {*tokens, *search.tokens(*map(search.search_key, others))}
            for token in tokens:
                yield pk, token

    copy_in("enrollment_nametoken", ("member_id", "token"), rows())


ADDRESS_COLUMNS = ("member_id", *ALL_FIELDS, "period", "cancelled")


def write_addresses(rows: Iterable[tuple[int, date, Mapping[str, Any]]]) -> None:
    copy_in(
        "enrollment_address",
        ADDRESS_COLUMNS,
        ((pk, *(values[name] for name in ALL_FIELDS), span_text(start, None), False) for pk, start, values in rows),
    )


@dataclass(frozen=True)
class Document:
    """A row of 届 to be."""

    member_id: int
    kind: str
    received_date: date
    effective_date: date
    note: str
    before: dict[str, Any]
    after: dict[str, Any]


def write_reports(documents: Sequence[Document], *, by: Any) -> None:
    """The documents behind it all, with their receipt numbers in the order given."""
    counts = Counter(document.received_date for document in documents)
    numbers = {day: iter(mint_receipt_numbers(day, count)) for day, count in sorted(counts.items())}
    scope = current_scope()
    event = str(scope.seen.event) if scope else None
    now = timezone.now()
    copy_in(
        "enrollment_changereport",
        ("member_id kind receipt_number received_date effective_date note before after access_event entered_by_id entered_at").split(),
        (
            (d.member_id, d.kind, next(numbers[d.received_date]), d.received_date, d.effective_date, d.note,
             json.dumps(d.before), json.dumps(d.after), event, by.pk, now)
            for d in documents
        ),
    )  # fmt: skip


def period_ids(table: str, member_ids: Sequence[int]) -> dict[int, int]:
    """Member → their only period, just written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT member_id, id FROM {table} WHERE member_id = ANY(%s)", [list(member_ids)])  # noqa: S608
        found = dict(cursor.fetchall())
    shown(found)
    return found
