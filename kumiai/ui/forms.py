"""Fields that understand what clerks type, and the form they stand in.

Full-width typing is accepted and normalised here, on the server, never while typing. A field with `understood` shows
below itself what it read.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms

from kumiai.ui import formats, kana


class PortalForm(forms.Form):
    """A form of the portal: drawn by one template, with 必須 in words and an error summary on top."""

    template_name = "kumiai/ui/components/form.html"
    error_css_class = "has-error"
    required_css_class = "is-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    @property
    def error_count(self) -> int:
        """How many places have to be put right."""
        return len(self.errors)

    @property
    def summary(self) -> list[tuple[Any, str]]:
        """(bound field or None, sentence) of every error, in the order of the fields."""
        found: list[tuple[Any, str]] = [(None, str(e)) for e in self.non_field_errors()]
        for field in self:
            found += [(field, str(error)) for error in field.errors]
        return found


class JapaneseDateField(forms.Field):
    """One date in either calendar; cleaned to a date. Shows what it understood."""

    default_error_messages = {"required": "日付を入力してください。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"class": "date-input", "autocomplete": "off", "data-understood": "date"})
        )
        kwargs.setdefault("help_text", "和暦・西暦のどちらでも入力できます　例：S54.9.27、1979-9-27")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return formats.parse_date(str(value)).date
        except formats.UnreadableDate as unreadable:
            raise forms.ValidationError(str(unreadable), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return formats.format_wareki_short(value) if isinstance(value, date) else value

    def understood(self, value: Any) -> str:
        """What was read, for the line below the field; empty when it could not be."""
        try:
            day = value if isinstance(value, date) else formats.parse_date(str(value)).date
        except formats.UnreadableDate:
            return ""
        return formats.echo(day)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, self.to_python(data) if data else data)


class KanaField(forms.CharField):
    """A reading: half-width kana and hiragana become full-width katakana."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"data-understood": "kana", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return kana.kana_input(text)
        except kana.NotKana as wrong:
            raise forms.ValidationError(str(wrong), code="invalid") from None

    def understood(self, value: Any) -> str:
        try:
            read = kana.kana_input(str(value or ""))
        except kana.NotKana:
            return ""
        return f"{read} として登録します" if read and read != value else ""


class DigitsField(forms.CharField):
    """Digits only, full-width accepted, spaces and hyphens dropped."""

    pattern = re.compile(r"\d+")
    sentence = "数字で入力してください。"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        text = re.sub(r"[\s\-‐‑–—―−ー]", "", text)
        if text and not self.pattern.fullmatch(text):
            raise forms.ValidationError(self.sentence, code="invalid")
        return text


class PostalCodeField(DigitsField):
    """Seven digits, stored without the hyphen."""

    pattern = re.compile(r"\d{7}")
    sentence = "郵便番号は7桁の数字です。105-0011 のように入力してください。"

    def prepare_value(self, value: Any) -> Any:
        return f"{value[:3]}-{value[3:]}" if isinstance(value, str) and re.fullmatch(r"\d{7}", value) else value


class YenField(forms.CharField):
    """Whole yen; commas and full-width digits accepted, 万 refused with a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "figure-input"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "").replace(",", "").removesuffix("円").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit():
            raise forms.ValidationError(
                f"「{value}」は金額として読めません。円の単位の数字で、320000 のように入力してください。",
                code="invalid",
            )
        return int(text)
