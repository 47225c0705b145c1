"""What is chosen for a file of the register: dates and a year, nothing about a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kumiai.ui.formats import era_year, fiscal_year
from kumiai.ui.forms import JapaneseDateField, PortalForm

MOST_DAYS = 366
OFFERED_YEARS = 10


class CoverageRegisterForm(PortalForm):
    on = JapaneseDateField(label="基準日")


class QualificationNoticeForm(PortalForm):
    """The days on which the association confirmed, both included."""

    since = JapaneseDateField(label="確認した日（から）")
    until = JapaneseDateField(label="確認した日（まで）")

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until > timezone.localdate():
            raise forms.ValidationError("まだ来ていない日です。今日までの日を入力してください。")
        return until

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "「まで」の日が「から」の日より前です。順を入れ替えてください。")
        elif since and until and (until - since).days >= MOST_DAYS:
            self.add_error("until", "1年より長い期間は出せません。期間を分けてください。")
        return values


class StatisticsForm(PortalForm):
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = fiscal_year(timezone.localdate())
        field: Any = self.fields["year"]
        field.choices = [
            (year, f"{era_year(year, long=True)}年度") for year in range(current, current - OFFERED_YEARS - 1, -1)
        ]
