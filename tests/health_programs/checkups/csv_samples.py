"""An institution's CSV of results, invented, and the map that reads it."""

from __future__ import annotations

from health_programs.checkups.files.items import by_key
from health_programs.checkups.files.result_map import ItemColumn, Shape

HEADS = (
    "受付番号", "記号番号", "カナ氏名", "生年月日", "性別", "健診日", "身長", "体重", "腹囲", "最高血圧", "最低血圧", "中性脂肪",
    "HDL", "LDL", "GOT", "GPT", "γGTP", "空腹時血糖", "HbA1c", "尿糖", "尿蛋白", "喫煙", "薬血圧", "薬血糖", "薬脂質", "備考",
)  # fmt: skip
KEYS = (
    "height", "weight", "waist", "systolic", "diastolic", "tg_fasting", "hdl", "ldl", "ast", "alt", "ggt",
    "glucose_fasting", "hba1c", "urine_sugar", "urine_protein", "smoking", "medication_bp", "medication_glucose",
    "medication_lipid",
)  # fmt: skip
VALUES = {
    "height": "170.0", "weight": "78", "waist": "92", "systolic": "145", "diastolic": "88", "tg_fasting": "180",
    "hdl": "45", "ldl": "150", "ast": "25", "alt": "30", "ggt": "40", "glucose_fasting": "5.8", "hba1c": "5.7",
    "urine_sugar": "（－）", "urine_protein": "異常なし", "smoking": "吸わない", "medication_bp": "無",
    "medication_glucose": "無", "medication_lipid": "無",
}  # fmt: skip
_WORDS = {
    "urine_protein": {"異常なし": "1", "要観察": "2"},
    "smoking": {"吸う": "1", "やめた": "2", "吸わない": "3"},
    "medication_bp": {"有": "1", "無": "2"},
    "medication_glucose": {"有": "1", "無": "2"},
    "medication_lipid": {"有": "1", "無": "2"},
}


def shape(**changes) -> Shape:
    """The map of HEADS: fasting glucose in mmol/L, the insurer number a constant."""
    items = tuple(
        ItemColumn(
            by_key(key)[0].code, 6 + place, HEADS[6 + place], "mmol_l" if key == "glucose_fasting" else "",
            _WORDS.get(key, {}),
        )
        for place, key in enumerate(KEYS)
    )  # fmt: skip
    given = {
        "heads": HEADS, "items": items, "constants": {"insurer_number": "06139992"},
        "places": {"document_id": 0, "card": 1, "kana": 2, "birth_date": 3, "sex": 4, "exam_date": 5},
    }  # fmt: skip
    return Shape(**(given | changes))


def row_of(member, number: int = 1, **changes) -> list[str]:
    """The cells of one member; changes by key of the item or head of the column."""
    cells = [
        f"A-{number:04d}", f"{member.symbol}-{member.number}-{member.branch}", f"{member.family_kana} {member.given_kana}",
        member.birth_date.strftime("%Y/%m/%d"), "男" if member.sex == "1" else "女", "2026/6/3",
        *[VALUES[key] for key in KEYS], "",
    ]  # fmt: skip
    for name, text in changes.items():
        cells[6 + KEYS.index(name) if name in KEYS else HEADS.index(name)] = text
    return cells


def table(*rows: list[str], heads: tuple[str, ...] = HEADS, encoding: str = "cp932") -> bytes:
    """The bytes as an institution sends them."""
    return "".join(",".join(row) + "\r\n" for row in [list(heads), *rows] if row).encode(encoding)
