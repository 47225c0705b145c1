"""What was changed about a recipient, its agreements and the settings of files: read from the histories the trigger keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from psycopg.types.range import Range

from kumiai.accounts.queries import staff_by_id
from kumiai.ui.formats import format_wareki
from privacy.outputs.kinds import file_kinds
from privacy.outputs.models import Agreement, FileSetting, Recipient
from privacy.records import history_of

NOT_SHOWN = {"id", "name_key", "recorded_by", "recorded_at", "recipient", "changed_by", "changed_at", "file_kind"}
WORDS = {"+": "登録", "~": "変更", "-": "削除"}
MOST = 200


@dataclass(frozen=True)
class Change:
    """One change: when, by whom, of what, and field by field old and new as staff read them."""

    at: datetime
    who: str
    what: str
    word: str
    fields: tuple[tuple[str, str, str], ...]


def of_recipient(recipient: Recipient) -> list[Change]:
    """Changes of the recipient and of what was agreed with it, newest first."""
    own = _rows(Recipient, id=recipient.pk)
    agreed = _rows(Agreement, recipient_id=recipient.pk)
    titles = {kind.name: kind.title for kind in file_kinds().values()}
    return _changes(
        [("受け渡し先", own), *((f"取決め　{titles.get(r[0].file_kind, r[0].file_kind)}", r) for r in _by_id(agreed))]
    )


def of_setting(file_kind: str) -> list[Change]:
    """Changes of the setting of one kind of file, newest first."""
    return _changes([("ファイルの設定", _rows(FileSetting, file_kind=file_kind))])


def _rows(model: type[models.Model], **where: Any) -> list[Any]:
    history: Any = history_of(model)
    return list(history.objects.filter(**where).order_by("-history_id")[:MOST])[::-1]


def _by_id(rows: Iterable[Any]) -> list[list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return list(found.values())


def _changes(groups: Iterable[tuple[str, list[Any]]]) -> list[Change]:
    """Each row beside the one before it; the first of a group is what was registered."""
    pairs = [(what, row, before) for what, rows in groups for row, before in zip(rows, [None, *rows], strict=False)]
    staff = staff_by_id({row.history_user_id for _what, row, _before in pairs if row.history_user_id})
    found = [
        Change(
            row.history_date,
            staff[row.history_user_id].name if row.history_user_id in staff else "",
            what,
            WORDS[row.history_type],
            tuple(_fields(row, before)),
        )
        for what, row, before in pairs
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _fields(row: Any, before: Any) -> Iterable[tuple[str, str, str]]:
    if before is None:
        return
    for field in row.instance_type._meta.concrete_fields:
        if field.name in NOT_SHOWN:
            continue
        old, new = getattr(before, field.attname), getattr(row, field.attname)
        if old != new:
            yield str(field.verbose_name), _shown(field, old), _shown(field, new)


def _shown(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "―"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return format_wareki(value)
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, Range):
        return f"{format_wareki(value.lower)}から" + (f"{format_wareki(value.upper)}の前日まで" if value.upper else "")
    return str(value)
