"""Groups of fields that several filings share: a name, an address, a birth date, the number of the person."""

from __future__ import annotations

from typing import Any

from django import forms

from kumiai.ui.forms import JapaneseDateField, KanaField, PostalCodeField
from members.enrollment.enums import Sex
from members.enrollment.forms import FILL_TOWN
from members.filings.forms.base import CardNumberField

NAME = ("family_name", "given_name", "family_kana", "given_kana")
ADDRESS = ("postal_code", "town", "street", "abroad")


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
    """住所 (則24条1項9号). Within Japan a postal code is asked for."""

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
        error_messages={"required": "都道府県・市区町村・町域を入力してください。"},
    )
    street = forms.CharField(label="番地・建物", max_length=120, required=False)
    abroad = forms.BooleanField(label="国外の住所", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].required = self.address_required

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = self.address_required or cleaned.get("town")
        if given and not cleaned.get("abroad") and not cleaned.get("postal_code") and "postal_code" not in self.errors:
            self.add_error(
                "postal_code", "郵便番号を入力してください。国外の住所のときは「国外の住所」を選んでください。"
            )
        return cleaned


class MemberPart(forms.Form):
    """The insured person of the document, by number."""

    member_number = CardNumberField(label="記号-番号", help_text="例：12-3456")


class DifferentPersonPart(forms.Form):
    """The clerk's word that somebody alike is another person."""

    different_person = forms.BooleanField(label="似た人とは別人と確かめた", required=False)
