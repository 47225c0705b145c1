"""A key made of a key is the same key, so keys from two ways of typing can be compared."""

from hypothesis import example, given
from hypothesis import strategies as st

from kumiai.ui import kana

# What stands in names: Latin letters, kana of both widths, marks, kanji with compatibility forms, full-width letters.
NAMES = st.one_of(
    st.characters(max_codepoint=0x7E),
    st.characters(min_codepoint=0x3040, max_codepoint=0x30FF),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0xF900, max_codepoint=0xFAFF),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF9F),
    st.sampled_from("　・´𠮷"),
)


@given(st.text(NAMES, max_size=40))
@example("カ ﾞ")
@example("A´")
def test_a_key_is_its_own_key(text):
    key = kana.search_key(text)
    assert kana.search_key(key) == key
