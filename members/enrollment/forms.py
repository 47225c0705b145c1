"""What a clerk types: one field to search, the name and the address with their reports.

Dates are understood in both calendars, kana in any width; the kanji of a name are kept exactly as typed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from kumiai.ui.forms import JapaneseDateField, KanaField, PortalForm, PostalCodeField


class SearchForm(forms.Form):
    """The search of the list: words for the saved search, and the impersonal filters that may stand in the address."""

    terms = forms.CharField(required=False, max_length=200)
    state = forms.CharField(required=False, max_length=20)
    employer = forms.CharField(required=False, max_length=18)
    kind = forms.CharField(required=False, max_length=20)
    sort = forms.CharField(required=False, max_length=20)
    on = JapaneseDateField(label="基準日", required=False)


class ReportForm(PortalForm):
    """What every report (届) carries: when it was received and what the clerk wants to remember."""

    received_date = JapaneseDateField(
        label="収受日", help_text="届を受け付けた日", error_messages={"required": "収受日を入力してください。"}
    )
    note = forms.CharField(label="備考", required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_received_date(self) -> date:
        received: date = self.cleaned_data["received_date"]
        if received > self.today:
            raise ValidationError("収受日が今日より後です。届を受け付けた日を入力してください。")
        return received


class EffectiveDateMixin(forms.Form):
    """The day from which a change holds; a correction has none, because it was always so."""

    effective_date = JapaneseDateField(label="変更の日", error_messages={"required": "変更の日を入力してください。"})


class NameCorrectForm(ReportForm):
    """氏名訂正: the name was registered wrongly from the start."""

    family_name = forms.CharField(
        label="氏（戸籍の字のまま）",
        max_length=60,
        strip=True,
        error_messages={"required": "氏を入力してください。", "max_length": "氏は60文字までです。"},
    )
    given_name = forms.CharField(
        label="名",
        max_length=60,
        required=False,
        error_messages={"max_length": "名は60文字までです。"},
    )
    family_kana = KanaField(
        label="氏 フリガナ", max_length=60, error_messages={"required": "氏のフリガナを入力してください。"}
    )
    given_kana = KanaField(label="名 フリガナ", max_length=60, required=False)

    field_order = ["family_name", "given_name", "family_kana", "given_kana", "effective_date", "received_date", "note"]


class NameChangeForm(EffectiveDateMixin, NameCorrectForm):
    """氏名変更届: the name is another from a day on."""


FILL_TOWN = {
    "inputmode": "numeric",
    "autocomplete": "off",
    "hx-post": reverse_lazy("enrollment:postal-code-town"),
    "hx-trigger": "change",
    "hx-include": "#id_town",
    "hx-target": "#id_town",
    "hx-swap": "outerHTML",
}
"""The server answers with the town when the field for it is empty."""


class PostalCodeForm(forms.Form):
    """A postal code on its own."""

    postal_code = PostalCodeField()


class AddressCorrectForm(ReportForm):
    """住所訂正: the address was registered wrongly from the start."""

    postal_code = PostalCodeField(
        label="郵便番号",
        required=False,
        help_text="入力すると、空いている町名を補います。国外のときは空けておきます",
        widget=forms.TextInput(attrs=FILL_TOWN),
    )
    town = forms.CharField(
        label="都道府県・市区町村・町域",
        max_length=120,
        error_messages={
            "required": "都道府県・市区町村・町域を入力してください。",
            "max_length": "町域までは120文字までです。",
        },
    )
    street = forms.CharField(
        label="番地・建物",
        max_length=120,
        required=False,
        error_messages={"max_length": "番地・建物は120文字までです。"},
    )
    abroad = forms.BooleanField(label="国外の住所", required=False)

    field_order = ["postal_code", "town", "street", "abroad", "effective_date", "received_date", "note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("abroad") and not cleaned.get("postal_code") and "postal_code" not in self.errors:
            self.add_error(
                "postal_code", "郵便番号を入力してください。国外の住所のときは「国外の住所」を選んでください。"
            )
        return cleaned


class AddressChangeForm(EffectiveDateMixin, AddressCorrectForm):
    """住所変更届: the person lives elsewhere from a day on."""


class CancelForm(PortalForm):
    """Cancelling a change: the version the clerk looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
