"""A name is found however it is typed; readings become full-width katakana."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.ui import kana


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙﨑 美咲", "高崎美咲"),
        ("𠮷田 敬子", "吉田　敬子"),
        ("渡邉 健", "渡辺健"),
        ("渡邊 健", "渡辺健"),
        ("齋藤 千代", "斉藤千代"),
        ("齊藤 千代", "斎藤千代"),
        ("濵田 圭吾", "浜田圭吾"),
        ("濱田 圭吾", "浜田圭吾"),
        ("中澤 廣", "中沢広"),
        ("タカサキ ミサキ", "ﾀｶｻｷﾐｻｷ"),
        ("タカサキ ミサキ", "たかさき みさき"),
        ("ゴトウ", "ｺﾞﾄｳ"),
        ("デ・ソウザ マリア", "デソウザマリア"),
        ("メアリー＝アン", "めあり－あん"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_both_have_one_key(stored: str, typed: str) -> None:
    assert kana.search_key(stored) == kana.search_key(typed)


def test_different_names_keep_different_keys() -> None:
    assert len({kana.search_key(name) for name in ("高崎", "高橋", "崎高", "タカサキ", "タカザキ")}) == 5


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(text: str) -> None:
    key = kana.search_key(text)
    assert kana.search_key(key) == key


def test_variants_are_single_characters_that_lead_nowhere_else() -> None:
    pairs = kana.variants()
    assert len(pairs) >= 150
    assert not [common for common in pairs.values() if ord(common) in pairs or len(common) != 1]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ﾀｶｻｷ", "タカサキ"),
        ("ゆういちろう", "ユウイチロウ"),
        ("ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟ", "ガギグ パピ"),
        ("　デ・ソウザ　　マリア ", "デ・ソウザ マリア"),
        ("メアリー", "メアリー"),
        ("", ""),
    ],
)
def test_readings_become_full_width(typed: str, read: str) -> None:
    assert kana.kana_input(typed) == read


@pytest.mark.parametrize(("typed", "wrong"), [("高崎", "高"), ("takasaki", "t"), ("タカサキ1", "1")])
def test_what_is_no_reading_names_the_character(typed: str, wrong: str) -> None:
    with pytest.raises(kana.NotKana, match=f"「{wrong}」は使えません"):
        kana.kana_input(typed)
