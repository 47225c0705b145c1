"""The geometry of the drawn timeline, without a database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kumiai.ui.formats import era_year, fiscal_year
from members.enrollment.presentation.timeline import (
    LABEL_PERCENT,
    MINIMUM_WIDTH_PERCENT,
    Lane,
    Period,
    arrange,
    draw,
    label_step,
)

TODAY = date(2026, 11, 24)
days = st.dates(min_value=date(1930, 1, 1), max_value=date(2030, 12, 31))


@st.composite
def periods(draw_from) -> Period:
    start = draw_from(days)
    length = draw_from(st.none() | st.integers(min_value=1, max_value=30_000))
    return Period(
        start,
        None if length is None else start + timedelta(days=length),
        "あ",
        row=draw_from(st.sampled_from(["", "a"])),
    )


lanes = st.lists(st.builds(Lane, st.sampled_from(["資格", "住所"]), st.lists(periods(), max_size=6)), max_size=4)


@given(lanes, days)
def test_every_bar_stays_inside_the_plot_and_is_visible(given_lanes, today):
    for lane in draw(given_lanes, today=today).lanes:
        for bar in lane.bars:
            assert bar.width >= MINIMUM_WIDTH_PERCENT
            assert bar.x >= LABEL_PERCENT - MINIMUM_WIDTH_PERCENT
            assert bar.right <= 100.0001
            assert lane.y <= bar.y and bar.bottom <= lane.y + lane.height


@given(lanes, days)
def test_lanes_keep_their_order_and_do_not_touch(given_lanes, today):
    drawn = draw(given_lanes, today=today)
    assert [lane.name for lane in drawn.lanes] == [lane.name for lane in given_lanes]
    for above, below in zip(drawn.lanes, drawn.lanes[1:], strict=False):
        assert above.y + above.height <= below.y
    assert all(lane.y + lane.height <= drawn.plot_bottom for lane in drawn.lanes)


@given(lanes, days)
def test_today_stands_inside_its_own_year_of_the_axis(given_lanes, today):
    drawn = draw(given_lanes, today=today)
    own = next(year for year in drawn.years if year.western == str(fiscal_year(today)))
    half = own.middle - own.x
    assert own.x <= drawn.today_x <= own.x + 2 * half + 0.001
    edges = [year.x for year in drawn.years]
    assert edges == sorted(set(edges))
    assert edges[0] == LABEL_PERCENT


@given(days, days, days)
def test_a_later_start_never_stands_left_of_an_earlier_one(first, second, today):
    earlier, later = sorted([first, second])
    lane = draw(
        [Lane("資格", [Period(earlier, None, "一", row="一"), Period(later, None, "二", row="二")])], today=today
    ).lanes[0]
    places = {bar.label: bar.x for bar in lane.bars}
    if len(places) == 2:
        assert places["一"] <= places["二"] + MINIMUM_WIDTH_PERCENT


@given(st.lists(periods().filter(lambda period: not period.row), max_size=8))
def test_periods_on_the_same_line_never_overlap(given_periods):
    placed = list(zip(given_periods, arrange(given_periods), strict=True))
    for i, (a, line_a) in enumerate(placed):
        for b, line_b in placed[i + 1 :]:
            if line_a == line_b:
                assert (a.end or date.max) <= b.start or (b.end or date.max) <= a.start


def test_an_open_period_has_no_right_edge_and_reaches_the_border():
    bar = draw([Lane("資格", [Period(date(2016, 10, 1), None, "強制")])], today=TODAY).lanes[0].bars[0]
    assert bar.open_right and not bar.open_left
    assert bar.right == 100.0


def test_an_ended_period_has_both_edges_and_meets_the_next_one():
    change = date(2025, 10, 1)
    lane = Lane("資格", [Period(date(2016, 10, 1), change, "強制"), Period(change, date(2027, 10, 1), "任意継続")])
    first, second = draw([lane], today=TODAY).lanes[0].bars
    assert not first.open_right and not second.open_right
    assert abs(first.right - second.x) < 0.001
    assert first.y == second.y


def test_a_mistyped_date_cannot_flatten_the_drawing():
    drawn = draw(
        [Lane("資格", [Period(date(1054, 1, 1), None, "誤り"), Period(date(2020, 4, 1), None, "強制")])], today=TODAY
    )
    assert drawn.first_year == 2020
    assert drawn.lanes[0].bars[0].open_left


def test_the_axis_carries_both_calendars_by_fiscal_year():
    drawn = draw([Lane("資格", [Period(date(2018, 4, 1), None, "強制")])], today=TODAY)
    assert [(year.era, year.western) for year in drawn.years][:3] == [
        ("平30", "2018"),
        ("令元", "2019"),
        ("令2", "2020"),
    ]
    assert drawn.span == "平成30年度から現在まで"


def test_years_begin_in_april():
    assert fiscal_year(date(2026, 3, 31)) == 2025
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert [era_year(year) for year in (1911, 1925, 1926, 1988, 1989)] == ["1911", "大14", "昭元", "昭63", "平元"]


def test_labels_thin_out_before_they_touch():
    assert label_step(12) == 1
    assert label_step(30) == 2
    assert label_step(80) == 5


def test_empty_lanes_keep_their_place():
    drawn = draw([Lane("資格"), Lane("住所")], today=TODAY)
    assert [lane.bars for lane in drawn.lanes] == [(), ()]
    assert len(drawn.years) == 1
