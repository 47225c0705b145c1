"""What stands in a filing, section by section, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from kumiai.ui.formats import format_wareki
from members.filings.forms.base import FilingForm, card_text


@dataclass(frozen=True)
class Fact:
    """One field: label, value as read, second line (the other calendar)."""

    label: str
    value: str
    second: str = ""


@dataclass(frozen=True)
class Facts:
    heading: str
    facts: tuple[Fact, ...]


def sections(form: FilingForm) -> list[Facts]:
    """The filled fields of a bound form under its headings; empty optional fields are left out."""
    found = []
    for section in form.sections:
        facts = tuple(fact for field in section.fields if (fact := _fact(form, field)))
        if facts:
            found.append(Facts(section.heading, facts))
    return found


def _fact(form: FilingForm, bound: Any) -> Fact | None:
    cleaned = getattr(form, "cleaned_data", {}).get(bound.name)
    typed = form.data.get(bound.name, "")
    if cleaned in (None, "", False) and not typed:
        return None
    return Fact(str(bound.label), *read_value(bound.field, cleaned, typed))


def read_value(field: Any, cleaned: Any, typed: Any) -> tuple[str, str]:
    """A value in words and, for a day, in the other calendar."""
    if isinstance(cleaned, date):
        return format_wareki(cleaned), cleaned.isoformat()
    if isinstance(field, forms.BooleanField):
        return "はい", ""
    if isinstance(field, forms.ChoiceField):
        return _choice(field, typed), ""
    if cleaned is None or cleaned == "":
        return str(typed), ""
    if hasattr(cleaned, "symbol") and hasattr(cleaned, "branch"):
        return card_text(cleaned), ""
    if hasattr(cleaned, "symbol"):
        return f"{cleaned.symbol}　{cleaned.name}", ""
    return str(field.prepare_value(cleaned)), ""


def typed_text(form: FilingForm, name: str, typed: str) -> str:
    """A typed value as people read it, for two contents side by side."""
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return "はい" if typed else "いいえ"
    if isinstance(field, forms.ChoiceField):
        return _choice(field, typed)
    return str(typed)


def _choice(field: Any, typed: str) -> str:
    """The label of a choice."""
    return str(dict(field.choices).get(typed, typed))
