"""One 検査項目 of a CDA: its code, value, unit, range and judgement, against the table of items.

未実施 is `negationInd="true"`, 測定不可能 a value with nullFlavor NI (text says so), refused one with ASKU or NASK.
入力最小値以下・最大値以上: a value at the limit of the table flagged L or H, or nullFlavor NINF or PINF; the reference leaves
the encoding of the record guide open, so both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.desk import Desk
from health_programs.checkups.files.documents import ABOVE, BELOW, MEASURED, NOT_MEASURED, REFUSED, Observation
from health_programs.checkups.files.items import CODED, ORDINAL, QUANTITY, Item, by_code, place_of
from health_programs.checkups.files.safexml import XSI, squeezed

UNMEASURABLE = "測定不可能"
N = {"h": codes.HL7}
_NUMBER = re.compile(r"[+\-]?[0-9]{1,9}(\.[0-9]{1,6})?|\.[0-9]{1,6}")
_LONGEST = 1000


def read_all(body: etree._Element, desk: Desk) -> tuple[Observation, ...]:
    """Every observation of the body, in the order of the standard; an item twice with different values is wrong."""
    found: dict[str, Observation] = {}
    for section in body.iterfind("h:component/h:section", N):
        code = section.find("h:code", N)
        desk.oid(code, "codeSystem", codes.SECTION, "セクションのコード")
        for entry in section.iterfind("h:entry", N):
            for element in _observations(entry):
                for one in read(element, desk):
                    if one.code in found and found[one.code] != one:
                        desk.wrong("item_twice", _label(one.code), "同じ項目が二度あり、値が違います。", element)
                    found.setdefault(one.code, one)
    return tuple(found[code] for code in sorted(found, key=place_of))


def _observations(entry: etree._Element) -> Iterator[etree._Element]:
    for element in entry.iterfind("h:observation", N):
        yield element
        for inner in element.iterfind("h:entryRelationship", N):
            yield from _observations(inner)


def _label(code: str) -> str:
    item = by_code(code)
    return item.name if item else "検査項目"


def read(element: etree._Element, desk: Desk) -> list[Observation]:
    """The observation, and the one its author's name makes (医師の氏名). Empty for the frame of a group."""
    head = element.find("h:code", N)
    code = (head.get("code") or "") if head is not None else ""
    frame = element.find("h:entryRelationship", N) is not None
    value = element.find("h:value", N)
    negated = element.get("negationInd") == "true"
    if frame and value is None and not negated:
        return []  # 一連検査グループ: only holds others
    if not re.fullmatch(r"[0-9A-Za-z]{17}", code):
        desk.wrong("item_code", "検査項目", "項目コードが17桁ではありません。", element)
        return []
    desk.oid(head, "codeSystem", codes.ITEM, _label(code))
    item = by_code(code)
    if item is None:
        desk.note(
            "unknown_item",
            f"検査項目 {code}",
            "標準の表にない項目です。",
            element,
            "値はそのまま残しました。健診機関に項目を確かめてください。",
        )
    one = _measured(element, value, item, code, negated, desk)
    found = [one] if one is not None else []
    author = element.find("h:author/h:assignedAuthor/h:assignedPerson/h:name", N)
    if item and item.author and squeezed(author):
        doctor = by_code(item.author)
        text = desk.fits(squeezed(author), doctor.name if doctor else "医師の氏名", author, _LONGEST)
        found.append(Observation(item.author, doctor.key if doctor else "", text=text))
    return found


def _measured(
    element: etree._Element, value: etree._Element | None, item: Item | None, code: str, negated: bool, desk: Desk
) -> Observation | None:
    key, label = (item.key, item.name) if item else ("", f"検査項目 {code}")
    if negated:
        return Observation(code, key, state=NOT_MEASURED)
    if value is None:
        desk.note(
            "no_value",
            label,
            "値がありません。",
            element,
            "未実施なら negationInd を付けるように、送付元に知らせてください。",
        )
        return None
    flavor = value.get("nullFlavor")
    if flavor and flavor not in ("NINF", "PINF"):
        state, text = (REFUSED, "") if flavor in ("ASKU", "NASK") else (NOT_MEASURED, UNMEASURABLE)
        return Observation(code, key, state=state, text=text)
    kind = (value.get(f"{{{XSI}}}type") or "").rpartition(":")[2]
    if item and kind != item.kind and {kind, item.kind} != {CODED, ORDINAL}:
        desk.wrong("type", label, f"値の型が違います（決まりは {item.kind}）。", value)
        return None
    _method(element, item, label, desk)
    flag = _flag(element, label, desk)
    if kind == QUANTITY:
        return _quantity(element, value, item, code, flag, desk)
    if kind in (CODED, ORDINAL, "CE", "CV"):
        return _choice(value, item, code, flag, desk)
    text = squeezed(value)
    if not text:
        desk.note("no_value", label, "文字が入っていません。", value)
        return None
    longest = item.longest if item else None
    if longest and len(text) > longest:
        desk.note("long_text", label, f"{longest}文字を超えています。", value)
    return Observation(code, key, text=desk.fits(text, label, value, _LONGEST), flag=flag)


def _choice(value: etree._Element, item: Item | None, code: str, flag: str, desk: Desk) -> Observation | None:
    label = item.name if item else f"検査項目 {code}"
    coded = (value.get("code") or "").strip()
    if not re.fullmatch(r"[0-9A-Za-z]{1,10}", coded):
        desk.wrong("no_code", label, "結果のコードがありません。", value)
        return None
    if item and item.system:
        desk.oid(value, "codeSystem", item.system, label)
    if item and item.codes and coded not in item.codes:
        desk.wrong("unknown_code", label, "決められていない結果のコードです。", value)
        return None
    return Observation(code, item.key if item else "", coded=coded, flag=flag)


def _quantity(
    element: etree._Element, value: etree._Element, item: Item | None, code: str, flag: str, desk: Desk
) -> Observation | None:
    label, key = (item.name, item.key) if item else (f"検査項目 {code}", "")
    flavor = value.get("nullFlavor")
    written = (value.get("value") or "").strip()
    number = Decimal(written) if _NUMBER.fullmatch(written) else None
    if number is None and not (flavor and not written):
        desk.wrong("number", label, "数値として読めません。", value)
        return None
    unit = (value.get("unit") or "").strip()
    if item and not item.takes_unit(unit):
        if unit:
            desk.wrong("unit", label, f"単位が違います（決まりは {item.ucum or 'なし'}）。", value)
            return None
        desk.note("no_unit", label, f"単位がありません。{item.unit} として読みました。", value)
    state = {"NINF": BELOW, "PINF": ABOVE}.get(flavor or "", MEASURED)
    if number is None and item:
        number = item.least if state == BELOW else item.most
    if state == MEASURED and item and number is not None:
        state = beyond(item, number, flag, label, value, desk)
    low, high = _range(element, label, desk)
    unit = item.ucum if item else unit
    flag = flag or {BELOW: "L", ABOVE: "H"}.get(state, "")
    return Observation(code, key, number, unit=unit, state=state, flag=flag, low=low, high=high)


def beyond(item: Item, number: Decimal, flag: str, label: str, value: etree._Element | None, desk: Desk) -> str:
    """Whether a number says "at or beyond what may be entered"; a number outside without that flag is wrong."""
    under = item.least is not None and number <= item.least
    over = item.most is not None and number >= item.most
    if under and flag == "L":
        return BELOW
    if over and flag == "H":
        return ABOVE
    if (item.least is not None and number < item.least) or (item.most is not None and number > item.most):
        desk.wrong("out_of_range", label, f"入力できる範囲（{item.least}～{item.most}{item.unit}）の外です。", value)
    return MEASURED


def _flag(element: etree._Element, label: str, desk: Desk) -> str:
    found = element.find("h:interpretationCode", N)
    if found is None:
        return ""
    code = (found.get("code") or "").upper()
    if code in ("L", "N", "H"):
        return code
    desk.note("unknown_flag", label, "判定（L・N・H）が読めません。", found)
    return ""


def _method(element: etree._Element, item: Item | None, label: str, desk: Desk) -> None:
    found = element.find("h:methodCode", N)
    if found is None or item is None:
        return
    desk.oid(found, "codeSystem", codes.METHOD, label)
    if item.method and found.get("code") != item.method:
        desk.note("method", label, "検査方法のコードが項目と合いません。", found)


def _range(element: etree._Element, label: str, desk: Desk) -> tuple[Decimal | None, Decimal | None]:
    value = element.find("h:referenceRange/h:observationRange/h:value", N)
    if value is None:
        return None, None
    found: list[Decimal | None] = []
    for name in ("low", "high"):
        end = value.find(f"h:{name}", N)
        written = (end.get("value") or "").strip() if end is not None else ""
        if written and not _NUMBER.fullmatch(written):
            desk.note("range", label, "基準値が数値として読めません。", end)
            written = ""
        found.append(Decimal(written) if written else None)
    low, high = found
    if low is not None and high is not None and low > high:
        desk.note("range", label, "基準値の下限が上限より大きいです。", value)
        return None, None
    return low, high
