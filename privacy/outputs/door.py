"""What the door proves about people: every row belongs to the recipient, and nobody goes out who must not.

Runs in the open scope of the file's activity. Never trusts the query that made the list: the proof is asked for anew,
at the request, while the file is made, and once more in the moment it is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from privacy.outputs.enums import Removal, SuspensionScope
from privacy.outputs.kinds import FileKind, Order, Row
from privacy.outputs.models import OptOut, Suspension
from privacy.outputs.people import people
from privacy.outputs.policies import allowed_for
from privacy.outputs.rules.records import is_third_party
from privacy.seen import population


@dataclass(frozen=True)
class Passed:
    """Who may go out, in the order asked for, and how many were left out for which reason."""

    members: tuple[int, ...]
    removed: dict[Removal, int] = field(default_factory=dict)

    @property
    def removed_count(self) -> int:
        return sum(self.removed.values())


def among(ids: Iterable[int]) -> RawSQL:
    """A set of ids as one array parameter: a list of 100,000 would be as many parameters."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def opted_out(member_ids: Sequence[int], uses: Iterable[str], on: date) -> set[int]:
    """Of these people, those who do not want one of these published uses on the day. One statement.

    For every work that addresses people, mail as well as files: needs 資格及び住所に関する情報 in the open scope.
    """
    rows = OptOut.objects.filter(Q(until__isnull=True) | Q(until__gt=on), use__in=list(uses), since__lte=on)
    found = set(rows.filter(member_id__in=among(member_ids)).values_list("member_id", flat=True))
    population("利用を希望しない申出", len(found))
    return found


def suspended(member_ids: Sequence[int], on: date, *, third_party: bool) -> set[int]:
    """Of these people, those whose data may not be used (or not be handed to a third party) on the day. One statement."""
    scopes = [SuspensionScope.ALL, SuspensionScope.PROVISION] if third_party else [SuspensionScope.ALL]
    rows = Suspension.objects.filter(Q(until__isnull=True) | Q(until__gt=on), scope__in=scopes, since__lte=on)
    found = set(rows.filter(member_id__in=among(member_ids)).values_list("member_id", flat=True))
    population("利用停止・第三者提供の停止", len(found))
    return found


def reasons_to_remove(kind: FileKind, order: Order, member_ids: Sequence[int]) -> dict[int, Removal]:
    """Member id → the first reason why they may not go out; who is not in it may."""
    allowed = allowed_for(kind, order.addressee.kind)
    ids = list(dict.fromkeys(member_ids))
    if not ids:
        return {}
    own = set(kind.belongs(order, ids))
    tests: Mapping[Removal, set[int]] = {
        Removal.PROTECTED: people().protected(ids, order.today),
        Removal.SUSPENDED: suspended(ids, order.today, third_party=is_third_party(order.addressee.kind, allowed.basis)),
        Removal.OPTED_OUT: opted_out(ids, kind.activity.keys, order.today),
    }
    found: dict[int, Removal] = {member: Removal.NOT_OF_RECIPIENT for member in ids if member not in own}
    for reason, who in tests.items():
        if reason not in allowed.keeps:
            for member in who:
                found.setdefault(member, reason)
    return found


def pass_people(kind: FileKind, order: Order) -> Passed:
    """The people of the file, less everyone the door removes."""
    ids = list(dict.fromkeys(kind.subjects(order)))
    out = reasons_to_remove(kind, order, ids)
    return Passed(tuple(i for i in ids if i not in out), dict(Counter(out.values())))


def pass_rows(
    kind: FileKind, order: Order, rows: Iterable[Row], passed: Iterable[int]
) -> tuple[list[Row], dict[Removal, int]]:
    """Rows all of whose people may go out. A row about somebody who was not passed, or that names one more, is dropped whole."""
    made = list(rows)
    known = set(passed)
    others = sorted({member for row in made for member in row.members} - known)
    out = reasons_to_remove(kind, order, others)
    kept, dropped = [], Counter[Removal]()
    for row in made:
        bad = [out[member] for member in row.members if member in out]
        stray = row.member_id is not None and row.member_id not in known
        if row.member_id is None and not kind.counts_only:
            raise LookupError(f"{kind.name}: だれの行か分からない行は出せません。")
        if bad or stray:
            dropped[bad[0] if bad else Removal.NOT_OF_RECIPIENT] += 1
        else:
            kept.append(row)
    return kept, dict(dropped)


def unregistered_rows(kind: FileKind, order: Order) -> list[Row]:
    """The rows about people who are not in the register. Raises LookupError for one that names somebody who is."""
    if kind.unregistered is None:
        return []
    found = list(kind.unregistered(order))
    if any(row.members for row in found):
        raise LookupError(f"{kind.name}: 台帳にいる人の行は、台帳にない人の行として出せません。")
    population(kind.title, len(found))
    return found


def stored_value(value: Any) -> str | int | None:
    """A cell as it is staged: text, whole number or None; a date in ISO form."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError("ファイルに書けるのは、文字、整数、日付だけです。")
