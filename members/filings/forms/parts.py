"""Groups of fields that several filings share: a name, an address, a birth date, the number of the person."""

from __future__ import annotations

from typing import Any

from django import forms

from kumiai.ui.forms import JapaneseDateField, KanaField, PostalCodeField
from members.enrollment.enums import Sex
from members.enrollment.forms import FILL_TOWN
from members.enrollment.person_forms import LINES
from members.enrollment.rules.countries import countries
from members.filings.forms.base import CardNumberField

NAME = ("family_name", "given_name", "family_kana", "given_kana")
ADDRESS = ("postal_code", "town", "street", "abroad", "country", "lines")


class NamePart(forms.Form):
    """氏名 and フリガナ (則24条1項1号). Kanji are kept as typed; the reading may be unknown, then it is said so."""

    family_name = forms.CharField(
        label="氏（戸籍の字のまま）", max_length=60, error_messages={"required": "氏を入力してください。"}
    )
    given_name = forms.CharField(label="名", max_length=60, required=False)
    family_kana = KanaField(
        label="氏 フリガナ", max_length=60, error_messages={"required": "氏のフリガナを入力してください。"}
    )
    given_kana = KanaField(label="名 フリガナ", max_length=60, required=False)


class OtherNamesPart(forms.Form):
    """Names beside the registered one."""

    common_name = forms.CharField(label="通称", max_length=60, required=False)
    alphabet_name = forms.CharField(
        label="ローマ字氏名", max_length=120, required=False, help_text="在留カードのとおり。例：DE SOUZA MARIA"
    )


class BirthPart(forms.Form):
    """生年月日 and 性別 (則24条1項2号・3号)."""

    birth_date = JapaneseDateField(label="生年月日", error_messages={"required": "生年月日を入力してください。"})
    sex = forms.ChoiceField(
        label="性別",
        choices=[("", "選んでください"), *Sex.choices],
        error_messages={"required": "性別を選んでください。"},
    )


class AddressPart(forms.Form):
    """住所 (則24条1項9号). Within Japan a postal code is asked for; abroad the country, and the lines as they are written.

    A filing that was typed while an address abroad was only ticked keeps its tick; a new one chooses the country.
    """

    address_required = True

    postal_code = PostalCodeField(
        label="郵便番号",
        required=False,
        help_text="入力すると、空いている町名を補います。国外のときは空けておきます",
        widget=forms.TextInput(attrs=FILL_TOWN),
    )
    town = forms.CharField(
        label="都道府県・市区町村・町域",
        max_length=120,
        error_messages={"required": "都道府県・市区町村・町域を入力してください。国外のときは国を選んでください。"},
    )
    street = forms.CharField(label="番地・建物", max_length=120, required=False)
    abroad = forms.BooleanField(label="国外の住所", required=False)
    country = forms.ChoiceField(label="国（国外のとき）", required=False)
    lines = forms.CharField(
        label="国外の住所（書かれるとおりの行）",
        required=False,
        max_length=300,
        widget=LINES,
        help_text="封筒に書く順に、行を分けて入力します。国名は要りません",
        error_messages={"max_length": "国外の住所は300文字までです。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "国内"), *countries().items()]  # type: ignore[attr-defined]
        self.fields["town"].required = self.address_required and not self.data.get("country")
        if not (self.data.get("abroad") or self.initial.get("abroad")):
            del self.fields["abroad"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("country"):
            self._check_abroad(cleaned)
            return cleaned
        if cleaned.get("lines") and "country" not in self.errors:
            self.add_error("country", "国外の住所の国を選んでください。国内の住所のときは、国外の行を空けてください。")
        given = self.address_required or any(cleaned.get(name) for name in ("postal_code", "town", "street"))
        if not given:
            return cleaned
        if not cleaned.get("town") and "town" not in self.errors:
            self.add_error("town", "都道府県・市区町村・町域を入力してください。")
        if not cleaned.get("abroad") and not cleaned.get("postal_code") and "postal_code" not in self.errors:
            self.add_error("postal_code", "郵便番号を入力してください。国外の住所のときは国を選んでください。")
        return cleaned

    def _check_abroad(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("lines") and "lines" not in self.errors:
            self.add_error("lines", "国外の住所を、書かれるとおりに入力してください。")
        if any(cleaned.get(name) for name in ("postal_code", "town", "street")):
            self.add_error(
                "country",
                "国外の住所は「国外の住所」の行に書きます。郵便番号・町域・番地を空けるか、国を「国内」にしてください。",
            )


class MemberPart(forms.Form):
    """The insured person of the document, by number."""

    member_number = CardNumberField(label="記号-番号", help_text="例：12-3456")


class DifferentPersonPart(forms.Form):
    """The clerk's word that somebody alike is another person."""

    different_person = forms.BooleanField(label="似た人とは別人と確かめた", required=False)
