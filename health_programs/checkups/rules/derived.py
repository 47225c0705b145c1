"""計算で求める検査値 (標準的な健診・保健指導プログラム 令和6年度版)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def bmi(height: Decimal, weight: Decimal) -> Decimal:
    """BMI in kg/m² from cm and kg, one decimal, half up. Raises ValueError where a height is not above zero."""
    if height <= 0:
        raise ValueError("身長は0より大きい値です。")
    return (weight / (height / 100) ** 2).quantize(TENTH, ROUND_HALF_UP)


def egfr(creatinine: Decimal, age: int, sex: str) -> Decimal:
    """eGFR in ml/min/1.73m²: 194 × Cr^−1.094 × age^−0.287, × 0.739 for women (日本腎臓学会); one decimal, half up."""
    if creatinine <= 0 or age <= 0:
        raise ValueError("クレアチニンと年齢は0より大きい値です。")
    value = 194.0 * float(creatinine) ** -1.094 * float(age) ** -0.287
    return Decimal(repr(value * 0.739 if sex == "2" else value)).quantize(TENTH, ROUND_HALF_UP)


def friedewald(total: Decimal, hdl: Decimal, triglyceride: Decimal) -> Decimal | None:
    """LDL in mg/dL = TC − HDL − TG/5, fasting; None from a triglyceride of 400 on, where the formula does not hold."""
    if triglyceride >= 400:
        return None
    return (total - hdl - triglyceride / 5).quantize(Decimal(1), ROUND_HALF_UP)
