"""Identifiers and OIDs of 特定健診 XML (V08), each once."""

from __future__ import annotations

import re
from datetime import date

from members.enrollment.rules.numbers import insurer_check_digit, is_insurer_number

HL7 = "urn:hl7-org:v3"
CLAIM = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html"
OLD_CLAIM = "http://tokuteikenshin.jp/checkup/2007"

OID = "1.2.392.200119.6."
INSURER, INSTITUTION, AGENCY, MUNICIPALITY = OID + "101", OID + "102", OID + "103", OID + "105"
SYMBOL, NUMBER, BRANCH = OID + "204", OID + "205", OID + "211"
CARD_KIND, VOUCHER = OID + "208", OID + "209"
REPORT, PROGRAM, TEMPLATE = OID + "1001", OID + "1002", OID + "1009"
ITEM, METHOD, SECTION, SEX = OID + "1005", OID + "1007", OID + "1010", OID + "1104"
INTERPRETATION, CONFIDENTIALITY, TYPE_ROOT = "2.16.840.1.113883.5.83", "2.16.840.1.113883.5.25", "2.16.840.1.113883.1.3"

REPORTS = {"10": "特定健診情報", "30": "国への実績報告", "40": "その他の健診結果", "90": "その他"}
DELETION, GUIDANCE = "19", ("21", "22", "23", "24", "25")
STATUTORY_SECTION, OTHER_SECTION = "01010", "01990"
SECTION_TITLE = {STATUTORY_SECTION: "検査・問診結果セクション", OTHER_SECTION: "任意追加項目セクション"}


def is_institution_number(text: str) -> bool:
    """Ten digits whose last is the check digit over the first nine (都道府県・点数表 included)."""
    return bool(re.fullmatch(r"[0-9]{10}", text)) and insurer_check_digit(text[:9]) == int(text[9])


def is_insurer(text: str) -> bool:
    """Eight digits (six of 国保, zeros in front up to eight) that end in their check digit."""
    if not re.fullmatch(r"[0-9]{6}|[0-9]{8}", text):
        return False
    return is_insurer_number(text.removeprefix("00") if len(text) == 8 else text)


def day(text: str) -> date | None:
    """YYYYMMDD, a time of day behind it dropped; None where it is no day."""
    if not re.fullmatch(r"[0-9]{8}([0-9]{2,6}([+\-][0-9]{4})?)?", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
