"""The form in which people are chosen by results: three groups of four lines, every line one condition."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from health_programs.checkups.enums import Level
from health_programs.checkups.forms import RELATIONS, SEXES
from health_programs.checkups.measures import MEASURES
from health_programs.checkups.presentation.cohorts import SIGNS, year_word
from health_programs.checkups.presentation.sheet import ANSWER_WORDS
from health_programs.checkups.rules import cohorts as rules
from health_programs.checkups.rules.cohorts import LEVEL, MOST_CONDITIONS, MOST_GROUPS, QUALITATIVE, Selection
from kumiai.ui.forms import JapaneseDateField, PortalForm

GROUPS, LINES = range(MOST_GROUPS), range(MOST_CONDITIONS)
GROUP_NAMES = "ABC"


def _items() -> list[Any]:
    """What can be asked: measured items with a figure; answers and levels each as a choice of their own."""
    answers = []
    for key, (label, words) in ANSWER_WORDS.items():
        sign = "ge" if key in QUALITATIVE else "eq"
        for code, word in words.items():
            if sign == "ge" and code == 1:
                continue
            answers.append((f"{key}:{sign}:{code}", f"{label}：{word}{'以上' if sign == 'ge' else ''}"))
    levels = [(f"{LEVEL}:eq:{code}", str(word)) for code, word in Level.choices]
    return [
        ("", "―"),
        ("検査値", [(one.key, f"{one.label}{f'（{one.unit}）' if one.unit else ''}") for one in MEASURES]),
        ("質問票・尿検査", answers),
        ("保健指導レベル", [*levels, (f"{LEVEL}:missing:", "判定なし")]),
    ]


class CohortForm(PortalForm):
    """Who is looked at, and the conditions. `selection` after `is_valid`."""

    title = forms.CharField(
        label="リストの名前", max_length=60, error_messages={"required": "リストの名前を入力してください。"}
    )
    programme = forms.CharField(
        label="使う保健事業", max_length=60, help_text="例：糖尿病重症化予防事業",
        error_messages={"required": "使う保健事業を入力してください。"},
    )  # fmt: skip
    year = forms.TypedChoiceField(label="受診した年度", coerce=int)
    on = JapaneseDateField(label="年齢を数える日", help_text="")
    age_from = forms.IntegerField(
        label="年齢（から）", required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    age_to = forms.IntegerField(
        label="年齢（まで）", required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    sex = forms.ChoiceField(label="性別", choices=SEXES, required=False)
    relation = forms.ChoiceField(label="本人・家族", choices=RELATIONS, required=False)
    employer = forms.TypedChoiceField(label="受診日の事業所", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Sequence[int], employers: Iterable[tuple[int, str]], today: date, **kwargs: Any) -> None:  # fmt: skip
        kwargs["initial"] = {"year": years[0], "on": today} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.selection: Selection | None = None
        fields: Any = self.fields
        offered = [(year, year_word(year)) for year in years]
        fields["year"].choices = offered
        fields["employer"].choices = [("", "すべて"), *employers]
        for age in ("age_from", "age_to"):
            fields[age].error_messages["invalid"] = "年齢は数字で入力してください。"
        for group in GROUPS:
            for line in LINES:
                where = f"条件{GROUP_NAMES[group]}の{line + 1}行目"
                name = f"g{group}l{line}"
                self.fields[f"{name}_item"] = forms.ChoiceField(
                    label=f"{where}の項目", choices=_items(), required=False
                )
                self.fields[f"{name}_figure"] = forms.CharField(
                    label=f"{where}の値", max_length=12, required=False,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                )  # fmt: skip
                self.fields[f"{name}_sign"] = forms.ChoiceField(
                    label=f"{where}の比べ方", choices=list(SIGNS.items()), required=False
                )
                self.fields[f"{name}_year"] = forms.TypedChoiceField(
                    label=f"{where}の年度", choices=offered, coerce=int, required=False, empty_value=None
                )

    @property
    def heads(self) -> list[Any]:
        """The fields that say who is looked at."""
        return [self[name] for name in ("year", "on", "age_from", "age_to", "sex", "relation", "employer")]

    @property
    def names(self) -> list[Any]:
        return [self["title"], self["programme"]]

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """Groups with their lines, as the page draws them. open: something stands in it, or it is the first."""
        found = []
        for group in GROUPS:
            lines = [
                {part: self[f"g{group}l{line}_{part}"] for part in ("year", "item", "figure", "sign")} for line in LINES
            ]
            used = any(line["item"].value() or line["figure"].value() for line in lines)
            found.append({"name": GROUP_NAMES[group], "lines": lines, "open": used or group == 0})
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        groups = []
        for group in GROUPS:
            conditions = []
            for line in LINES:
                found = self._condition(values, f"g{group}l{line}")
                if found is not None:
                    conditions.append(found)
            if conditions:
                groups.append(tuple(conditions))
        if {"year", "on"} <= set(values) and not ({"age_from", "age_to"} & set(self.errors)):
            selection = Selection(
                year=values["year"], on=values["on"], groups=tuple(groups), age_from=values.get("age_from"),
                age_to=values.get("age_to"), sex=values.get("sex", ""), relation=values.get("relation", ""),
                employer_id=values.get("employer"),
            )  # fmt: skip
            try:
                rules.check(selection)
            except rules.UnableToSelect as unable:
                self.add_error("age_from", str(unable))
            else:
                self.selection = selection
        return values

    def _condition(self, values: dict[str, Any], name: str) -> rules.Condition | None:
        item = values.get(f"{name}_item", "")
        figure = unicodedata.normalize("NFKC", values.get(f"{name}_figure", "")).strip()
        if not item:
            if figure and f"{name}_item" not in self.errors:
                self.add_error(f"{name}_item", "値の検査項目を選んでください。")
            return None
        year = values.get(f"{name}_year") or values.get("year")
        key, _colon, preset = item.partition(":")
        if preset:
            sign, _colon, figure = preset.partition(":")
        else:
            sign = values.get(f"{name}_sign") or "ge"
        if year is None or f"{name}_sign" in self.errors or f"{name}_year" in self.errors:
            return None
        try:
            return rules.condition(key, sign, figure, year)
        except rules.UnableToSelect as unable:
            self.add_error(f"{name}_figure", str(unable))
            return None


class PreviewForm(CohortForm):
    """The same without a name, for the count beside the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["title"], self.fields["programme"]
