"""受診勧奨の通知: which values call for a doctor, how urgently, and a reply slip (回答書) on a page of its own.

Thresholds are those of `rules.referral`; "without treatment" is what the person answered, claims are not read.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from health_programs.checkups.enums import Urgency
from health_programs.checkups.letters.common import (
    ADDRESS_ITEMS,
    Values,
    document_data,
    packed,
    text,
    unpacked,
    wareki,
    window,
)
from health_programs.checkups.letters.result_notice import MEANINGS
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.presentation.cohorts import figure_word, item_word
from kumiai.documents import render
from privacy.outputs.kinds import Document, Value
from privacy.outputs.letters import frame_of

TEMPLATE = "checkups/referral_letter"
ITEMS = (
    *ADDRESS_ITEMS,
    ("number", "記号-番号-枝番"),
    ("name", "氏名"),
    ("case", "勧奨の番号"),
    ("exam_date", "受診日"),
    ("institution", "健診機関"),
    ("urgency", "急ぎ方"),
    ("findings", "受診勧奨判定値にあたる項目と値"),
)
# How urgently, as the person reads it: heading, what to do.
WORDS = {
    Urgency.AT_ONCE: (
        "すぐに医療機関を受診してください",
        "健診の結果に、とくに高い（低い）値がありました。自覚症状がなくても、放置すると命にかかわる病気につながるおそれがあります。"
        "この通知と健診の結果を持って、数日のうちに医療機関を受診してください。",
    ),
    Urgency.SOON: (
        "早めに医療機関を受診してください",
        "健診の結果に、医療機関での確認が要る値がありました。この通知と健診の結果を持って、1か月以内をめやすに医療機関を受診してください。",
    ),
    Urgency.RECHECK: (
        "もう一度検査を受けてください",
        "健診の結果に、もう一度確かめたい値がありました。この通知と健診の結果を持って、3か月以内をめやすに医療機関で再検査を受けてください。",
    ),
}
DEPARTMENTS = (
    (frozenset({"systolic", "diastolic"}), "内科・循環器内科"),
    (frozenset({"tg_fasting", "tg_casual", "hdl", "ldl", "non_hdl"}), "内科"),
    (frozenset({"glucose_fasting", "glucose_casual", "hba1c"}), "内科・糖尿病内科"),
    (frozenset({"ast", "alt", "ggt"}), "内科・消化器内科"),
    (frozenset({"egfr", "urine_protein"}), "内科・腎臓内科"),
    (frozenset({"hemoglobin"}), "内科"),
)
PROTEIN = "尿に蛋白がもれています。腎臓の働きが落ちているおそれがあります。"


def stage(items: Any) -> str:
    """The findings of a case as one cell, the most urgent first."""
    return packed(items)


def told_findings(cell: Value) -> str:
    """収縮期血圧 182mmHg、… for whoever asks for the file."""
    found = [_finding(*one) for one in json.loads(str(cell))]
    return "、".join(f"{one['label']} {one['value']}" for one in found)


def told_urgency(cell: Value) -> str:
    return str(Urgency(str(cell)).label) if cell else ""


TOLD = {"findings": told_findings, "urgency": told_urgency}


def _finding(key: str, number: str, threshold: str, urgency: str) -> dict[str, str]:
    down = key in MEASURE and MEASURE[key].worse == "down"
    return {
        "label": item_word(key),
        "value": figure_word(key, number if key in MEASURE else str(int(Decimal(number)))),
        "threshold": figure_word(key, threshold if key in MEASURE else str(int(Decimal(threshold))))
        + ("未満" if down else "以上"),
        "urgency": str(Urgency(urgency).label),
        "tone": "referral" if urgency == Urgency.AT_ONCE else "guidance",
        "department": next((word for keys, word in DEPARTMENTS if key in keys), "内科"),
    }


def letter(values: Values) -> dict[str, Any]:
    """One letter as the template reads it."""
    found = unpacked(values, "findings", [])
    keys = {one[0] for one in found}
    urgency = text(values, "urgency")
    head, words = WORDS[Urgency(urgency)] if urgency in Urgency.values else WORDS[Urgency.SOON]
    meanings = [[title, told] for members, title, told in MEANINGS if members & keys]
    if "urine_protein" in keys:
        meanings.append(["尿蛋白", PROTEIN])
    return {
        "window": window(values),
        "number": text(values, "number"),
        "name": text(values, "name"),
        "case": text(values, "case"),
        "exam": wareki(values, "exam_date"),
        "institution": text(values, "institution"),
        "head": head,
        "words": words,
        "tone": "referral" if urgency == Urgency.AT_ONCE else "guidance",
        "findings": [_finding(*one) for one in found],
        "meanings": meanings,
    }


def letter_pdf(document: Document) -> bytes:
    """The letters of the door's rows, in their order: the urgent first."""
    letters = (letter(row.values) for row in document.rows)
    return render(TEMPLATE, document_data(letters, document), frame=frame_of(document))
