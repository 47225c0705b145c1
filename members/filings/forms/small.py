"""Small forms beside a filing: its steps and its attachments."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kumiai.ui.forms import PortalForm
from members.filings.enums import ReturnReason


class VersionForm(PortalForm):
    """A step of a filing: the version the clerk looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SendBackForm(VersionForm):
    """差し戻し: what the clerk who entered it is to put right."""

    sentence = forms.CharField(
        label="差し戻す理由", max_length=300, error_messages={"required": "差し戻す理由を入力してください。"}
    )


class ReturnForm(VersionForm):
    """返戻: why, and what the employer is told."""

    reason = forms.ChoiceField(
        label="返戻の理由",
        choices=[("", "選んでください"), *ReturnReason.choices],
        error_messages={"required": "理由を選んでください。"},
    )
    sentence = forms.CharField(
        label="事業所に伝えること",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="通知にそのまま載ります。例：生年月日の記載がありません。追記して再提出してください。",
        error_messages={"required": "事業所に伝えることを入力してください。"},
    )


class AttachmentForm(PortalForm):
    """A scanned document."""

    file = forms.FileField(
        label="読み取ったファイル",
        required=False,
        help_text="PDF・JPEG・PNG、10MBまで",
        error_messages={
            "empty": "選んだファイルは空です。もう一度読み取ってください。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def clean_file(self) -> UploadedFile:
        """The button was pressed without a file: said by the field, which stands on a page where it is not needed."""
        file = self.cleaned_data.get("file")
        if not file:
            raise forms.ValidationError("ファイルを選んでください。", code="required")
        return file
