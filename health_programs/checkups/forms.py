"""Forms of the checkup screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from health_programs.checkups import enums
from health_programs.checkups.files.codes import is_institution_number
from health_programs.checkups.models import CheckupKind, Institution
from kumiai.ui.forms import DigitsField, JapaneseDateField, PortalForm, PostalCodeField, YenField

RELATIONS = [("", "本人・家族とも"), ("insured", "被保険者"), ("dependant", "被扶養者")]
SEXES = [("", "男女とも"), ("1", "男"), ("2", "女")]
MEGABYTES = 200


class OfKinds(PortalForm):
    """A form that chooses among kinds and institutions by number."""

    def __init__(self, *args: Any, kinds: Iterable[CheckupKind] = (), places: Iterable[Institution] = (), **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._kinds = {str(one.pk): one for one in kinds}
        self._places = {str(one.pk): one for one in places}
        if "kind" in self.fields:
            self.fields["kind"].choices = [(key, one.name) for key, one in self._kinds.items()]  # type: ignore[attr-defined]
        if "institution" in self.fields:
            choices = [(key, f"{one.name}（{one.code}）") for key, one in self._places.items()]
            empty = "選んでください" if self.fields["institution"].required else "指定しない"
            self.fields["institution"].choices = [("", empty), *choices]  # type: ignore[attr-defined]

    def clean_kind(self) -> CheckupKind:
        return self._kinds[self.cleaned_data["kind"]]

    def clean_institution(self) -> Institution | None:
        return self._places.get(self.cleaned_data["institution"])


class BookingForm(OfKinds):
    """予約を受ける."""

    kind = forms.ChoiceField(label="健診の種類")
    institution = forms.ChoiceField(label="健診機関", error_messages={"required": "健診機関を選んでください。"})
    day = JapaneseDateField(label="受診する日")
    note = forms.CharField(label="備考", max_length=200, required=False)


class ExclusionForm(PortalForm):
    """対象から除く."""

    reason = forms.ChoiceField(label="理由", choices=[("", "選んでください"), *enums.Exclusion.choices])
    note = forms.CharField(
        label="確かめた書類など",
        max_length=200,
        required=False,
        help_text="診断名は書かずに、書類の名前と日付を書きます",
    )


class ReasonForm(PortalForm):
    """無効にする理由."""

    reason = forms.CharField(label="理由", max_length=200, error_messages={"required": "理由を入力してください。"})


class FindForm(PortalForm):
    """人を探す: a number, a reading or a birth date."""

    terms = forms.CharField(label="記号・番号、カナ、生年月日", max_length=60, required=False)


class ReceiveForm(PortalForm):
    """結果ファイルを取り込む."""

    file = forms.FileField(
        label="ファイル",
        help_text=f"特定健診XMLのZIP（第4期、V08）、または健診機関のCSV。{MEGABYTES}MBまで",
        error_messages={"required": "ファイルを選んでください。", "empty": "選んだファイルは空です。"},
        widget=forms.FileInput(attrs={"accept": ".zip,.csv,.txt,.tsv,application/zip,text/csv,text/plain"}),
    )
    received_date = JapaneseDateField(label="収受日")
    result_map = forms.ChoiceField(
        label="列の対応", required=False, help_text="CSVのときに選びます。ZIPのときは「ZIP」のままにします"
    )
    announced = forms.IntegerField(
        label="送付書の件数", required=False, min_value=0, max_value=10_000_000,
        help_text="CSVのときに書くと、入っている行の数と突き合わせます",
        error_messages={"invalid": "数字で入れてください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, maps: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self._maps = {str(one.pk): one for one in maps}
        titles = [(key, f"{one.institution.name}　{one.title}（第{one.number}版）") for key, one in self._maps.items()]
        self.fields["result_map"].choices = [("", "ZIP"), *titles]  # type: ignore[attr-defined]

    def clean_result_map(self) -> Any:
        return self._maps.get(self.cleaned_data["result_map"])

    def clean_received_date(self) -> date:
        day: date = self.cleaned_data["received_date"]
        if day > self.today:
            raise forms.ValidationError("収受日は今日までの日にしてください。")
        return day

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(f"{MEGABYTES}MBを超えています。分けて取り込んでください。")
        return file


class MatchForm(PortalForm):
    """本人を選ぶ: by the number of the register."""

    number = forms.CharField(
        label="記号-番号-枝番", max_length=30, error_messages={"required": "記号-番号-枝番を入力してください。"}
    )


class InstitutionForm(PortalForm):
    """健診機関."""

    code = DigitsField(label="機関番号", max_length=14, help_text="10桁。最後の1桁は検査数字です")
    name = forms.CharField(label="名称", max_length=120)
    postal_code = PostalCodeField(label="郵便番号", required=False)
    address = forms.CharField(label="所在地", max_length=200, required=False)
    telephone = forms.CharField(label="電話番号", max_length=20, required=False)
    active = forms.BooleanField(label="契約中", required=False, initial=True)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_institution_number(code):
            raise forms.ValidationError(
                "機関番号は10桁で、最後の1桁は検査数字です。打ち間違いがないか確かめてください。"
            )
        return code


class PriceForm(OfKinds):
    """契約単価."""

    kind = forms.ChoiceField(label="健診の種類")
    since = JapaneseDateField(label="いつから")
    until = JapaneseDateField(label="いつまで", required=False, help_text="最後の日。空けておくと続きます")
    price = YenField(label="単価（円）", error_messages={"required": "単価を入力してください。"})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "「いつから」より後の日にしてください。")
        return given


class KindForm(PortalForm):
    """健診の種類."""

    code = forms.SlugField(label="符号", max_length=30, help_text="英小文字。変えられません")
    name = forms.CharField(label="名称", max_length=60)
    age_from = forms.IntegerField(label="年度末年齢（から）", min_value=0, max_value=120)
    age_to = forms.IntegerField(label="年度末年齢（まで）", min_value=0, max_value=120)
    sex = forms.ChoiceField(label="性別", choices=SEXES, required=False)
    relation = forms.ChoiceField(label="本人・家族", choices=RELATIONS, required=False)
    statutory = forms.BooleanField(label="特定健康診査を含む", required=False)
    ends_at_75 = forms.BooleanField(label="75歳の誕生日の前日まで", required=False, initial=True)
    copayment = YenField(label="自己負担（円）", required=False)
    active = forms.BooleanField(label="使う", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            given.get("age_from") is not None
            and given.get("age_to") is not None
            and given["age_from"] > given["age_to"]
        ):
            self.add_error("age_to", "「から」より上の年齢にしてください。")
        return given


class SettleForm(PortalForm):
    """請求を確かめた."""

    note = forms.CharField(
        label="確かめたこと", max_length=200, error_messages={"required": "確かめたことを入力してください。"}
    )


class FollowUpForm(PortalForm):
    """受診勧奨の経過."""

    what = forms.ChoiceField(
        label="あったこと", choices=[one for one in enums.FollowState.choices if one[0] != enums.FollowState.OPEN]
    )
    date = JapaneseDateField(label="日付")
    note = forms.CharField(label="内容", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    due_date = JapaneseDateField(label="次に確かめる日", required=False)


class AnswerForm(PortalForm):
    """回答ファイルを取り込む."""

    file = forms.FileField(
        label="回答ファイル",
        help_text="受付結果のCSV。20MBまで",
        error_messages={"required": "ファイルを選んでください。", "empty": "選んだファイルは空です。"},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 20 * 1024 * 1024:
            raise forms.ValidationError("20MBを超えています。受付結果のファイルか確かめてください。")
        return file


class SendAgainForm(PortalForm):
    """もう一度送る."""

    note = forms.CharField(
        label="確かめたこと・直したこと",
        max_length=200,
        error_messages={"required": "確かめたこと・直したことを入力してください。"},
    )
