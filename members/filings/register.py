"""What the filings ask of the register: who a number is, who is alike, what a person's qualifications are.

The only place of this app that reads `members.enrollment`; it goes through that app's queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from members.enrollment import queries
from members.enrollment.enums import EligibilityKind, Status
from members.enrollment.queries import rosters
from members.enrollment.rules.numbers import CardNumber
from members.filings.rules.findings import Known, Span

COVERED = (Status.ACTIVE, Status.VOLUNTARY, Status.FUTURE)


def employers_by_symbol() -> dict[str, Any]:
    """Symbol → employer. One statement."""
    return {employer.symbol: employer for employer in queries.employers()}


def member_of(number: CardNumber | None) -> Any | None:
    """Who has, or before had, a number; without 枝番 the insured person. A merged row leads to the one that remains."""
    return None if number is None else queries.find_by_number(number.symbol, number.number, number.branch)


def members_by_id(ids: list[int]) -> dict[int, Any]:
    return queries.members_by_id(ids)


def known(member: Any, on: date, *, covered: bool) -> Known:
    return Known(member.pk, member.card_number, member.protected, covered)


def spans_of(periods: list[Any]) -> tuple[Span, ...]:
    return tuple(
        Span(
            period.period.lower,
            period.period.upper,
            getattr(period, "kind", "") == EligibilityKind.VOLUNTARY,
            getattr(period, "employer_id", None),
        )
        for period in sorted((p for p in periods if not p.period.isempty), key=lambda period: period.period.lower)
    )


def person(member_id: int, user_id: int, on: date) -> queries.Person | None:
    """One member with periods and family."""
    return queries.person(member_id=member_id, user_id=user_id, on=on)


def hidden_members(user_id: int, members: list[Any]) -> set[int]:
    """Of these members, the protected ones this clerk is not named for. At most one statement."""
    guarded = [member.pk for member in members if member is not None and member.protected]
    if not guarded:
        return set()
    return set(guarded) - queries.named_members(user_id, guarded)


def whom_to_ask(member_ids: list[int], on: date) -> dict[int, str]:
    """Protected member → whom others ask. At most one statement."""
    return queries.whom_to_ask(member_ids, on) if member_ids else {}


def similar_to(values: dict[str, Any], user_id: int, on: date) -> list[Known]:
    """Registered people who may be the one of these words, and whether each is covered on a day."""
    names = ("family_name", "given_name", "family_kana", "given_kana")
    person = SimpleNamespace(birth_date=values["birth_date"], **{name: values.get(name) or "" for name in names})
    alike = queries.similar_people(person)
    rows = {row.member_id: row for row in queries.member_rows(alike, user_id=user_id, on=on)} if alike else {}
    return [known(member, on, covered=_is_covered(rows.get(member.pk))) for member in alike]


def _is_covered(row: Any) -> bool:
    """Of a protected person whom the clerk is not named for, nothing is known: taken as covered, so that somebody asks."""
    return row is not None and ((row.protected and not row.name) or row.status in COVERED)


def veiled_number(member: Any) -> str:
    """番号-枝番 of a protected person: the 記号 would tell where they work."""
    return queries.veiled_number(member)


def proven_at(employer_id: int, member_ids: Sequence[int], since: date) -> set[int]:
    """Of these people, those insured at the employer (or with it: the family of somebody who is), lately or now."""
    members = queries.members_by_id(list(member_ids))
    heads = {pk: member.insured_id or pk for pk, member in members.items()}
    proven = rosters.proven_since(employer_id, sorted(set(heads.values())), since)
    return {pk for pk, head in heads.items() if head in proven}


def hidden_from(user_id: int) -> Any:
    """The protected people this clerk is not named for, as a part of another statement."""
    return queries.hidden_from(user_id)
