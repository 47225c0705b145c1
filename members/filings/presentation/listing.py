"""Conditions of the worklist as they stand in the address: impersonal, so they may be bookmarked and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kumiai.ui.paging import Chip, integer, page_number
from members.filings.enums import FilingKind

STATES = {
    "open": "未処理",
    "received": "受付済み",
    "waiting": "承認待ち",
    "draft": "下書き",
    "old_draft": "古い下書き",
    "returned": "返戻",
    "processed": "処理済み",
    "withdrawn": "取り下げ",
    "all": "すべて",
}
CLOCKS = {
    "": "すべて",
    "overdue": "期限を過ぎた",
    "today": "今日まで",
    "alarm": "期限が近い",
    "late": "届出が遅れた",
}
KINDS = {"": "すべて", **dict(FilingKind.choices)}
MINE = {"": "全員", "1": "自分だけ"}
DEFAULT_STATE = "open"


@dataclass(frozen=True)
class Conditions:
    """What the clerk chose; what cannot be understood is as if it were not there."""

    state: str = DEFAULT_STATE
    kind: str = ""
    employer: int | None = None
    clock: str = ""
    mine: str = ""
    page: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Conditions:
        return cls(
            state=query["state"] if query.get("state") in STATES else DEFAULT_STATE,
            kind=query["kind"] if query.get("kind") in KINDS else "",
            employer=integer(query.get("employer")),
            clock=query["clock"] if query.get("clock") in CLOCKS else "",
            mine="1" if query.get("mine") == "1" else "",
            page=page_number(query.get("page")),
        )

    def query(self, **changes: object) -> str:
        """The query string with `changes`, defaults left out; any change but the page goes back to page 1."""
        if changes and "page" not in changes:
            changes["page"] = 1
        chosen = replace(self, **changes)  # type: ignore[arg-type]
        pairs = {
            "state": chosen.state if chosen.state != DEFAULT_STATE else "",
            "kind": chosen.kind,
            "employer": chosen.employer or "",
            "clock": chosen.clock,
            "mine": chosen.mine,
            "page": chosen.page if chosen.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value != ""})

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen beyond the state."""
        return bool(self.kind or self.employer or self.clock or self.mine)

    def cleared(self) -> str:
        return self.query(state=DEFAULT_STATE, kind="", employer=None, clock="", mine="")

    def chips(self, employer_name: str) -> list[Chip]:
        """The chosen conditions in the order of the fields."""
        found = []
        if self.state != DEFAULT_STATE:
            found.append(Chip("状態", STATES[self.state], self.query(state=DEFAULT_STATE)))
        if self.kind:
            found.append(Chip("種別", KINDS[self.kind], self.query(kind="")))
        if self.employer:
            found.append(Chip("事業所", employer_name or "見つからない事業所", self.query(employer=None)))
        if self.clock:
            found.append(Chip("期限", CLOCKS[self.clock], self.query(clock="")))
        if self.mine:
            found.append(Chip("入力した人", MINE[self.mine], self.query(mine="")))
        return found
