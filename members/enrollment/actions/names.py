"""氏名, 通称, アルファベット氏名, 性別: what is true of the person, not of their qualification."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from members.enrollment import search
from members.enrollment.actions.common import (
    NAME_FIELDS,
    OTHER_NAME_FIELDS,
    Person,
    Report,
    lock,
    record_report,
)
from members.enrollment.actions.errors import UnableToChange
from members.enrollment.enums import ChangeKind, Sex
from members.enrollment.models import ChangeReport, Member, NameToken

KANA_MISSING = "フリガナを入力してください。分からないときは「読み仮名が不明」を選んでください。"


def names_of(member: Member) -> dict[str, str]:
    return {field: getattr(member, field) for field in NAME_FIELDS}


def other_names_of(member: Member) -> dict[str, Any]:
    return {field: getattr(member, field) for field in OTHER_NAME_FIELDS}


def check_names(names: dict[str, Any], *, kana_unknown: bool) -> None:
    """Raises UnableToChange when a name or its reading is missing."""
    if not names["family_name"]:
        raise UnableToChange("氏を入力してください。")
    if not names["family_kana"] and not kana_unknown:
        raise UnableToChange(KANA_MISSING)


def set_search_keys(member: Member) -> None:
    """The keys of a member's present name; the caller saves."""
    member.name_key, member.kana_key = search.name_keys(*(getattr(member, field) for field in NAME_FIELDS))


def write_tokens(member: Member) -> None:
    """What a search finds the member by: name, kana, 通称 and alphabet name, and their ends."""
    NameToken.objects.filter(member=member).delete()
    keys = (member.name_key, member.kana_key, *map(search.search_key, member.names_known_by))
    NameToken.objects.bulk_create(NameToken(member=member, token=token) for token in search.tokens(*keys))


def write_name(member: Member, names: dict[str, Any]) -> None:
    """Write a name with its search keys and tokens, one version further."""
    for field, value in names.items():
        setattr(member, field, value)
    set_search_keys(member)
    member.version += 1
    member.save(update_fields=[*names, "name_key", "kana_key", "version"])
    write_tokens(member)


def write_person(member: Member, person: Person) -> None:
    """Write every name of a person, as a report of return says them now."""
    write_name(member, person.names | person.other_names)


@transaction.atomic
def change_name(
    *, by: Any, member_id: int, version: int, names: dict[str, str], report: Report, correction: bool = False
) -> ChangeReport:
    """氏名変更届, or 氏名訂正 when the name was registered wrongly. Names are stored as typed.

    Raises StaleVersion, UnableToChange when nothing differs.
    """
    member = lock(member_id, version, by=by, current=names_of)
    before = names_of(member)
    if names == before:
        raise UnableToChange("いまの氏名と同じです。変わるところを入力してください。")
    write_name(member, names)
    kind = ChangeKind.NAME_CORRECTION if correction else ChangeKind.NAME_CHANGE
    return record_report(member, kind, report, before=before, after=names, by=by)


@transaction.atomic
def set_other_names(*, by: Any, member_id: int, version: int, names: dict[str, Any], report: Report) -> ChangeReport:
    """通称, アルファベット氏名, 読み仮名が不明: what somebody is also called and found by. names: OTHER_NAME_FIELDS."""
    member = lock(member_id, version, by=by, current=other_names_of)
    before = other_names_of(member)
    if names == before:
        raise UnableToChange("いまの登録と同じです。変わるところを入力してください。")
    if not member.family_kana and not names["kana_unknown"]:
        raise UnableToChange("フリガナが空です。先に「氏名の訂正」でフリガナを登録してください。")
    write_name(member, names)
    return record_report(member, ChangeKind.OTHER_NAMES, report, before=before, after=names, by=by)


def sex_of(member: Member) -> dict[str, str]:
    return {"sex": member.sex}


@transaction.atomic
def change_sex(*, by: Any, member_id: int, version: int, sex: str, report: Report) -> ChangeReport:
    """性別の変更, after a ruling of the family court or because it was registered wrongly. The old one stays in history."""
    member = lock(member_id, version, by=by, current=sex_of)
    if sex not in Sex.values:
        raise UnableToChange("性別を選んでください。")
    if sex == member.sex:
        raise UnableToChange("いまの登録と同じです。")
    before = sex_of(member)
    member.sex = sex
    member.version += 1
    member.save(update_fields=["sex", "version"])
    return record_report(member, ChangeKind.SEX_CHANGE, report, before=before, after={"sex": sex}, by=by)
