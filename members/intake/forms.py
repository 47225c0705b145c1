"""Forms of the import: the file, the columns, one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from kumiai.tabular.columns import Column, Layout
from kumiai.tabular.reading import LIMITS
from kumiai.ui.forms import JapaneseDateField, PortalForm
from members.intake.enums import ImportKind
from members.intake.models import ColumnMap
from members.intake.rules.layouts import shown_value

MEGABYTES = LIMITS.file_bytes // 1024 // 1024


class ReceiveForm(PortalForm):
    """A file to take in."""

    kind = forms.ChoiceField(
        label="種別",
        choices=[("", "選んでください"), *ImportKind.choices],
        error_messages={"required": "種別を選んでください。"},
    )
    employer = forms.ChoiceField(
        label="事業所",
        required=False,
        help_text="選ぶと、記号のない行をこの事業所の行として読み、ほかの事業所の行を誤りにします",
    )
    received_date = JapaneseDateField(label="収受日")
    column_map = forms.ChoiceField(
        label="列の対応",
        required=False,
        help_text="見出しが公開している名前のときは「見出しから読む」のままにします",
    )
    file = forms.FileField(
        label="ファイル",
        help_text=f"CSV、{MEGABYTES}MBまで。文字コード（UTF-8・CP932など）と区切りは自動で見分けます",
        error_messages={
            "required": f"ファイルを選んでください。{MEGABYTES}MBを超えるファイルは受け取れません。分けて取り込んでください。",
            "empty": "選んだファイルは空です。正しいファイルか確かめてください。",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    again = forms.BooleanField(label="同じファイルをもう一度調べる", required=False)

    def __init__(
        self, *args: Any, employers: Iterable[Any], maps: Iterable[ColumnMap], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.offer_again = False
        self._employers = {str(one.pk): one for one in employers}
        self._maps = {str(one.pk): one for one in maps}
        choices = [(key, f"{one.symbol}　{one.name}") for key, one in self._employers.items()]
        self.fields["employer"].choices = [("", "複数の事業所"), *choices]  # type: ignore[attr-defined]
        titles = [(key, f"{one.get_kind_display()}：{one.title}") for key, one in self._maps.items()]
        self.fields["column_map"].choices = [("", "見出しから読む"), *titles]  # type: ignore[attr-defined]

    def clean_received_date(self) -> date:
        day: date = self.cleaned_data["received_date"]
        if day > self.today:
            raise forms.ValidationError("収受日が今日より後です。届いた日を入れてください。")
        return day

    def clean_employer(self) -> Any:
        return self._employers.get(self.cleaned_data["employer"])

    def clean_column_map(self) -> ColumnMap | None:
        chosen = self._maps.get(self.cleaned_data["column_map"])
        if chosen is not None and chosen.kind != self.cleaned_data.get("kind"):
            raise forms.ValidationError("この列の対応は、別の種別のものです。")
        return chosen


class MapForm(PortalForm):
    """列の対応: for each of our columns theirs, or one value for every line; and what their own words mean.

    unread: column → texts of the file that are none of the words known.
    """

    head_row = forms.IntegerField(
        label="見出しの行",
        min_value=0,
        max_value=200,
        help_text="見出しのないファイルは 0",
        error_messages={"required": "見出しの行を入れてください。", "invalid": "数字で入れてください。"},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    title = forms.CharField(
        label="名前を付けて保存",
        required=False,
        max_length=60,
        help_text="次から、この事業所のファイルに使えます。例：ひなた物流　人事システム",
    )

    def __init__(
        self,
        *args: Any,
        layout: Layout,
        heads: Sequence[str],
        unread: dict[str, list[str]],
        words: dict[str, dict[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.layout, self.unread = layout, unread
        places = [("", "（なし）"), *[(str(n), f"{n + 1}　{head}") for n, head in enumerate(heads)]]
        for column in layout.columns:
            self.fields[f"c_{column.code}"] = forms.ChoiceField(
                label=f"{column.title}の列", choices=places, required=False
            )
            self.fields[f"k_{column.code}"] = forms.CharField(
                label=f"{column.title}の決まった値", required=False, max_length=120
            )
            for place, text in enumerate(unread.get(column.code, ())):
                known = [("", "（誤りにする）"), *words.get(column.code, {}).items()]
                self.fields[f"t_{column.code}_{place}"] = forms.ChoiceField(
                    label=f"{column.title}「{text}」の意味", choices=known, required=False
                )

    @property
    def places(self) -> dict[str, int]:
        return {c.code: int(v) for c in self.layout.columns if (v := self.cleaned_data.get(f"c_{c.code}", "")) != ""}

    @property
    def constants(self) -> dict[str, str]:
        return {c.code: v for c in self.layout.columns if (v := self.cleaned_data.get(f"k_{c.code}", "").strip())}

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for code, texts in self.unread.items():
            for place, text in enumerate(texts):
                if meaning := self.cleaned_data.get(f"t_{code}_{place}", ""):
                    found.setdefault(code, {})[text] = meaning
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A row of the table for each of our columns."""
        return [
            {
                "column": column,
                "place": self[f"c_{column.code}"],
                "constant": self[f"k_{column.code}"],
                "words": [
                    (text, self[f"t_{column.code}_{place}"])
                    for place, text in enumerate(self.unread.get(column.code, ()))
                ],
            }
            for column in self.layout.columns
        ]


class LineForm(PortalForm):
    """One line as text, column by column; what it means is judged by the same reader as the file."""

    def __init__(self, *args: Any, layout: Layout, offer_distinct: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        for column in line_columns(layout):
            self.fields[column.code] = forms.CharField(
                label=column.title, required=False, max_length=400, strip=False, help_text=_hint(column)
            )
        if offer_distinct:
            self.fields["distinct"] = forms.BooleanField(label="別の人として追加", required=False)

    @property
    def cells(self) -> dict[str, str]:
        return {column.code: self.cleaned_data.get(column.code, "") for column in line_columns(self.layout)}


def line_columns(layout: Layout) -> list[Column]:
    """The columns of the form: a name in its parts only, where the layout has them."""
    whole = {second for first, second in layout.either if first in layout.codes}
    if "family_kana" in layout.codes:
        whole.add("full_kana")
    return [column for column in layout.columns if column.code not in whole]


def _hint(column: Column) -> str:
    return "。".join(part for part in (column.kind.accepts, column.hint) if part)


def line_initial(layout: Layout, raw: Sequence[str], places: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """What stands in a line, as text to type over: the cells as written, else what was understood."""
    found = {}
    for column in line_columns(layout):
        place = places.get(column.code, {}).get("place")
        written = raw[place] if raw and place is not None and place < len(raw) else ""
        found[column.code] = written.strip() or shown_value(column, values.get(column.code, ""))
    return found
