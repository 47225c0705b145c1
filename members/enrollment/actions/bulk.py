"""Entering many people at once, by the rules of `acquire` and `certify_dependant`, in a constant number of statements.

For files of an employer: one action a line would be some twenty statements a line. What a rule refuses is returned beside
its key as a sentence, and never keeps the others out. Rows are written by COPY; the history follows by the triggers.
Of protected people nothing is written here: their lines go one by one through `certify_dependant`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from members.enrollment import search
from members.enrollment.actions.addresses import ALL_FIELDS, full_address
from members.enrollment.actions.common import Person
from members.enrollment.actions.entering import check_person
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.numbers import LAST_BRANCH, hold_numbers, next_number
from members.enrollment.actions.receipts import mint_receipt_numbers
from members.enrollment.actions.spans import FOLLOWS
from members.enrollment.enums import AcquisitionReason, ChangeKind, EligibilityKind, Relation
from members.enrollment.queries.standing import Office, offices
from members.enrollment.rules.numbers import order_of
from members.enrollment.rules.qualification import voluntary_term
from privacy.scope import current_scope, population, shown


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
class Entered:
    """What became of the entries: key → member, and key → why not."""

    members: dict[Hashable, int]
    refused: dict[Hashable, str]


@lru_cache(maxsize=50_000)
def _keys(family: str, given: str, family_kana: str, given_kana: str) -> tuple[str, str, tuple[str, ...]]:
    name_key, kana_key = search.name_keys(family, given, family_kana, given_kana)
    return name_key, kana_key, tuple(search.tokens(name_key, kana_key))


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _span(start: date, end: date | None) -> str:
    return f"[{start},{end or ''})"


def _refusing(refused: dict[Hashable, str], key: Hashable, check: Callable[[], Any]) -> Any:
    """What the check gives; None, with its sentence kept, when it refuses."""
    try:
        return check()
    except UnableToChange as unable:
        refused[key] = str(unable)
        return None


_MEMBER = (
    "symbol number branch insured_id family_name given_name family_kana given_kana birth_date sex common_name alphabet_name "
    "kana_unknown symbol_order number_order name_key kana_key protected version"
).split()


def _member_row(person: Person, symbol: str, number: str, branch: str, insured_id: int | None) -> tuple:
    name_key, kana_key, _tokens = _keys(*person.names.values())
    return (
        symbol, number, branch, insured_id, *person.names.values(), person.birth_date, person.sex, *person.other_names.values(),
        order_of(symbol), order_of(number), name_key, kana_key, False, 1,
    )  # fmt: skip


def _write_members(rows: Sequence[tuple]) -> dict[tuple[str, str, str], int]:
    """Write the people and read back who they are, by their numbers."""
    if not rows:
        return {}
    _copy("enrollment_member", _MEMBER, rows)
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


def _write_tokens(people: Iterable[tuple[int, Person]]) -> None:
    """What a search finds them by, as `names.write_tokens` does for one."""

    def rows() -> Iterable[tuple[int, str]]:
        for pk, person in people:
            tokens: Iterable[str] = _keys(*person.names.values())[2]
            others = [name for name in (person.common_name, person.alphabet_name) if name]
            if others:
                tokens = {*tokens, *search.tokens(*map(search.search_key, others))}
            for token in tokens:
                yield pk, token

    _copy("enrollment_nametoken", ("member_id", "token"), rows())


_ADDRESS = ("member_id", *ALL_FIELDS, "period", "cancelled")


def _write_addresses(rows: Iterable[tuple[int, date, Mapping[str, Any]]]) -> None:
    _copy(
        "enrollment_address",
        _ADDRESS,
        ((pk, *(values[name] for name in ALL_FIELDS), _span(start, None), False) for pk, start, values in rows),
    )


@dataclass(frozen=True)
class _Document:
    """A row of 届 to be."""

    member_id: int
    kind: str
    received_date: date
    effective_date: date
    note: str
    before: dict[str, Any]
    after: dict[str, Any]


def _write_reports(documents: Sequence[_Document], *, by: Any) -> None:
    """The documents behind it all, with their receipt numbers in the order given."""
    counts = Counter(document.received_date for document in documents)
    numbers = {day: iter(mint_receipt_numbers(day, count)) for day, count in sorted(counts.items())}
    scope = current_scope()
    event = str(scope.seen.event) if scope else None
    now = timezone.now()
    _copy(
        "enrollment_changereport",
        ("member_id kind receipt_number received_date effective_date note before after access_event entered_by_id entered_at").split(),
        (
            (d.member_id, d.kind, next(numbers[d.received_date]), d.received_date, d.effective_date, d.note,
             json.dumps(d.before), json.dumps(d.after), event, by.pk, now)
            for d in documents
        ),
    )  # fmt: skip


def _period_ids(table: str, member_ids: Sequence[int]) -> dict[int, int]:
    """Member → their only period, just written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT member_id, id FROM {table} WHERE member_id = ANY(%s)", [list(member_ids)])  # noqa: S608
        found = dict(cursor.fetchall())
    shown(found)
    return found


# --- Insured people -----------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_many(*, by: Any, entries: Sequence[Entry]) -> Entered:
    """資格取得 of many (法35条). Refused, each with a sentence: what `acquire` refuses of a person who was never here before.

    Returning people are not looked for: the caller compares with the register before.
    """
    refused: dict[Hashable, str] = {}
    known = offices()
    good: list[tuple[Entry, Office | None, dict[str, Any] | None]] = []
    for entry in entries:
        checked = _refusing(refused, entry.key, lambda entry=entry: _check_entry(entry, known))
        if checked is not None:
            good.append((entry, *checked))
    for symbol in sorted({entry.symbol for entry, *_rest in good}):
        hold_numbers(symbol)
    good = _not_twice(good, refused)
    numbered = _numbered([entry for entry, *_rest in good], refused)
    good = [one for one in good if one[0].key in numbered]
    rows = [_member_row(e.person, e.symbol, numbered[e.key], "00", None) for e, *_rest in good]
    ids = _write_members(rows)
    made = {e.key: ids[e.symbol, numbered[e.key], "00"] for e, *_rest in good}
    _write_tokens((made[e.key], e.person) for e, *_rest in good)
    _write_addresses((made[e.key], e.start, address) for e, _office, address in good if address)
    _copy(
        "enrollment_eligibilityperiod",
        "member_id employer_id kind period acquisition_reason loss_reason received_date".split(),
        (
            (made[e.key], office.id if office else None, e.kind, _span(e.start, _end_of(e)), e.reason, e.loss_reason,
             e.received_date)
            for e, office, _address in good
        ),
    )  # fmt: skip
    if good:
        periods = _period_ids("enrollment_eligibilityperiod", list(made.values()))
        documents = []
        for e, *_rest in good:
            pk = made[e.key]
            after: dict[str, Any] = {"period": periods[pk]}
            documents.append(_Document(pk, ChangeKind.ACQUISITION, e.received_date, e.start, e.note, {}, after))
            if e.end:
                end = voluntary_term(e.start).isoformat() if e.kind == EligibilityKind.VOLUNTARY else None
                before = {"end": end, "received_date": e.received_date.isoformat(), "family": []}
                after = after | {"reason": e.loss_reason}
                documents.append(_Document(pk, ChangeKind.LOSS, e.received_date, e.end, e.note, before, after))
        _write_reports(documents, by=by)
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


# --- Dependants ---------------------------------------------------------------------------------------------------------


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
        checked = _refusing(refused, entry.key, lambda e=entry, h=head: _check_family_entry(e, h, twice))
        if checked is None:
            continue
        branch, until, address = checked
        head.branches.add(branch)
        twice.add((head.id, *_identity(entry.person)))
        ends[entry.key] = (entry.end or until, entry.end_reason or (FOLLOWS if until else ""))
        chosen.append((entry, branch, address))
        rows.append(_member_row(entry.person, head.symbol, head.number, branch, head.id))
    ids = _write_members(rows)
    made = {e.key: ids[insured[e.insured_id].symbol, insured[e.insured_id].number, b] for e, b, _a in chosen}
    _write_tokens((made[e.key], e.person) for e, _b, _a in chosen)
    _write_addresses((made[e.key], e.start, address) for e, _b, address in chosen if address)
    _copy(
        "enrollment_dependantperiod",
        "member_id insured_id relation period end_reason received_date".split(),
        (
            (made[e.key], e.insured_id, e.relation, _span(e.start, ends[e.key][0]), ends[e.key][1], e.received_date)
            for e, _b, _a in chosen
        ),
    )
    if chosen:
        periods = _period_ids("enrollment_dependantperiod", list(made.values()))
        documents = []
        for e, _b, _a in chosen:
            pk = made[e.key]
            documents.append(
                _Document(pk, ChangeKind.CERTIFIED, e.received_date, e.start, e.note, {}, {"period": periods[pk]})
            )
            if e.end:
                after = {"period": periods[pk], "reason": e.end_reason}
                before = {"end": None, "reason": ""}
                documents.append(_Document(pk, ChangeKind.REMOVED, e.received_date, e.end, e.note, before, after))
        _write_reports(documents, by=by)
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
        found = {row[0]: _Insured(*row, periods=[], address=None, branches=set()) for row in cursor.fetchall()}
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
