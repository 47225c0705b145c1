"""What stands in the register of many people at once, for comparing a file with it. Statements constant in the rows.

Reads by SQL of their own: a page of the ORM with its periods would be six statements and an instance a row.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from members.enrollment.models import Employer
from privacy.scope import population, shown

Number = tuple[str, str, str]


@dataclass(frozen=True)
class Standing:
    """One person as registered: names, the address without an end, the latest period.

    hidden: protected, and this clerk is not named: then nothing but the number and the flag is filled.
    start, end, reason: of the latest period, their own (`employer_id`, `kind`) or as a dependant (`relation`).
    """

    member_id: int
    version: int
    symbol: str
    number: str
    branch: str
    insured_id: int | None
    protected: bool
    merged: bool
    hidden: bool = False
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    birth_date: date | None = None
    sex: str = ""
    kana_unknown: bool = False
    address: dict[str, Any] = field(default_factory=dict)
    address_since: date | None = None
    start: date | None = None
    end: date | None = None
    reason: str = ""
    kind: str = ""
    employer_id: int | None = None
    relation: str = ""

    @property
    def card_number(self) -> str:
        return f"{self.symbol}-{self.number}-{self.branch}"

    @property
    def key(self) -> Number:
        return (self.symbol, self.number, self.branch)


_COLUMNS = (
    "member_id version symbol number branch insured_id protected merged hidden family_name given_name family_kana "
    "given_kana birth_date sex kana_unknown address address_since start end reason kind employer_id relation"
).split()

_STANDING = """
SELECT m.id, m.version, m.symbol, m.number, m.branch, m.insured_id, m.protected, m.merged_into_id IS NOT NULL,
       m.protected AND c.id IS NULL, m.family_name, m.given_name, m.family_kana, m.given_kana, m.birth_date, m.sex,
       m.kana_unknown,
       CASE WHEN a.id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('postal_code', a.postal_code, 'town', a.town,
            'street', a.street, 'abroad', a.abroad, 'country', a.country, 'lines', a.lines) END,
       lower(a.period), lower(p.period), upper(p.period), p.reason, p.kind, p.employer_id, p.relation
FROM enrollment_member m
LEFT JOIN enrollment_protectionclerk c ON m.protected AND c.member_id = m.id AND c.user_id = %(user)s AND c.released_date IS NULL
LEFT JOIN LATERAL (
    SELECT id, postal_code, town, street, abroad, country, lines, period FROM enrollment_address
    WHERE NOT m.protected AND member_id = m.id AND NOT cancelled AND upper_inf(period)
    UNION ALL
    SELECT id, postal_code, town, street, abroad, country, lines, period FROM enrollment_protectedaddress
    WHERE m.protected AND c.id IS NOT NULL AND member_id = m.id AND NOT cancelled AND upper_inf(period)
    LIMIT 1) a ON true
LEFT JOIN LATERAL (
    SELECT period, loss_reason AS reason, kind, employer_id, '' AS relation FROM enrollment_eligibilityperiod
    WHERE m.insured_id IS NULL AND member_id = m.id AND NOT cancelled
    UNION ALL
    SELECT period, end_reason, '', NULL, relation FROM enrollment_dependantperiod
    WHERE m.insured_id IS NOT NULL AND member_id = m.id AND NOT cancelled
    ORDER BY 1 DESC LIMIT 1) p ON true
"""


def _standing(where: str, values: dict[str, Any], user_id: int) -> list[Standing]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING + where, values | {"user": user_id})
        found = [_veiled(dict(zip(_COLUMNS, row, strict=True))) for row in cursor.fetchall()]
    shown([one.member_id for one in found])
    return found


def _veiled(row: dict[str, Any]) -> Standing:
    row = {key: "" if value is None and key in ("reason", "kind", "relation") else value for key, value in row.items()}
    row["address"] = json.loads(row["address"])
    if row["hidden"]:
        row = {key: row[key] for key in _COLUMNS[:9]}
    return Standing(**row)


def standing_by_number(numbers: Iterable[Number], *, user_id: int) -> dict[Number, Standing]:
    """記号・番号・枝番 → the person who has it."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    values = dict(zip(("symbols", "numbers", "branches"), map(list, zip(*wanted, strict=True)), strict=True))
    where = (
        "JOIN unnest(%(symbols)s::text[], %(numbers)s::text[], %(branches)s::text[]) AS k (symbol, number, branch) "
        "ON (m.symbol, m.number, m.branch) = (k.symbol, k.number, k.branch)"
    )
    return {one.key: one for one in _standing(where, values, user_id)}


def standing_families(insured_ids: Iterable[int], *, user_id: int) -> dict[int, list[Standing]]:
    """Insured person → everybody registered as theirs, by 枝番."""
    ids = sorted(set(insured_ids))
    found: dict[int, list[Standing]] = defaultdict(list)
    if ids:
        for one in _standing("WHERE m.insured_id = ANY(%(ids)s)", {"ids": ids}, user_id):
            found[one.insured_id or 0].append(one)
    for family in found.values():
        family.sort(key=lambda one: one.branch)
    return found


def standing_alike(people: Sequence[tuple[date, str, str]], *, user_id: int) -> dict[tuple[date, str], list[Standing]]:
    """(birth date, name key) and (birth date, kana key) → who is registered so, merged rows left out.

    people: birth date, name key and kana key ("" where unknown) as `search.name_keys` makes them.
    """
    if not people:
        return {}
    births, names, kanas = map(list, zip(*set(people), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT n.id, n.birth_date, n.name_key, n.kana_key FROM enrollment_member n "
            "JOIN unnest(%s::date[], %s::text[], %s::text[]) AS k (birth, name, kana) "
            "ON n.birth_date = k.birth AND (n.name_key = k.name OR (k.kana <> '' AND n.kana_key = k.kana)) "
            "WHERE n.merged_into_id IS NULL",
            [births, names, kanas],
        )
        keys = {pk: (birth, name, kana) for pk, birth, name, kana in cursor.fetchall()}
    shown(keys)
    population("standing.alike", len(people))
    found: dict[tuple[date, str], list[Standing]] = defaultdict(list)
    if keys:
        for one in _standing("WHERE m.id = ANY(%(ids)s)", {"ids": list(keys)}, user_id):
            birth, *texts = keys[one.member_id]
            for text in {text for text in texts if text}:
                found[birth, text].append(one)
    return found


def former_numbers(numbers: Iterable[Number]) -> set[Number]:
    """Of these numbers, those somebody had before."""
    wanted = sorted(set(numbers))
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.symbol, f.number, f.branch, f.member_id FROM enrollment_formernumber f "
            "JOIN unnest(%s::text[], %s::text[], %s::text[]) AS k (symbol, number, branch) "
            "ON (f.symbol, f.number, f.branch) = (k.symbol, k.number, k.branch)",
            [list(part) for part in zip(*wanted, strict=True)],
        )
        rows = cursor.fetchall()
    shown([row[3] for row in rows])
    return {row[:3] for row in rows}


@dataclass(frozen=True)
class Office:
    """事業所 with its days in the association."""

    id: int
    symbol: str
    name: str
    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def offices() -> dict[str, Office]:
    """記号 → employer."""
    return {e.symbol: Office(e.pk, e.symbol, e.name, e.period.lower, e.period.upper) for e in Employer.objects.all()}
