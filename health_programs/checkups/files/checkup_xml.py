"""特定健診結果 (hc08, CDA): one file in, one submission or the reasons why not. Nothing is taken half.

Other than completeness (a rule of its own) everything is looked at here: version, OIDs, check digits, dates, items. Numbers
of people stay as written, full-width made half-width; nothing is corrected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import jaconv
from lxml import etree

from health_programs.checkups.files import codes
from health_programs.checkups.files.desk import ASK, Desk
from health_programs.checkups.files.documents import Identity, Problem, Submission
from health_programs.checkups.files.observations import read_all
from health_programs.checkups.files.safexml import XSI, local, parse, squeezed

N = {"h": codes.HL7}
FIRST_BIRTH = date(1900, 1, 1)
_OLD = re.compile(r"_V0?[0-7]\b|_V0?[0-7]\.xsd", re.IGNORECASE)


class Read(NamedTuple):
    """What one file gave. submission: None where a fatal problem stands."""

    submission: Submission | None
    problems: tuple[Problem, ...]


def read_document(data: bytes, name: str, *, insurers: Collection[str] = ()) -> Read:
    """One hc08 file. name: of the file, for the words and the submission.

    insurers: numbers of our own; a result for another insurer gets a note, and is nobody of ours.
    """
    tree = parse(data, name)
    desk = Desk(name, list(tree.problems))
    if tree.root is None:
        return Read(None, tuple(desk.problems))
    submission = _document(tree.root, desk, insurers) if _is_ours(tree.root, desk) else None
    return Read(None if desk.stopped else submission, tuple(desk.problems))


def _is_ours(root: etree._Element, desk: Desk) -> bool:
    namespace, name = local(root)
    location = root.get(f"{{{XSI}}}schemaLocation") or ""
    if (namespace, name) != (codes.HL7, "ClinicalDocument"):
        if namespace == codes.OLD_CLAIM:
            _old(desk, root)
        else:
            desk.wrong("not_checkup", "", "健診結果の XML（ClinicalDocument）ではありません。", root)
        return False
    if _OLD.search(location):
        _old(desk, root)
        return False
    kind = root.find("h:typeId", N)
    if kind is None or kind.get("root") != codes.TYPE_ROOT or kind.get("extension") != "POCD_HD000040":
        desk.wrong("not_checkup", "typeId", "健診結果の XML（POCD_HD000040）ではありません。", root)
        return False
    report = root.find("h:code", N)
    code = (report.get("code") or "") if report is not None else ""
    desk.oid(report, "codeSystem", codes.REPORT, "報告区分")
    if code == codes.DELETION:
        remedy = "もとの結果を開き、取り下げてください。"
        desk.wrong("deletion", "報告区分", "前に送った結果を消す依頼です。", report, remedy)
    elif code in codes.GUIDANCE:
        desk.wrong(
            "not_checkup", "報告区分", "保健指導の結果です。", report, "保健指導のファイルとして取り込んでください。"
        )
    elif code not in codes.REPORTS:
        desk.wrong("report_code", "報告区分", "決められていない報告区分です。", report if report is not None else root)
    return not desk.stopped


def _old(desk: Desk, root: etree._Element) -> None:
    desk.wrong(
        "old_version", "", "第4期（V08）の様式ではありません。", root, "V08 で作り直すように、送付元に頼んでください。"
    )


def _document(root: etree._Element, desk: Desk, insurers: Collection[str]) -> Submission | None:
    created = _day(root.find("h:effectiveTime", N), "作成日", desk, root)
    identity = _identity(root, desk, insurers)
    event = root.find("h:documentationOf/h:serviceEvent", N)
    if event is None:
        desk.wrong("missing", "健診実施情報（documentationOf）", "ありません。", root)
        return None
    if len(root.findall("h:documentationOf", N)) > 1:
        desk.wrong("several", "健診実施情報（documentationOf）", "二つ以上あります。", event)
    examined = _day(event.find("h:effectiveTime", N), "受診日", desk, event)
    program = event.find("h:code", N)
    desk.oid(program, "codeSystem", codes.PROGRAM, "健診プログラム種別")
    program_code = desk.needed(
        (program.get("code") or "") if program is not None else "", "健診プログラム種別", event, 3
    )
    institution, institution_name = _institution(root, event, desk)
    voucher, until = _voucher(root, desk)
    body = root.find("h:component/h:structuredBody", N)
    if body is None:
        desk.wrong("missing", "検査結果（structuredBody）", "ありません。", root)
        return None
    observations = read_all(body, desk)
    if not observations:
        desk.wrong("no_items", "検査結果", "検査項目が一つもありません。", body)
    if identity is None or examined is None or created is None:
        return None
    if examined < identity.birth_date:
        desk.wrong("date_order", "受診日", "生年月日より前の日です。", event)
    if examined > created:
        desk.note("date_order", "受診日", "ファイルの作成日より後の日です。", event)
    report = root.find("h:code", N)
    fasting = next((int(one.coded) for one in observations if one.key == "fasting_hours" and one.coded.isdigit()), None)
    return Submission(
        name=desk.name,
        document_id=_document_id(root, desk),
        identity=identity,
        exam_date=examined,
        institution_code=institution,
        institution_name=institution_name,
        observations=observations,
        report_code=(report.get("code") or "") if report is not None else "",
        program_code=program_code,
        voucher_number=voucher,
        voucher_until=until,
        created_date=created,
        fasting=fasting,
    )


def _document_id(root: etree._Element, desk: Desk) -> str:
    found = root.find("h:id", N)
    if found is None or found.get("nullFlavor"):
        return ""
    return desk.fits((found.get("extension") or found.get("root") or "").strip(), "文書番号", found, 80)


def _day(element: etree._Element | None, label: str, desk: Desk, parent: etree._Element) -> date | None:
    """The value of an effectiveTime, a time or a low of it."""
    if element is None:
        desk.wrong("missing", label, "入っていません。", parent)
        return None
    written = element.get("value")
    if written is None:
        low = element.find("h:low", N)
        written = low.get("value") if low is not None else None
    if not written:
        desk.wrong("missing", label, "入っていません。", element)
        return None
    found = codes.day(written)
    if found is None or not FIRST_BIRTH <= found < date(2200, 1, 1):
        desk.wrong("date", label, "日付として読めません（年月日8桁）。", element)
        return None
    return found


def _identity(root: etree._Element, desk: Desk, insurers: Collection[str]) -> Identity | None:
    roles = root.findall("h:recordTarget/h:patientRole", N)
    if len(roles) != 1:
        what = "ありません。" if not roles else "二人以上あります。"
        desk.wrong("missing" if not roles else "several", "受診者情報（recordTarget）", what, root)
        return None
    role = roles[0]
    ids = _ids(role, desk)
    insurer = unicodedata.normalize("NFKC", ids.get(codes.INSURER, "")).strip()
    desk.needed(insurer, "保険者番号", role, 8)
    if insurer and not codes.is_insurer(insurer):
        desk.wrong("check_digit", "保険者番号", "検証番号が合わないか、桁数が違います。", role)
    elif insurer and insurers and insurer.zfill(8) not in {one.zfill(8) for one in insurers}:
        desk.note(
            "other_insurer",
            "保険者番号",
            "ほかの保険者の番号です。",
            role,
            "当組合あてか確かめ、違えば送付元に返してください。",
        )
    number = desk.needed(ids.get(codes.NUMBER, ""), "被保険者証等番号", role, 40)
    branch = unicodedata.normalize("NFKC", ids.get(codes.BRANCH, ""))
    if branch and not re.fullmatch(r"[0-9]{2}", branch):
        desk.wrong("branch", "枝番", "2桁の数字ではありません。", role)
    patient = role.find("h:patient", N)
    if patient is None:
        desk.wrong("missing", "受診者（patient）", "ありません。", role)
        return None
    kana = jaconv.h2z(squeezed(patient.find("h:name", N)), kana=True, digit=False, ascii=False)
    kana = desk.needed(kana, "氏名（カナ）", patient, 120).replace(" ", "　")
    gender = patient.find("h:administrativeGenderCode", N)
    desk.oid(gender, "codeSystem", codes.SEX, "性別")
    sex = (gender.get("code") or "") if gender is not None else ""
    if sex not in ("1", "2"):
        desk.wrong("sex", "性別", "1（男）か2（女）ではありません。", patient)
    born = _day(patient.find("h:birthTime", N), "生年月日", desk, patient)
    if born is None:
        return None
    postal, address = _address(role, desk)
    symbol = desk.fits(ids.get(codes.SYMBOL, ""), "被保険者証等記号", role, 40)
    return Identity(insurer.zfill(8), symbol, number, branch, kana, born, sex, postal, address)


def _ids(role: etree._Element, desk: Desk) -> dict[str, str]:
    known = (codes.INSURER, codes.SYMBOL, codes.NUMBER, codes.BRANCH)
    found: dict[str, str] = {}
    for one in role.findall("h:id", N):
        root, extension = one.get("root") or "", (one.get("extension") or "").strip()
        if one.get("nullFlavor"):
            continue
        if root not in known:
            desk.wrong("oid", "受診者の番号", "OID（番号の種類）が違います。", one)
        elif root in found:
            desk.wrong("several", "受診者の番号", "同じ種類の番号が二つあります。", one)
        else:
            found[root] = extension
    return found


def _address(role: etree._Element, desk: Desk) -> tuple[str, str]:
    element = role.find("h:addr", N)
    if element is None:
        return "", ""
    code = element.find("h:postalCode", N)
    postal = unicodedata.normalize("NFKC", squeezed(code))
    if postal and not re.fullmatch(r"[0-9]{3}-?[0-9]{4}", postal):
        desk.note("postal_code", "郵便番号", "郵便番号として読めません。", element)
        postal = ""
    if postal and "-" not in postal:
        postal = f"{postal[:3]}-{postal[3:]}"
    parts = [element.text or ""]
    for child in element:
        parts += ["" if child is code else squeezed(child), child.tail or ""]
    return postal, desk.fits(" ".join("".join(parts).split()), "住所", element, 300)


def _institution(root: etree._Element, event: etree._Element, desk: Desk) -> tuple[str, str]:
    """Who examined: the performer, else the author of the document (the same for an institution's own file)."""
    wanted = "h:performer/h:assignedEntity/h:representedOrganization"
    place = event.find(wanted, N)
    if place is None:
        place = root.find("h:author/h:assignedAuthor/h:representedOrganization", N)
    if place is None:
        desk.wrong("missing", "健診機関", "入っていません。", event)
        return "", ""
    found = next((one for one in place.findall("h:id", N) if one.get("root") == codes.INSTITUTION), None)
    if found is None:
        other = place.find("h:id", N)
        desk.wrong("oid" if other is not None else "missing", "健診機関番号", "健診機関番号がありません。", place)
        return "", ""
    code = (found.get("extension") or "").strip()
    if not re.fullmatch(r"[0-9]{10}", code):
        desk.wrong("institution", "健診機関番号", "10桁の数字ではありません。", found)
    elif not codes.is_institution_number(code):
        remedy = "読み取りました。健診機関の番号を確かめてください。"
        desk.note("check_digit", "健診機関番号", "検証番号が合いません。", found, remedy)
    return code, desk.fits(squeezed(place.find("h:name", N)), "健診機関の名称", place, 120)


def _voucher(root: etree._Element, desk: Desk) -> tuple[str, date | None]:
    """受診券整理番号 and its last day; empty where there was no voucher."""
    for one in root.findall("h:participant", N):
        function = one.find("h:functionCode", N)
        if one.get("typeCode") != "HLD" or function is None or function.get("code") != "1":
            continue
        desk.oid(function, "codeSystem", codes.CARD_KIND, "券の種別")
        found = one.find("h:associatedEntity/h:id", N)
        if found is None:
            continue
        root_oid = found.get("root") or ""
        if root_oid != codes.VOUCHER and not root_oid.startswith(f"{codes.VOUCHER}.1"):
            desk.wrong("oid", "受診券整理番号", "OID（番号の種類）が違います。", found)
        number = (found.get("extension") or "").strip()
        if not re.fullmatch(r"[0-9]{11}", number):
            desk.wrong("voucher", "受診券整理番号", "11桁の数字ではありません。", found, ASK)
        high = one.find("h:time/h:high", N)
        return number, _day(high, "受診券の有効期限", desk, one) if high is not None else None
    return "", None
