"""What of the log to read, and what was found in a month of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from kumiai.accounts.models import User
from kumiai.ui.forms import JapaneseDateField, PortalForm
from privacy.accesslog.models import Outcome
from privacy.accesslog.review import MANY, Wanted
from privacy.activities import registry

LONGEST = 92


class StaffChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}（{person.section.name}）" if person.section else person.name


class LogFilter(PortalForm):
    """Conditions in the address: days, clerk, work, result. Nothing personal of a member; a member is a number."""

    first = JapaneseDateField(label="から", required=False, help_text="")
    last = JapaneseDateField(label="まで", required=False, help_text="")
    actor = StaffChoice(
        label="職員",
        queryset=User.objects.only("id", "staff_number", "name", "section__name")
        .select_related("section")
        .order_by("staff_number"),
        required=False,
        empty_label="全員",
    )
    activity = forms.ChoiceField(label="仕事", required=False)
    outcome = forms.ChoiceField(label="結果", choices=[("", "すべて"), *Outcome.choices], required=False)
    only = forms.ChoiceField(
        label="目立つもの",
        choices=[("", "すべて"), ("many", f"{MANY}名以上を一度に"), ("outside", "時間外・休日")],
        required=False,
    )
    member = forms.IntegerField(label="加入者の内部番号", required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        works = sorted((a.title, code) for code, a in registry().items())
        self.fields["activity"].choices = [("", "すべて"), *((code, title) for title, code in works)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "「まで」は、「から」より後の日にしてください。")
        elif first and last and (last - first).days > LONGEST:
            self.add_error("first", f"一度に読めるのは{LONGEST}日までです。")
        return cleaned

    def wanted(self) -> Wanted:
        """What is asked for; the last seven days unless told, and what cannot be read left out."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})  # the fields that could be read still hold
        last = given.get("last") or max(given.get("first") or self.today, self.today)
        first = given.get("first") or last - timedelta(days=6)
        if (last - first).days > LONGEST:
            last = first + timedelta(days=LONGEST)
        return Wanted(
            first,
            last,
            given["actor"].pk if given.get("actor") else None,
            given.get("activity", ""),
            given.get("outcome", ""),
            given.get("member"),
            given.get("only", ""),
        )


class ReviewForm(PortalForm):
    note = forms.CharField(
        label="所見",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="確かめたこと、本人や所属長に尋ねたこと、対応したことを書きます。加入者の氏名は書きません。",
        error_messages={"required": "所見を書いてください。何もなければ「異常なし」と書きます。"},
    )
