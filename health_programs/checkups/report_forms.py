"""What is typed about a report to the state: the receipt, and what came back."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from health_programs.checkups.actions.government import Fault
from health_programs.checkups.files.report_answer import Answer, read_answer
from kumiai.ui.forms import JapaneseDateField, PortalForm

FAULT = re.compile(r"(\d{1,6})[\s,、\t]+([0-9A-Za-z-]{1,20})[\s,、\t]+(\S.{0,199})\Z")
MOST = 1_000
MOST_BYTES, MOST_TOLD = 2 * 1024 * 1024, 10
RECEIPT = forms.RegexField(
    r"^[0-9A-Za-z-]{1,30}$", label="受付番号", max_length=30,
    error_messages={
        "required": "受付番号を入力してください。", "invalid": "受付番号は、半角の英数字とハイフンで入力してください。",
    },
)  # fmt: skip


class RecipientForm(PortalForm):
    recipient = forms.TypedChoiceField(label="渡す先", coerce=int)

    def __init__(self, *args: Any, recipients: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["recipient"]
        field.choices = recipients


class ReceiptForm(PortalForm):
    receipt_number = RECEIPT
    day = JapaneseDateField(label="受付の日")


class ReturnedForm(PortalForm):
    receipt_number = RECEIPT
    day = JapaneseDateField(label="返戻の日")
    faults = forms.CharField(
        label="返戻の誤り", widget=forms.Textarea(attrs={"rows": 4}), max_length=200_000,
        help_text="1行に1件。文書の連番、エラーコード、内容を空白で区切ります。ファイル全体の誤りは連番を0にします。例：12 E0301 項目コードの誤り",
        error_messages={"required": "返戻の誤りを、1行に1件入力してください。"},
    )  # fmt: skip

    def clean_faults(self) -> list[Fault]:
        found = []
        lines = [line.strip() for line in self.cleaned_data["faults"].splitlines()]
        for place, line in enumerate(lines, start=1):
            if not line:
                continue
            read = FAULT.fullmatch(line)
            if read is None:
                raise ValidationError(
                    f"{place}行目：連番、エラーコード、内容の順に、空白で区切って入力してください。例：12 E0301 項目コードの誤り"
                )
            found.append(Fault(int(read[1]), read[2], read[3]))
        if len(found) > MOST:
            raise ValidationError(
                f"一度に記録できるのは{MOST:,}件までです。分けて記録できないときは、管理者に相談してください。"
            )
        return found


class ReportAnswerForm(PortalForm):
    """回答ファイルを取り込む. cleaned: `answer`; what is wrong with the file is told line by line."""

    file = forms.FileField(
        label="回答ファイル", help_text="受付か返戻の回答のCSV。2MBまで",
        error_messages={"required": "ファイルを選んでください。", "empty": "選んだファイルは空です。"},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip

    def clean_file(self) -> Answer:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("2MBを超えています。回答のファイルか確かめてください。")
        found = read_answer(file.read())
        if found.answer is None:
            told = [f"{place}：{what}{remedy}" for place, what, remedy in (one.row() for one in found.problems)]
            more = len(told) - MOST_TOLD
            raise ValidationError(told[:MOST_TOLD] + ([f"ほかに{more:,}か所あります。"] if more > 0 else []))
        return found.answer
