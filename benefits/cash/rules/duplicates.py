"""Whether something has been applied for or paid before: the same days, the same birth, the same death, the same trip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules.findings import Effect, Finding, stretches
from benefits.cash.rules.kinds import Kind

DAY = timedelta(days=1)
SIMILAR_DAYS = 7
DEATHS = frozenset({Kind.FUNERAL, Kind.FUNERAL_COST})


@dataclass(frozen=True)
class Entry:
    """A case as the check for duplicates sees it: whom it is about (`person`: who was ill, gave birth, died, was moved),
    the kind, the days, and whether it was paid. Withdrawn and refused cases are not given.
    """

    reference: str
    person: str
    kind: Kind
    first: date
    last: date
    illness: str = ""
    paid: bool = False


def duplicates(entry: Entry, others: Iterable[Entry]) -> tuple[Finding, ...]:
    """Cases of the same person and kind for the same days or event; nearly the same events are to be confirmed."""
    found: list[Finding] = []
    for other in others:
        if other.reference == entry.reference or other.person != entry.person or not _same_kind(entry.kind, other.kind):
            continue
        finding = _days(entry, other) if entry.kind.daily else _event(entry, other)
        if finding is not None:
            found.append(finding)
    return tuple(sorted(found, key=lambda finding: (finding.first, finding.others)))


def overlap(entry: Entry, others: Iterable[Entry]) -> tuple[tuple[date, date], ...]:
    """The days of a daily benefit that others of the same person, kind and illness hold already, as stretches."""
    days: set[date] = set()
    for other in others:
        if other.reference != entry.reference and (other.person, other.kind, other.illness) == (
            entry.person,
            entry.kind,
            entry.illness,
        ):
            day = max(entry.first, other.first)
            while day <= min(entry.last, other.last):
                days.add(day)
                day += DAY
    return stretches(days)


def _same_kind(one: Kind, two: Kind) -> bool:
    return one is two or {one, two} <= DEATHS


def _days(entry: Entry, other: Entry) -> Finding | None:
    if (
        entry.kind in (Kind.SICKNESS, Kind.SICKNESS_ADDITION, Kind.SICKNESS_EXTENSION)
        and entry.illness != other.illness
    ):
        return None
    first, last = max(entry.first, other.first), min(entry.last, other.last)
    if first > last:
        return None
    state = "支払済みです" if other.paid else "申請されています"
    return Finding(
        "same_days",
        Effect.REFUSE if other.paid else Effect.CONFIRM,
        f"{first.isoformat()} から {last.isoformat()} までの{entry.kind.label}は、すでに{state}。",
        "法56条",
        first,
        last,
        (other.reference,),
    )


def _event(entry: Entry, other: Entry) -> Finding | None:
    state = "支払済みです" if other.paid else "申請されています"
    if entry.first == other.first or {entry.kind, other.kind} <= DEATHS or entry.kind is Kind.FAMILY_FUNERAL:
        # A person dies once: another date of death is an error of one of the two.
        return Finding(
            "same_event",
            Effect.REFUSE if other.paid else Effect.CONFIRM,
            f"同じ方の{other.kind.label}（{other.first.isoformat()}）が、すでに{state}。",
            other.kind.article,
            other.first,
            other.last,
            (other.reference,),
        )
    if entry.kind in (Kind.CHILDBIRTH, Kind.FAMILY_CHILDBIRTH) and abs(entry.first - other.first) <= DAY * SIMILAR_DAYS:
        return Finding(
            "near_event",
            Effect.CONFIRM,
            f"近い日（{other.first.isoformat()}）の{other.kind.label}があります。同じ出産でないか確かめてください。",
            other.kind.article,
            other.first,
            other.last,
            (other.reference,),
        )
    return None
