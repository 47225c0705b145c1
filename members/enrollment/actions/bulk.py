"""資格取得 of many at once, by the rules of `acquire`, in a constant number of statements.

For files of an employer: one action a line would be some twenty statements a line. What a rule refuses is returned beside
its key as a sentence, and never keeps the others out. Rows are written by COPY; the history follows by the triggers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction

from members.enrollment.actions.addresses import full_address
from members.enrollment.actions.bulk_writing import (
    Document,
    Entered,
    copy_in,
    member_row,
    period_ids,
    refusing,
    span_text,
    write_addresses,
    write_members,
    write_reports,
    write_tokens,
)
from members.enrollment.actions.common import Person
from members.enrollment.actions.entering import check_person
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.numbers import hold_numbers, next_number
from members.enrollment.enums import AcquisitionReason, ChangeKind, EligibilityKind
from members.enrollment.queries.standing import Office, offices
from members.enrollment.rules.numbers import order_of
from members.enrollment.rules.qualification import voluntary_term
from privacy.scope import population, shown

__all__ = ["Entered", "Entry", "enter_many"]


@dataclass(frozen=True)
class Entry:
    """One insured person to enter. key: the caller's, to find the result by. number "": the next free one of the symbol.

    start: 資格取得日. end, loss_reason: of somebody who has left already. note: the remark of the documents.
    """

    key: Hashable
    person: Person
    symbol: str
    number: str
    start: date
    received_date: date
    reason: str = AcquisitionReason.EMPLOYMENT
    kind: str = EligibilityKind.COMPULSORY
    address: Mapping[str, Any] | None = None
    end: date | None = None
    loss_reason: str = ""
    note: str = ""


@transaction.atomic
def enter_many(*, by: Any, entries: Sequence[Entry]) -> Entered:
    """資格取得 of many (法35条). Refused, each with a sentence: what `acquire` refuses of a person who was never here before.

    Returning people are not looked for: the caller compares with the register before.
    """
    refused: dict[Hashable, str] = {}
    known = offices()
    good: list[tuple[Entry, Office | None, dict[str, Any] | None]] = []
    for entry in entries:
        checked = refusing(refused, entry.key, partial(_check_entry, entry, known))
        if checked is not None:
            good.append((entry, *checked))
    for symbol in sorted({entry.symbol for entry, *_rest in good}):
        hold_numbers(symbol)
    good = _not_twice(good, refused)
    numbered = _numbered([entry for entry, *_rest in good], refused)
    good = [one for one in good if one[0].key in numbered]
    rows = [member_row(e.person, e.symbol, numbered[e.key], "00", None) for e, *_rest in good]
    ids = write_members(rows)
    made = {e.key: ids[e.symbol, numbered[e.key], "00"] for e, *_rest in good}
    write_tokens((made[e.key], e.person) for e, *_rest in good)
    write_addresses((made[e.key], e.start, address) for e, _office, address in good if address)
    copy_in(
        "enrollment_eligibilityperiod",
        "member_id employer_id kind period acquisition_reason loss_reason received_date".split(),
        (
            (made[e.key], office.id if office else None, e.kind, span_text(e.start, _end_of(e)), e.reason, e.loss_reason,
             e.received_date)
            for e, office, _address in good
        ),
    )  # fmt: skip
    if good:
        periods = period_ids("enrollment_eligibilityperiod", list(made.values()))
        documents = []
        for e, *_rest in good:
            pk = made[e.key]
            after: dict[str, Any] = {"period": periods[pk]}
            documents.append(Document(pk, ChangeKind.ACQUISITION, e.received_date, e.start, e.note, {}, after))
            if e.end:
                end = voluntary_term(e.start).isoformat() if e.kind == EligibilityKind.VOLUNTARY else None
                before: dict[str, Any] = {"end": end, "received_date": e.received_date.isoformat(), "family": []}
                after = after | {"reason": e.loss_reason}
                documents.append(Document(pk, ChangeKind.LOSS, e.received_date, e.end, e.note, before, after))
        write_reports(documents, by=by)
    return Entered(made, refused)


def _end_of(entry: Entry) -> date | None:
    if entry.end:
        return entry.end
    return voluntary_term(entry.start) if entry.kind == EligibilityKind.VOLUNTARY else None


def _check_entry(entry: Entry, known: Mapping[str, Office]) -> tuple[Office | None, dict[str, Any] | None]:
    """The employer and the whole address. Raises UnableToChange."""
    check_person(entry.person, entry.start)
    office = known.get(entry.symbol)
    if entry.kind != EligibilityKind.VOLUNTARY:
        if office is None:
            raise UnableToChange("この記号の事業所は登録されていません。")
        if not office.holds(entry.start):
            raise UnableToChange("資格取得日に、事業所が組合に加入していません。")
    else:
        office = None
    if entry.end is not None and (entry.end <= entry.start or not entry.loss_reason):
        raise UnableToChange("喪失日は取得日より後にして、理由を入れてください。")
    return office, full_address(dict(entry.address)) if entry.address else None


def _not_twice(good: list[tuple[Entry, Any, Any]], refused: dict[Hashable, str]) -> list[tuple[Entry, Any, Any]]:
    """Leaves out whom somebody entered for the same day at the same employer, here or before."""
    if not good:
        return good
    kept, ours = [], set()
    identities = [
        (o.id if o else None, e.start, e.person.birth_date, e.person.family_name, e.person.given_name, e.person.sex)
        for e, o, _address in good
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.employer_id, lower(p.period), m.birth_date, m.family_name, m.given_name, m.sex, m.id, "
            "concat_ws('-', m.symbol, m.number, m.branch) "
            "FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::text[], %s::text[], %s::text[]) "
            "AS k (employer, start, birth, family, given, sex) "
            "JOIN enrollment_member m ON m.birth_date = k.birth AND m.family_name = k.family "
            "AND m.given_name = k.given AND m.sex = k.sex "
            "JOIN enrollment_eligibilityperiod p ON p.member_id = m.id AND NOT p.cancelled "
            "AND p.employer_id IS NOT DISTINCT FROM k.employer AND lower(p.period) = k.start",
            [list(part) for part in zip(*identities, strict=True)],
        )
        there = {row[:6]: row[6:] for row in cursor.fetchall()}
    shown([row[0] for row in there.values()])
    population("import.looked_for", len(identities))
    for one, identity in zip(good, identities, strict=True):
        if identity in there:
            refused[one[0].key] = f"同じ人の同じ日の資格取得が、{there[identity][1]} で登録されています。"
        elif identity in ours:
            refused[one[0].key] = "同じ人の同じ日の資格取得が、このファイルの前の行にあります。"
        else:
            ours.add(identity)
            kept.append(one)
    return kept


def _numbered(entries: Sequence[Entry], refused: dict[Hashable, str]) -> dict[Hashable, str]:
    """Key → the number each gets: its own, when nobody has or had it, or the next of its symbol."""
    found: dict[Hashable, str] = {}
    wanted = {(e.symbol, e.number) for e in entries if e.number}
    taken = _taken(wanted)
    following: dict[str, int] = {}
    highest: dict[str, int] = defaultdict(int)
    for entry in entries:
        if not entry.number:
            continue
        if (entry.symbol, entry.number) in taken:
            refused[entry.key] = (
                f"{entry.symbol}-{entry.number} は、ほかの加入者の番号です（前に使われた番号を含みます）。"
            )
            continue
        taken.add((entry.symbol, entry.number))
        highest[entry.symbol] = max(highest[entry.symbol], order_of(entry.number))
        found[entry.key] = entry.number
    for entry in entries:
        if entry.number:
            continue
        if entry.symbol not in following:
            following[entry.symbol] = max(int(next_number(entry.symbol)), highest[entry.symbol] + 1)
        found[entry.key] = str(following[entry.symbol])
        following[entry.symbol] += 1
    return found


def _taken(wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    if not wanted:
        return set()
    symbols, numbers = map(list, zip(*wanted, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.symbol, s.number FROM unnest(%s::text[], %s::text[]) AS k (symbol, number) JOIN ("
            "SELECT symbol, number FROM enrollment_member UNION ALL SELECT symbol, number FROM enrollment_formernumber"
            ") s ON (s.symbol, s.number) = (k.symbol, k.number)",
            [symbols, numbers],
        )
        found = set(cursor.fetchall())
    population("numbers.given", len(found))
    return found
