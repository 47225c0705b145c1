"""What a clerk types of standard remuneration."""

from __future__ import annotations

from django import forms

from kumiai.ui.forms import JapaneseDateField, PortalForm, YenField
from members.remuneration.enums import Decision


class StandardForm(PortalForm):
    """決定・改定."""

    decision = forms.ChoiceField(label="決定の種類", choices=Decision.choices, initial=Decision.REVISION)
    first = JapaneseDateField(
        label="効力の生じる日", help_text="改定する月の1日。資格取得時決定は資格取得日　例：R8.9.1"
    )
    remuneration = YenField(label="報酬月額（円）")
    grade = forms.IntegerField(
        label="等級",
        required=False,
        min_value=1,
        max_value=50,
        help_text="書類に書いてあるときだけ。報酬月額と照合します",
    )


class CorrectForm(PortalForm):
    """訂正."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label="決定の種類", choices=Decision.choices)
    remuneration = YenField(label="報酬月額（円）")


class VersionForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class FindForm(PortalForm):
    terms = forms.CharField(max_length=60, required=False)


class FileForm(PortalForm):
    file = forms.FileField(label="標準報酬の決定のCSV", max_length=200, allow_empty_file=True)
