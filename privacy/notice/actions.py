"""The only writers of the notice and of grants on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kumiai.accounts.models import User
from kumiai.ui.formats import era_year
from privacy.notice.models import (
    Category,
    DutySeparation,
    GrantReview,
    NoticeVersion,
    Publication,
    PublishedUse,
    PublishedUseGroupPermission,
    SectionHead,
    StatutoryCase,
)
from privacy.notice.policies import clashes_of_grant
from privacy.notice.queries import publications_of, register_of, rows_of
from privacy.notice.register import Category as CategoryCode
from privacy.notice.register import Purpose as PurposeCode
from privacy.notice.register import key


class UnableToPublish(Exception):
    """The register cannot become a version; the message is for whoever runs the command."""


class UnableToGrant(Exception):
    """The grant cannot be given or withdrawn; the message is for the administrator."""


@dataclass(frozen=True)
class Publishing:
    """What publishing did: the version, whether it is new, codes the code does not know, uses it no longer names."""

    version: NoticeVersion
    created: bool
    unknown: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def unknown_codes(register: Mapping[str, Any]) -> list[str]:
    """Category and purpose codes of a register for which the code has no constant."""
    known_categories, known_purposes = set(CategoryCode), set(PurposeCode)
    found: list[str] = []
    for category in register["categories"]:
        if category["code"] not in known_categories:
            found.append(category["code"])
        found += [
            f"{category['code']}.{purpose['code']}"
            for purpose in category["purposes"]
            if purpose["code"] not in known_purposes
        ]
    return found


def check_register(register: Mapping[str, Any]) -> None:
    """Raise UnableToPublish unless the register has the structure, distinct codes and the count it claims."""
    try:
        codes = [category["code"] for category in register["categories"]]
        keys = [key(c["code"], p["code"]) for c in register["categories"] for p in c["purposes"]]
        labels = [c["label"] for c in register["categories"]]
        labels += [p["label"] for c in register["categories"] for p in c["purposes"]]
        claimed = register["published_uses"]
    except (KeyError, TypeError) as error:
        raise UnableToPublish(f"ファイルの形が登録簿と違います（{error}）。") from error
    if len(set(codes)) != len(codes) or len(set(keys)) != len(keys):
        raise UnableToPublish("同じコードが二度あります。")
    if not keys or not all(isinstance(label, str) and label.strip() for label in labels):
        raise UnableToPublish("利用がないか、言葉のない類型又は利用目的があります。")
    if any(not category["purposes"] for category in register["categories"]):
        raise UnableToPublish("利用目的のない類型があります。")
    if claimed != len(keys):
        raise UnableToPublish(f"published_uses は{claimed}ですが、利用は{len(keys)}あります。")


@transaction.atomic
def publish_version(
    *, register: Mapping[str, Any], published_date: date, force_from: date, association: Mapping[str, str]
) -> Publishing:
    """Make a register the version in force from a day, and end the version before it on that day.

    The same register from the same day again changes nothing. Run by the owner of the tables, never from a screen.
    """
    check_register(register)
    latest = NoticeVersion.objects.select_for_update().order_by("-number").first()
    unknown = unknown_codes(register)
    if latest is not None:
        same_day = latest.period.lower == force_from
        if same_day and register_of(rows_of(publications_of(latest))) == dict(register):
            return Publishing(latest, created=False, unknown=unknown)
        if force_from <= latest.period.lower:
            raise UnableToPublish(f"{latest}は{latest.period.lower}からです。それより後の日から有効にしてください。")
        latest.period = DateRange(latest.period.lower, force_from)
        latest.save(update_fields=["period"])
    version = NoticeVersion.objects.create(
        number=latest.number + 1 if latest else 1,
        published_date=published_date,
        period=DateRange(force_from, None),
        association=dict(association),
    )
    _write_lines(version, register)
    dropped = sorted(
        PublishedUse.objects.exclude(publications__version=version)
        .filter(grants__isnull=False)
        .distinct()
        .values_list("key", flat=True)
    )
    return Publishing(version, created=True, unknown=unknown, dropped=dropped)


def _write_lines(version: NoticeVersion, register: Mapping[str, Any]) -> None:
    lines = []
    for category_position, entry in enumerate(register["categories"], 1):
        category, _created = Category.objects.get_or_create(code=entry["code"])
        for position, purpose in enumerate(entry["purposes"], 1):
            use, _created = PublishedUse.objects.get_or_create(
                key=key(entry["code"], purpose["code"]),
                defaults={"category": category, "purpose": purpose["code"]},
            )
            lines.append(
                Publication(
                    version=version,
                    published_use=use,
                    category_position=category_position,
                    position=position,
                    category_label=entry["label"],
                    purpose_label=purpose["label"],
                )
            )
    Publication.objects.bulk_create(lines)


def check_can_administer(*, group: Group, by: User) -> None:
    """Nobody gives to, or takes from, a group of their own."""
    if by.groups.filter(pk=group.pk).exists():
        raise UnableToGrant("自分の属する課の権限は、ほかの管理者が扱います。")


@transaction.atomic
def grant(
    *, use: PublishedUse, group: Group, operations: Iterable[str], basis: str, by: User | None
) -> list[PublishedUseGroupPermission]:
    """Let a group do operations under one published use; what it holds already stays as it was.

    by: the administrator, or None when the owner's commands give the grants of a new installation.
    """
    if not basis.strip():
        raise UnableToGrant("根拠を書いてください。")
    if by is not None:
        check_can_administer(group=group, by=by)
    wanted = list(operations)
    clashes = clashes_of_grant(group=group, use=use, operations=wanted)
    if clashes:
        raise UnableToGrant(clashes[0].sentence)
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label="notice", content_type__model="publisheduse", codename__in=wanted
        )
    }
    made = []
    for operation in wanted:
        if operation not in permissions:
            raise UnableToGrant(f"操作「{operation}」はありません。")
        row, created = PublishedUseGroupPermission.objects.get_or_create(
            content_object=use,
            group=group,
            permission=permissions[operation],
            defaults={"basis": basis.strip(), "granted_by_id": by.pk if by else None},
        )
        if created:
            made.append(row)
    return made


@transaction.atomic
def withdraw(*, held: PublishedUseGroupPermission, by: User) -> None:
    """Take one operation away from a group; the next request already feels it."""
    check_can_administer(group=held.group, by=by)
    held.delete()


class UnableToReview(Exception):
    """The grants of a section cannot be confirmed; the message is for the section head."""


@transaction.atomic
def confirm_grants(
    *, group: Group, year: int, needed: Mapping[tuple[str, str], bool], by: User, on: date, note: str = ""
) -> GrantReview:
    """The section head says of every grant of the section whether it is still needed. Once a year (April to March).

    needed: (use key, operation) → still needed; exactly the grants the section holds now. Raises UnableToReview.
    """
    if not SectionHead.objects.filter(group=group, user=by, period__contains=on).exists():
        raise UnableToReview(f"「{group.name}」の所属長だけが確認できます。")
    if GrantReview.objects.filter(group=group, year=year).exists():
        raise UnableToReview(f"{era_year(year, long=True)}年度の確認は済んでいます。")
    published = Publication.objects.filter(version__in=NoticeVersion.objects.in_force_on(on))
    held = set(
        PublishedUseGroupPermission.objects.filter(
            group=group, content_object__in=published.values("published_use")
        ).values_list("content_object__key", "permission__codename")
    )
    if set(needed) != held:
        raise UnableToReview("開いたあとに権限が変わりました。もう一度開いて確かめてください。")
    answers = [[use, operation, needed[use, operation]] for use, operation in sorted(held)]
    return GrantReview.objects.create(group=group, year=year, confirmed_by=by, note=note, answers=answers)


@transaction.atomic
def load_separations(lines: Iterable[Mapping[str, Any]]) -> int:
    """The separations a new installation begins with; how many were new. Run by the owner of the tables."""
    uses = {use.key: use for use in PublishedUse.objects.all()}
    made = 0
    for line in lines:
        (first, first_operation), (second, second_operation) = line["first"], line["second"]
        _row, created = DutySeparation.objects.get_or_create(
            first_use=uses[first],
            first_operation=first_operation,
            second_use=uses[second],
            second_operation=second_operation,
            defaults={"reason": line["reason"]},
        )
        made += created
    return made


class UnableToOpenCase(Exception):
    """The statutory case cannot be opened or approved; the message is for staff."""


@transaction.atomic
def approve_case(*, case: StatutoryCase, by: User) -> StatutoryCase:
    """A second person approves a statutory case: neither who asked for it nor who will act in it."""
    case = StatutoryCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.approved_by_id is not None:
        raise UnableToOpenCase(f"案件 {case} は、すでに承認されています。")
    if by.pk in (case.requested_by_id, case.user_id):
        raise UnableToOpenCase("承認は、申請した職員でも担当する職員でもない人が行ってください。")
    case.approved_by = by
    case.save(update_fields=["approved_by"])
    return case
