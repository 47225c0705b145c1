"""保護: from a day on, who handles somebody's whereabouts. What stands in the open tables moves to those of protected people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from members.enrollment import neighbours
from members.enrollment.actions.addresses import ALL_FIELDS, MAILING_FIELDS, standing
from members.enrollment.actions.common import ADDRESS_KINDS, Report, lock, record_report, span, touch
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.enums import ChangeKind
from members.enrollment.models import (
    Address,
    ChangeReport,
    ContactPoint,
    MailingAddress,
    Member,
    ProtectedAddress,
    ProtectedChange,
    ProtectedContact,
    ProtectedMailingAddress,
    Protection,
    ProtectionClerk,
)

TABLES: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (Address, ProtectedAddress, ALL_FIELDS),
    (MailingAddress, ProtectedMailingAddress, (*ALL_FIELDS, *MAILING_FIELDS)),
)
"""Open table, protected table, what a row says."""
EMPTY = {"postal_code": "", "town": "", "street": "", "country": "", "lines": "", "abroad": False}


@transaction.atomic
def protect(
    *,
    by: Any,
    member_id: int,
    version: int | None,
    kind: str,
    ask: str,
    clerk_ids: Collection[int],
    report: Report,
    with_family: bool = False,
) -> Member:
    """保護の登録: from now on only the named clerks see address, employer, contacts and changes; the others see whom to ask.

    with_family: the people who depend on this member today are protected alike. Raises StaleVersion, UnableToChange.
    """
    member = lock(member_id, version, by=by)
    if member.protected:
        raise UnableToChange("この人は、もう保護対象です。担当者と尋ねる先は「保護の担当者」で変えられます。")
    _check_named(ask, clerk_ids)
    people = [member, *(_family_of(member, by) if with_family else ())]
    for person in people:
        if person.protected:
            continue
        person.protected = True
        touch_protected(person)
        _begin(person, kind, ask, clerk_ids, report.effective_date)
        _move_behind(person)
        record_report(person, ChangeKind.PROTECTED, report, before={}, after={}, by=by)
        neighbours.protected(person.pk, True)
    return member


@transaction.atomic
def name_clerks(
    *, by: Any, member_id: int, version: int | None, ask: str, clerk_ids: Collection[int], report: Report
) -> Member:
    """保護の担当者の変更: whom others ask, and who handles this person from now on. Nothing of the person is read.

    The caller has proved that `by` is named or decides. Raises StaleVersion, UnableToChange.
    """
    member = Member.objects.select_for_update(of=("self",)).get(pk=member_id)
    if version is not None and member.version != version:
        raise UnableToChange(
            "開いたあとに、ほかの職員が保存しました。いまの担当者を確かめて、もう一度登録してください。"
        )
    if not member.protected:
        raise UnableToChange("この人は保護対象ではありません。")
    _check_named(ask, clerk_ids)
    if by.pk in clerk_ids and not ProtectionClerk.objects.filter(member=member, user_id=by.pk).exists():
        raise UnableToChange("自分を担当者にすることはできません。いまの担当者か、ほかの職員に頼んでください。")
    touch(member)
    Protection.objects.filter(member=member, period__contains=report.effective_date).update(ask=ask)
    _name(member, clerk_ids, report.effective_date)
    record_report(member, ChangeKind.PROTECTION_CLERKS, report, before={}, after={}, by=by)
    return member


@transaction.atomic
def end_protection(*, by: Any, member_id: int, version: int | None, report: Report) -> Member:
    """保護の解除: the whereabouts move back to the open tables. Only a named clerk does it. Raises StaleVersion, UnableToChange."""
    member = lock(member_id, version, by=by)
    if not member.protected:
        raise UnableToChange("この人は保護対象ではありません。")
    day = report.effective_date
    for row in Protection.objects.filter(member=member).order_by("period__startswith"):
        if row.period.upper is not None and row.period.upper <= day:
            continue
        if row.period.lower >= day:
            raise UnableToChange("解除の日が、保護の始まった日より後ではありません。日付を確かめてください。")
        row.period = span(row.period.lower, day)
        row.save(update_fields=["period"])
    record_report(member, ChangeKind.PROTECTION_ENDED, report, before={}, after={}, by=by)
    _move_back(member)
    _name(member, (), day)
    member.protected = False
    touch_protected(member)
    neighbours.protected(member.pk, False)
    return member


def touch_protected(member: Member) -> None:
    """The flag, one version further."""
    member.version += 1
    member.save(update_fields=["protected", "version"])


def _check_named(ask: str, clerk_ids: Collection[int]) -> None:
    if not clerk_ids:
        raise UnableToChange(
            "担当者を1人以上選んでください。誰も選ばないと、この人の届を処理できる職員がいなくなります。"
        )
    if not ask.strip():
        raise UnableToChange("尋ねる先を入力してください。")


def _family_of(member: Member, by: Any) -> list[Member]:
    ids = sorted(Member.objects.filter(insured=member, merged_into=None, protected=False).values_list("pk", flat=True))
    return [lock(pk, None, by=by) for pk in ids]


def _begin(member: Member, kind: str, ask: str, clerk_ids: Collection[int], day: date) -> None:
    Protection.objects.create(member=member, kind=kind, ask=ask, period=span(day, None))
    _name(member, clerk_ids, day)


def _name(member: Member, clerk_ids: Collection[int], day: date) -> None:
    """These clerks and no others are named from now on; who was named before stays on record with the day it ended."""
    present = ProtectionClerk.objects.filter(member=member)
    present.exclude(user_id__in=clerk_ids).update(released_date=day)
    named = set(present.values_list("user_id", flat=True))
    for user_id in sorted(set(clerk_ids) - named):
        ProtectionClerk.objects.create(member=member, user_id=user_id, named_date=day)


def _without_rows(before: dict[str, Any]) -> dict[str, Any]:
    """What was replaced, without the rows of the table it stood in: such a document is corrected, no longer taken back."""
    return {name: value for name, value in before.items() if name not in ("opened", "closed", "row")}


def _move_behind(member: Member) -> None:
    """Rows are never deleted: the open ones are emptied, and what they said stands in the protected tables."""
    for opened, guarded, fields in TABLES:
        for row in standing(member, opened):
            guarded.objects.create(member=member, period=row.period, **{f: getattr(row, f) for f in fields})
        emptied = EMPTY | ({"addressee": ""} if "addressee" in fields else {})
        opened.objects.filter(member=member).update(cancelled=True, **emptied)
    for row in ContactPoint.objects.filter(member=member).exclude(value=""):
        ProtectedContact.objects.create(member=member, kind=row.kind, value=row.value, period=row.period)
    ContactPoint.objects.filter(member=member).update(value="")
    for report in ChangeReport.objects.filter(member=member, kind__in=ADDRESS_KINDS):
        ProtectedChange.objects.get_or_create(
            report=report,
            defaults={"member": member, "before": _without_rows(report.before), "after": report.after},
        )
        report.before, report.after = {}, {}
        report.save(update_fields=["before", "after"])


def _move_back(member: Member) -> None:
    for opened, guarded, fields in TABLES:
        for row in standing(member, guarded):
            opened.objects.create(member=member, period=row.period, **{f: getattr(row, f) for f in fields})
        emptied = EMPTY | ({"addressee": ""} if "addressee" in fields else {})
        guarded.objects.filter(member=member).update(cancelled=True, **emptied)
    empty = {(row.kind, row.period): row for row in ContactPoint.objects.filter(member=member, value="")}
    for contact in ProtectedContact.objects.filter(member=member).exclude(value=""):
        kept = empty.pop((contact.kind, contact.period), None)
        kept = kept or ContactPoint(member=member, kind=contact.kind, period=contact.period)
        kept.value = contact.value
        kept.save()
    ProtectedContact.objects.filter(member=member).update(value="")
    for kept_apart in ProtectedChange.objects.select_related("report").filter(member=member):
        if kept_apart.before or kept_apart.after:
            report = kept_apart.report
            report.before, report.after = _without_rows(kept_apart.before), kept_apart.after
            report.save(update_fields=["before", "after"])
            kept_apart.before, kept_apart.after = {}, {}
            kept_apart.save(update_fields=["before", "after"])
