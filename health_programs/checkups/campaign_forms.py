"""The form of a campaign: whom, when, and which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from health_programs.checkups.enums import Urgency
from health_programs.checkups.forms import RELATIONS, SEXES, OfKinds
from health_programs.checkups.models import CheckupKind
from health_programs.checkups.rules.campaign_text import PLACEHOLDERS, SAME_FOR_ALL, problems, revealing
from kumiai.ui.formats import era_year
from kumiai.ui.forms import JapaneseDateField, PortalForm

MOST_AGE, MOST_PER_MINUTE, MOST_REST = 120, 600, 365


def _offered(places: Iterable[str]) -> str:
    return "差し込めるもの：" + "　".join(f"{{{name}}}（{PLACEHOLDERS[name]}）" for name in places)


class DraftForm(OfKinds):
    """What every campaign chooses: the year, the ages, the day, the words.

    places: what may stand in braces. who, when, words: the fields as the screen groups them.
    """

    places: tuple[str, ...] = tuple(PLACEHOLDERS)
    who: tuple[str, ...] = ()

    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    age_from = forms.IntegerField(label="年度末年齢（から）", min_value=0, max_value=MOST_AGE)
    age_to = forms.IntegerField(label="年度末年齢（まで）", min_value=0, max_value=MOST_AGE)
    sex = forms.ChoiceField(label="性別", choices=SEXES, required=False)
    rest_days = forms.IntegerField(
        label="前の勧奨からあける日数", min_value=0, max_value=MOST_REST,
        help_text="同じ健診の勧奨をこの日数のうちに送った人には、送りません。",
    )  # fmt: skip
    send_date = JapaneseDateField(
        label="送る日", help_text="営業日の午前7時から送ります。休みの日のときは次の営業日です。"
    )
    per_minute = forms.IntegerField(label="1分あたりの通数", min_value=1, max_value=MOST_PER_MINUTE)
    subject_line = forms.CharField(label="件名", max_length=60, error_messages={"required": "件名を入力してください。"})
    body = forms.CharField(
        label="本文", max_length=2000, widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "本文を入力してください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields["fiscal_year"]
        year.choices = [(one, f"{era_year(one, long=True)}年度") for one in years]
        self.fields["body"].help_text = _offered(self.places)

    @property
    def who_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.who]

    def clean_subject_line(self) -> str:
        return self._with_places("subject_line")

    def clean_body(self) -> str:
        return self._with_places("body").replace("\r\n", "\n")

    def _with_places(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        found = problems(text, self.places) + self.kept_out(name, text)
        if found:
            raise forms.ValidationError(found)
        return text

    def kept_out(self, name: str, text: str) -> list[str]:
        """What must not stand in this field, as sentences."""
        return []

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("age_from"), values.get("age_to")
        if first is not None and last is not None and last < first:
            self.add_error("age_to", "「まで」の年齢が「から」より小さくなっています。")
        return values


class CampaignForm(DraftForm):
    """未受診者への受診勧奨を作る・直す."""

    who = ("fiscal_year", "kind", "age_from", "age_to", "sex", "relation", "employer_id", "rest_days", "all_year_only")
    field_order = (*who, "send_date", "per_minute", "subject_line", "body")

    kind = forms.ChoiceField(label="健診の種類")
    relation = forms.ChoiceField(label="本人・家族", choices=RELATIONS, required=False)
    employer_id = forms.TypedChoiceField(label="事業所", coerce=int, empty_value=None, required=False)
    all_year_only = forms.BooleanField(label="年度を通して加入している人だけ", required=False)

    def __init__(
        self, *args: Any, kinds: Iterable[CheckupKind], companies: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, kinds=kinds, **kwargs)
        employer: Any = self.fields["employer_id"]
        employer.choices = [("", "すべて"), *companies]


class RecommendationForm(DraftForm):
    """要医療者への受診勧奨を作る・直す. The mail says the same to everybody and nothing of anybody's results."""

    places = SAME_FOR_ALL
    who = ("fiscal_year", "urgency", "age_from", "age_to", "sex", "rest_days")
    field_order = (*who, "send_date", "per_minute", "subject_line", "body")

    urgency = forms.ChoiceField(
        label="急ぎ方", help_text="急ぐ順に送ります。",
        choices=[
            (Urgency.AT_ONCE.value, "すぐに受診の人だけ"),
            (Urgency.SOON.value, "すぐに受診と早めに受診の人"),
            (Urgency.RECHECK.value, "再検査までの全員"),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].label = "健診の年度"
        self.fields["rest_days"].help_text = "この日数のうちに、メール・手紙・電話などで勧奨した人には送りません。"

    def kept_out(self, name: str, text: str) -> list[str]:
        return revealing(text, subject=name == "subject_line")


class ReturnForm(PortalForm):
    """差し戻し: a word for who asked."""

    note = forms.CharField(
        label="差し戻しの言葉", max_length=200, error_messages={"required": "何を直せばよいかを入力してください。"}
    )


def given(campaign: Any) -> dict[str, Any]:
    """What stands in the form of a draft, or in an empty one."""
    names = (
        "fiscal_year", "urgency", "age_from", "age_to", "sex", "relation", "employer_id", "all_year_only", "rest_days",
        "subject_line", "body", "send_date", "per_minute",
    )  # fmt: skip
    return {name: getattr(campaign, name) for name in names} | {"kind": campaign.kind_id}


class BounceForm(PortalForm):
    """A notice of the mail system that something did not arrive."""

    file = forms.FileField(label="不達の通知のメール（.eml）", max_length=200, allow_empty_file=True)


class LogForm(PortalForm):
    """The mail server's own log; the days for which it is whole."""

    file = forms.FileField(label="メールサーバーの記録", max_length=200, help_text="Postfix の記録か、JSON の行")
    since = JapaneseDateField(
        label="この日から欠けていない", required=False, help_text="空けると、記録にないメールは要確認のまま残ります"
    )
    until = JapaneseDateField(label="この日まで欠けていない", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if bool(since) != bool(until):
            self.add_error("until" if since else "since", "欠けていない期間は、初めと終わりの両方を入れてください。")
        if since and until and until < since:
            self.add_error("until", "終わりの日が初めの日より前です。")
        return given
