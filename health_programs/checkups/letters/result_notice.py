"""結果の通知: one person's values with ranges, flags, earlier years and what they mean, in words for the person.

高確法23条: the insurer notifies everybody examined of the result. The figures are those reported, never rounded; the
drawing is that of the result page (`presentation.sheet`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from health_programs.checkups.enums import Level
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
from health_programs.checkups.measures import ANSWERS, MEASURE, MEASURES
from health_programs.checkups.presentation import sheet
from health_programs.checkups.presentation.cohorts import figure_word, item_word, year_word
from kumiai.documents import render
from kumiai.ui.formats import era_year
from privacy.outputs.kinds import Document, Value
from privacy.outputs.letters import frame_of

TEMPLATE = "checkups/result_notice"
ITEMS = (
    *ADDRESS_ITEMS,
    ("number", "記号-番号-枝番"),
    ("name", "氏名"),
    ("exam_date", "受診日"),
    ("institution", "健診機関"),
    ("results", "検査の値と判定"),
    ("earlier", "前年までの値"),
    ("level", "保健指導レベル"),
)
EARLIER = 4

# Which items belong together, and what a value over the threshold means: words of our own, after the standard programme.
MEANINGS: tuple[tuple[frozenset[str], str, str], ...] = (
    (
        frozenset({"systolic", "diastolic"}),
        "血圧",
        "心臓が血液を送り出すときに血管にかかる力です。高い状態が続くと血管が傷み、脳卒中や心臓病につながります。",
    ),
    (
        frozenset({"tg_fasting", "tg_casual", "hdl", "ldl", "non_hdl"}),
        "脂質",
        "血液中の脂肪の量です。中性脂肪やLDLが多い、HDLが少ないと、血管の壁に脂肪がたまり、動脈硬化が進みます。",
    ),
    (
        frozenset({"glucose_fasting", "glucose_casual", "hba1c"}),
        "血糖",
        "血液中の糖の量です。HbA1cは過去1〜2か月の平均を表します。高い状態が続くと糖尿病になり、目・腎臓・神経を傷めます。",
    ),
    (
        frozenset({"ast", "alt", "ggt"}),
        "肝機能",
        "肝臓の細胞が傷むと高くなります。お酒の飲みすぎや脂肪肝が主な原因です。",
    ),
    (
        frozenset({"egfr", "creatinine"}),
        "腎機能",
        "腎臓が血液をきれいにする力です。eGFRが低いほど働きが落ちています。自覚症状がないまま進みます。",
    ),
    (frozenset({"hemoglobin"}), "貧血", "血液中で酸素を運ぶ成分です。少ないと貧血で、出血が隠れていることがあります。"),
    (
        frozenset({"waist", "bmi", "weight", "visceral_fat"}),
        "体格",
        "腹囲やBMIは内臓脂肪のめやすです。内臓脂肪が多いと、血圧・血糖・脂質が上がりやすくなります。",
    ),
)
LEVELS: Mapping[str, tuple[str, str]] = {
    Level.INTENSIVE: (
        "特定保健指導（積極的支援）の対象です",
        "保健師や管理栄養士が、3か月以上続けて生活の改善をお手伝いします。費用はかかりません。別にお送りする案内をご覧ください。",
    ),
    Level.MOTIVATIONAL: (
        "特定保健指導（動機付け支援）の対象です",
        "保健師や管理栄養士と目標を立て、3か月後に振り返ります。費用はかかりません。別にお送りする案内をご覧ください。",
    ),
    Level.INFORMATION: ("特定保健指導の対象ではありません", "いまの生活を続け、来年も健診を受けましょう。"),
    Level.MEDICATED: (
        "お薬を飲んでいるため、特定保健指導の対象ではありません",
        "主治医の指示に従って治療を続け、次の受診のときにこの結果をお見せください。",
    ),
    Level.UNDETERMINABLE: (
        "測っていない項目があり、特定保健指導の対象かどうかを判定できません",
        "未実施の項目は、表のとおりです。",
    ),
}


def stage(result: Any) -> str:
    """One result as a cell: figures, answers and why a figure is missing."""
    return packed(
        {
            "year": result.fiscal_year,
            "sex": result.sex,
            "values": {key: str(value) for key in MEASURE if (value := getattr(result, key)) is not None},
            "answers": {key: value for key in ANSWERS if (value := getattr(result, key)) is not None},
            "states": {
                one["key"]: one["state"]
                for one in result.observations
                if one.get("key") in MEASURE and one.get("state") in sheet.STATE_WORDS
            },
        }
    )


def stage_earlier(results: Sequence[Any]) -> str:
    """The results of the years before as one cell, the latest first."""
    return packed(
        [
            [one.fiscal_year, {key: str(value) for key in MEASURE if (value := getattr(one, key)) is not None}]
            for one in results[:EARLIER]
        ]
    )


def told_results(cell: Value) -> str:
    """令8 収縮期血圧 145mmHg、… for whoever asks for the file."""
    now = json.loads(str(cell))
    return "、".join(f"{item_word(key)} {figure_word(key, figure)}" for key, figure in now["values"].items())


def told_earlier(cell: Value) -> str:
    """令7（17項目）、…"""
    return "、".join(f"{era_year(year)}（{len(figures)}項目）" for year, figures in json.loads(str(cell)))


def told_level(cell: Value) -> str:
    return str(Level(str(cell)).label) if cell else ""


TOLD = {"results": told_results, "earlier": told_earlier, "level": told_level}


def _result(year: int, sex: str, values: Mapping[str, str], **more: Any) -> Any:
    """A staged result as the sheet reads one."""
    known = {measure.key: Decimal(values[measure.key]) if measure.key in values else None for measure in MEASURES}
    answers = {key: more.get("answers", {}).get(key) for key in ANSWERS}
    states = [{"key": key, "state": state} for key, state in more.get("states", {}).items()]
    return SimpleNamespace(fiscal_year=year, sex=sex, observations=states, **known, **answers)


def _row(row: sheet.Row, years: Sequence[int]) -> dict[str, Any]:
    past = dict(row.years)
    return {
        "label": row.label,
        "unit": row.unit,
        "value": row.value or "―",
        "said": row.said,
        "flag": row.flag,
        "word": row.flag_word,
        "segments": [[one.x, one.width, one.tone] for one in row.segments],
        "ticks": [[one.x, one.label] for one in row.ticks],
        "mark": row.mark,
        "past": [past.get(year, "―") for year in years],
        "points": [[one.x, one.y, one.met, one.last] for one in row.points],
        "threshold": row.threshold_y,
    }


def letter(values: Values) -> dict[str, Any]:
    """One letter as the template reads it."""
    now = unpacked(values, "results", None)
    before = unpacked(values, "earlier", [])
    found: dict[str, Any] = {
        "window": window(values),
        "number": text(values, "number"),
        "name": text(values, "name"),
        "exam": wareki(values, "exam_date"),
        "institution": text(values, "institution"),
        "title": "特定健康診査の結果のお知らせ",
        "years": [],
        "rows": [],
        "answers": [],
        "summary": [],
        "meanings": [],
        "level": [],
    }
    level = text(values, "level")
    if level in LEVELS:
        found["level"] = list(LEVELS[level])
    if now is None:
        return found
    result = _result(now["year"], now["sex"], now["values"], answers=now["answers"], states=now["states"])
    earlier = [_result(year, now["sex"], figures) for year, figures in before]
    rows = sheet.rows_of(result, earlier)
    years = [one.fiscal_year for one in reversed(earlier)]
    over = {flag: [row for row in rows if row.flag == flag] for flag in ("referral", "guidance")}
    keys = {measure.label: measure.key for measure in MEASURES}
    flagged = {keys[row.label] for one in over.values() for row in one}
    found |= {
        "title": f"{year_word(now['year'])}　特定健康診査の結果のお知らせ",
        "years": [era_year(year) for year in years],
        "now": era_year(now["year"]),
        "rows": [_row(row, years) for row in rows],
        "answers": [f"{one.label}：{one.word}" for one in sheet.answers_of(result)],
        "summary": _summary(over, [row.label for row in rows if row.said]),
        "meanings": [[head, words] for members, head, words in MEANINGS if members & flagged],
    }
    return found


def _summary(over: Mapping[str, Sequence[sheet.Row]], missing: Sequence[str]) -> list[list[str]]:
    """[tone, heading, sentence] each: what calls for a doctor, what for a change of habits, or that all is well."""

    def named(rows: Sequence[sheet.Row]) -> str:
        return "、".join(f"{row.label} {row.value}{row.unit}" for row in rows)

    found = []
    if over["referral"]:
        found.append(
            [
                "referral",
                "医療機関で診てもらいましょう",
                f"{named(over['referral'])} が受診勧奨判定値にあたります。"
                "治療中でなければ、この通知を持って早めに医療機関を受診してください。",
            ]
        )
    if over["guidance"]:
        found.append(
            [
                "guidance",
                "生活習慣を見直しましょう",
                f"{named(over['guidance'])} が保健指導判定値にあたります。食事・運動・お酒・たばこを見直すと改善が期待できます。",
            ]
        )
    if not found:
        found.append(["normal", "測った項目はすべて基準内です", "これからも毎年健診を受け、変化を確かめましょう。"])
    if missing:
        found.append(
            ["none", "数値のない項目があります", f"{'、'.join(missing)}　表の「今年」の欄に理由を書いています。"]
        )
    return found


def notice_pdf(document: Document) -> bytes:
    """The letters of the door's rows."""
    letters = (letter(row.values) for row in document.rows)
    return render(TEMPLATE, document_data(letters, document), frame=frame_of(document))
