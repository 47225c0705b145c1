"""Forms of the checkup screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from health_programs.checkups import enums
from health_programs.checkups.measures import MEASURES
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
        label="確かめた書類など", max_length=200, required=False, help_text="診断名は書かずに、書類の名前と日付を書きます"
    )


class ReasonForm(PortalForm):
    """無効にする理由."""

    reason = forms.CharField(label="理由", max_length=200, error_messages={"required": "理由を入力してください。"})


class FindForm(PortalForm):
    """人を探す: a number, a reading or a birth date."""

    terms = forms.CharField(label="記号・番号、カナ、生年月日", max_length=60, required=False)


class ReceiveForm(OfKinds):
    """結果ファイルを取り込む."""

    file = forms.FileField(
        label="ファイル",
        help_text=f"特定健診XMLのZIP（V08）、または列の対応を選んだCSV。{MEGABYTES}MBまで",
        error_messages={"required": "ファイルを選んでください。", "empty": "選んだファイルは空です。"},
        widget=forms.FileInput(attrs={"accept": ".zip,.csv,application/zip,text/csv"}),
    )
    received_date = JapaneseDateField(label="収受日")
    institution = forms.ChoiceField(
        label="健診機関", required=False, help_text="CSVのときは選びます。XMLは文書に書かれている機関を使います"
    )
    value_map = forms.ChoiceField(label="CSVの列の対応", required=False)

    def __init__(self, *args: Any, maps: Iterable[Any] = (), today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self._maps = {str(one.pk): one for one in maps}
        self.fields["value_map"].choices = [  # type: ignore[attr-defined]
            ("", "公開している見出しのCSV"),
            *((key, one.title) for key, one in self._maps.items()),
        ]

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

    def clean_value_map(self) -> Any:
        return self._maps.get(self.cleaned_data["value_map"])


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
        if given.get("age_from") is not None and given.get("age_to") is not None and given["age_from"] > given["age_to"]:
            self.add_error("age_to", "「から」より上の年齢にしてください。")
        return given


class SettleForm(PortalForm):
    """請求を確かめた."""

    note = forms.CharField(label="確かめたこと", max_length=200, error_messages={"required": "確かめたことを入力してください。"})


class CampaignForm(OfKinds):
    """受診勧奨を作る."""

    kind = forms.ChoiceField(label="健診の種類")
    age_from = forms.IntegerField(label="年度末年齢（から）", min_value=0, max_value=120, initial=40)
    age_to = forms.IntegerField(label="年度末年齢（まで）", min_value=0, max_value=120, initial=74)
    relation = forms.ChoiceField(label="本人・家族", choices=RELATIONS, required=False)
    all_year_only = forms.BooleanField(label="年度を通して加入している人だけ", required=False)
    subject_line = forms.CharField(
        label="件名", max_length=60, help_text="氏名・検査の値・病名や、目的の分かる言葉は入れられません"
    )
    body = forms.CharField(
        label="本文",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="使える差し込み：{組合名} {年度} {健診} {期限} {連絡先}",
    )
    send_date = JapaneseDateField(label="送る日", help_text="朝7時から送ります。土日祝日のときは次の営業日です")
    per_minute = forms.IntegerField(label="1分あたりの通数", min_value=1, max_value=600, initial=60)

    PLACES = ("組合名", "年度", "健診", "期限", "連絡先")

    def clean_body(self) -> str:
        """Only the places that are known: anything else in braces would reach people as it stands."""
        import re

        text: str = self.cleaned_data["body"]
        wrong = [name for name in re.findall(r"\{([^{}]*)\}", text) if name not in self.PLACES]
        if wrong:
            raise forms.ValidationError(f"差し込み {{{wrong[0]}}} は使えません。使えるのは下の5つです。")
        return text

    def clean_subject_line(self) -> str:
        text: str = self.cleaned_data["subject_line"]
        if "\n" in text or "\r" in text:
            raise forms.ValidationError("件名は1行にしてください。")
        for word in ("健診", "検診", "受診", "治療", "血圧", "糖尿", "メタボ", "病"):
            if word in text:
                raise forms.ValidationError(f"件名に「{word}」は入れられません。封筒の外から見える言葉と同じに扱います。")
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("age_from") is not None and given.get("age_to") is not None and given["age_from"] > given["age_to"]:
            self.add_error("age_to", "「から」より上の年齢にしてください。")
        return given


class SubmitForm(PortalForm):
    """承認を依頼する."""

    note = forms.CharField(label="依頼の言葉", max_length=200, required=False)


class ApproveForm(PortalForm):
    """承認する: the count is typed again."""

    count = DigitsField(label="送る人数", max_length=9, error_messages={"required": "送る人数を入力してください。"})


class FollowUpForm(PortalForm):
    """受診勧奨の経過."""

    what = forms.ChoiceField(
        label="こと", choices=[one for one in enums.FollowState.choices if one[0] != enums.FollowState.OPEN]
    )
    date = JapaneseDateField(label="日付")
    note = forms.CharField(
        label="内容", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_date = JapaneseDateField(label="次に確かめる日", required=False)


class CohortForm(PortalForm):
    """対象者リストを作る. Up to four conditions on values."""

    title = forms.CharField(label="名前", max_length=60)
    programme = forms.CharField(label="使う保健事業", max_length=60)
    fiscal_year = forms.ChoiceField(label="健診の年度")
    age_from = forms.IntegerField(label="年度末年齢（から）", min_value=0, max_value=120, required=False)
    age_to = forms.IntegerField(label="年度末年齢（まで）", min_value=0, max_value=120, required=False)
    sex = forms.ChoiceField(label="性別", choices=SEXES, required=False)
    relation = forms.ChoiceField(label="本人・家族", choices=RELATIONS, required=False)

    CONDITIONS = 4

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].choices = [(str(year), f"{year}年度") for year in years]  # type: ignore[attr-defined]
        items = [("", "―"), *((m.key, f"{m.label}{f'（{m.unit}）' if m.unit else ''}") for m in MEASURES)]
        for place in range(1, self.CONDITIONS + 1):
            self.fields[f"item{place}"] = forms.ChoiceField(label=f"条件{place}　項目", choices=items, required=False)
            self.fields[f"sign{place}"] = forms.ChoiceField(
                label=f"条件{place}　くらべ方", choices=[("ge", "以上"), ("le", "以下")], required=False
            )
            self.fields[f"figure{place}"] = forms.DecimalField(
                label=f"条件{place}　値", max_digits=8, decimal_places=2, required=False
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        conditions = []
        for place in range(1, self.CONDITIONS + 1):
            item, number = given.get(f"item{place}"), given.get(f"figure{place}")
            if item and number is None and f"figure{place}" not in self.errors:
                self.add_error(f"figure{place}", f"条件{place}の値を入力してください。")
            elif item:
                conditions.append([item, given.get(f"sign{place}") or "ge", str(number)])
            elif number is not None:
                self.add_error(f"item{place}", f"条件{place}の項目を選んでください。")
        if not conditions and not self.errors:
            self.add_error("item1", "検査値の条件を一つは選んでください。")
        given["conditions"] = conditions
        return given


class ReplyForm(PortalForm):
    """受付結果ファイルを取り込む."""

    file = forms.FileField(label="受付結果ファイル", error_messages={"required": "ファイルを選んでください。"})


class TransferForm(PortalForm):
    """ほかの保険者への引き継ぎ."""

    number = forms.CharField(label="記号-番号-枝番", max_length=30)
    insurer_number = DigitsField(label="相手の保険者番号", max_length=10, help_text="6桁または8桁")
    requested_date = JapaneseDateField(label="求めを受けた日")

    def clean_insurer_number(self) -> str:
        text: str = self.cleaned_data["insurer_number"]
        if len(text) not in (6, 8):
            raise forms.ValidationError("保険者番号は6桁または8桁です。")
        return text.zfill(8)
