"""決済情報 (cc08): what an institution claims for one examination, item by item, and whether its sums hold. Yen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

import jaconv
from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.desk import Desk
from health_programs.checkups.files.documents import Claim, Identity, Problem
from health_programs.checkups.files.safexml import local, parse, squeezed

N = {"c": codes.CLAIM}
BASIC, DETAIL, OTHER = "basic", "detail", "other"
_PRICES = {BASIC: "unitPriceBasic", DETAIL: "unitPriceDetail", OTHER: "unitPriceOther"}
_PAID = ("paymentForBasic", "paymentForDetail", "paymentForOther")
DETAILS = {"1": "貧血検査", "2": "心電図検査", "3": "眼底検査", "4": "血清クレアチニン検査"}


@dataclass(frozen=True)
class ClaimLine:
    """One price. part: basic, detail or other. code: of DETAILS for detail, an item's for other. amount: yen."""

    part: str
    code: str
    amount: int


class ReadClaim(NamedTuple):
    """What one file gave. claim: None where a fatal problem stands. by_other: paid by 他の検診, in yen."""

    claim: Claim | None
    lines: tuple[ClaimLine, ...]
    by_other: int
    problems: tuple[Problem, ...]


def read_claim(data: bytes, name: str) -> ReadClaim:
    """One cc08 file. It carries no day of examination: `exam_date` stays None until its document is found."""
    tree = parse(data, name)
    desk = Desk(name, list(tree.problems))
    if tree.root is None or not _is_claim(tree.root, desk):
        return ReadClaim(None, (), 0, tuple(desk.problems))
    root = tree.root
    lines = _lines(root, desk)
    unit = _amount(root, "unitAmount", "単価（合計）", desk)
    paid = _amount(root, "paymentAmount", "窓口負担（合計）", desk)
    other = _amount(root, "paymentByOtherProgram", "他の検診による負担金額", desk, optional=True)
    claimed = _amount(root, "claimAmount", "請求金額", desk)
    counter = sum(_amount(root, f"{one}/c:amount", "窓口負担", desk, optional=True) for one in _PAID)
    identity = _identity(root, desk)
    institution = _extension(
        root, "c:subjectPerson/c:performerOrganization/c:id", codes.INSTITUTION, "健診機関番号", desk
    )
    if institution and not re.fullmatch(r"[0-9]{10}", institution):
        desk.wrong("institution", "健診機関番号", "10桁の数字ではありません。", root)
    if not desk.stopped:
        _sums(desk, root, lines, unit, paid, other, claimed, counter)
    voucher = _extension(root, "c:checkupCard/c:id", codes.VOUCHER, "受診券整理番号", desk, optional=True)
    if voucher and not re.fullmatch(r"[0-9]{11}", voucher):
        desk.wrong("voucher", "受診券整理番号", "11桁の数字ではありません。", root)
    if desk.stopped or identity is None:
        return ReadClaim(None, (), 0, tuple(desk.problems))
    claim = Claim(name, institution, identity, None, unit, paid, claimed, voucher)
    return ReadClaim(claim, lines, other, tuple(desk.problems))


def _is_claim(root: etree._Element, desk: Desk) -> bool:
    namespace, name = local(root)
    if namespace == codes.OLD_CLAIM:
        desk.wrong(
            "old_version",
            "",
            "第4期（V08）の様式ではありません。",
            root,
            "V08 で作り直すように、送付元に頼んでください。",
        )
        return False
    if (namespace, name) != (codes.CLAIM, "checkupClaim"):
        desk.wrong("not_claim", "", "健診の決済情報（checkupClaim）ではありません。", root)
        return False
    return True


def _figure(element: etree._Element, label: str, desk: Desk) -> int:
    written = (element.get("value") or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", written):
        desk.wrong("amount", label, "金額として読めません（9桁までの数字）。", element)
        return 0
    return int(written)


def _amount(root: etree._Element, path: str, label: str, desk: Desk, *, optional: bool = False) -> int:
    found = root.findall(f"c:settlement/c:{path}", N)
    if not found:
        if not optional:
            desk.wrong("missing", label, "入っていません。", root)
        return 0
    if len(found) > 1:
        desk.wrong("several", label, "二つ以上あります。", found[1])
    return _figure(found[0], label, desk)


def _lines(root: etree._Element, desk: Desk) -> tuple[ClaimLine, ...]:
    found = []
    for part, tag in _PRICES.items():
        for price in root.iterfind(f"c:settlement/c:{tag}", N):
            amount = price.find("c:amount", N)
            if amount is None:
                desk.wrong("missing", "単価", "金額がありません。", price)
                continue
            item = price.find("c:observation", N)
            code = (item.get("code") or "") if item is not None else ""
            if part == DETAIL and code not in DETAILS:
                desk.wrong("unknown_code", "詳細な健診の単価", "決められていない項目のコードです。", price)
            found.append(ClaimLine(part, code, _figure(amount, "単価", desk)))
    return tuple(found)


def _sums(
    desk: Desk, root: etree._Element, lines: tuple[ClaimLine, ...], unit: int, paid: int, other: int, claimed: int,
    counter: int,
) -> None:  # fmt: skip
    """単価の合計 = 基本 + 詳細 + 追加; 窓口負担 = その内訳; 請求 = 単価 − 窓口負担 − 他の検診の負担 (not below zero)."""
    remedy = "請求の内容を健診機関に確かめてください。"
    if lines and sum(line.amount for line in lines) != unit:
        desk.note("sum_unit", "単価（合計）", "内訳の合計と一致しません。", root, remedy)
    if counter and counter != paid:
        desk.note("sum_payment", "窓口負担（合計）", "内訳の合計と一致しません。", root, remedy)
    if claimed != max(unit - paid - other, 0):
        desk.note("sum_claim", "請求金額", "単価から窓口負担を引いた金額と一致しません。", root, remedy)


def _extension(root: etree._Element, path: str, oid: str, label: str, desk: Desk, *, optional: bool = False) -> str:
    found = root.find(path, N)
    if found is None:
        if not optional:
            desk.wrong("missing", label, "入っていません。", root)
        return ""
    if found.get("root") != oid:
        desk.wrong("oid", label, "OID（番号の種類）が違います。", found)
    return (found.get("extension") or "").strip()


def _identity(root: etree._Element, desk: Desk) -> Identity | None:
    card = "c:subjectPerson/c:insuranceCard/c:"
    insurer = _extension(root, f"{card}insurerNumber", codes.INSURER, "保険者番号", desk)
    if insurer and not codes.is_insurer(insurer):
        desk.wrong("check_digit", "保険者番号", "検証番号が合わないか、桁数が違います。", root)
    symbol = _extension(root, f"{card}symbol", codes.SYMBOL, "被保険者証等記号", desk, optional=True)
    number = _extension(root, f"{card}number", codes.NUMBER, "被保険者証等番号", desk)
    desk.needed(number, "被保険者証等番号", root, 40)
    branch = unicodedata.normalize(
        "NFKC", _extension(root, f"{card}branchCode", codes.BRANCH, "枝番", desk, optional=True)
    )
    if branch and not re.fullmatch(r"[0-9]{2}", branch):
        desk.wrong("branch", "枝番", "2桁の数字ではありません。", root)
    person = "c:subjectPerson/c:"
    kana = jaconv.h2z(squeezed(root.find(f"{person}name", N)), kana=True, digit=False, ascii=False).replace(" ", "　")
    desk.needed(kana, "氏名（カナ）", root, 120)
    gender = root.find(f"{person}administrativeGender", N)
    sex = (gender.get("code") or "") if gender is not None else ""
    if sex not in ("1", "2"):
        desk.wrong("sex", "性別", "1（男）か2（女）ではありません。", root)
    birth = root.find(f"{person}birthTime", N)
    born = codes.day((birth.get("value") or "") if birth is not None else "")
    if born is None:
        desk.wrong("date", "生年月日", "日付として読めません（年月日8桁）。", root)
        return None
    address = root.find(f"{person}addr", N)
    postal = squeezed(address.find("c:postalCode", N)) if address is not None else ""
    if postal and not re.fullmatch(r"[0-9]{3}-[0-9]{4}", postal):
        desk.note("postal_code", "郵便番号", "郵便番号として読めません。", address)
        postal = ""
    street = squeezed(address).removeprefix(postal).removesuffix(postal).strip() if address is not None else ""
    desk.fits(street, "住所", address, 300)
    desk.fits(symbol, "被保険者証等記号", root, 40)
    return Identity(insurer.zfill(8), symbol, number, branch, kana, born, sex, postal, street)
