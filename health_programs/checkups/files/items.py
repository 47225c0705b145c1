"""健診項目: every item of 第4期 (V08) by its JLAC10 code, as `data/items.json` holds them. Order is that of the standard."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "data" / "items.json"
QUANTITY, CODED, ORDINAL, TEXT = "PQ", "CD", "CO", "ST"

# What institutions write for a unit, beside the code of the standard.
UNIT_TWINS = {"mmhg": "mm[hg]", "u/l": "iu/l", "ml/min/1.73m2": "ml/min/1.73m^2"}


@dataclass(frozen=True)
class Item:
    """One item. key: our word where a rule or screen reads it. section: 区分番号. kind: PQ, CD, CO or ST.

    format: NNN.N for a number, the most characters for a text. unit: as shown; ucum: as written. method: XML検査方法コード.
    system: OID of the codes of its answer; codes: code → words. least, most: 入力最小値・入力最大値 in the unit.
    group: code of its 一連検査グループ, relation: COMP or RSON within it. author: item whose text is the author of this one.
    statutory: part of 特定健診, so written in section 01010.
    """

    code: str
    name: str
    place: int
    key: str = ""
    section: str = ""
    kind: str = TEXT
    format: str = ""
    unit: str = ""
    ucum: str = ""
    method: str = ""
    method_name: str = ""
    system: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    group: str = ""
    relation: str = ""
    author: str = ""
    statutory: bool = False
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def coded(self) -> bool:
        return self.kind in (CODED, ORDINAL)

    @property
    def longest(self) -> int | None:
        """The most characters of a text."""
        return int(self.format) if self.kind == TEXT and self.format.isdigit() else None

    def takes_unit(self, unit: str) -> bool:
        """Whether a unit as written is the unit of this item."""
        return _unit(unit) in {_unit(self.ucum), _unit(self.unit)}


def _unit(text: str) -> str:
    folded = text.casefold().replace(" ", "")
    return UNIT_TWINS.get(folded, folded)


@cache
def table() -> dict[str, Item]:
    """Code → item, in the order of the standard."""
    rows = json.loads(SOURCE.read_text(encoding="utf-8"))["items"]
    return {row["code"]: _item(row, place) for place, row in enumerate(rows)}


def _item(row: dict[str, object], place: int) -> Item:
    def text(name: str) -> str:
        return str(row.get(name, ""))

    def number(name: str) -> Decimal | None:
        return Decimal(str(row[name])) if name in row else None

    codes = row.get("codes", {})
    assert isinstance(codes, dict)
    return Item(
        code=text("code"), name=text("name"), place=place, key=text("key"), section=text("section"), kind=text("type"),
        format=text("format"), unit=text("unit"), ucum=text("ucum"), method=text("method"),
        method_name=text("method_name"), system=text("system"), codes=codes, group=text("group"),
        relation=text("relation"), author=text("author"), statutory=bool(row.get("statutory")), least=number("least"),
        most=number("most"),
    )  # fmt: skip


def by_code(code: str) -> Item | None:
    """The item of a 17-character code; None where the standard has none."""
    return table().get(code)


@cache
def by_key(key: str) -> tuple[Item, ...]:
    """Every item of one key (one a method), the one to prefer first: 血圧 その他, 2回目, 1回目; 腹囲 実測 first."""
    return tuple(item for item in table().values() if item.key == key)


def place_of(code: str) -> tuple[int, str]:
    """Where an item stands among the others; unknown ones come last, by code."""
    item = by_code(code)
    return (item.place if item else len(table()), code)
