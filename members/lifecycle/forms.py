"""What a clerk types about 任意継続: an application, its end, a payment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kumiai.ui.forms import JapaneseDateField, PortalForm
from members.lifecycle.enums import EndKind

DATE_HINT = "和暦・西暦のどちらでも入力できます　例：R8.11.20、2026-11-20"


class ReceivedForm(PortalForm):
    """What every form here carries: the day the document arrived, not after today."""

    received_date = JapaneseDateField(
        label="収受日", help_text=DATE_HINT, error_messages={"required": "収受日を入力してください。"}
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_received_date(self) -> date:
        received: date = self.cleaned_data["received_date"]
        if received > self.today:
            raise ValidationError("収受日が今日より後です。申出書を受け付けた日を入力してください。")
        return received


class ApplicationForm(ReceivedForm):
    """任意継続資格取得申出書 (則42条)."""

    first_due_date = JapaneseDateField(
        label="初回の納付期日",
        help_text="組合が指定する日（法164条1項）",
        error_messages={"required": "初回の納付期日を入力してください。"},
    )
    just_cause = forms.BooleanField(
        label="期限に遅れた正当な理由を認める", required=False, help_text="法37条1項ただし書"
    )
    late_reason = forms.CharField(
        label="遅れた理由", required=False, max_length=200, help_text="申出書に書かれた理由（則42条4号）"
    )
    certified_from = JapaneseDateField(
        label="前の保険者の証明による被保険者の始まり",
        required=False,
        help_text="この組合の期間と1日も空いていないとき。健康保険の被保険者の期間だけ（法3条4項）",
    )
    insured_elsewhere = forms.BooleanField(label="ほかの健康保険の被保険者になっている", required=False)
    seaman = forms.BooleanField(label="船員保険の被保険者である", required=False)
    note = forms.CharField(label="備考", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("just_cause") and not cleaned.get("late_reason"):
            self.add_error("late_reason", "遅れた正当な理由を認めるときは、その理由を入力してください。")
        return cleaned


class VersionedForm(ReceivedForm):
    """A form about a term as the clerk opened it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(VersionedForm):
    """任意継続被保険者資格喪失申出書 (則42条の2): the day it was accepted."""


class NonPaymentForm(VersionedForm):
    """未納: recorded on a day."""


class FactForm(VersionedForm):
    """Insured elsewhere, 船員保険, 後期高齢者医療, death (則43条)."""

    kind = forms.ChoiceField(
        label="事実",
        choices=[
            (kind.value, kind.label) for kind in (EndKind.INSURED, EndKind.SEAMAN, EndKind.ELDERLY, EndKind.DEATH)
        ],
        error_messages={"required": "事実を選んでください。"},
    )
    fact_date = JapaneseDateField(
        label="事実の日",
        help_text="被保険者となった日、死亡した日など",
        error_messages={"required": "事実の日を入力してください。"},
    )

    field_order = ["kind", "fact_date", "received_date"]


class PaymentForm(forms.Form):
    """納付: which month, on which day."""

    instalment = forms.IntegerField()
    paid_date = JapaneseDateField(label="納付した日", error_messages={"required": "納付した日を入力してください。"})


class ExcuseForm(forms.Form):
    """正当な理由 (則138条3項)."""

    instalment = forms.IntegerField()
    excuse = forms.CharField(max_length=200, error_messages={"required": "遅れた理由を入力してください。"})


class InstalmentForm(forms.Form):
    """One month of a term."""

    instalment = forms.IntegerField()


class VersionForm(forms.Form):
    version = forms.IntegerField()


class FindForm(forms.Form):
    """記号・番号 of somebody who applies late, or whose certificate reaches further back than the register."""

    number = forms.CharField(required=False, max_length=40)
