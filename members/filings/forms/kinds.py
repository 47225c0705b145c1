"""The forms of the filings, one a kind, in the order of the paper."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from kumiai.ui.forms import DigitsField, JapaneseDateField
from members.enrollment.enums import AcquisitionReason, DependantEndReason, LossReason, Relation
from members.enrollment.rules.qualification import loss_date
from members.filings.enums import DependantChange, FilingKind
from members.filings.forms.base import CardNumberField, FilingForm
from members.filings.forms.parts import (
    ADDRESS,
    NAME,
    AddressPart,
    BirthPart,
    DifferentPersonPart,
    MemberPart,
    NamePart,
    OtherNamesPart,
)

BLANK = ("", "選んでください")
DOCUMENT = ("届", ("employer", "received_date"))
EMPLOYEE_LOSSES = [
    (code, label)
    for code, label in LossReason.choices
    if code in ("retirement", "death", "excluded", "office_closed", "other_insurer", "age_75", "disability_65")
]
"""喪失の理由 of a person who was employed; the others end 任意継続."""


class AcquisitionForm(OtherNamesPart, BirthPart, AddressPart, DifferentPersonPart, NamePart, FilingForm):
    """資格取得届（則24条）."""

    effective_label = "資格取得年月日"
    layout = (
        DOCUMENT,
        ("資格", ("effective_date", "reason", "number", "returning_number", "keep_number")),
        ("被保険者", (*NAME, "kana_unknown", "birth_date", "sex", "common_name", "alphabet_name", "different_person")),
        ("住所", ADDRESS),
        ("そのほか", ("has_dependants", "note")),
    )

    reason = forms.ChoiceField(
        label="資格の取得区分",
        choices=[choice for choice in AcquisitionReason.choices if choice[0] != AcquisitionReason.VOLUNTARY],
    )
    number = DigitsField(label="番号", required=False, max_length=8, help_text="空けておくと、次の空き番号を付けます")
    returning_number = CardNumberField(
        label="以前の記号-番号", required=False, help_text="再び加入する人のとき。前の記録とつながります"
    )
    keep_number = forms.BooleanField(label="以前の番号を引き続き使う", required=False)
    kana_unknown = forms.BooleanField(label="フリガナが届に書かれていない", required=False)
    has_dependants = forms.BooleanField(label="被扶養者がいる", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("kana_unknown"):
            self.fields["family_kana"].required = False


class LossForm(MemberPart, FilingForm):
    """資格喪失届（則29条）. The day of loss follows from the reason and the day of the event (法36条)."""

    effective_label = "資格喪失年月日"
    carried = ("employer", "received_date", "reason", "event_date")
    layout = (
        DOCUMENT,
        ("被保険者", ("member_number",)),
        ("喪失", ("reason", "event_date", "effective_date")),
        ("そのほか", ("note",)),
    )

    reason = forms.ChoiceField(
        label="喪失の理由", choices=[BLANK, *EMPLOYEE_LOSSES], error_messages={"required": "理由を選んでください。"}
    )
    event_date = JapaneseDateField(
        label="退職日・死亡日など",
        help_text="事実のあった日。退職なら最後の在籍日",
        error_messages={"required": "事実のあった日を入力してください。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_date"].required = False
        self.fields["effective_date"].help_text = "空けておくと、理由と事実の日から決まる日になります（退職は翌日）"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reason, event = cleaned.get("reason"), cleaned.get("event_date")
        if reason and event:
            expected = loss_date(reason, event).day
            cleaned["expected_loss_date"] = expected
            cleaned["effective_date"] = cleaned.get("effective_date") or expected
        return cleaned


class DependantForm(BirthPart, AddressPart, DifferentPersonPart, NamePart, MemberPart, FilingForm):
    """被扶養者異動届（則38条）, one person a filing; the next person of the same paper is typed beside it."""

    effective_label = "認定日・削除日"
    carried = ("employer", "received_date", "effective_date", "change")
    carried_beside = (*carried, "member_number")
    layout = (
        DOCUMENT,
        ("被保険者", ("member_number",)),
        ("異動", ("change", "effective_date", "branch", "end_reason")),
        ("被扶養者", (*NAME, "birth_date", "sex", "relation", "same_household", "different_person")),
        ("住所（被保険者と違うとき）", ADDRESS),
        ("そのほか", ("note",)),
    )
    address_required = False
    only_when_added = ("family_name", "family_kana", "birth_date", "sex", "relation")
    only_when_removed = ("branch", "end_reason")

    change = forms.ChoiceField(label="異動の別", choices=DependantChange.choices)
    branch = DigitsField(label="枝番", required=False, max_length=2, help_text="削除のとき。被扶養者の枝番")
    end_reason = forms.ChoiceField(label="削除の理由", required=False, choices=[BLANK, *DependantEndReason.choices])
    relation = forms.ChoiceField(label="続柄", required=False, choices=[BLANK, *Relation.choices])
    same_household = forms.BooleanField(label="被保険者と同居している", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed: tuple[str, ...] = (
            self.only_when_removed if self.data.get("change") == DependantChange.REMOVE else self.only_when_added
        )
        for name in (*self.only_when_added, *self.only_when_removed):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.needed:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, f"{self.fields[name].label}を入力してください。")
        if cleaned.get("branch"):
            cleaned["branch"] = cleaned["branch"].zfill(2)
        return cleaned


class NameChangeForm(NamePart, MemberPart, FilingForm):
    """氏名変更届（則28条・36条）. A dependant is meant by a number with 枝番."""

    effective_label = "変更の日"
    layout = (
        DOCUMENT,
        ("加入者", ("member_number",)),
        ("変更後の氏名", (*NAME, "effective_date")),
        ("そのほか", ("note",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_number"].help_text = "例：12-3456。被扶養者は枝番まで（12-3456-01）"


class AddressChangeForm(AddressPart, MemberPart, FilingForm):
    """住所変更届（則28条の2・36条の2）."""

    effective_label = "変更の日"
    layout = (
        DOCUMENT,
        ("加入者", ("member_number",)),
        ("変更後の住所", (*ADDRESS, "effective_date")),
        ("そのほか", ("note",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_number"].help_text = "例：12-3456。被扶養者は枝番まで（12-3456-01）"


class ApplicationPart(forms.Form):
    """What an application for 任意継続 is decided by beside the register (則42条), and the first due date."""

    first_due_date = JapaneseDateField(
        label="初回の納付期日",
        help_text="組合が指定する日（法164条1項）",
        error_messages={"required": "初回の納付期日を入力してください。"},
    )
    certified_from = JapaneseDateField(
        label="前の保険者の証明による被保険者の始まり",
        required=False,
        help_text="この組合の期間と1日も空いていないとき（法3条4項）",
    )
    late_reason = forms.CharField(
        label="20日を過ぎた理由", required=False, max_length=200, help_text="申出書に書かれた理由（則42条4号）"
    )
    just_cause = forms.BooleanField(label="正当な理由を認める", required=False, help_text="法37条1項ただし書")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("just_cause") and not cleaned.get("late_reason"):
            self.add_error("late_reason", "正当な理由を認めるときは、その理由を入力してください。")
        return cleaned


class VoluntaryForm(ApplicationPart, MemberPart, FilingForm):
    """任意継続被保険者資格取得申出書（則42条）, handed in by the person, not by the employer."""

    effective_label = "資格を喪失した年月日"
    with_employer = False
    carried = ("received_date", "first_due_date")
    layout = (
        ("申出", ("received_date",)),
        ("被保険者であった人", ("member_number", "effective_date", "certified_from", "insured_elsewhere", "seaman")),
        ("保険料", ("first_due_date",)),
        ("期限を過ぎたとき", ("late_reason", "just_cause")),
        ("そのほか", ("note",)),
    )

    insured_elsewhere = forms.BooleanField(label="ほかの健康保険の被保険者になっている", required=False)
    seaman = forms.BooleanField(label="船員保険の被保険者である", required=False)


Layout = tuple[tuple[str, tuple[str, ...]], ...]


class CorrectionForm(FilingForm):
    """訂正届 of a filing: the right day, and why. Names and addresses are put right by the form of their own kind."""

    effective_label = "正しい日"
    with_employer = False
    carried: ClassVar[tuple[str, ...]] = ()
    layout: ClassVar[Layout] = (("訂正", ("received_date", "effective_date", "note")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].label = "訂正の理由"
        self.fields["note"].error_messages["required"] = "訂正の理由を入力してください。"


class NameCorrectionForm(NamePart, CorrectionForm):
    """訂正届 of a 氏名変更届: the right name."""

    layout = (("正しい氏名", NAME), ("訂正", ("received_date", "note")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["effective_date"]


class AddressCorrectionForm(AddressPart, CorrectionForm):
    """訂正届 of a 住所変更届: the right address."""

    layout = (("正しい住所", ADDRESS), ("訂正", ("received_date", "note")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["effective_date"]


class VoluntaryCorrectionForm(ApplicationPart, CorrectionForm):
    """訂正届 of an application for 任意継続: what it was decided by. Its day is the day of loss, put right there."""

    from_original: ClassVar[dict[str, str]] = {"applied_date": "received_date"}
    layout = (
        ("正しい申出", ("applied_date", "certified_from")),
        ("保険料", ("first_due_date",)),
        ("期限を過ぎたとき", ("late_reason", "just_cause")),
        ("訂正", ("received_date", "note")),
    )

    applied_date = JapaneseDateField(
        label="申出の収受日",
        help_text="喪失した日を直すときは、先に資格喪失届を訂正します。任意継続の始まりと満了は、その日に合わせて直ります",
        error_messages={"required": "申出を受け付けた日を入力してください。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["effective_date"]
        self.fields["received_date"].label = "訂正届の収受日"

    def clean_applied_date(self) -> date:
        applied: date = self.cleaned_data["applied_date"]
        if applied > self.today:
            raise ValidationError("申出の収受日が今日より後です。申出を受け付けた日を入力してください。")
        return applied


class CancellationForm(FilingForm):
    """取消届: why the filing is taken back."""

    with_employer = False
    carried: ClassVar[tuple[str, ...]] = ()
    layout = (("取り消し", ("received_date", "note")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["effective_date"]
        self.fields["note"].required = True
        self.fields["note"].label = "取り消す理由"
        self.fields["note"].error_messages["required"] = "取り消す理由を入力してください。"


NEW_FORMS: dict[str, type[FilingForm]] = {
    FilingKind.ACQUISITION: AcquisitionForm,
    FilingKind.LOSS: LossForm,
    FilingKind.DEPENDANT: DependantForm,
    FilingKind.NAME_CHANGE: NameChangeForm,
    FilingKind.ADDRESS_CHANGE: AddressChangeForm,
    FilingKind.VOLUNTARY: VoluntaryForm,
}
CORRECTION_FORMS: dict[str, type[FilingForm]] = {
    FilingKind.ACQUISITION: CorrectionForm,
    FilingKind.LOSS: CorrectionForm,
    FilingKind.DEPENDANT: CorrectionForm,
    FilingKind.NAME_CHANGE: NameCorrectionForm,
    FilingKind.ADDRESS_CHANGE: AddressCorrectionForm,
    FilingKind.VOLUNTARY: VoluntaryCorrectionForm,
}


def form_class_of(kind: str, role: str) -> type[FilingForm] | None:
    """The form of a kind and role; None where there is none."""
    if role == "new":
        return NEW_FORMS[kind]
    if role == "correction":
        return CORRECTION_FORMS.get(kind)
    return CancellationForm
