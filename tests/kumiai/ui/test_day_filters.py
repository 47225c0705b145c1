"""A template is given a day or none; a day kept as text is shown as that day, and anything else does not pass unseen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

FILTERS = {
    "wareki": "令和8年9月1日",
    "wareki_short": "令8.9.1",
    "wareki_month": "令和8年9月",
    "wareki_weekday": "令和8年9月1日（火）",
    "iso": "2026-09-01",
    "both_dates": "令和8年9月1日（火）　2026-09-01",
}


def shown(name: str, **given) -> str:
    return Template("{% load ui %}{{ day|" + name + " }}").render(Context(given))


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize(
    "day",
    [
        date(2026, 9, 1),
        "2026-09-01",
        datetime(2026, 8, 31, 15, 30, tzinfo=UTC),
        "2026-08-31T15:30:00+00:00",
        "2026-09-01T00:10:00",
    ],
    ids=str,
)
def test_a_day_is_shown_however_it_was_kept(name, day):
    assert shown(name, day=day) == FILTERS[name]


@pytest.mark.parametrize("name", [*FILTERS, "day_short"])
def test_no_day_shows_nothing(name):
    assert [shown(name, day=None), shown(name, day=""), shown(name)] == ["", "", ""]


@pytest.mark.parametrize("name", [*FILTERS, "day_short"])
@pytest.mark.parametrize("wrong", ["令和8年9月", "2026-13-01", 20260901, ("2026-09-01",)], ids=str)
def test_what_is_no_day_fails_in_tests_and_is_only_logged_in_production(name, wrong, settings, caplog):
    with pytest.raises(TypeError, match="日付ではありません"):
        shown(name, day=wrong)
    settings.RAISE_ON_NO_DAY = False
    assert shown(name, day=wrong) == ""
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(wrong) not in caplog.text, "what was given may be about a person"
