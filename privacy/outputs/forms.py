"""What staff choose and type at the door. Ids, dates and codes stand in addresses; nothing about a person does."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kumiai.ui.forms import JapaneseDateField, PortalForm, PostalCodeField
from privacy.outputs.enums import (
    THEMSELVES,
    Basis,
    ConfirmedHow,
    Encoding,
    FileFormat,
    HandBack,
    RecipientKind,
    RefusalReason,
    SuspensionArticle,
    SuspensionScope,
    WishSource,
)
from privacy.outputs.kinds import FileKind, file_kinds
from privacy.outputs.models import Recipient


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


class RequestForm(PortalForm):
    """Recipient, items, format. The columns offered are those agreed with the chosen recipient, no other exists."""

    recipient = forms.TypedChoiceField(
        label="受け渡し先", coerce=int, error_messages={"required": "受け渡し先を選んでください。"}
    )
    columns = forms.MultipleChoiceField(
        label="項目", widget=forms.CheckboxSelectMultiple, error_messages={"required": "項目を一つ以上選んでください。"}
    )
    file_format = forms.ChoiceField(label="形式")
    encoding = forms.ChoiceField(label="文字コード", choices=Encoding.choices, required=False)

    def __init__(
        self, *args: Any, kind: FileKind, recipients: Sequence[Recipient], agreed: Sequence[str], person: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[int, str]]] = {}
        for recipient in recipients:
            groups.setdefault(recipient.get_kind_display(), []).append(
                (recipient.pk, f"{recipient.code}　{recipient.name}")
            )
        recipient_field: Any = self.fields["recipient"]
        columns_field: Any = self.fields["columns"]
        format_field: Any = self.fields["file_format"]
        recipient_field.choices = [("", "選んでください"), *groups.items()]
        columns_field.choices = [(column.code, column.title) for column in kind.chosen(agreed)]
        format_field.choices = [(f.value, f.label) for f in kind.formats]
        if person:
            del self.fields["recipient"]
        if not agreed or kind.whole:
            del self.fields["columns"]
        if FileFormat.CSV not in kind.formats:
            del self.fields["encoding"]


class ConfirmForm(PortalForm):
    """The second person: the number of the recipient and the count, both typed."""

    code = forms.CharField(
        label="受取人の番号", max_length=30, error_messages={"required": "受取人の番号を打ち込んでください。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    count = forms.CharField(
        label="渡す件数", max_length=12, error_messages={"required": "件数を打ち込んでください。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return half_width(self.cleaned_data["code"])

    def clean_count(self) -> int:
        text = half_width(self.cleaned_data["count"]).replace(",", "")
        if not (text.isascii() and text.isdigit()):
            raise ValidationError("件数は数字で打ち込んでください。")
        return int(text)


class RefuseForm(PortalForm):
    reason = forms.ChoiceField(
        label="差し戻しの理由", choices=[("", "選んでください"), *RefusalReason.choices],
        error_messages={"required": "差し戻しの理由を選んでください。"},
    )  # fmt: skip


class HandBackForm(PortalForm):
    """返却・廃棄を確かめた."""

    on = JapaneseDateField(label="確かめた日", help_text="返却を受けた日、または廃棄の証明書の日付")
    way = forms.ChoiceField(label="後始末", choices=HandBack.choices)


class RecipientForm(PortalForm):
    """受け渡し先の登録."""

    kind = forms.ChoiceField(label="種別", choices=[c for c in RecipientKind.choices if c[0] not in THEMSELVES])
    code = forms.CharField(label="番号", max_length=12, help_text="確認する人が打ち込む番号。事業主は記号にします。")
    name = forms.CharField(label="名称", max_length=200)
    employer = forms.TypedChoiceField(
        label="事業所", required=False, coerce=int, empty_value=None, help_text="種別が事業主のときに選びます。"
    )
    postal_code = PostalCodeField(label="郵便番号", required=False)
    address = forms.CharField(label="所在地", max_length=300, required=False, help_text="提供の記録に使います。")
    representative = forms.CharField(
        label="代表者", max_length=100, required=False, help_text="提供の記録に使います。例：代表取締役 見本 一郎"
    )
    public_body = forms.BooleanField(
        label="国の機関・地方公共団体・独立行政法人等（個人情報保護法16条2項各号）", required=False
    )
    abroad = forms.BooleanField(label="外国にある第三者（個人情報保護法28条1項）", required=False)
    since = JapaneseDateField(label="使い始める日")
    until = JapaneseDateField(label="使わなくなる日", required=False, help_text="この日から選べません。")
    despite_similar = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, employers: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["employer"]
        field.choices = [("", "事業主ではない"), *employers]
        if not employers:
            field.widget = forms.NumberInput()

    def clean_code(self) -> str:
        return half_width(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_employer = values.get("kind") == RecipientKind.EMPLOYER
        if is_employer and not values.get("employer"):
            self.add_error("employer", "事業主のときは、事業所を選んでください。")
        if not is_employer:
            values["employer"] = None
        if values.get("until") and values.get("since") and values["until"] <= values["since"]:
            self.add_error("until", "使わなくなる日は、使い始める日より後にしてください。")
        return values


class AgreementForm(PortalForm):
    """取決めの登録: for which file, on which basis, which items, since when."""

    file_kind = forms.ChoiceField(label="ファイルの種類")
    title = forms.CharField(
        label="契約・取決めの名称", max_length=200, help_text="例：個人データの取扱いに関する覚書（令和8年4月1日）"
    )
    items = forms.MultipleChoiceField(
        label="取り決めた項目", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "取り決めた項目を一つ以上選んでください。"},
    )  # fmt: skip
    since = JapaneseDateField(label="いつから")
    until = JapaneseDateField(label="いつまで", required=False, help_text="最後の日。決まっていないときは空にします。")
    return_days = forms.IntegerField(
        label="返却・廃棄までの日数", required=False, min_value=1, max_value=365,
        help_text="委託のとき。取り出した日から数え、過ぎると一覧と今日の仕事で知らせます。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    stands_in = forms.BooleanField(label="契約書が提供の記録に代わる（施行規則19条3項。保存は1年）", required=False)

    def __init__(self, *args: Any, kinds: Sequence[FileKind], recipient_kind: RecipientKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {kind.name: kind for kind in kinds}
        self.recipient_kind = recipient_kind
        kind_field: Any = self.fields["file_kind"]
        items_field: Any = self.fields["items"]
        kind_field.choices = [
            (kind.name, f"{kind.title}（{kind.recipients[recipient_kind].basis.label}）") for kind in kinds
        ]
        items_field.choices = [
            (f"{kind.name}:{column.code}", f"{kind.title}：{column.title}")
            for kind in kinds
            for column in kind.chosen(kind.recipients[recipient_kind].items)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.get("file_kind", "")
        if name in self.kinds:
            values["basis"] = self.kinds[name].recipients[self.recipient_kind].basis
            chosen = [item.split(":", 1)[1] for item in values.get("items", []) if item.startswith(f"{name}:")]
            if not chosen and "items" in values:
                self.add_error("items", "選んだファイルの項目を一つ以上選んでください。")
            values["items"] = chosen
            if values["basis"] == Basis.CONTRACT and not values.get("return_days"):
                self.add_error("return_days", "委託には、返却・廃棄までの日数を入れてください。")
        if values.get("since") and values.get("until") and values["until"] < values["since"]:
            self.add_error("until", "いつまでは、いつからより後の日にしてください。")
        return values


class SettingForm(PortalForm):
    """ファイルの種類の設定."""

    second_person = forms.BooleanField(label="二人目の確認を受ける", required=False)
    retention_days = forms.IntegerField(
        label="保管する日数", min_value=1, max_value=31, help_text="取り出さないまま過ぎると、夜間に廃棄します。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class FindPersonForm(PortalForm):
    """記号-番号-枝番; posted, never in an address."""

    number = forms.CharField(label="記号-番号-枝番", max_length=30)

    def clean_number(self) -> str:
        return half_width(self.cleaned_data["number"]).replace(" ", "-")


def uses_that_can_be_declined() -> list[tuple[str, str]]:
    """Published uses under which files go out, as 類型 › 利用目的."""
    from privacy.notice.register import category_label, key, purpose_label

    found = {
        key(category, purpose): f"{category_label(category)} › {purpose_label(category, purpose)}"
        for kind in file_kinds().values()
        for category, purpose in kind.activity.pairs
    }
    return sorted(found.items())


class OptOutForm(PortalForm):
    use = forms.ChoiceField(label="希望しない利用")
    since = JapaneseDateField(label="申出の日")
    source = forms.ChoiceField(label="申出の方法", choices=WishSource.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["use"]
        field.choices = uses_that_can_be_declined()


class SuspensionForm(PortalForm):
    scope = forms.ChoiceField(label="停止の範囲", choices=SuspensionScope.choices)
    article = forms.ChoiceField(label="条文", choices=SuspensionArticle.choices)
    since = JapaneseDateField(label="停止した日")


class ReceiptForm(PortalForm):
    """受領の確認（個人情報保護法30条1項）."""

    provider = forms.TypedChoiceField(label="提供元", coerce=int)
    received_date = JapaneseDateField(label="提供を受けた日")
    background = forms.CharField(
        label="提供元が取得した経緯", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="30条1項2号。例：加入時に本人の書面の同意を得て取得",
    )  # fmt: skip
    confirmed_how = forms.ChoiceField(label="確認の方法", choices=ConfirmedHow.choices)
    items = forms.CharField(label="個人データの項目", max_length=300, help_text="例：氏名、住所、健診の結果")
    stands_in = forms.BooleanField(label="契約書が記録に代わる（施行規則23条3項。保存は1年）", required=False)
    people = forms.CharField(
        label="本人（記号-番号-枝番）", max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="1行に1人。取込みで受け取ったときは自動で入ります。",
    )  # fmt: skip

    def __init__(self, *args: Any, providers: Sequence[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        field: Any = self.fields["provider"]
        field.choices = [("", "選んでください"), *providers]

    def clean_received_date(self) -> date:
        received: date = self.cleaned_data["received_date"]
        if received > self.today:
            raise ValidationError("提供を受けた日が今日より後です。")
        return received

    def clean_people(self) -> list[str]:
        return [half_width(line) for line in self.cleaned_data["people"].splitlines() if line.strip()]
