"""The same person under two rows: joined one after the other, or merged when they were registered twice."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from members.enrollment import neighbours
from members.enrollment.actions.addresses import address_model, mailing_model, standing
from members.enrollment.actions.common import Report, lock, record_report, touch, touch_others
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.actions.numbers import hold_numbers, next_branch, renumber
from members.enrollment.actions.spans import cancel_row, concurrent_of, dependants_of, eligibility_of, same_person
from members.enrollment.enums import ChangeKind
from members.enrollment.models import (
    ContactPoint,
    DependantPeriod,
    Member,
    NameToken,
    ProtectedContact,
)


def _check_same_person(one: Member, other: Member) -> None:
    """Raises UnableToChange when two rows cannot be one person, or when merging would open what is protected."""
    if one.pk == other.pk:
        raise UnableToChange("同じ登録です。もう一方の記号・番号を入れてください。")
    if one.birth_date != other.birth_date:
        raise UnableToChange("生年月日が違います。同じ人なら、先に生年月日の誤りを訂正してください。")
    if one.protected != other.protected:
        raise UnableToChange("片方だけが保護対象です。先に両方の登録の保護をそろえてください。")


def _both(one_id: int, other_id: int, version: int | None, *, by: Any) -> tuple[Member, Member]:
    """Both rows locked, the smaller id first, so that two clerks never wait for each other in a ring."""
    locked = {pk: lock(pk, version if pk == one_id else None, by=by) for pk in sorted({one_id, other_id})}
    return locked[one_id], locked[other_id]


@transaction.atomic
def join_rows(*, by: Any, member_id: int, version: int | None, earlier_id: int, report: Report) -> Member:
    """同じ人の登録の結び付け: this row's person stood in the register before, under another number. Both stories are shown together.

    Raises StaleVersion, UnableToChange.
    """
    member, earlier = _both(member_id, earlier_id, version, by=by)
    _check_same_person(member, earlier)
    if earlier.pk in same_person(member):
        raise UnableToChange("この二つの登録は、もう結び付いています。")
    if member.earlier_id is not None:
        raise UnableToChange("この登録には、前の登録が結び付いています。")
    member.earlier = earlier
    member.version += 1
    member.save(update_fields=["earlier", "version"])
    touch(earlier)
    record_report(member, ChangeKind.SAME_PERSON, report, before={}, after={"earlier": earlier.pk}, by=by)
    return member


def _fit(row: Any, standing_rows: list[Any], what: str) -> bool:
    """Whether a row moves: True when its days are free, False when they are covered already. Raises when they half overlap."""
    for other in standing_rows:
        first, second = row.period, other.period
        end, other_end = first.upper, second.upper
        apart = (other_end is not None and other_end <= first.lower) or (end is not None and end <= second.lower)
        if apart:
            continue
        inside = second.lower <= first.lower and (other_end is None or (end is not None and end <= other_end))
        if inside:
            return False
        raise UnableToChange(
            f"二つの登録の{what}の期間が、一部だけ重なっています。先にどちらかを訂正し、同じ期間か、離れた期間にしてください。"
        )
    return True


def _move(rows: list[Any], present: list[Any], keep: Member, what: str) -> None:
    for row in rows:
        if _fit(row, present, what):
            row.member = keep
            row.save(update_fields=["member"])
            present.append(row)
        else:
            cancel_row(row)


@transaction.atomic
def merge_duplicates(*, by: Any, keep_id: int, version: int | None, merged_id: int, report: Report) -> Member:
    """重複した登録の統合: the number of `keep_id` remains. Days the other row has and this one has not are moved; days both
    have are cancelled there; its family moves under this one; it points here and keeps its history. Returns the row that
    remains. Raises StaleVersion, UnableToChange.
    """
    keep, other = _both(keep_id, merged_id, version, by=by)
    _check_same_person(keep, other)
    if (keep.insured_id is None) != (other.insured_id is None):
        raise UnableToChange(
            "片方は被保険者、片方は被扶養者です。続けて登録された同じ人なら「前の登録と結び付ける」を使ってください。"
        )
    if keep.insured_id is not None and keep.insured_id != other.insured_id:
        raise UnableToChange("被保険者が違います。先に被保険者の登録を統合してください。")
    _move(eligibility_of(other), eligibility_of(keep), keep, "資格")
    own = DependantPeriod.objects.select_for_update(of=("self",)).order_by("period__startswith")
    _move(list(own.filter(member=other)), list(own.filter(member=keep)), keep, "被扶養者")
    _move(list(concurrent_of(other)), list(concurrent_of(keep)), keep, "二以上勤務")
    for model, what in ((address_model(keep), "住所"), (mailing_model(keep), "送付先")):
        _move_addresses(model, other, keep, what)
    contacts = ProtectedContact if keep.protected else ContactPoint
    for row in contacts.objects.filter(member=other):
        row.member = keep
        row.save(update_fields=["member"])
    people = _move_family(keep, other, report)
    Member.objects.filter(earlier=other).exclude(pk=keep.pk).update(earlier=keep)
    if keep.earlier_id == other.pk:
        keep.earlier = None
    if keep.earlier_id is None and other.earlier_id not in (None, keep.pk):
        keep.earlier = other.earlier
    keep.version += 1
    keep.save(update_fields=["earlier", "version"])
    other.earlier, other.merged_into = None, keep
    other.version += 1
    other.save(update_fields=["earlier", "merged_into", "version"])
    NameToken.objects.filter(member=other).delete()
    neighbours.merged(other.pk, keep.pk, by)
    touch_others(people, but=keep.pk)
    after = {"merged": other.pk, "number": other.card_number}
    record_report(keep, ChangeKind.MERGED, report, before={}, after=after, by=by)
    return keep


def _move_addresses(model: Any, other: Member, keep: Member, what: str) -> None:
    """Addresses only fill days without one: where somebody lives is what the row that remains says."""
    present = list(standing(keep, model))
    for row in standing(other, model).order_by("period__startswith"):
        try:
            free = _fit(row, present, what)
        except UnableToChange:
            free = False
        if free:
            row.member = keep
            row.save(update_fields=["member"])
            present.append(row)
        else:
            row.cancelled = True
            row.save(update_fields=["cancelled"])


def _move_family(keep: Member, other: Member, report: Report) -> set[int]:
    """The other row's dependants become this one's, with numbers of this household."""
    if keep.insured_id is not None:
        return set()
    hold_numbers(keep.symbol)
    for row in dependants_of(other):
        row.insured = keep
        row.save(update_fields=["insured"])
    people = list(Member.objects.select_for_update(of=("self",)).filter(insured=other).order_by("branch"))
    for person in people:
        person.insured = keep
        person.save(update_fields=["insured"])
        renumber(person, symbol=keep.symbol, number=keep.number, branch=next_branch(keep), day=report.effective_date)
    return {person.pk for person in people}
