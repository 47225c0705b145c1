"""The history as staff read it: who, when, field by field, under which purpose, by which document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from kumiai.ui.formats import format_wareki
from members.enrollment.enums import ChangeKind, MailingReason, Sex
from members.enrollment.presentation.person import NAME_LABELS, postal_code
from members.enrollment.queries import ChangeEntry

ADDRESS_LABELS = {
    "postal_code": "郵便番号",
    "town": "町域",
    "street": "番地・建物",
    "abroad": "国外",
    "lines": "国外の住所",
}
OTHER_SUBJECTS: dict[str, str] = {
    ChangeKind.SEX_CHANGE: "sex",
    ChangeKind.OTHER_NAMES: "other_names",
    ChangeKind.MAILING_ADDRESS: "mailing",
}
LABELS: dict[str, dict[str, str]] = {
    "name": NAME_LABELS,
    "address": ADDRESS_LABELS,
    "sex": {"sex": "性別"},
    "other_names": {
        "common_name": "通称",
        "alphabet_name": "アルファベット氏名",
        "kana_unknown": "読み仮名が不明",
    },
    "mailing": ADDRESS_LABELS | {"addressee": "宛名", "reason": "理由"},
}


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One event of the history. `more`: how many further fields were left out of a short list."""

    at: datetime
    who: str
    heading: str
    changes: tuple[Change, ...]
    purpose: str
    document: str = ""
    report_id: int | None = None
    cancelled: bool = False
    cancellable: bool = False
    more: int = 0


def read(value: Any) -> str:
    """A stored value as staff read it; "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, DateRange):
        if value.isempty:
            return "（取り消し）"
        if value.isempty:
            return "（取り消し）"
        until = f"{format_wareki(value.upper)}まで" if value.upper else ""
        return f"{format_wareki(value.lower)}から{until}"
    if isinstance(value, datetime):
        return f"{format_wareki(value.date())} {value:%H:%M}"
    if isinstance(value, date):
        return format_wareki(value)
    return str(value)


def entries(
    found: Sequence[ChangeEntry],
    *,
    staff: Mapping[int, str],
    activities: Mapping[str, str],
    employers: Mapping[int, str],
    fields: int | None = None,
) -> list[Entry]:
    """The entries of the register's history in words; `fields` limits the fields of each for a short list."""
    latest: set[str] = set()
    result = []
    for entry in found:
        changes = _changes(entry, employers)
        report = None if entry.cancels else entry.report
        cancellable = False
        if report is not None and not report.cancelled_at:
            subject = _subject(report.kind)
            cancellable = subject != "" and subject not in latest
            latest.add(subject)
        shown = changes if fields is None else [] if entry.created else changes[:fields]
        result.append(
            Entry(
                at=entry.at,
                who=staff.get(entry.user_id, "") if entry.user_id else "移行・夜間処理",
                heading=_heading(entry),
                changes=tuple(shown),
                purpose=_purpose(entry, activities),
                document=f"{report.get_kind_display()} {report.receipt_number}" if report else "",
                report_id=report.pk if report else None,
                cancelled=bool(report and report.cancelled_at),
                cancellable=cancellable,
                more=len(changes) - len(shown),
            )
        )
    return result


def together(found: Sequence[ChangeEntry]) -> list[ChangeEntry]:
    """What was loaded without a person in the same second is one event: a member enters with all periods at once."""
    result: list[ChangeEntry] = []
    for entry in found:
        last = result[-1] if result else None
        if last and _loaded(last) and _loaded(entry) and abs(last.at - entry.at) < timedelta(seconds=5):
            result[-1] = ChangeEntry(
                at=entry.at,
                user_id=None,
                activity=entry.activity,
                changes=[*entry.changes, *last.changes],
                created=entry.created or last.created,
            )
        else:
            result.append(entry)
    return result


def _loaded(entry: ChangeEntry) -> bool:
    return entry.user_id is None and entry.report is None and entry.cancels is None


def _heading(entry: ChangeEntry) -> str:
    if entry.cancels is not None:
        return f"{entry.cancels.get_kind_display()} {entry.cancels.receipt_number} を取り消し"
    return "台帳に登録" if entry.created else ""


def _purpose(entry: ChangeEntry, activities: Mapping[str, str]) -> str:
    """The activity's title; what the owner loaded before any activity ran has none."""
    return activities.get(entry.activity) or ("台帳の移行" if entry.user_id is None else entry.activity or "―")


def _subject(kind: str) -> str:
    """What a report changes: a later report of the same thing keeps an earlier one from being cancelled."""
    if kind in (ChangeKind.NAME_CHANGE, ChangeKind.NAME_CORRECTION):
        return "name"
    if kind in (ChangeKind.ADDRESS_CHANGE, ChangeKind.ADDRESS_CORRECTION):
        return "address"
    return OTHER_SUBJECTS.get(kind, "")


def _labelled(side: Mapping[str, Any]) -> dict[str, str]:
    """Codes of a report as staff read them."""
    choices: dict[str, dict[Any, Any]] = {"sex": dict(Sex.choices), "reason": dict(MailingReason.choices)}
    return {name: str(words.get(side[name], side[name])) for name, words in choices.items() if name in side}


def report_changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What a report replaced, by field: only fields that differ."""
    labels = LABELS[_subject(kind)]
    before, after = ({**side, **_labelled(side)} for side in (before, after))
    return [
        Change(label, _value(label, before.get(name), {}), _value(label, after.get(name), {}))
        for name, label in labels.items()
        if read(before.get(name)) != read(after.get(name))
    ]


def _changes(entry: ChangeEntry, employers: Mapping[int, str]) -> list[Change]:
    taken_back = entry.cancels
    if taken_back is not None and _subject(taken_back.kind):
        return report_changes(taken_back.kind, taken_back.after, taken_back.before)
    report = entry.report
    if report is not None and _subject(report.kind):
        changes = report_changes(report.kind, report.before, report.after)
        if report.kind in (ChangeKind.NAME_CHANGE, ChangeKind.ADDRESS_CHANGE):
            changes.append(Change("変更の日", "", format_wareki(report.effective_date)))
        return changes
    return [
        Change(change.label, _value(change.label, change.old, employers), _value(change.label, change.new, employers))
        for change in entry.changes
    ]


def _value(label: str, value: Any, employers: Mapping[int, str]) -> str:
    if label == "事業所" and isinstance(value, int):
        return employers.get(value, "")
    if label == "郵便番号":
        return postal_code(value)
    return read(value)
