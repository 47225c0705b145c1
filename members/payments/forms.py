"""What a clerk types about accounts and runs."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from kumiai.ui.forms import DigitsField, JapaneseDateField, PortalForm
from members.payments.enums import AccountKind, Relation, RunKind

DATE_HINT = "和暦・西暦のどちらでも入力できます　例：R8.11.20、2026-11-20"


class AccountForm(PortalForm):
    """口座の届."""

    since = JapaneseDateField(label="この口座に支払う最初の日", help_text=DATE_HINT)
    bank_code = DigitsField(label="銀行コード", max_length=4, help_text="4桁。ゆうちょ銀行は9900")
    branch_code = DigitsField(label="支店コード", max_length=3, help_text="3桁")
    kind = forms.TypedChoiceField(label="預金種目", choices=AccountKind.choices, coerce=int)
    number = DigitsField(label="口座番号", max_length=7, help_text="7桁。短いときは左に0を付けます")
    holder = forms.CharField(
        label="口座名義（カナ）", max_length=60, help_text="通帳のとおりに。小さい文字や長音は、銀行の文字に直します"
    )
    relation = forms.ChoiceField(label="名義人", choices=Relation.choices, initial=Relation.SELF)
    relation_reason = forms.CharField(
        label="名義が本人と違う理由", max_length=100, required=False, help_text="確かめた書類（委任状、戸籍など）"
    )


class CollectForm(PortalForm):
    """支払の回を集計する."""

    kind = forms.ChoiceField(label="種別", choices=RunKind.choices)
    day = JapaneseDateField(label="振込日", help_text=DATE_HINT)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid.uuid4())
        super().__init__(*args, **kwargs)


class VersionForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = forms.CharField(label="差し戻しの理由", max_length=100, required=False)


class ResultForm(PortalForm):
    file = forms.FileField(label="振込結果のファイル", max_length=200, allow_empty_file=True)
