"""必須項目: whether a result counts as a 特定健康診査 (実施基準1条・告示4号), and what is missing of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from health_programs.checkups.rules.values import Values

REQUIRED = ("height", "weight", "bmi", "systolic", "diastolic", "hdl", "ast", "alt", "ggt")
SLENDER = Decimal(20)
# What pregnancy excuses: 妊娠中の女性で、腹囲が内臓脂肪の蓄積を反映していないと診断されたもの.
OF_PREGNANCY = frozenset({"waist"})


def missing(values: Values, *, urine_excused: bool = False) -> tuple[str, ...]:
    """Keys of required items that are absent, in the order of the sheet.

    腹囲 may be left out below a BMI of 20. Below 22 it may be left out of who measured it alone and stated it: their figure
    stands under 自己判定 or 自己申告 and is a figure like any other, as any of 内臓脂肪面積, 実測, 自己判定 and 自己申告 passes the
    state's check of required items. Pregnancy excuses it too but is not on the sheet: see `excused`.
    尿 may be left out for reasons of health: `urine_excused`. Of triglycerides, cholesterol and glucose one of each is
    enough; 随時血糖 counts only from 3.5 hours after a meal; 喫煙 and 服薬 must be answered.
    """
    found = [key for key in REQUIRED if values.number(key) is None]
    index = values.number("bmi")
    slender = index is not None and index < SLENDER
    if values.number("waist") is None and values.number("visceral_fat") is None and not slender:
        found.append("waist")
    if values.number("tg_fasting") is None and values.number("tg_casual") is None:
        found.append("tg_fasting")
    if values.number("ldl") is None and values.number("non_hdl") is None:
        found.append("ldl")
    casual = values.number("glucose_casual") is not None and values.fasting != 4
    if values.number("glucose_fasting") is None and values.number("hba1c") is None and not casual:
        found.append("hba1c")
    if not urine_excused:
        found += [key for key in ("urine_sugar", "urine_protein") if values.answer(key) is None]
    found += [
        key
        for key in ("smoking", "medication_bp", "medication_glucose", "medication_lipid")
        if values.answer(key) is None
    ]
    return tuple(found)


def excused(absent: Sequence[str], *, pregnant: bool) -> tuple[str, ...]:
    """What is still missing of a person's result: pregnancy, known to the association and not to the sheet, excuses 腹囲."""
    return tuple(key for key in absent if not (pregnant and key in OF_PREGNANCY))
