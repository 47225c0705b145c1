"""Filters and tags of every template."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from kumiai.ui import formats

logger = logging.getLogger(__name__)
register = template.Library()


def _day(value: Any) -> date | None:
    """The day to be shown; None where there is none. A day that was kept as text (2026-09-01) is that day.

    Anything else is a mistake of the template: RAISE_ON_NO_DAY makes it fail, otherwise it stands in the log and
    nothing is shown, as its words may be about a person.
    """
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return value
    if value is None or value == "":  # a variable that is not there comes as an empty text
        return None
    try:
        return _day(datetime.fromisoformat(value)) if "T" in value else date.fromisoformat(value)
    except (TypeError, ValueError):
        return _no_day(value)


def _no_day(value: Any) -> date | None:
    if settings.RAISE_ON_NO_DAY:
        raise TypeError(
            f"{type(value).__name__} は日付ではありません。テンプレートには日付を渡してください。"
        ) from None
    logger.error("template: a %s was given where a day is shown", type(value).__name__)
    return None


@register.filter
def wareki(value: Any) -> str:
    """令和8年11月22日."""
    return formats.format_wareki(_day(value))


@register.filter
def wareki_month(value: Any) -> str:
    """令和8年11月, of any day in the month."""
    return formats.format_wareki_month(_day(value))


@register.filter
def fiscal_year(value: int) -> str:
    """令和8年度, of the western year in which it begins."""
    return f"{formats.era_year(value, long=True)}年度"


@register.filter
def wareki_short(value: Any) -> str:
    """昭54.9.27."""
    return formats.format_wareki_short(_day(value))


@register.filter
def wareki_weekday(value: Any) -> str:
    """令和8年11月24日（火）."""
    return formats.format_wareki(_day(value), weekday=True)


@register.filter
def iso(value: Any) -> str:
    """2026-11-22."""
    day = _day(value)
    return day.isoformat() if day else ""


@register.filter
def both_dates(value: Any) -> str:
    """令和8年11月22日（日）　2026-11-22."""
    day = _day(value)
    return formats.echo(day) if day else ""


@register.filter
def day_short(value: Any) -> str:
    """今日, 昨日, else 11月20日 (with the year when it is another)."""
    day = _day(value)
    if day is None:
        return ""
    today = timezone.localdate()
    if day == today:
        return "今日"
    if (today - day).days == 1:
        return "昨日"
    return f"{day.month}月{day.day}日" if day.year == today.year else formats.format_wareki_short(day)


@register.filter
def yen(value: Any) -> str:
    return formats.format_yen(value)


@register.filter
def number(value: Any) -> str:
    return formats.format_number(value) if isinstance(value, int) else str(value if value is not None else "")


@register.filter
def age_on(birth: date | None, day: date) -> int | str:
    """Completed years by the law of ages; nothing for an unknown birth date."""
    return formats.age_on(birth, day) if birth else ""


@register.filter
def understood(field: Any) -> str:
    """What a bound field read of what was typed; empty for a field that does not say."""
    told = getattr(field.field, "understood", None)
    value = field.value()
    return told(value) if told and value not in (None, "") else ""
