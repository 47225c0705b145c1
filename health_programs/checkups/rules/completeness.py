"""必須項目: whether a result counts as a 特定健康診査 (実施基準1条・告示4号), and what is missing of it."""

from __future__ import annotations

from decimal import Decimal

from health_programs.checkups.rules.values import Values

REQUIRED = ("height", "weight", "bmi", "systolic", "diastolic", "hdl", "ast", "alt", "ggt")


def missing(values: Values, *, waist_excused: bool = False, urine_excused: bool = False) -> tuple[str, ...]:
    """Keys of required items that are absent, in the order of the sheet.

    腹囲 may be left out below a BMI of 20, or below 22 where the person states it (the institution says so), or for
    pregnancy: `waist_excused`. 尿 may be left out for reasons of health: `urine_excused`. Of triglycerides, cholesterol
    and glucose one of each is enough; 随時血糖 counts only from 3.5 hours after a meal; 喫煙 and 服薬 must be answered.
    """
    found = [key for key in REQUIRED if values.number(key) is None]
    index = values.number("bmi")
    slender = index is not None and index < Decimal(20)
    if values.number("waist") is None and values.number("visceral_fat") is None and not (slender or waist_excused):
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
