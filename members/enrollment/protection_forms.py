"""What a clerk types to protect somebody: why, whom others ask, who handles the person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.enrollment.enums import ProtectionKind
from members.enrollment.forms import EffectiveDateMixin, ReportForm


class FromTodayMixin(EffectiveDateMixin):
    """Protection holds from the moment it is registered: a day to come would leave somebody unprotected until then."""

    def clean_effective_date(self) -> date:
        day: date = self.cleaned_data["effective_date"]
        if day > timezone.localdate():
            raise ValidationError("今日までの日付を入力してください。登録したときから効きます。")
        return day


class ClerksForm(FromTodayMixin, ReportForm):
    """保護の担当者."""

    ask = forms.CharField(
        label="尋ねる先",
        max_length=100,
        help_text="ほかの職員の画面に出ます　例：適用課 小林（内線 121）",
        error_messages={"required": "尋ねる先を入力してください。"},
    )
    clerks = forms.TypedMultipleChoiceField(
        label="担当者",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="住所・勤務先・連絡先・届を扱う職員です",
        error_messages={"required": "担当者を1人以上選んでください。"},
    )

    field_order = ["ask", "clerks", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, staff: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clerks"].choices = list(staff)  # type: ignore[attr-defined]
        self.fields["effective_date"].label = "担当の始まる日"


class ProtectForm(ClerksForm):
    """保護の登録."""

    kind = forms.ChoiceField(label="保護の種類", choices=ProtectionKind.choices)
    with_family = forms.BooleanField(label="この人の被扶養者も、いっしょに保護する", required=False)

    field_order = ["kind", "with_family", "ask", "clerks", "effective_date", "received_date", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_date"].label = "保護の始まる日"


class EndForm(FromTodayMixin, ReportForm):
    """保護の解除."""

    field_order = ["effective_date", "received_date", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_date"].label = "解除の日"
