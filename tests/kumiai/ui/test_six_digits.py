"""Six digits are refused; what is proposed instead can be typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumiai.ui import formats


def refusal(digits: str) -> str:
    with pytest.raises(formats.UnreadableDate) as refused:
        formats.parse_date(digits)
    return str(refused.value)


def test_the_years_it_could_mean_are_named():
    sentence = "540927 は、昭和54年とも1954年とも読めます。S540927 か 19540927 と入力してください。"
    assert refusal("540927") == sentence


def test_a_year_the_era_never_had_is_not_proposed():
    assert "昭和70年" not in refusal("700101")
    assert "1970年" in refusal("700101")


def test_a_day_of_one_year_only_is_proposed_once():
    assert refusal("000229") == "000229 は年が2桁のため読めません。2000年のことであれば 20000229 と入力してください。"


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_what_is_proposed_can_be_read(digits):
    sentence = refusal(digits)
    if "とも読めます。" in sentence:
        proposals = sentence.split("とも読めます。")[1].removesuffix(" と入力してください。").split(" か ")
        assert len(set(proposals)) == 2
        for proposal in proposals:
            assert formats.parse_date(proposal).date
