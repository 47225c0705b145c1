"""What every filing's form shares: the employer, the days, and fields that stand in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from kumiai.ui.forms import JapaneseDateField, PortalForm
from members.enrollment.rules.numbers import CardNumber, parse_card_number


@dataclass(frozen=True)
class Section:
    """Fields under one heading; `grid` lays family and given name side by side."""

    heading: str
    fields: tuple[Any, ...]
    grid: bool = False


class CardNumberField(forms.CharField):
    """記号-番号 or 記号-番号-枝番 in any width, cleaned to a CardNumber."""

    default_error_messages = {
        "required": "記号-番号を入力してください。",
        "unreadable": "「%(typed)s」は記号-番号として読めません。12-3456 のように入力してください。",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "short-input", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number = parse_card_number(text)
        if number is None:
            raise ValidationError(self.error_messages["unreadable"], params={"typed": text}, code="unreadable")
        return number

    def understood(self, value: Any) -> str:
        """What was read, when it was typed otherwise."""
        number = parse_card_number(str(value or ""))
        if number is None:
            return ""
        read = card_text(number)
        return f"{read} として読みました" if read != value else ""


def card_text(number: CardNumber) -> str:
    """12-3456 or 12-3456-01."""
    return "-".join(part for part in (number.symbol, number.number, number.branch) if part)


class FilingForm(PortalForm):
    """The form of one kind of filing. `employers`: symbol → employer, passed in by the view."""

    layout: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    """(heading, field names) in the order of the paper."""
    effective_label: ClassVar[str] = "事実の日"
    carried: ClassVar[tuple[str, ...]] = ("employer", "received_date", "effective_date")
    """Fields the next empty form of a sitting starts with."""
    carried_beside: ClassVar[tuple[str, ...]] = ()
    """Fields the form for one more person of the same paper starts with; () where a paper is about one person."""
    from_original: ClassVar[dict[str, str]] = {}
    """Of a 訂正届: field → the field of the original it starts with, where the names differ."""
    with_employer: ClassVar[bool] = True

    employer = forms.CharField(
        label="事業所の記号",
        max_length=8,
        help_text="届に書かれた事業所の記号",
        widget=forms.TextInput(attrs={"class": "short-input", "autocomplete": "off", "list": "employer-symbols"}),
        error_messages={"required": "事業所の記号を入力してください。"},
    )
    received_date = JapaneseDateField(
        label="収受日", help_text="届を受け付けた日", error_messages={"required": "収受日を入力してください。"}
    )
    effective_date = JapaneseDateField(error_messages={"required": "日付を入力してください。"})
    note = forms.CharField(label="備考", required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    sitting = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, employers: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.employers = employers
        self.fields["effective_date"].label = self.effective_label
        if not self.with_employer:
            del self.fields["employer"]
        # Errors are told in the order of the paper.
        self.order_fields([name for _heading, names in self.layout for name in names])

    def clean_employer(self) -> Any:
        """The employer of a symbol, full-width accepted."""
        import unicodedata

        typed = self.cleaned_data["employer"]
        symbol = unicodedata.normalize("NFKC", typed).strip().split()[0].upper()
        found = self.employers.get(symbol)
        if found is None:
            raise ValidationError(f"記号「{typed}」の事業所がありません。記号を確かめてください。", code="unknown")
        return found

    def clean_received_date(self) -> date:
        received: date = self.cleaned_data["received_date"]
        if received > self.today:
            raise ValidationError("収受日が今日より後です。届を受け付けた日を入力してください。")
        return received

    @property
    def sections(self) -> Iterator[Section]:
        """The visible fields under their headings, in order."""
        for heading, names in self.layout:
            fields = tuple(self[name] for name in names if name in self.fields)
            yield Section(heading, fields, grid="family_name" in names)

    def typed(self) -> dict[str, Any]:
        """What was typed, field by field, as it would be sent again; nothing that belongs to the page."""
        return {
            name: text
            for name in self.fields
            if name not in PAGE_FIELDS and (text := self.data.get(self.add_prefix(name), "")) not in ("", None)
        }

    def typed_labels(self) -> dict[str, str]:
        """Field → label, for comparing two contents."""
        return {name: str(field.label or "") for name, field in self.fields.items() if name not in PAGE_FIELDS}


PAGE_FIELDS = ("version", "entry_key", "sitting")
"""Fields of the page, not of the document."""
