"""How an import is shown: its steps, its result as a strip, its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from kumiai.ui.paging import Chip, page_number
from kumiai.ui.status import StatusLabel, labelled
from members.intake.enums import FileState, ImportKind, Outcome
from members.intake.models import ImportFile

SHOWS = {
    "work": "すべて",
    "new": "追加",
    "changed": "変更",
    "conflict": "要確認",
    "error": "誤り",
    "unchanged": "変更なし",
}
"""What the table of lines holds; 「すべて」 is what would be, or was, written."""
STATES = {"": "すべて", "open": "済んでいないもの", **dict(FileState.choices)}
KINDS = {"": "すべて", **dict(ImportKind.choices)}
EXPLAINED = {
    Outcome.NEW: "新しい加入者として登録します",
    Outcome.CHANGED: "旧→新を下で確かめてください",
    Outcome.UNCHANGED: "台帳と同じです。何もしません",
    Outcome.CONFLICT: "台帳と合いません。反映しません",
    Outcome.ERROR: "この行だけ反映しません",
}
DRAWN = {
    FileState.UPLOADED: ("▲", "care"),
    FileState.CHECKING: ("◐", "run"),
    FileState.CHECKED: ("▲", "care"),
    FileState.APPLYING: ("◐", "run"),
    FileState.APPLIED: ("●", "good"),
    FileState.PARTLY: ("▲", "care"),
    FileState.UNREADABLE: ("▲", "bad"),
    FileState.GIVEN_UP: ("○", "ended"),
}


def status_of(file: ImportFile) -> StatusLabel:
    return labelled(FileState(file.state), DRAWN)


@dataclass(frozen=True)
class Step:
    """One of the four steps. state: done, now or later."""

    number: int
    title: str
    detail: str
    state: str


def steps_of(file: ImportFile, who: Mapping[int, str]) -> list[Step]:
    at = {
        FileState.UPLOADED: 1, FileState.UNREADABLE: 1, FileState.CHECKING: 2, FileState.CHECKED: 3, FileState.APPLYING: 4,
        FileState.APPLIED: 5, FileState.PARTLY: 5, FileState.GIVEN_UP: 0,
    }[FileState(file.state)]  # fmt: skip
    errors = file.count(Outcome.ERROR)
    checked = (
        f"{file.lines:,}行" + (f"　{errors:,}行に誤り" if errors else "　誤りはありません") if file.checked_at else ""
    )
    decided = f"{who.get(file.decided_by_id or 0, '')} {_time(file.decided_at)}" if file.decided_at else ""
    done = f"{file.applied_lines:,}行を反映しました" if file.applied_at else ""
    said = (
        ("受け付け", f"{_when(file.uploaded_at)} {who.get(file.uploaded_by_id, '')}"),
        ("検査", checked or ("検査しています" if at == 2 else "まだです")),
        ("違いを確かめる", decided or ("反映の前に見る" if at <= 3 else "")),
        ("反映", done or ("処理中" if at == 4 else "押すまで何も変わりません")),
    )
    return [
        Step(place, title, detail, "done" if place < at else "now" if place == at else "later")
        for place, (title, detail) in enumerate(said, start=1)
    ]


def _when(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _time(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M}"


@dataclass(frozen=True)
class Share:
    """A part of the result: word, lines, explanation, and its place on a strip of 1,000 units."""

    code: str
    label: str
    lines: int
    explained: str
    start: int
    width: int


def shares_of(file: ImportFile) -> list[Share]:
    whole = sum(file.counts.values())
    found, passed = [], 0
    for outcome in Outcome:
        lines = file.count(outcome)
        start = passed * 1000 // whole if whole else 0
        passed += lines
        end = passed * 1000 // whole if whole else 0
        width = max(end - start, 2 if lines else 0)
        found.append(Share(str(outcome), str(outcome.label), lines, EXPLAINED[outcome], min(start, 998), width))
    return found


def size_words(size: int) -> str:
    """412KB, 3.2MB."""
    if size < 1024 * 1024:
        return f"{max(1, size // 1024)}KB"
    return f"{size / 1024 / 1024:.1f}MB"


@dataclass(frozen=True)
class Conditions:
    """What the clerk chose in the list of imports; impersonal, so it stands in the address."""

    kind: str = ""
    state: str = ""
    page: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Conditions:
        return cls(
            kind=query.get("kind", "") if query.get("kind") in KINDS else "",
            state=query.get("state", "") if query.get("state") in STATES else "",
            page=page_number(query.get("page")),
        )

    def query(self, **changes: Any) -> str:
        if changes and "page" not in changes:
            changes["page"] = 1
        chosen = replace(self, **changes)
        pairs = {"kind": chosen.kind, "state": chosen.state, "page": chosen.page if chosen.page > 1 else ""}
        return "?" + urlencode({name: value for name, value in pairs.items() if value})

    @property
    def chips(self) -> list[Chip]:
        found = []
        if self.kind:
            found.append(Chip("種別", KINDS[self.kind], self.query(kind="")))
        if self.state:
            found.append(Chip("状態", STATES[self.state], self.query(state="")))
        return found
