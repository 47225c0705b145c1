"""What a clerk types about accounts and runs."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms

from kumiai.ui.forms import DigitsField, JapaneseDateField, PortalForm
from members.payments.enums import AccountKind, Relation, RunKind
from members.payments.queries.banks import Place, banks_like, branches_like
from members.payments.rules import post_bank

MOST_PLACES = 6
DATE_HINT = "和暦・西暦のどちらでも入力できます　例：R8.11.20、2026-11-20"


class PlaceField(forms.CharField):
    """A bank or a branch: digits of its number with any width and hyphens, or its name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "class": "date-input"}))
        super().__init__(max_length=40, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "").strip()
        digits = text.replace("-", "").replace(" ", "")
        return digits if digits.isascii() and digits.isdigit() else text


class AccountForm(PortalForm):
    """口座の届. An account of ゆうちょ銀行 may be typed as its passbook shows it."""

    since = JapaneseDateField(label="この口座に支払う最初の日", help_text=DATE_HINT)
    bank_code = PlaceField(label="銀行コード", help_text="4桁。銀行の名前やカナでも探せます")
    branch_code = PlaceField(label="支店コード", help_text="3桁。支店の名前やカナでも探せます")
    kind = forms.TypedChoiceField(
        label="預金種目", choices=AccountKind.choices, coerce=int, empty_value=None, required=False
    )
    number = DigitsField(label="口座番号", max_length=7, required=False, help_text="7桁。短いときは左に0を付けます")
    post_symbol = DigitsField(
        label="ゆうちょの記号", max_length=5, required=False, help_text="5桁。ゆうちょ銀行のときは、上の4つの代わりに"
    )
    post_number = DigitsField(label="ゆうちょの番号", max_length=8, required=False, help_text="8桁まで")
    holder = forms.CharField(
        label="口座名義（カナ）", max_length=60, help_text="通帳のとおりに。小さい文字や長音は、銀行の文字に直します"
    )
    relation = forms.ChoiceField(label="名義人", choices=Relation.choices, initial=Relation.SELF)
    relation_reason = forms.CharField(
        label="名義が本人と違う理由", max_length=100, required=False, help_text="確かめた書類（委任状、戸籍など）"
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        symbol, number = given.pop("post_symbol", ""), given.pop("post_number", "")
        if symbol or number:
            self._convert(given, symbol, number)
            return given
        self._look_up(given, "bank_code", "銀行", banks_like)
        self._look_up(given, "branch_code", "支店", partial(branches_like, given.get("bank_code") or ""))
        for name in ("bank_code", "branch_code", "kind", "number"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, "入力してください。ゆうちょ銀行のときは、記号と番号でも入力できます。")
        return given

    def _look_up(self, given: dict[str, Any], name: str, what: str, like: Callable[[str], list[Place]]) -> None:
        """A name in the place of the number becomes the number, where it can mean one place only."""
        typed = given.get(name) or ""
        if not typed or typed.isdigit():
            return
        found = like(typed)
        if len(found) == 1:
            given[name] = found[0].code
        elif found:
            first = "、".join(f"{place.code} {place.name}" for place in found[:MOST_PLACES])
            more = "など" if len(found) > MOST_PLACES else ""
            self.add_error(
                name, f"「{typed}」に当たる{what}が{len(found)}あります（{first}{more}）。番号で入力してください。"
            )
        else:
            self.add_error(name, f"「{typed}」という{what}は見つかりません。番号で入力してください。")

    def _convert(self, given: dict[str, Any], symbol: str, number: str) -> None:
        """記号・番号 as the bank, branch and number; what was typed of those too must not say something else."""
        if "post_symbol" in self.errors or "post_number" in self.errors:
            return
        try:
            made = vars(post_bank.converted(symbol, number))
        except post_bank.BadPassbook as bad:
            self.add_error("post_number" if symbol else "post_symbol", str(bad))
            return
        for name, value in made.items():
            if name != "kind" and given.get(name) not in ("", None, value):
                self.add_error(name, "ゆうちょの記号・番号と合いません。どちらか一方だけを入力してください。")
        given.update(made)


class CollectForm(PortalForm):
    """支払の回を集計する."""

    kind = forms.ChoiceField(label="種別", choices=RunKind.choices)
    day = JapaneseDateField(label="振込日", help_text=DATE_HINT)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid.uuid4())
        super().__init__(*args, **kwargs)


class VersionForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    reason = forms.CharField(label="差し戻しの理由", max_length=100, required=False)


class EndForm(VersionForm):
    """口座の終わりの届."""

    end = JapaneseDateField(label="終わりの日", help_text="この日から支払いません。" + DATE_HINT)
    reason = forms.CharField(
        label="終わりの理由",
        max_length=100,
        error_messages={"required": "口座を終わらせる理由を書いてください（解約の届、名義の変更など）。"},
    )


class ResultForm(PortalForm):
    file = forms.FileField(label="振込結果のファイル", max_length=200, allow_empty_file=True)
