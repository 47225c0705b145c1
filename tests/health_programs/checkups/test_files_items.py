"""健診項目: the table answers for every key that rules read, and for every code that may be an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from health_programs.checkups.files.items import by_code, by_key, place_of, table
from health_programs.checkups.measures import ANSWERS, MEASURES


@pytest.mark.parametrize("key", [one.key for one in MEASURES])
def test_every_measure_is_a_number(key: str) -> None:
    assert by_key(key) and all(item.kind == "PQ" for item in by_key(key))


@pytest.mark.parametrize("key", ANSWERS)
def test_every_answer_has_codes(key: str) -> None:
    assert by_key(key) and all(item.coded and item.codes and item.system for item in by_key(key))


QUESTIONS = (
    "history_stroke history_heart history_kidney anaemia smoking weight_change exercise activity walking_speed chewing "
    "eating_speed late_dinner snacking breakfast drinking drinking_amount sleep improvement guidance_history"
)


@pytest.mark.parametrize("key", [*QUESTIONS.split(), *"tc uric_acid hematocrit rbc ecg fundus fasting_hours".split()])
def test_other_keys(key: str) -> None:
    assert by_key(key)


def test_worked_items() -> None:
    height = by_code("9N001000000000001")
    assert height and (height.key, height.ucum, height.format, height.least, height.most) == (
        "height",
        "cm",
        "NNN.N",
        100,
        250,
    )
    smoking = by_key("smoking")[0]
    assert smoking.system.endswith(".24060") and list(smoking.codes) == ["1", "2", "3"]
    assert by_key("fasting_hours")[0].codes["3"] == "3.5時間以上10時間未満"
    assert by_key("urine_protein")[0].codes == {"1": "-", "2": "±", "3": "+", "4": "++", "5": "+++"}


def test_the_one_to_prefer_comes_first() -> None:
    """血圧 その他 (平均), then the second, then the first measurement; 腹囲 as measured first."""
    assert [item.code[:4] for item in by_key("systolic")] == ["9A75"] * 3
    assert [item.code[4] for item in by_key("systolic")] == ["5", "2", "1"]
    assert by_key("waist")[0].name.startswith("腹囲(実測")


def test_codes_are_17_characters_and_once() -> None:
    assert len(table()) == 322
    assert all(len(code) == 17 for code in table())
    assert all(item.group in table() for item in table().values() if item.group)
    assert all(item.codes for item in table().values() if item.coded)


def test_units_and_places() -> None:
    pressure = by_key("systolic")[0]
    assert pressure.takes_unit("mm[Hg]") and pressure.takes_unit("mmHg") and not pressure.takes_unit("cm")
    assert by_key("ast")[0].takes_unit("IU/L")
    assert place_of("9N001000000000001") < place_of("9N006000000000001") < place_of("ZZZZZZZZZZZZZZZZZ")
    assert by_code("ZZZZZZZZZZZZZZZZZ") is None and by_key("nothing") == ()
    assert by_key("hba1c")[0].least == Decimal(3)
