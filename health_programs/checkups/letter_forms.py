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


def _years() -> list[tuple[int, str]]:
    now = fiscal_year(timezone.localdate())
    return [(year, year_word(year)) for year in range(now, now - OFFERED_YEARS, -1)]


class YearForm(PortalForm):
    year = forms.TypedChoiceField(label="受診した年度", coerce=int)

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


class CohortFileForm(PortalForm):
    cohort = forms.TypedChoiceField(label="対象者リスト", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cohort"]
        field.choices = [(one.pk, f"{one.title}（{one.people:,}名）") for one in cohorts.cohorts()[:200]]


class CampaignFileForm(PortalForm):
    """Which campaign the letters are of: one whose people are fixed."""

    campaign = forms.TypedChoiceField(label="受診勧奨", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["campaign"]
        field.choices = [(row.pk, row.title) for row in campaigns.built()]
