"""交換用基本情報 (ix08) and 集計情報 (su08): who sends what to whom, and what the sender says lies in the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.desk import Desk
from health_programs.checkups.files.documents import Problem
from health_programs.checkups.files.safexml import local, parse

INTERACTIONS = {
    "1": "健診・保健指導機関から代行機関", "2": "代行機関から健診・保健指導機関", "3": "代行機関から保険者",
    "4": "保険者から代行機関（未決済）", "5": "保険者から代行機関（決済済み）", "6": "健診・保健指導機関から保険者",
    "7": "保険者から健診・保健指導機関", "8": "保険者から保険者", "9": "その他", "10": "保険者から国（支払基金）",
}  # fmt: skip
EVENTS = {"1": "特定健診", "2": "特定保健指導", "3": "国への実績報告", "4": "他の健診結果の受領分"}
PARTIES = {
    codes.INSURER: "保険者",
    codes.INSTITUTION: "健診機関",
    codes.AGENCY: "代行機関",
    codes.MUNICIPALITY: "自治体",
}
N = {"c": codes.CLAIM}


@dataclass(frozen=True)
class Index:
    """交換用基本情報. sender, receiver: (OID, number). total: 総ファイル数."""

    interaction: str
    created: date
    sender: tuple[str, str]
    receiver: tuple[str, str]
    event: str
    total: int


@dataclass(frozen=True)
class Summary:
    """集計情報, in people and yen. by_other: paid by other programmes."""

    event: str
    people: int
    cost: int
    payment: int
    claimed: int
    by_other: int = 0


@dataclass(frozen=True)
class ReadIndex:
    index: Index | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ReadSummary:
    summary: Summary | None
    problems: tuple[Problem, ...]


def read_index(data: bytes, name: str) -> ReadIndex:
    """ix08_V08.xml, or why it cannot be read."""
    root, desk = _root(data, name, "index", "交換用基本情報")
    if root is None:
        return ReadIndex(None, tuple(desk.problems))
    interaction = _coded(root, "interactionType", "種別", 20, desk)
    event = _coded(root, "serviceEventType", "実施区分", 9, desk)
    created_at = root.find("c:creationTime", N)
    created = codes.day((created_at.get("value") or "") if created_at is not None else "")
    if created is None:
        desk.wrong("date", "作成日", "日付として読めません（年月日8桁）。", root)
    sender = _party(root, "sender", "送付元", desk)
    receiver = _party(root, "receiver", "送付先", desk) if root.find("c:receiver", N) is not None else ("", "")
    total = _count(root, "totalRecordCount", "総ファイル数", 8, desk)
    if desk.stopped or created is None:
        return ReadIndex(None, tuple(desk.problems))
    return ReadIndex(Index(interaction, created, sender, receiver, event, total), tuple(desk.problems))


def read_summary(data: bytes, name: str) -> ReadSummary:
    """su08_V08.xml, or why it cannot be read."""
    root, desk = _root(data, name, "summary", "集計情報")
    if root is None:
        return ReadSummary(None, tuple(desk.problems))
    event = _coded(root, "serviceEventType", "実施区分", 9, desk)
    summary = Summary(
        event,
        _count(root, "totalSubjectCount", "総受診者数", 6, desk),
        _count(root, "totalCostAmount", "総単価", 9, desk),
        _count(root, "totalPaymentAmount", "総窓口負担", 9, desk),
        _count(root, "totalClaimAmount", "総請求金額", 9, desk),
        _count(root, "totalPaymentByOtherProgram", "他の検診による総負担", 9, desk, optional=True),
    )
    return ReadSummary(None if desk.stopped else summary, tuple(desk.problems))


def _root(data: bytes, name: str, tag: str, label: str) -> tuple[etree._Element | None, Desk]:
    tree = parse(data, name)
    desk = Desk(name, list(tree.problems))
    if tree.root is None:
        return None, desk
    namespace, found = local(tree.root)
    if namespace == codes.OLD_CLAIM:
        remedy = "V08 で作り直すように、送付元に頼んでください。"
        desk.wrong("old_version", "", "第4期（V08）の様式ではありません。", tree.root, remedy)
        return None, desk
    if (namespace, found) != (codes.CLAIM, tag):
        desk.wrong("wrong_root", "", f"{label}ではありません。", tree.root)
        return None, desk
    return tree.root, desk


def _coded(root: etree._Element, tag: str, label: str, most: int, desk: Desk) -> str:
    found = root.find(f"c:{tag}", N)
    code = (found.get("code") or "") if found is not None else ""
    if not re.fullmatch(r"[1-9][0-9]?", code) or int(code) > most:
        desk.wrong("unknown_code", label, "決められていないコードです。", found if found is not None else root)
    return code


def _count(root: etree._Element, tag: str, label: str, most: int, desk: Desk, *, optional: bool = False) -> int:
    found = root.find(f"c:{tag}", N)
    if found is None:
        if not optional:
            desk.wrong("missing", label, "入っていません。", root)
        return 0
    written = (found.get("value") or "").strip()
    if not re.fullmatch(rf"[0-9]{{1,{most}}}", written):
        desk.wrong("number", label, f"{most}桁までの数字ではありません。", found)
        return 0
    return int(written)


def _party(root: etree._Element, tag: str, label: str, desk: Desk) -> tuple[str, str]:
    found = root.find(f"c:{tag}/c:id", N)
    if found is None:
        desk.wrong("missing", label, "入っていません。", root)
        return "", ""
    oid, number = found.get("root") or "", (found.get("extension") or "").strip()
    if oid not in PARTIES:
        desk.wrong("oid", label, "OID（番号の種類）が違います。", found)
    elif oid == codes.INSURER and not codes.is_insurer(number):
        desk.wrong("check_digit", label, "保険者番号の検証番号が合いません。", found)
    elif oid == codes.INSTITUTION and not codes.is_institution_number(number):
        desk.note("check_digit", label, "健診機関番号の検証番号が合いません。", found)
    return oid, number
