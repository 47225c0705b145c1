"""メタボリックシンドローム判定 (8学会の診断基準; 標準的な健診・保健指導プログラム 令和6年度版)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from health_programs.checkups.rules.values import Values


class Metabolic(StrEnum):
    """判定: 9N501 of the XML is 1 基準該当, 2 予備群該当, 3 非該当, 4 判定不能."""

    YES = "1"
    NEAR = "2"
    NO = "3"
    UNKNOWN = "4"


def metabolic(values: Values) -> Metabolic:
    """Waist (85 cm men, 90 women, or visceral fat 100 cm²) and of blood pressure 130/85, lipids TG 150 or HDL below 40,
    and glucose 110 (HbA1c 6.0 where glucose was not measured fasting), each also by medication: two or more is 基準該当,
    one is 予備群."""
    fat, waist = values.number("visceral_fat"), values.number("waist")
    if fat is not None:
        large: bool | None = fat >= 100
    else:
        large = None if waist is None else waist >= (85 if values.male else 90)
    if large is False:
        return Metabolic.NO
    tests = [_pressure(values), _lipid(values), _glucose(values)]
    least, most = sum(t is True for t in tests), sum(t is not False for t in tests)
    if large is None:
        return Metabolic.NO if most == 0 else Metabolic.UNKNOWN
    found = {_of(count) for count in range(least, most + 1)}
    return found.pop() if len(found) == 1 else Metabolic.UNKNOWN


def _of(count: int) -> Metabolic:
    return Metabolic.YES if count >= 2 else Metabolic.NEAR if count == 1 else Metabolic.NO


def _taking(values: Values, key: str) -> bool | None:
    answer = values.answer(key)
    return None if answer is None else answer == 1


def _or(*tests: bool | None) -> bool | None:
    if True in tests:
        return True
    return None if None in tests else False


def _at_least(number: Decimal | None, limit: Decimal | int) -> bool | None:
    return None if number is None else number >= limit


def _pressure(values: Values) -> bool | None:
    return _or(
        _at_least(values.number("systolic"), 130),
        _at_least(values.number("diastolic"), 85),
        _taking(values, "medication_bp"),
    )


def _lipid(values: Values) -> bool | None:
    triglyceride = values.number("tg_fasting")
    if triglyceride is None:
        triglyceride = values.number("tg_casual")
    hdl = values.number("hdl")
    return _or(_at_least(triglyceride, 150), None if hdl is None else hdl < 40, _taking(values, "medication_lipid"))


def _glucose(values: Values) -> bool | None:
    fasting, hba1c = values.number("glucose_fasting"), values.number("hba1c")
    measured = _at_least(fasting, 110) if fasting is not None else _at_least(hba1c, Decimal("6.0"))
    return _or(measured, _taking(values, "medication_glucose"))
