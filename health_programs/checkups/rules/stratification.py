"""階層化: which guidance a result leads to, in the four steps of the fourth term (令和6年度から).

実施基準 (平19省令157) 4条・7条・8条 and 標準的な健診・保健指導プログラム 令和6年度版. Values are compared as reported,
unrounded. Where a value is missing the level is given all the same if no possible value could change it; otherwise it is
判定不能 and the missing items are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import product

from health_programs.checkups.rules.values import Step, Values, plain


class Outcome(StrEnum):
    """保健指導レベル. The codes are those of `enums.Level`."""

    INTENSIVE = "intensive"
    MOTIVATIONAL = "motivational"
    INFORMATION = "information"
    MEDICATED = "medicated"
    UNDETERMINABLE = "undeterminable"


WORDS = {
    Outcome.INTENSIVE: "積極的支援",
    Outcome.MOTIVATIONAL: "動機付け支援",
    Outcome.INFORMATION: "情報提供",
    Outcome.MEDICATED: "情報提供（服薬中のため対象外）",
    Outcome.UNDETERMINABLE: "判定不能",
}


@dataclass(frozen=True)
class Thresholds:
    """判定値 of a term. cm, kg/m², cm², mmHg, mg/dL, %."""

    waist_male: Decimal = Decimal(85)
    waist_female: Decimal = Decimal(90)
    visceral_fat: Decimal = Decimal(100)
    bmi: Decimal = Decimal(25)
    systolic: Decimal = Decimal(130)
    diastolic: Decimal = Decimal(85)
    tg_fasting: Decimal = Decimal(150)
    tg_casual: Decimal = Decimal(175)
    hdl_below: Decimal = Decimal(40)
    glucose: Decimal = Decimal(100)
    hba1c: Decimal = Decimal("5.6")


FOURTH_TERM = Thresholds()


@dataclass(frozen=True)
class LastYear:
    """What the two-year rule compares with: last year's level, and weight and waist."""

    level: Outcome
    weight: Decimal | None = None
    waist: Decimal | None = None


@dataclass(frozen=True)
class Judgement:
    """The level with its working. group: 1 by waist, 2 by BMI, None for neither or unknown. risks: with smoking.

    replaceable: 2年連続で積極的支援 and improved, so that 動機付け支援相当 may take its place (実施基準8条の特例).
    missing: keys of items whose absence leaves the level open.
    """

    level: Outcome
    group: int | None
    risks: int | None
    steps: tuple[Step, ...]
    replaceable: bool = False
    missing: tuple[str, ...] = ()


HIT, MISS, NOT_DONE = "該当", "非該当", "未実施"
Test = bool | None


def stratify(values: Values, last_year: LastYear | None = None, limits: Thresholds = FOURTH_TERM) -> Judgement:
    """The level of one result, with every step. Never raises; what cannot be decided says so."""
    steps: list[Step] = []
    groups, absent_body = _body(values, limits, steps)
    risks = {
        "bp": _pressure(values, limits, steps),
        "lipid": _lipid(values, limits, steps),
        "glucose": _glucose(values, limits, steps),
    }
    smoker = _smoking(values, steps)
    medicated = _medication(values, steps)
    possible = {
        _level(group, hits, smokes, drugs, values.age)
        for group in groups
        for hits in _completions(tuple(risks.values()))
        for smokes in _either(smoker)
        for drugs in _either(medicated)
    }
    group = next(iter(groups)) if len(groups) == 1 else None
    if len(possible) > 1:
        absent = _absent(values, absent_body, risks, smoker, medicated)
        steps.append(Step(3, "数える", "足りない項目の値によって結果が変わります。", NOT_DONE))
        return Judgement(Outcome.UNDETERMINABLE, group or None, None, tuple(steps), missing=absent)
    level = possible.pop()
    count = _count(risks, smoker)
    steps.append(_counting(group, count, level, values.age))
    replaceable = False
    if level in (Outcome.INTENSIVE, Outcome.MOTIVATIONAL):
        replaceable = _last_steps(values, level, group, count, last_year, steps)
    return Judgement(level, group or None, count, tuple(steps), replaceable)


def _level(group: int, hits: int, smoker: bool, medicated: bool, age: int) -> Outcome:
    """Steps 3 and 4 for known facts. group 0: neither waist nor BMI."""
    if group == 0:
        return Outcome.INFORMATION
    count = hits + (1 if smoker and hits else 0)
    if count == 0:
        return Outcome.INFORMATION
    if medicated:
        return Outcome.MEDICATED
    intensive = count >= (2 if group == 1 else 3)
    if intensive and age < 65:
        return Outcome.INTENSIVE
    return Outcome.MOTIVATIONAL


def _either(test: Test) -> tuple[bool, ...]:
    return (True, False) if test is None else (test,)


def _completions(tests: tuple[Test, ...]) -> Iterator[int]:
    """How many hits there can be, for every way the unknown tests may come out."""
    return iter({sum(chosen) for chosen in product(*(_either(test) for test in tests))})


# --- Step 1 --------------------------------------------------------------------------------------------------------------


def _body(values: Values, limits: Thresholds, steps: list[Step]) -> tuple[set[int], list[str]]:
    """Which groups are possible (1 waist, 2 BMI, 0 neither), and which items are missing for it."""
    limit = limits.waist_male if values.male else limits.waist_female
    fat, waist, index = values.number("visceral_fat"), values.number("waist"), values.number("bmi")
    who = "男" if values.male else "女"
    by_waist: Test = None
    if fat is not None:
        by_waist = fat >= limits.visceral_fat
        steps.append(_compared(1, "内臓脂肪面積", fat, limits.visceral_fat, by_waist, unit=" cm²"))
    elif waist is not None:
        by_waist = waist >= limit
        steps.append(_compared(1, "腹囲", waist, limit, by_waist, unit=f" cm（{who}）"))
    else:
        steps.append(Step(1, "腹囲", f"測定なし（基準 {limit} cm・{who}）", NOT_DONE))
    by_index: Test = None
    if index is not None:
        by_index = index >= limits.bmi
        steps.append(_compared(1, "BMI", index, limits.bmi, by_index))
    elif by_waist is not True:
        steps.append(Step(1, "BMI", f"測定なし（基準 {limits.bmi}）", NOT_DONE))
    groups = {1 if w else (2 if b else 0) for w in _either(by_waist) for b in _either(by_index)}
    missing = [key for key, test in (("waist", by_waist), ("bmi", by_index)) if test is None and len(groups) > 1]
    return groups, missing


# --- Step 2 --------------------------------------------------------------------------------------------------------------


def _compared(part: int, label: str, number: Decimal, limit: Decimal, hit: bool, *, unit: str = "", below: bool = False) -> Step:  # fmt: skip
    sign = ("＜" if hit else "≧") if below else ("≧" if hit else "＜")
    return Step(part, label, f"{plain(number)} {sign} {plain(limit)}{unit}", HIT if hit else MISS)


def _any(tests: list[Test]) -> Test:
    """Or over what was measured: a hit decides; nothing measured, or not enough of it, leaves it open."""
    if True in tests:
        return True
    return None if None in tests or not tests else False


def _pressure(values: Values, limits: Thresholds, steps: list[Step]) -> Test:
    tests: list[Test] = []
    for key, label, limit in (
        ("systolic", "収縮期血圧", limits.systolic),
        ("diastolic", "拡張期血圧", limits.diastolic),
    ):
        number = values.number(key)
        tests.append(None if number is None else number >= limit)
        steps.append(
            Step(2, label, f"測定なし（基準 {plain(limit)}）", NOT_DONE)
            if number is None
            else _compared(2, label, number, limit, number >= limit)
        )
    return _any(tests)


def _lipid(values: Values, limits: Thresholds, steps: list[Step]) -> Test:
    """空腹時 or, where blood was not taken fasting, 随時 triglyceride (fourth term); HDL below 40."""
    tests: list[Test] = []
    for key, label, limit in (
        ("tg_fasting", "空腹時中性脂肪", limits.tg_fasting),
        ("tg_casual", "随時中性脂肪", limits.tg_casual),
    ):
        number = values.number(key)
        if number is not None:
            tests.append(number >= limit)
            steps.append(_compared(2, label, number, limit, number >= limit))
            break
    else:
        tests.append(None)
        steps.append(Step(2, "中性脂肪", "測定なし（基準 空腹時150、随時175）", NOT_DONE))
    hdl = values.number("hdl")
    tests.append(None if hdl is None else hdl < limits.hdl_below)
    steps.append(
        Step(2, "HDLコレステロール", f"測定なし（基準 {plain(limits.hdl_below)}未満）", NOT_DONE)
        if hdl is None
        else _compared(2, "HDLコレステロール", hdl, limits.hdl_below, hdl < limits.hdl_below, below=True)
    )
    return _any(tests)


def _glucose(values: Values, limits: Thresholds, steps: list[Step]) -> Test:
    """空腹時血糖 or HbA1c, either hits; 随時血糖 only where neither was measured. One of them is enough to say no."""
    tests: list[Test] = []
    for key, label, limit in (("glucose_fasting", "空腹時血糖", limits.glucose), ("hba1c", "HbA1c", limits.hba1c)):
        number = values.number(key)
        if number is not None:
            tests.append(number >= limit)
            steps.append(_compared(2, label, number, limit, number >= limit))
    casual = values.number("glucose_casual")
    # 食直後 (食後3.5時間未満) の随時血糖は用いない。
    if not tests and casual is not None and values.fasting != 4:
        tests.append(casual >= limits.glucose)
        steps.append(_compared(2, "随時血糖", casual, limits.glucose, casual >= limits.glucose))
    if not tests:
        steps.append(Step(2, "血糖", "測定なし（基準 空腹時血糖100、HbA1c 5.6）", NOT_DONE))
        return None
    return _any(tests)


def _smoking(values: Values, steps: list[Step]) -> Test:
    answer = values.answer("smoking")
    words = {1: "吸う（合計100本以上または6か月以上、最近1か月も）", 2: "以前は吸っていた", 3: "吸わない"}
    if answer not in words:
        steps.append(Step(2, "喫煙", "回答なし", NOT_DONE))
        return None
    steps.append(Step(2, "喫煙", words[answer], HIT if answer == 1 else MISS))
    return answer == 1


def _medication(values: Values, steps: list[Step]) -> Test:
    """On medication for blood pressure, glucose or lipids: not a target of guidance (実施基準4条2項)."""
    answers = {
        label: values.answer(key)
        for key, label in (
            ("medication_bp", "血圧"),
            ("medication_glucose", "血糖"),
            ("medication_lipid", "脂質"),
        )
    }
    taken = [label for label, answer in answers.items() if answer == 1]
    if taken:
        steps.append(Step(2, "服薬", "・".join(taken) + " あり", "対象外"))
        return True
    unknown = [label for label, answer in answers.items() if answer not in (1, 2)]
    if unknown:
        steps.append(Step(2, "服薬", "・".join(unknown) + " 回答なし", NOT_DONE))
        return None
    steps.append(Step(2, "服薬", "血圧・血糖・脂質 なし", "除外なし"))
    return False


def _count(risks: dict[str, Test], smoker: Test) -> int:
    hits = sum(1 for test in risks.values() if test)
    return hits + (1 if smoker and hits else 0)


def _absent(values: Values, body: list[str], risks: dict[str, Test], smoker: Test, medicated: Test) -> tuple[str, ...]:
    """Keys a clerk may go after, in the order of the questionnaire and the sheet."""
    found = list(body)
    if risks["bp"] is None:
        found += [key for key in ("systolic", "diastolic") if values.number(key) is None]
    if risks["lipid"] is None:
        if values.number("tg_fasting") is None and values.number("tg_casual") is None:
            found.append("tg_fasting")
        if values.number("hdl") is None:
            found.append("hdl")
    if risks["glucose"] is None:
        found.append("hba1c")
    if smoker is None:
        found.append("smoking")
    if medicated is None:
        found += [
            key
            for key in ("medication_bp", "medication_glucose", "medication_lipid")
            if values.answer(key) not in (1, 2)
        ]
    return tuple(found)


# --- Steps 3 and 4 ---------------------------------------------------------------------------------------------------------


def _counting(group: int | None, count: int, level: Outcome, age: int) -> Step:
    if group == 0:
        return Step(3, "数える", "腹囲にもBMIにも該当しないので、追加リスクは数えません。", WORDS[Outcome.INFORMATION])
    if level == Outcome.MEDICATED:
        return Step(3, "数える", f"追加リスク {count}個。服薬中なので保健指導の対象になりません。", "対象外")
    if count == 0:
        return Step(3, "数える", "追加リスクがないので情報提供です。", WORDS[Outcome.INFORMATION])
    if group == 1:
        rule = "グループ1は2個以上で積極的支援、1個で動機付け支援"
    elif group == 2:
        rule = "グループ2は3個以上で積極的支援、1個か2個で動機付け支援"
    else:
        rule = "グループ1でも2でも同じ"
    counted = "足りない項目があっても結果は変わりません" if level == Outcome.INFORMATION else rule
    before = Outcome.INTENSIVE if count >= (2 if group == 1 else 3) else Outcome.MOTIVATIONAL
    word = WORDS[before if group in (1, 2) and age >= 65 else level]
    return Step(3, "数える", f"追加リスク {count}個。{counted}です。", word)


def _last_steps(
    values: Values, level: Outcome, group: int | None, count: int, last_year: LastYear | None, steps: list[Step]
) -> bool:
    """Step 4: 65 to 74 years; and two years running at 積極的支援 with an improvement."""
    if values.age >= 65:
        lowered = count >= (2 if group == 1 else 3)
        words = "積極的支援を動機付け支援に読み替えます" if lowered else "動機付け支援のままです"
        steps.append(Step(4, "年齢", f"年度末 {values.age}歳（65歳以上75歳未満）なので、{words}。", WORDS[level]))
        return False
    steps.append(Step(4, "年齢", f"年度末 {values.age}歳なので、65歳以上の読み替えはありません。", WORDS[level]))
    if level != Outcome.INTENSIVE or last_year is None or last_year.level != Outcome.INTENSIVE:
        return False
    improved, text = _improvement(values, last_year)
    steps.append(Step(4, "前年", text, "動機付け支援相当にできる" if improved else "相当にならない"))
    return improved


def _improvement(values: Values, last_year: LastYear) -> tuple[bool, str]:
    """腹囲1.0cm以上かつ体重1.0kg以上の減少 below a BMI of 30 last year's measure, 2.0 and 2.0 from 30 on.

    The BMI that chooses the line is this year's (手引き: 2年目の健診の結果による).
    """
    weight, waist, index = values.number("weight"), values.number("waist"), values.number("bmi")
    if weight is None or waist is None or last_year.weight is None or last_year.waist is None or index is None:
        return False, "前年も積極的支援でしたが、体重か腹囲が足りないため比べられません。"
    need = Decimal(2) if index >= 30 else Decimal(1)
    less_waist, less_weight = last_year.waist - waist, last_year.weight - weight
    text = f"前年も積極的支援。腹囲 {_signed(-less_waist)}cm、体重 {_signed(-less_weight)}kg（基準 各−{plain(need)}）"
    return less_waist >= need and less_weight >= need, text


def _signed(number: Decimal) -> str:
    return ("+" if number > 0 else "−" if number < 0 else "±") + plain(abs(number))
