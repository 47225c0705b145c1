"""Forms of the administration of grants and statutory cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone

from kumiai.ui.forms import PortalForm
from privacy.activities import registry
from privacy.notice.actions import UnableToGrant, check_can_administer
from privacy.notice.models import (
    OPERATIONS,
    NoticeVersion,
    Publication,
    PublishedUse,
    PublishedUseGroupPermission,
    StatutoryCase,
)


class PublishedUseChoice(forms.ModelChoiceField):
    """A use in force, in published order and words: 1-1 資格及び住所に関する情報 › 加入者の管理."""

    def label_from_instance(self, use: Any) -> str:
        return self.words.get(use.pk, use.key)

    @property
    def words(self) -> dict[int, str]:
        if not hasattr(self, "_words"):
            in_force = NoticeVersion.objects.in_force_on(timezone.localdate())
            lines = Publication.objects.filter(version__in=in_force)
            self._words = {
                line.published_use_id: f"{line.number}　{line.category_label} › {line.purpose_label}" for line in lines
            }
        return self._words


class GrantForm(forms.ModelForm):
    """One use, one section, one or several operations, and why."""

    content_object = PublishedUseChoice(label="公表している利用", queryset=PublishedUse.objects.none())
    operations = forms.MultipleChoiceField(
        label="できること", choices=OPERATIONS, widget=forms.CheckboxSelectMultiple, initial=["view"]
    )

    class Meta:
        model = PublishedUseGroupPermission
        fields = ("content_object", "group", "operations", "basis")

    administrator: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = NoticeVersion.objects.in_force_on(timezone.localdate())
        self.fields["content_object"].queryset = PublishedUse.objects.filter(  # type: ignore[attr-defined]
            publications__version__in=in_force
        ).order_by("publications__category_position", "publications__position")

    def clean_group(self) -> Group:
        group: Group = self.cleaned_data["group"]
        try:
            check_can_administer(group=group, by=self.administrator)
        except UnableToGrant as error:
            raise forms.ValidationError(str(error)) from error
        return group

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        use, group, operations = (cleaned.get(name) for name in ("content_object", "group", "operations"))
        if use and group and operations:
            held = set(
                PublishedUseGroupPermission.objects.filter(
                    content_object=use, group=group, permission__codename__in=operations
                ).values_list("permission__codename", flat=True)
            )
            if held == set(operations):
                raise forms.ValidationError("選んだ権限は、この課がすでに持っています。")
        return cleaned


class StatutoryCaseForm(forms.ModelForm):
    """A case under an article: which activity, for whom, until when."""

    activity = forms.ChoiceField(label="活動")

    class Meta:
        model = StatutoryCase
        fields = ("activity", "case_number", "reason", "subject_id", "user", "valid_from", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "activity" in self.fields:
            self.fields["activity"].choices = [  # type: ignore[attr-defined]
                (activity.code, f"{activity.title}（{activity.statute.article}）")
                for activity in registry().values()
                if activity.statute
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        activity = registry().get(cleaned.get("activity", ""))
        if activity and activity.statute and activity.statute.one_person and not cleaned.get("subject_id"):
            self.add_error(
                "subject_id", "だれについての案件かを入力してください。加入者のページのアドレスにある番号です。"
            )
        return cleaned


class SectionGrantForm(PortalForm):
    """On the page of one use: a section, one or several operations, and why."""

    group = forms.ModelChoiceField(label="課", queryset=Group.objects.order_by("pk"), empty_label="選んでください")
    operations = forms.MultipleChoiceField(
        label="できること",
        choices=OPERATIONS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "できることを一つ以上選んでください。"},
    )
    basis = forms.CharField(
        label="根拠", max_length=200, help_text="例：適用課の分掌（組織規程）。なぜこの課に要るのかを書きます。"
    )


class ReviewForm(PortalForm):
    """The yearly confirmation of a section: each grant still needed or not, and a remark."""

    note = forms.CharField(label="備考", max_length=400, required=False, help_text="不要とした理由などを書きます。")

    def needed(self) -> dict[tuple[str, str], bool]:
        """(use key, operation) → still needed, for every grant that stood on the page."""
        kept = set(self.data.getlist("needed"))  # type: ignore[attr-defined]
        stood = set(self.data.getlist("stood"))  # type: ignore[attr-defined]
        found = {}
        for word in stood:
            use, _point, operation = word.partition(":")
            found[use, operation] = word in kept
        return found
