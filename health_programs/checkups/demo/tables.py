"""CSV of results in the demonstration: two institutions with maps of their own, one file with errors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from health_programs.checkups.actions import maps, tables
from health_programs.checkups.files.documents import Submission
from health_programs.checkups.files.items import by_key
from health_programs.checkups.files.result_map import ItemColumn, Shape
from health_programs.checkups.models import Institution, ResultMap
from kumiai.ui.formats import format_wareki_short

NUMBERS = ("height", "weight", "waist", "systolic", "diastolic", "tg_fasting", "hdl", "ldl", "ast", "alt", "ggt")
BLOOD = ("glucose_fasting", "hba1c")
ANSWERS = ("urine_sugar", "urine_protein", "smoking", "medication_bp", "medication_glucose", "medication_lipid")
HEADS = (
    "受付番号", "記号番号", "カナ氏名", "生年月日", "性別", "健診日", "身長", "体重", "腹囲", "最高血圧", "最低血圧", "中性脂肪",
    "HDL", "LDL", "GOT", "GPT", "γGTP", "空腹時血糖", "HbA1c", "尿糖", "尿蛋白", "喫煙", "薬血圧", "薬血糖", "薬脂質", "医師の所見",
)  # fmt: skip
STEPS = {"1": "（－）", "2": "（±）", "3": "（1＋）", "4": "（2＋）", "5": "（3＋）"}
YES_NO = {"有": "1", "無": "2"}
WORDS = {
    "smoking": {"吸う": "1", "以前": "2", "吸わない": "3"},
    "medication_bp": YES_NO,
    "medication_glucose": YES_NO,
    "medication_lipid": YES_NO,
}


def _shape() -> Shape:
    keys = (*NUMBERS, *BLOOD, *ANSWERS)
    items = [
        ItemColumn(by_key(key)[0].code, place, HEADS[place], words=WORDS.get(key, {}))
        for place, key in enumerate(keys, start=6)
    ]
    items.append(ItemColumn(by_key("doctor_opinion")[0].code, len(HEADS) - 1, HEADS[-1]))
    return Shape(
        codec="cp932", delimiter=",", heads=HEADS, items=tuple(items),
        places={"document_id": 0, "card": 1, "kana": 2, "birth_date": 3, "sex": 4, "exam_date": 5},
        constants={"insurer_number": settings.ASSOCIATION["insurer_number"]},
    )  # fmt: skip


def load(*, by: Any, today: date, rows: list[Submission]) -> int | None:
    """The maps and the file; rows: results nobody has yet. The job that reads it; None where it was loaded before."""
    first, second = Institution.objects.order_by("code")[:2]
    if ResultMap.objects.filter(institution=first).first() is not None or not rows:
        return None
    shape = _shape()
    made = maps.save_map(by=by, institution=first, title="健診システム", shape=shape)
    maps.copy_map(by=by, source=made, institution=second, title="巡回健診")
    again = maps.save_map(
        by=by, institution=first, title=made.title, shape=shape, note="文字コードを CP932 に定めた", before=made
    )
    lines = [_line(place, one) for place, one in enumerate(rows, start=1)]
    _spoil(lines)
    body = "".join(",".join(line) + "\r\n" for line in [list(HEADS), *lines]).encode("cp932")
    file = tables.receive_table(
        by=by, name="kekka_202611.csv", body=body, received_date=today - timedelta(days=1), result_map=again,
        announced=len(lines) + 1,
    )  # fmt: skip
    return file.job_id


def _line(place: int, one: Submission) -> list[str]:
    """A result as this institution writes it."""
    who, numbers, answers = one.identity, one.numbers(), one.answers()
    words = {key: {code: word for word, code in given.items()} for key, given in WORDS.items()}
    cells = [f"{numbers[key]}" if key in numbers else "未実施" for key in (*NUMBERS, *BLOOD)]
    cells += [words.get(key, STEPS).get(str(answers.get(key, "")), "") for key in ANSWERS]
    return [
        f"{place:05d}", f"{who.symbol}-{who.number}-{who.branch}", who.kana.replace("　", " "),
        format_wareki_short(who.birth_date), {"1": "男", "2": "女"}[who.sex], f"{one.exam_date:%Y/%m/%d}", *cells, "",
    ]  # fmt: skip


def _spoil(lines: list[list[str]]) -> None:
    """What goes wrong in such files: a typing error, an impossible value, a word nobody agreed on, a day to come."""
    spoiled = ((1, 9, "1 3 O"), (2, 8, "892"), (3, 21, "電子たばこ"), (4, 5, "2099/04/01"))
    for place, column, text in spoiled:
        if place < len(lines):
            lines[place][column] = text
    if len(lines) > 5:
        lines[5][2] += "ア"
