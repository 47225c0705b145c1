"""The editor of a map of results: each column of the sample with what it is, its unit and its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from health_programs.checkups.files import result_map
from health_programs.checkups.files.items import Item, by_code, table
from health_programs.checkups.files.person_columns import DATES, LAYOUT, PROGRAMS, SEXES
from health_programs.checkups.files.result_map import MARKS, ItemColumn, Shape, words_text
from health_programs.checkups.files.units import others
from health_programs.checkups.forms import OfKinds
from health_programs.checkups.models import Institution
from kumiai.tabular.columns import head_key
from kumiai.tabular.encodings import NAMED
from kumiai.tabular.reading import DELIMITERS
from kumiai.ui.forms import PortalForm


def option_of(item: Item) -> str:
    """An item as the clerk chooses it."""
    return f"{item.name} {item.code}"


def options() -> list[tuple[str, str]]:
    """(text, what stands beside it) of everything a column may be: columns of the person, then every item."""
    people = [(one.title, one.hint) for one in LAYOUT.columns]
    return people + [(option_of(one), one.method_name) for one in table().values()]


def meaning(text: str) -> tuple[str, Item | None]:
    """What a clerk chose: (column of the person, None) or ("", item). Raises ValidationError for neither."""
    text = text.strip()
    code = text[-17:]
    item = by_code(code) if re.fullmatch(r"[0-9A-Za-z]{17}", code) else None
    if item is not None:
        return "", item
    person = next((one for one in LAYOUT.columns if head_key(one.title) == head_key(text)), None)
    if person is not None:
        return person.code, None
    named = [one for one in table().values() if head_key(one.name) == head_key(text)]
    if len(named) == 1:
        return "", named[0]
    if named:
        raise forms.ValidationError(
            f"「{text[:40]}」は検査方法ごとに{len(named)}項目あります。候補から選んでください。"
        )
    raise forms.ValidationError(f"「{text[:40]}」という項目はありません。候補から選んでください。")


def words_of(text: str, codes: Mapping[str, str]) -> dict[str, str]:
    """「異常なし＝1、要観察＝2」 as theirs → ours. Raises ValidationError naming what is wrong."""
    found: dict[str, str] = {}
    labels = {result_map.word_key(label): code for code, label in codes.items()}
    for part in re.split(r"[、,\n]", text):
        if not part.strip():
            continue
        theirs, sign, ours = re.sub("＝", "=", part).rpartition("=")
        code = ours.strip() if ours.strip() in codes else labels.get(result_map.word_key(ours), "")
        if not (sign and theirs.strip() and code):
            offered = "、".join(f"{one}（{label}）" for one, label in codes.items())
            raise forms.ValidationError(f"「{part.strip()[:40]}」は読めません。「相手の言葉＝符号」で書きます。符号は {offered}。")  # fmt: skip
        found[theirs.strip()] = code
    return found


class MapForm(OfKinds):
    """列の対応. before: the version that is changed; its institution and name stay."""

    institution = forms.ChoiceField(label="健診機関", error_messages={"required": "健診機関を選んでください。"})
    title = forms.CharField(
        label="名前", max_length=60, help_text="同じ機関の様式を見分ける名前", initial="健診結果",
        error_messages={"required": "名前を入力してください。"},
    )  # fmt: skip
    note = forms.CharField(label="変えたこと", max_length=200, required=False)
    file = forms.FileField(
        label="見本のファイル", required=False, help_text="見本は保存しません。はじめの行だけを、この画面で確かめます",
        error_messages={"empty": "選んだファイルは空です。"},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )  # fmt: skip
    codec = forms.ChoiceField(label="文字コード", required=False, choices=[("", "自動で見分ける"), *NAMED.items()])
    delimiter = forms.ChoiceField(label="区切り", required=False, choices=[("", "自動で見分ける"), *DELIMITERS.items()])
    head_row = forms.IntegerField(
        label="見出しの行", min_value=0, max_value=30, initial=1, help_text="見出しがなければ 0",
        error_messages={"required": "見出しの行を入れてください。", "invalid": "数字で入れてください。"},
    )  # fmt: skip
    dates = forms.ChoiceField(
        label="日付の書き方", required=False, choices=[(code, word) for code, (word, _pattern) in DATES.items()]
    )
    insurer_number = forms.CharField(
        label="保険者番号（列がないとき）", required=False, max_length=8, help_text="すべての行に入れる番号"
    )
    program_code = forms.ChoiceField(
        label="健診プログラム種別（列がないとき）", required=False, choices=list(PROGRAMS.items())
    )
    sample = forms.CharField(required=False, widget=forms.Textarea(attrs={"hidden": True}), strip=False)
    heads = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, columns: Sequence[str], before: Any = None, places: Iterable[Institution] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, places=places, **kwargs)
        if before is not None:
            del self.fields["institution"], self.fields["title"]
        else:
            del self.fields["note"]
        self.columns = list(columns)
        for state, label, hint in MARKS:
            self.fields[f"m_{state}"] = forms.CharField(label=label, required=False, max_length=200, help_text=hint)
        for place, head in enumerate(self.columns):
            self._column(place, head)

    def _column(self, place: int, head: str) -> None:
        name = f"{place + 1}列目「{head[:40]}」"
        self.fields[f"c_{place}"] = forms.CharField(
            label=f"{name}は何か", required=False, max_length=120,
            widget=forms.TextInput(attrs={"list": "meanings", "autocomplete": "off", "class": "meaning"}),
        )  # fmt: skip
        try:
            person, item = meaning(self.text(f"c_{place}"))
        except forms.ValidationError:
            return
        if item is not None and others(item):
            units = [("", item.unit or "単位なし"), *[(one.code, one.unit) for one in others(item)]]
            self.fields[f"u_{place}"] = forms.ChoiceField(label=f"{name}の単位", required=False, choices=units)
        if person == "sex" or (item is not None and item.coded):
            self.fields[f"w_{place}"] = forms.CharField(label=f"{name}の言葉", required=False, max_length=1000)

    def text(self, name: str) -> str:
        """What stands in a field, typed or given."""
        return str((self.data.get(name) if self.is_bound else self.initial.get(name)) or "")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.places_chosen: dict[str, int] = {}
        self.items: list[ItemColumn] = []
        self.words: dict[str, dict[str, str]] = {}
        for place, head in enumerate(self.columns):
            if text := given.get(f"c_{place}", ""):
                try:
                    self._chosen(place, head, text, given)
                except forms.ValidationError as wrong:
                    name = f"w_{place}" if f"w_{place}" in self.fields else f"c_{place}"
                    self.add_error(name, wrong)
        return given

    def _chosen(self, place: int, head: str, text: str, given: Mapping[str, Any]) -> None:
        person, item = meaning(text)
        written = given.get(f"w_{place}", "")
        if item is not None:
            words = words_of(written, item.codes) if item.coded else {}
            self.items.append(ItemColumn(item.code, place, head, given.get(f"u_{place}", ""), words))
            return
        if person in self.places_chosen:
            raise forms.ValidationError(f"{text}は{self.places_chosen[person] + 1}列目に選んでいます。")
        self.places_chosen[person] = place
        if person == "sex" and written:
            self.words["sex"] = words_of(written, SEXES)

    @property
    def shape(self) -> Shape:
        """What was typed, as the reader needs it; of a form with errors as far as it goes."""
        given = self.cleaned_data
        constants = {name: given.get(name, "").strip() for name in ("insurer_number", "program_code")}
        constants = {name: text for name, text in constants.items() if text and name not in self.places_chosen}
        marks = {
            state: tuple(word.strip() for word in re.split("[、,]", given.get(f"m_{state}", "")) if word.strip())
            for state, _label, _hint in MARKS
        }
        return Shape(
            given.get("codec", ""), given.get("delimiter", ""), given.get("head_row") or 0, tuple(self.columns),
            self.places_chosen, constants, self.words, marks, given.get("dates", ""), tuple(self.items),
        )  # fmt: skip

    @property
    def settings_fields(self) -> list[Any]:
        names = [*["institution", "title", "note"], "file", "codec", "delimiter", "head_row", "dates", "insurer_number"]
        return [self[name] for name in (*names, "program_code") if name in self.fields]

    @property
    def mark_fields(self) -> list[Any]:
        return [self[f"m_{state}"] for state, _label, _hint in MARKS]

    @property
    def column_fields(self) -> list[dict[str, Any]]:
        """A row of the table for each column of the file."""
        return [
            {
                "place": place,
                "head": head,
                "meaning": self[f"c_{place}"],
                "unit": self[f"u_{place}"] if f"u_{place}" in self.fields else None,
                "words": self[f"w_{place}"] if f"w_{place}" in self.fields else None,
            }
            for place, head in enumerate(self.columns)
        ]


def initial_of(shape: Shape) -> dict[str, Any]:
    """A shape as what stands in the fields."""
    found: dict[str, Any] = {
        "codec": shape.codec, "delimiter": shape.delimiter, "head_row": shape.head_row, "dates": shape.dates,
        "heads": json.dumps(list(shape.heads), ensure_ascii=False), "program_code": "010", **shape.constants,
    }  # fmt: skip
    found |= {f"m_{state}": "、".join(shape.marks.get(state, ())) for state, _label, _hint in MARKS}
    for code, place in shape.places.items():
        found[f"c_{place}"] = LAYOUT.column(code).title
        found[f"w_{place}"] = words_text(shape.words.get(code, {}))
    for one in shape.items:
        found |= {f"c_{one.place}": option_of(one.item), f"u_{one.place}": one.unit, f"w_{one.place}": words_text(one.words)}  # fmt: skip
    return found


def carried(old: Sequence[str], typed: Mapping[str, Any], heads: Sequence[str]) -> dict[str, str]:
    """What was said of the columns of an older sample, at the places where the same heads now stand; else a guess."""
    known: dict[str, int] = {}
    for place, head in enumerate(old):
        known.setdefault(head_key(head), place)
    people, items = result_map.guess(heads)
    guessed = {place: LAYOUT.column(code).title for code, place in people.items()}
    for place, code in items.items():
        item = by_code(code)
        assert item is not None
        guessed[place] = option_of(item)
    found: dict[str, str] = {}
    for place, head in enumerate(heads):
        before = known.get(head_key(head)) if head.strip() else place if place < len(old) else None
        for sort in "cuw":
            text = typed.get(f"{sort}_{before}", "") if before is not None else ""
            found[f"{sort}_{place}"] = str(text or "")
        if before is None:
            found[f"c_{place}"] = guessed.get(place, "")
    return found


class CopyForm(OfKinds):
    """ほかの機関に写す."""

    institution = forms.ChoiceField(label="写す先の健診機関", error_messages={"required": "健診機関を選んでください。"})
    title = forms.CharField(label="名前", max_length=60, error_messages={"required": "名前を入力してください。"})


class AgainForm(PortalForm):
    """読み直す: by which map."""

    result_map = forms.ChoiceField(label="列の対応", error_messages={"required": "列の対応を選んでください。"})

    def __init__(self, *args: Any, maps: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._maps = {str(one.pk): one for one in maps}
        self.fields["result_map"].choices = [(key, map_label(one)) for key, one in self._maps.items()]  # type: ignore[attr-defined]

    def clean_result_map(self) -> Any:
        return self._maps[self.cleaned_data["result_map"]]


def map_label(row: Any) -> str:
    return f"{row.institution.name}　{row.title}（第{row.number}版）"
