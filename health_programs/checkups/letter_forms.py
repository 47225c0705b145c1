"""What is chosen for a file of letters: a year, a kind, a list, dates. Nothing about a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from health_programs.checkups.enums import Urgency
from health_programs.checkups.presentation.cohorts import year_word
from health_programs.checkups.queries import campaigns, cohorts, targets
from health_programs.checkups.rules.ages import fiscal_year
from kumiai.ui.forms import JapaneseDateField, PortalForm

OFFERED_YEARS = 10
LETTERS, LABELS = 300, 1_200
"""How many letters, and labels, one PDF holds: a stack. The rest goes into the next stacks."""


def _years() -> list[tuple[int, str]]:
    now = fiscal_year(timezone.localdate())
    return [(year, year_word(year)) for year in range(now, now - OFFERED_YEARS, -1)]


def part_field(size: int) -> forms.IntegerField:
    """Which stack of a PDF."""
    return forms.IntegerField(
        label="何束目", required=False, min_value=1, max_value=999, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=f"PDFは1束に{size:,}通まで入ります。空のときは1束目、{size + 1:,}通目からは2束目です。",
        error_messages={"invalid": "束は数字で入力してください。例：2", "min_value": "束は1からの数字で入力してください。"},
    )  # fmt: skip


class YearForm(PortalForm):
    year = forms.TypedChoiceField(label="受診した年度", coerce=int)
    part = part_field(LETTERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = _years()


class VoucherFileForm(YearForm):
    year = forms.TypedChoiceField(label="年度", coerce=int)
    kind = forms.TypedChoiceField(label="健診の種類", coerce=int)
    since = JapaneseDateField(
        label="交付日（から）",
        required=False,
        help_text="この日から後に交付した受診券だけを出します。空のときは全部です。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(one.pk, one.name) for one in targets.kinds()]


class ReferralLetterForm(YearForm):
    urgency = forms.ChoiceField(label="急ぎ方", choices=[("all", "すべて（急ぐ順）"), *Urgency.choices])
    campaign = forms.TypedChoiceField(
        label="受診勧奨", coerce=int, empty_value=None, required=False,
        help_text="選ぶと、その受診勧奨で郵送になった人にだけ作ります。空のときは、まだ勧奨していない人です。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = campaigns.built()
        self._years = {row.pk: row.fiscal_year for row in rows}
        field: Any = self.fields["campaign"]
        field.choices = [("", "指定しない"), *((row.pk, row.title) for row in rows)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        campaign, year = values.get("campaign"), values.get("year")
        if campaign is not None and year is not None and self._years[campaign] != year:
            self.add_error(
                "year", f"選んだ受診勧奨は{year_word(self._years[campaign])}の健診のものです。年度を合わせてください。"
            )
        return values


class CohortFileForm(PortalForm):
    cohort = forms.TypedChoiceField(label="対象者リスト", coerce=int)
    part = part_field(LABELS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cohort"]
        field.choices = [(one.pk, f"{one.title}（{one.people:,}名）") for one in cohorts.cohorts()[:200]]


class CampaignFileForm(PortalForm):
    """Which campaign the letters are of: one whose people are fixed."""

    campaign = forms.TypedChoiceField(label="受診勧奨", coerce=int)
    part = part_field(LETTERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["campaign"]
        field.choices = [(row.pk, row.title) for row in campaigns.built()]


class HandoverForm(PortalForm):
    """Which year is handed to the employer; whose people they are follows from the recipient."""

    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = _years()
