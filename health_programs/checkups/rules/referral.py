"""判定値: the ranges of each item, and which results call for a doctor.

Figures of 標準的な健診・保健指導プログラム 令和6年度版 (様式と受診勧奨判定値). They are data of a term: each row names
its basis, and whether it was seen in the published table (`confirmed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from health_programs.checkups.rules.values import Values


class Flag(StrEnum):
    """Where a value lies."""

    NORMAL = "normal"
    GUIDANCE = "guidance"
    REFERRAL = "referral"


class Urgency(StrEnum):
    """急ぎ方. The codes are those of `enums.Urgency`."""

    AT_ONCE = "at_once"
    SOON = "soon"
    RECHECK = "recheck"


RANK = {Urgency.AT_ONCE: 0, Urgency.SOON: 1, Urgency.RECHECK: 2}


@dataclass(frozen=True)
class Range:
    """The thresholds of one item, in its unit. A value meets them from `guidance` on (below it where `down`).

    guidance: 保健指導判定値. referral: 受診勧奨判定値. at_once: すぐに受診. sex: only for one sex.
    """

    key: str
    guidance: Decimal
    referral: Decimal | None
    at_once: Decimal | None = None
    down: bool = False
    sex: str = ""
    basis: str = "標準的な健診・保健指導プログラム（令和6年度版）"
    confirmed: bool = True

    def met(self, limit: Decimal | None, number: Decimal) -> bool:
        if limit is None:
            return False
        return number < limit if self.down else number >= limit


D = Decimal
RANGES = (
    Range("waist", D(85), None, sex="1"),
    Range("waist", D(90), None, sex="2"),
    Range("bmi", D(25), None),
    Range("systolic", D(130), D(140), D(160)),
    Range("diastolic", D(85), D(90), D(100)),
    Range("tg_fasting", D(150), D(300), D(500)),
    Range("tg_casual", D(175), D(300), D(500)),
    # 34 mg/dL以下 in earlier editions; whether the edition of 2024 keeps it was not confirmed.
    Range("hdl", D(40), D(35), down=True, confirmed=False),
    Range("ldl", D(120), D(140), D(180)),
    Range("non_hdl", D(150), D(170), D(210)),
    Range("glucose_fasting", D(100), D(126), D(160), confirmed=False),
    Range("glucose_casual", D(100), D(126), D(200), confirmed=False),
    Range("hba1c", D("5.6"), D("6.5"), D("8.0")),
    Range("ast", D(31), D(51)),
    Range("alt", D(31), D(51)),
    Range("ggt", D(51), D(101)),
    Range("egfr", D(60), D(45), D(30), down=True),
    Range("hemoglobin", D("13.1"), D("12.1"), down=True, sex="1"),
    Range("hemoglobin", D("12.1"), D("11.1"), down=True, sex="2"),
)

RECHECKED = frozenset({"ast", "alt", "ggt", "hemoglobin", "hdl", "tg_casual", "glucose_casual"})
"""Items whose referral asks for another examination first, unless they are far over."""


def range_of(key: str, sex: str) -> Range | None:
    """The thresholds of an item for a sex; None where the item has none."""
    return next((one for one in RANGES if one.key == key and one.sex in ("", sex)), None)


def flag(key: str, number: Decimal, sex: str) -> Flag:
    """Where a value lies: within the range, from 保健指導判定値 on, or from 受診勧奨判定値 on."""
    found = range_of(key, sex)
    if found is None:
        return Flag.NORMAL
    if found.met(found.referral, number):
        return Flag.REFERRAL
    return Flag.GUIDANCE if found.met(found.guidance, number) else Flag.NORMAL


@dataclass(frozen=True)
class Finding:
    """One item over its threshold of referral."""

    key: str
    number: Decimal
    threshold: Decimal
    urgency: Urgency


def findings(values: Values) -> tuple[Finding, ...]:
    """Every item that calls for a doctor, the most urgent first. 尿蛋白 from (+) on counts as a recheck, (++) as soon."""
    found = []
    for one in RANGES:
        number = values.number(one.key)
        if one.sex not in ("", values.sex) or number is None or not one.met(one.referral, number):
            continue
        assert one.referral is not None
        if one.met(one.at_once, number):
            assert one.at_once is not None
            found.append(Finding(one.key, number, one.at_once, Urgency.AT_ONCE))
        else:
            urgency = Urgency.RECHECK if one.key in RECHECKED else Urgency.SOON
            found.append(Finding(one.key, number, one.referral, urgency))
    protein = values.answer("urine_protein")
    if protein is not None and protein >= 3:
        urgency = Urgency.SOON if protein >= 4 else Urgency.RECHECK
        found.append(Finding("urine_protein", Decimal(protein), Decimal(3), urgency))
    return tuple(sorted(found, key=lambda finding: RANK[finding.urgency]))


TREATED_BY = {
    "medication_bp": frozenset({"systolic", "diastolic"}),
    "medication_glucose": frozenset({"glucose_fasting", "glucose_casual", "hba1c"}),
    "medication_lipid": frozenset({"tg_fasting", "tg_casual", "hdl", "ldl", "non_hdl"}),
}


def untreated(values: Values, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those findings for which the questionnaire names no medication. Claims are not read for this."""
    covered = {key for answer, keys in TREATED_BY.items() if values.answer(answer) == 1 for key in keys}
    return tuple(finding for finding in found if finding.key not in covered)
