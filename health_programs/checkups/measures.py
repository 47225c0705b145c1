"""検査項目: the items that rules, cohorts and plots read, each with its column, word, unit and decimals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One measured item. digits: decimals as reported. worse: "up" or "down", the way a value gets worse."""

    key: str
    label: str
    unit: str
    digits: int
    worse: str = "up"


MEASURES = (
    Measure("height", "身長", "cm", 1),
    Measure("weight", "体重", "kg", 1),
    Measure("waist", "腹囲", "cm", 1),
    Measure("bmi", "BMI", "", 1),
    Measure("visceral_fat", "内臓脂肪面積", "cm²", 1),
    Measure("systolic", "収縮期血圧", "mmHg", 0),
    Measure("diastolic", "拡張期血圧", "mmHg", 0),
    Measure("tg_fasting", "空腹時中性脂肪", "mg/dL", 0),
    Measure("tg_casual", "随時中性脂肪", "mg/dL", 0),
    Measure("hdl", "HDLコレステロール", "mg/dL", 0, "down"),
    Measure("ldl", "LDLコレステロール", "mg/dL", 0),
    Measure("non_hdl", "Non-HDLコレステロール", "mg/dL", 0),
    Measure("ast", "AST", "U/L", 0),
    Measure("alt", "ALT", "U/L", 0),
    Measure("ggt", "γ-GT", "U/L", 0),
    Measure("glucose_fasting", "空腹時血糖", "mg/dL", 0),
    Measure("glucose_casual", "随時血糖", "mg/dL", 0),
    Measure("hba1c", "HbA1c", "%", 1),
    Measure("creatinine", "血清クレアチニン", "mg/dL", 2),
    Measure("egfr", "eGFR", "mL/分", 1, "down"),
    Measure("hemoglobin", "ヘモグロビン", "g/dL", 1, "down"),
)
"""In the order of the result page. Each key is a column of `CheckupResult`."""

MEASURE = {measure.key: measure for measure in MEASURES}

ANSWERS = (
    "urine_sugar",
    "urine_protein",
    "smoking",
    "medication_bp",
    "medication_glucose",
    "medication_lipid",
)
"""Coded answers that rules read: qualitative 1–5 (−, ±, +, ++, +++), smoking 1–3 of the fourth term, medication 1 yes 2 no."""
