"""What a clerk types of the link under 番号法."""

from __future__ import annotations

from typing import Any

from django import forms

from benefits.cash import enums
from benefits.cash.forms import VersionForm, day_field
from kumiai.ui.forms import PortalForm


class AskForm(VersionForm):
    """A new inquiry. Which kinds of information can be asked for depends on the case."""

    matter = forms.ChoiceField(label="照会する情報", choices=enums.Matter.choices)
    on_date = day_field("基準日", hint="この日の内容を照会します")
    wish = forms.CharField(
        label="照会の理由", max_length=200, help_text="公金受取口座は、申請書で利用の申し出があるときだけ照会できます"
    )


class TakeAccountForm(VersionForm):
    since = day_field("使い始める日", hint="二人目が確認すると、この日からの支払に使います")


class DeclineForm(VersionForm):
    note = forms.CharField(label="使わない理由", max_length=200)


class LinkAnswerForm(PortalForm):
    file = forms.FileField(label="受付結果・照会の回答のCSV", max_length=200, allow_empty_file=True)


class RecordSearchForm(PortalForm):
    """Of which days the record is looked at."""

    since = day_field("この日から", required=False, hint="")
    until = day_field("この日まで", required=False, hint="")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "「この日から」より前です。")
        return given
