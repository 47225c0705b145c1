"""What a clerk types in the hard cases: other names, 送付先, abroad, two employers, one day's change of works, corrected days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kumiai.ui.forms import JapaneseDateField, PortalForm, PostalCodeField
from members.enrollment.enums import ContactKind, MailingReason, Sex
from members.enrollment.forms import FILL_TOWN, EffectiveDateMixin, ReportForm
from members.enrollment.rules.countries import countries
from members.enrollment.rules.numbers import parse_card_number

TELEPHONE = re.compile(r"0\d{1,4}-?\d{1,4}-?\d{3,4}")
LINES = forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "class": "lines-input"})


class SexForm(EffectiveDateMixin, ReportForm):
    """性別の変更."""

    sex = forms.ChoiceField(label="性別", choices=Sex.choices, error_messages={"required": "性別を選んでください。"})

    field_order = ["sex", "effective_date", "received_date", "note"]


class OtherNamesForm(EffectiveDateMixin, ReportForm):
    """通称・アルファベット氏名・読み仮名が不明."""

    common_name = forms.CharField(
        label="通称", required=False, max_length=120, help_text="住民票に記載された通称。検索で見つかります"
    )
    alphabet_name = forms.CharField(
        label="アルファベット氏名",
        required=False,
        max_length=120,
        help_text="在留カードの表記のとおり　例：NGUYEN VAN HUNG",
    )
    kana_unknown = forms.BooleanField(label="読み仮名が不明", required=False)

    field_order = ["common_name", "alphabet_name", "kana_unknown", "effective_date", "received_date", "note"]


class AbroadForm(EffectiveDateMixin, ReportForm):
    """国外の住所への変更."""

    country = forms.ChoiceField(label="国", error_messages={"required": "国を選んでください。"})
    lines = forms.CharField(
        label="住所（書かれるとおりの行）",
        max_length=300,
        widget=LINES,
        help_text="封筒に書く順に、行を分けて入力します。国名は要りません",
        error_messages={"required": "住所を入力してください。"},
    )

    field_order = ["country", "lines", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "選んでください"), *countries().items()]  # type: ignore[attr-defined]


class MailingForm(EffectiveDateMixin, ReportForm):
    """送付先の申出; emptied with 「住所に戻す」."""

    back = forms.BooleanField(label="送付先をやめて、住所に送る", required=False)
    reason = forms.ChoiceField(label="理由", choices=MailingReason.choices)
    addressee = forms.CharField(label="宛名", required=False, max_length=120, help_text="本人のときは空けておきます")
    postal_code = PostalCodeField(label="郵便番号", required=False, widget=forms.TextInput(attrs=FILL_TOWN))
    town = forms.CharField(label="都道府県・市区町村・町域", required=False, max_length=120)
    street = forms.CharField(label="番地・建物", required=False, max_length=120)
    country = forms.ChoiceField(label="国（国外のとき）", required=False)
    lines = forms.CharField(label="国外の住所（書かれるとおりの行）", required=False, max_length=300, widget=LINES)

    field_order = [
        "back", "reason", "addressee", "postal_code", "town", "street", "country", "lines", "effective_date",
        "received_date", "note",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "国内"), *countries().items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("back"):
            return cleaned
        if cleaned.get("country"):
            if not cleaned.get("lines"):
                self.add_error("lines", "国外の住所を、書かれるとおりに入力してください。")
        elif not cleaned.get("town"):
            self.add_error("town", "都道府県・市区町村・町域を入力してください。")
        return cleaned


class ConcurrentForm(EffectiveDateMixin, ReportForm):
    """二以上事業所勤務届: the other employer, ours or outside."""

    employer = forms.ChoiceField(label="もう一方の事業所", required=False)
    outside_name = forms.CharField(label="当組合でない事業所の名称", required=False, max_length=200)
    outside_insurer = forms.CharField(
        label="その事業所の保険者", required=False, max_length=100, help_text="例：協会けんぽ"
    )

    field_order = ["employer", "outside_name", "outside_insurer", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, employers: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = [("", "当組合でない事業所"), *choices_of(employers)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("employer")) == bool(cleaned.get("outside_name")):
            self.add_error("employer", "当組合の事業所か、ほかの事業所の名称の、どちらか一つを入れてください。")
        return cleaned


class ConcurrentChangeForm(EffectiveDateMixin, ReportForm):
    """二以上勤務の終わり, or the choice of the other employer."""

    concurrent = forms.ChoiceField(label="二以上勤務", error_messages={"required": "選んでください。"})
    way = forms.ChoiceField(
        label="届の内容",
        choices=[("choose", "この事業所を主たる事業所に選ぶ"), ("end", "この事業所に勤めなくなった")],
    )

    field_order = ["concurrent", "way", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, concurrents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concurrent"].choices = concurrents  # type: ignore[attr-defined]


class TransferForm(EffectiveDateMixin, ReportForm):
    """事業所の変更・同日得喪."""

    way = forms.ChoiceField(
        label="届の内容",
        choices=[("transfer", "事業所の変更（転籍・異動）"), ("reemployed", "同じ日の再雇用（同日得喪）")],
    )
    employer = forms.ChoiceField(label="新しい事業所", error_messages={"required": "事業所を選んでください。"})
    numbering = forms.ChoiceField(
        label="記号・番号",
        choices=[("keep", "いまの番号のまま"), ("new", "新しい事業所の次の番号をつける（被扶養者も同じ番号にする）")],
    )

    field_order = ["way", "employer", "numbering", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, employers: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = [("", "選んでください"), *choices_of(employers)]  # type: ignore[attr-defined]


class DayForm(ReportForm):
    """資格取得日・喪失日の訂正届: which day of which 資格, and the right one."""

    which = forms.ChoiceField(label="訂正する日", error_messages={"required": "訂正する日を選んでください。"})
    effective_date = JapaneseDateField(label="正しい日", error_messages={"required": "正しい日を入力してください。"})

    field_order = ["which", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, days: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = days  # type: ignore[attr-defined]


class SamePersonForm(ReportForm):
    """同じ人の登録: joined one after the other, or merged when registered twice."""

    way = forms.ChoiceField(
        label="二つの登録の関係",
        choices=[
            ("merge", "重複：同じ人が二重に登録されている（下の番号を、この番号に統合する）"),
            ("join", "続き：前に別の番号で登録されていた（下の番号を、前の登録として結び付ける）"),
        ],
    )
    number = forms.CharField(
        label="もう一方の記号-番号-枝番",
        max_length=30,
        help_text="例：12-3456-00（枝番を省くと 00）",
        error_messages={"required": "記号-番号を入力してください。"},
    )

    field_order = ["way", "number", "received_date", "note"]

    def clean_number(self) -> Any:
        found = parse_card_number(self.cleaned_data["number"])
        if found is None:
            raise ValidationError("記号-番号として読めません。12-3456-00 のように入力してください。")
        return found


def choices_of(employers: Iterable[Any]) -> list[tuple[str, str]]:
    """Employers as a list to choose from: 記号 and 名称."""
    return [(str(employer.pk), f"{employer.symbol}　{employer.name}") for employer in employers]


class EmployerMoveForm(PortalForm):
    """事業所の合併・分割: whose people go where, from which day. numbers empty: everybody."""

    from_employer = forms.ChoiceField(label="いまの事業所", error_messages={"required": "事業所を選んでください。"})
    to_employer = forms.ChoiceField(label="移る先の事業所", error_messages={"required": "事業所を選んでください。"})
    day = JapaneseDateField(label="異動の日", error_messages={"required": "異動の日を入力してください。"})
    numbers = forms.CharField(
        label="移る人の記号-番号（分割のとき）",
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "class": "lines-input"}),
        help_text="一行に一人。空けておくと、いまの事業所の全員が移ります（合併）",
    )
    numbering = forms.ChoiceField(
        label="記号・番号",
        choices=[("keep", "いまの番号のまま"), ("new", "移る先の次の番号をつける（被扶養者も同じ番号にする）")],
    )
    received_date = JapaneseDateField(label="収受日", error_messages={"required": "収受日を入力してください。"})

    def __init__(self, *args: Any, employers: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "選んでください"), *choices_of(employers)]
        self.fields["from_employer"].choices = choices  # type: ignore[attr-defined]
        self.fields["to_employer"].choices = choices  # type: ignore[attr-defined]


class ContactForm(EffectiveDateMixin, ReportForm):
    """連絡先の申出; emptied, the contact ends."""

    kind = forms.ChoiceField(label="種類", choices=ContactKind.choices)
    value = forms.CharField(
        label="連絡先", required=False, max_length=120, help_text="空けて登録すると、その日から連絡先がなくなります"
    )

    field_order = ["kind", "value", "effective_date", "received_date", "note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, value = cleaned.get("kind"), unicodedata.normalize("NFKC", cleaned.get("value") or "").strip()
        cleaned["value"] = value
        if not value:
            return cleaned
        if kind == ContactKind.EMAIL:
            try:
                validate_email(value)
            except forms.ValidationError:
                self.add_error(
                    "value", "メールアドレスの形になっていません。name@example.jp のように入力してください。"
                )
        elif not TELEPHONE.fullmatch(value):
            self.add_error("value", "電話番号は、数字とハイフンで 03-1234-5678 のように入力してください。")
        return cleaned
