"""健診結果の分析: bands, shares, bins, the pictures."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health_programs.checkups.measures import MEASURE
from health_programs.checkups.presentation import analysis as drawn
from health_programs.checkups.rules import analysis as rules
from health_programs.checkups.rules.analysis import NOT_MEASURED, SCALES


@pytest.mark.parametrize(
    ("age", "label"),
    [(39, "40歳未満"), (40, "40〜44歳"), (44, "40〜44歳"), (45, "45〜49歳"), (74, "70〜74歳"), (75, "75歳以上")],
)
def test_the_band_of_an_age(age, label):
    assert rules.band_of(age).label == label


@pytest.mark.parametrize(
    ("keys", "words"),
    [(["a40"], "40〜44歳"), (["a40", "a45"], "40〜49歳"), (["u40", "a40"], "45歳未満"), (["a70", "o75"], "70歳以上")],
)
def test_bands_together(keys, words):
    assert rules.band_words(keys) == words


def test_a_share_is_rounded_half_up():
    assert rules.share(1, 3) == D("33.3") and rules.share(1, 2000) == D("0.1") and rules.share(1, 2001) == D("0.0")
    assert rules.share(0, 0) is None


def test_change_needs_both_years():
    assert rules.change(D("12.3"), D("12.8")) == D("-0.5") and rules.change(D(1), None) is None
    assert drawn.signed(D("-0.5")) == "−0.5" and drawn.signed(D("0.0")) == "±0.0" and drawn.signed(D("0.5")) == "+0.5"


def test_a_quantile_needs_ten_people_on_either_side():
    assert rules.quantile_may_be_told(D("0.25"), 40) and not rules.quantile_may_be_told(D("0.25"), 39)
    assert rules.quantile_may_be_told(D("0.5"), 20) and not rules.quantile_may_be_told(D("0.75"), 39)


def test_every_item_has_a_scale_and_every_threshold_is_an_edge():
    assert set(SCALES) == set(MEASURE)
    for key in MEASURE:
        for limit in rules.limits(key).values():
            scale = SCALES[key]
            assert scale.edge(scale.place(limit.guidance)) == limit.guidance


@given(st.sampled_from(sorted(SCALES)), st.decimals("-5", "800", places=2))
def test_a_value_lies_in_its_class(key, value):
    scale = SCALES[key]
    place = scale.place(value)
    assert scale.edge(place) <= value < scale.edge(place + 1)


bins = st.dictionaries(
    st.tuples(st.sampled_from("12"), st.one_of(st.integers(8, 20), st.just(NOT_MEASURED))), st.integers(1, 80)
)


@given(bins, st.booleans())
def test_no_bin_counts_fewer_than_ten_and_nobody_is_lost(counts, apart):
    for sex in ("", "1", "2"):
        found = rules.distribution("systolic", counts, sex=sex, sexes_told=True, told_apart=apart)
        if found is None:
            continue
        people = sum(count for (one, _place), count in counts.items() if sex in ("", one))
        assert found.people(sex) == people
        assert all(one.people[sex] >= 10 for one in found.bins)
        assert [one.last + 1 for one in found.bins[:-1]] == [one.first for one in found.bins[1:]]
        if apart and len(found.bins) > 1:
            assert not any(one.first < 13 <= one.last for one in found.bins)


@given(bins)
def test_the_bins_of_the_sexes_are_made_of_the_bins_of_everybody(counts):
    """Otherwise the bins of men and women less those of everybody would tell small differences."""
    whole = rules.distribution("systolic", counts, sex="", sexes_told=True, told_apart=True)
    men = rules.distribution("systolic", counts, sex="1", sexes_told=True, told_apart=True)
    women = rules.distribution("systolic", counts, sex="2", sexes_told=True, told_apart=True)
    if not (whole and men and women):
        return
    assert [(one.first, one.last) for one in men.bins] == [(one.first, one.last) for one in women.bins]
    edges = {one.first for one in whole.bins}
    assert {one.first for one in men.bins} <= edges


def test_few_who_were_not_measured_are_counted_in_a_bin():
    counts = {("1", 11): 40, ("1", 12): 50, ("1", 14): 20, ("1", NOT_MEASURED): 3}
    found = rules.distribution("systolic", counts, sexes_told=False, told_apart=True)
    assert [(one.people[""], one.unmeasured) for one in found.bins] == [(40, False), (53, True), (20, False)]
    many = rules.distribution("systolic", counts | {("1", NOT_MEASURED): 30}, sexes_told=False, told_apart=True)
    assert many.not_measured == {"": 30} and not any(one.unmeasured for one in many.bins)


def test_the_waist_is_told_by_sex_with_its_own_threshold():
    counts = {(sex, place): 20 for sex in "12" for place in (15, 16, 17, 18)}
    assert rules.distribution("waist", counts, sexes_told=True, told_apart=True) is None
    men = rules.distribution("waist", counts, sex="1", sexes_told=True, told_apart=True)
    women = rules.distribution("waist", counts, sex="2", sexes_told=True, told_apart=True)
    assert [rules.met("waist", one, "1") for one in men.bins] == [False, False, True, True]
    assert [rules.met("waist", one, "2") for one in women.bins] == [False, False, False, True]


def test_the_picture_reaches_its_highest_bar_and_draws_the_threshold():
    counts = {("1", 11): 40, ("1", 12): 53, ("1", 13): 20, ("1", 14): 17}
    found = rules.distribution("systolic", counts, sexes_told=False, told_apart=True)
    picture = drawn.columns("systolic", SCALES["systolic"], found, "")
    assert [column.tone for column in picture.columns] == ["normal", "normal", "guidance", "referral"]
    assert all(
        column.y >= picture.top and column.y + column.height <= picture.bottom + 0.11 for column in picture.columns
    )
    assert picture.columns[1].x < picture.threshold < picture.columns[2].x + 1
    assert [column.label for column in picture.columns] == ["120未満", "120以上130未満", "130以上140未満", "140以上"]


@given(st.lists(st.one_of(st.none(), st.decimals("0", "100", places=1)), min_size=5, max_size=5), st.booleans())
def test_lines_stay_inside_the_picture(figures, zero):
    picture = drawn.trend(range(2022, 2027), [("yes", "該当", figures)], zero=zero)
    if all(figure is None for figure in figures):
        assert picture is None
        return
    points = picture.series[0].points
    assert len(points) == sum(figure is not None for figure in figures)
    assert all(drawn.TOP - 0.1 <= point.y <= drawn.TREND_HEIGHT - drawn.FOOT + 0.1 for point in points)
    assert picture.series[0].path.count("M") == sum(
        figure is not None and (n == 0 or figures[n - 1] is None) for n, figure in enumerate(figures)
    )
