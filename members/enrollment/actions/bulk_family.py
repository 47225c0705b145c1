"""被扶養者の認定 of many at once, by the rules of `certify_dependant`, in a constant number of statements.

Of protected people nothing is written here: their lines go one by one through `certify_dependant`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import connection, transaction

from members.enrollment.actions.addresses import ALL_FIELDS, full_address
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
from members.enrollment.actions.numbers import LAST_BRANCH, hold_numbers
from members.enrollment.actions.spans import FOLLOWS
from members.enrollment.enums import ChangeKind, EligibilityKind, Relation
from privacy.scope import shown


@dataclass(frozen=True)
class FamilyEntry:
    """One dependant to enter under an insured person. branch "": the next one. address None: the insured person's."""

    key: Hashable
    insured_id: int
    person: Person
    relation: str
    branch: str
    start: date
    received_date: date
    address: Mapping[str, Any] | None = None
    end: date | None = None
    end_reason: str = ""
    note: str = ""


@dataclass
class _Insured:
    """An insured person, locked, with what a dependant of theirs inherits."""

    id: int
    symbol: str
    number: str
    periods: list[tuple[date, date | None, str, str]]
    address: dict[str, Any] | None
    branches: set[str]


@transaction.atomic
def certify_many(*, by: Any, entries: Sequence[FamilyEntry]) -> Entered:
    """被扶養者の認定 of many (法3条7項). Refused, each with a sentence, is what `certify_dependant` refuses of a new person.

    Of protected insured people nothing is done here: their keys are in neither dict, for the caller to do one by one.
    """
    refused: dict[Hashable, str] = {}
    insured = _lock_insured({entry.insured_id for entry in entries})
    for symbol in sorted({one.symbol for one in insured.values()}):
        hold_numbers(symbol)
    _read_family(insured)
    twice = _family_names(list(insured))
    rows, ends = [], {}
    chosen: list[tuple[FamilyEntry, str, dict[str, Any] | None]] = []
    for entry in entries:
        head = insured.get(entry.insured_id)
        if head is None:
            continue
        checked = refusing(refused, entry.key, partial(_check_family_entry, entry, head, twice))
        if checked is None:
            continue
        branch, until, address = checked
        head.branches.add(branch)
        twice.add((head.id, *_identity(entry.person)))
        ends[entry.key] = (entry.end or until, entry.end_reason or (FOLLOWS if until else ""))
        chosen.append((entry, branch, address))
        rows.append(member_row(entry.person, head.symbol, head.number, branch, head.id))
    ids = write_members(rows)
    made = {e.key: ids[insured[e.insured_id].symbol, insured[e.insured_id].number, b] for e, b, _a in chosen}
    write_tokens((made[e.key], e.person) for e, _b, _a in chosen)
    write_addresses((made[e.key], e.start, address) for e, _b, address in chosen if address)
    copy_in(
        "enrollment_dependantperiod",
        "member_id insured_id relation period end_reason received_date".split(),
        (
            (made[e.key], e.insured_id, e.relation, span_text(e.start, ends[e.key][0]), ends[e.key][1], e.received_date)
            for e, _b, _a in chosen
        ),
    )
    if chosen:
        periods = period_ids("enrollment_dependantperiod", list(made.values()))
        documents = []
        for e, _b, _a in chosen:
            pk = made[e.key]
            documents.append(
                Document(pk, ChangeKind.CERTIFIED, e.received_date, e.start, e.note, {}, {"period": periods[pk]})
            )
            if e.end:
                after = {"period": periods[pk], "reason": e.end_reason}
                before = {"end": None, "reason": ""}
                documents.append(Document(pk, ChangeKind.REMOVED, e.received_date, e.end, e.note, before, after))
        write_reports(documents, by=by)
        _touch({e.insured_id for e, _b, _a in chosen})
    return Entered(made, refused)


def _identity(person: Person) -> tuple[Any, ...]:
    return person.birth_date, person.family_name, person.given_name, person.sex


def _touch(ids: set[int]) -> None:
    """One version further, so that a page opened before is seen to be old."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enrollment_member SET version = version + 1 WHERE id = ANY(%s)", [sorted(ids)])
    shown(ids)


def _lock_insured(ids: set[int]) -> dict[int, _Insured]:
    """The insured people who are not protected, locked in the order of their ids so that no two wait in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, symbol, number FROM enrollment_member "
            "WHERE id = ANY(%s) AND NOT protected AND insured_id IS NULL AND merged_into_id IS NULL ORDER BY id FOR UPDATE",
            [sorted(ids)],
        )
        found = {
            pk: _Insured(pk, symbol, number, periods=[], address=None, branches=set())
            for pk, symbol, number in cursor.fetchall()
        }
    shown(found)
    return found


def _read_family(insured: Mapping[int, _Insured]) -> None:
    """Periods, address and used branches of the insured people: three statements."""
    ids = list(insured)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member_id, lower(period), upper(period), kind, loss_reason FROM enrollment_eligibilityperiod "
            "WHERE member_id = ANY(%s) AND NOT cancelled ORDER BY period",
            [ids],
        )
        for pk, *period in cursor.fetchall():
            insured[pk].periods.append(tuple(period))  # type: ignore[arg-type]
        cursor.execute(
            f"SELECT member_id, {', '.join(ALL_FIELDS)} FROM enrollment_address "  # noqa: S608  (names of columns)
            "WHERE member_id = ANY(%s) AND NOT cancelled AND upper_inf(period)",
            [ids],
        )
        for pk, *values in cursor.fetchall():
            insured[pk].address = dict(zip(ALL_FIELDS, values, strict=True))
        cursor.execute(
            "SELECT i.id, s.branch FROM enrollment_member i JOIN ("
            "SELECT symbol, number, branch FROM enrollment_member "
            "UNION ALL SELECT symbol, number, branch FROM enrollment_formernumber"
            ") s ON (s.symbol, s.number) = (i.symbol, i.number) WHERE i.id = ANY(%s)",
            [ids],
        )
        for pk, branch in cursor.fetchall():
            insured[pk].branches.add(branch)
    shown(ids)


def _family_names(insured_ids: Sequence[int]) -> set[tuple[Any, ...]]:
    """(insured, birth date, names, sex) of everybody who ever was their dependant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, insured_id, birth_date, family_name, given_name, sex FROM enrollment_member "
            "WHERE insured_id = ANY(%s)",
            [list(insured_ids)],
        )
        rows = cursor.fetchall()
    shown([row[0] for row in rows])
    return {row[1:] for row in rows}


def _check_family_entry(
    entry: FamilyEntry, insured: _Insured, twice: set[tuple[Any, ...]]
) -> tuple[str, date | None, dict[str, Any] | None]:
    """枝番, until when the insured person is insured, the address. Raises UnableToChange."""
    check_person(entry.person, entry.start)
    if entry.relation not in Relation.values:
        raise UnableToChange("続柄を選んでください。")
    until = _covered_until(insured, entry.start)
    if entry.end is not None and (entry.end <= entry.start or not entry.end_reason or (until and entry.end > until)):
        raise UnableToChange("削除の日は、認定日より後、被保険者の喪失日までにして、理由を入れてください。")
    if (insured.id, *_identity(entry.person)) in twice:
        raise UnableToChange("同じ人が、この被保険者の被扶養者として登録されています。")
    branch = entry.branch
    if not branch:
        highest = max((int(used) for used in insured.branches), default=0)
        if highest >= LAST_BRANCH:
            raise UnableToChange("枝番が99まで使われています。新しい番号をつけてください。")
        branch = f"{highest + 1:02d}"
    elif branch in insured.branches:
        raise UnableToChange(f"枝番 {branch} は使われています（前に使われた枝番を含みます）。")
    address = full_address(dict(entry.address)) if entry.address else insured.address
    return branch, until, address


def _covered_until(insured: _Insured, day: date) -> date | None:
    """Until when the insured person is insured who is so on the day, over periods without a gap (as `certify_dependant`)."""
    end: date | None = None
    found = False
    for start, upper, kind, reason in insured.periods:
        if (start <= day and (upper is None or day < upper)) or (found and start == end):
            found, end = True, upper
            if kind == EligibilityKind.VOLUNTARY and not reason:
                end = None
            if end is None:
                break
    if not found:
        raise UnableToChange("被保険者には、認定日の資格がありません。認定日を直してください。")
    return end
