"""How one institution writes its CSV of results: which column is what, in which words and units. Pure.

The saved map (`models.ResultMap`) gives a `Shape`; the reader (`result_csv`) and the editor read it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from health_programs.checkups.files.items import Item, by_code, by_key, table
from health_programs.checkups.files.person_columns import LAYOUT
from kumiai.tabular.columns import head_key

NOT_MEASURED, REFUSED, BELOW, ABOVE, LOW, HIGH = "not_measured", "refused", "below", "above", "low", "high"
USUAL_MARKS: dict[str, tuple[str, ...]] = {
    NOT_MEASURED: ("未実施", "未検査", "測定不能", "測定不可", "***"),
    REFUSED: ("拒否", "本人拒否", "検査拒否"),
    BELOW: ("<", "未満", "以下"),
    ABOVE: (">", "以上", "超"),
    LOW: ("L",),
    HIGH: ("H",),
}
"""Words for what was not measured; marks before or behind a number: under or over what can be measured, and judged L or H."""

MARKS = (
    (NOT_MEASURED, "未実施・測定不能の言葉", ""),
    (REFUSED, "拒否の言葉", ""),
    (BELOW, "測定範囲より下の印", "数値の前か後に付くもの"),
    (ABOVE, "測定範囲より上の印", "数値の前か後に付くもの"),
    (LOW, "低い判定（L）の印", "数値の前か後に付くもの"),
    (HIGH, "高い判定（H）の印", "数値の前か後に付くもの"),
)
"""Each with its word and a hint, in the order of the editor."""

_DASHES = re.compile("[‐‑‒–—―−ｰ]")
# What institutions write for the steps of a qualitative test, beside the words of the standard.
_STEPS = {"陰性": "-", "(-)": "-", "(±)": "±", "+-": "±", "+/-": "±", "(+)": "+", "1+": "+", "(1+)": "+", "陽性": "+",
          "2+": "++", "(2+)": "++", "(++)": "++", "3+": "+++", "(3+)": "+++", "(+++)": "+++"}  # fmt: skip


def word_key(text: str) -> str:
    """A word of an answer as it is compared: half width, one sort of dash, no spaces."""
    return _DASHES.sub("-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text))).casefold()


def words_text(words: Mapping[str, str]) -> str:
    """Words of a map as they are typed: theirs＝ours."""
    return "、".join(f"{theirs}＝{ours}" for theirs, ours in words.items())


@dataclass(frozen=True)
class ItemColumn:
    """A column that holds an item. place: from 0. unit: of `units.others`, "" for the item's own. words: theirs → code."""

    code: str
    place: int
    head: str = ""
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def item(self) -> Item:
        found = by_code(self.code)
        assert found is not None
        return found


@dataclass(frozen=True)
class Shape:
    """A whole map. codec, delimiter: "" where they are found out. head_row: 0 for a file without heads. heads: of the sample.

    places, constants: column of `person_columns` → place, text. words: column → {theirs: ours}. marks: state → words.
    dates: of `person_columns.DATES`.
    """

    codec: str = ""
    delimiter: str = ""
    head_row: int = 1
    heads: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(USUAL_MARKS))
    dates: str = ""
    items: tuple[ItemColumn, ...] = ()

    @property
    def width(self) -> int:
        return len(self.heads)

    def used(self) -> list[tuple[int, str]]:
        """(place, what it is) of every column that is read, in the order of the file."""
        found = [(place, LAYOUT.column(code).title) for code, place in self.places.items()]
        return sorted(found + [(one.place, one.item.name) for one in self.items])

    def stored(self) -> dict[str, Any]:
        """As the row of the map keeps it."""
        return {
            "places": dict(self.places),
            "constants": dict(self.constants),
            "words": {code: dict(words) for code, words in self.words.items()},
            "marks": {state: list(words) for state, words in self.marks.items()},
            "dates": self.dates,
            "items": [
                {"code": one.code, "place": one.place, "unit": one.unit, "words": dict(one.words)} for one in self.items
            ],
        }

    @classmethod
    def of(cls, *, codec: str, delimiter: str, head_row: int, heads: Sequence[str], stored: Mapping[str, Any]) -> Shape:
        """The shape that `stored` gave."""
        items = tuple(
            ItemColumn(one["code"], one["place"], heads[one["place"]], one["unit"], one["words"])
            for one in stored["items"]
        )
        marks = {state: tuple(words) for state, words in stored["marks"].items()}
        return cls(
            codec, delimiter, head_row, tuple(heads), stored["places"], stored["constants"], stored["words"], marks,
            stored["dates"], items,
        )  # fmt: skip


def misfits(shape: Shape, head: Sequence[str]) -> list[str]:
    """What of the head is no longer as the map knows it, one sentence a column. Nothing found in the file is repeated."""
    wanted = [head_key(text) for text in shape.heads]
    found = [head_key(text) for text in head]
    said = []
    for place, title in shape.used():
        if place < len(found) and found[place] == wanted[place]:
            continue
        moved = [n for n, text in enumerate(found) if text == wanted[place]]
        where = f"（{moved[0] + 1}列目に移っています）" if len(moved) == 1 else "（ほかの列にもありません）"
        said.append(f"{place + 1}列目が「{shape.heads[place][:40]}」（{title}）ではありません{where}。")
    return said


def strangers(shape: Shape, head: Sequence[str]) -> list[str]:
    """Heads that the map has never seen."""
    known = {head_key(text) for text in shape.heads}
    return [text.strip()[:40] for text in head if text.strip() and head_key(text) not in known]


def answers(item: Item, words: Mapping[str, str]) -> dict[str, str]:
    """Every word an answer may be written with → its code.

    Words of the map come first. The words of the standard follow; its codes only where the map says nothing and where no
    code is the word of another answer.
    """
    found = {word_key(label): code for code, label in item.codes.items()}
    if set(item.codes.values()) >= {"-", "±", "+", "++", "+++"}:
        found |= {word: found[step] for word, step in _STEPS.items()}
    if not words:
        for code in item.codes:
            if found.get(code, code) == code:
                found[code] = code
            else:
                del found[code]
    return found | {word_key(word): code for word, code in words.items()}


def guess(heads: Iterable[str]) -> tuple[dict[str, int], dict[int, str]]:
    """What the heads themselves say: column of a person → place, and place → code of an item."""
    heads = list(heads)
    people = LAYOUT.match(heads)
    taken = set(people.values())
    names: dict[str, str] = {}
    for item in table().values():
        first = by_key(item.key)[0] if item.key else item
        names.setdefault(head_key(item.name), item.code)
        names.setdefault(head_key(re.sub(r"[(（].*?[)）]", "", item.name)), first.code)
    items: dict[int, str] = {}
    for place, head in enumerate(heads):
        if place in taken:
            continue
        written = re.search(r"(?<![0-9A-Za-z])[0-9A-Z]{17}(?![0-9A-Za-z])", unicodedata.normalize("NFKC", head))
        code = written[0] if written and by_code(written[0]) else names.get(head_key(head), "")
        if code and code not in items.values():
            items[place] = code
    return people, items
