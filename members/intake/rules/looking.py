"""What the lines of every kind are looked at for: may the clerk, is it the same person, what differs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kumiai.ui.formats import format_wareki
from kumiai.ui.kana import search_key
from members.intake.rules import layouts
from members.intake.rules.outcomes import (
    CHANGED,
    CONFLICT,
    ERROR,
    UNCHANGED,
    Around,
    Difference,
    Judgement,
    Stop,
    day_of,
)


def check_office(values: Mapping[str, str], around: Around) -> None:
    symbol = values.get("symbol", "")
    if not symbol:
        raise Stop(ERROR, "symbol", "記号が入っていません。", "記号を入れるか、取り込むときに事業所を選んでください。")
    if around.only_symbol and symbol != around.only_symbol:
        raise Stop(
            ERROR,
            "symbol",
            f"記号 {symbol} は、選んだ事業所のものではありません。",
            f"この事業所の記号は {around.only_symbol} です。",
            "選んだ事業所の記号ではありません。",
        )
    if symbol not in around.offices and values.get("kind") != "voluntary" and around.standing is None:
        raise Stop(
            ERROR,
            "symbol",
            f"記号 {symbol} の事業所は登録されていません。",
            "記号を確かめてください。",
            "この記号の事業所は登録されていません。",
        )


def check_may(standing: Any) -> None:
    if standing.hidden:
        raise Stop(
            CONFLICT,
            "",
            "この番号の加入者の情報は、指名された担当者だけが扱えます。",
            "担当者に渡してください。この行は反映しません。",
            "組合で確かめています。",
            member=standing,
        )
    if standing.merged:
        raise Stop(
            CONFLICT,
            "number",
            "この番号の登録は、重複のため別の登録に統合されています。",
            "統合先の番号で出し直してください。",
            member=standing,
        )


def check_same_person(values: Mapping[str, str], standing: Any) -> None:
    birth = day_of(values, "birth_date")
    if birth is not None and birth != standing.birth_date:
        raise Stop(
            CONFLICT,
            "birth_date",
            f"生年月日が台帳（{format_wareki(standing.birth_date)}）と違います。",
            "番号の取り違えか、生年月日の誤りです。どちらかを直して出し直してください。",
            "生年月日が台帳と違います。",
            member=standing,
        )
    if values.get("sex") and values["sex"] != standing.sex:
        raise Stop(
            CONFLICT,
            "sex",
            f"性別が台帳（{layouts.SEXES.get(standing.sex, '')}）と違います。",
            "番号の取り違えでないか確かめてください。正しいときは、画面の「性別の変更」で登録してください。",
            "性別が台帳と違います。",
            member=standing,
        )


def found_person(values: Mapping[str, str], around: Around) -> Any:
    """The person of the line, who may be handled and is the same. Raises Stop."""
    standing = around.standing
    if standing is None:
        what = "前に使われていた番号です。" if around.former else "この番号の加入者は登録されていません。"
        raise Stop(ERROR, "number", what, "記号・番号・枝番を確かめてください。")
    check_may(standing)
    check_same_person(values, standing)
    return standing


def name_differences(values: Mapping[str, str], standing: Any) -> list[Difference]:
    found = []
    for title, first, rest in (("氏名", "family_name", "given_name"), ("フリガナ", "family_kana", "given_kana")):
        if not values.get(first):
            continue
        new = f"{values[first]} {values.get(rest, '')}".strip()
        old = f"{getattr(standing, first)} {getattr(standing, rest)}".strip()
        if new != old:
            found.append(Difference(title, old, new, variant_only(old, new)))
    return found


def variant_only(old: str, new: str) -> str:
    """Whether two names differ by variant characters alone, and by which."""
    if search_key(old) != search_key(new) or len(old) != len(new):
        return ""
    pairs = [f"{a} U+{ord(a):04X} → {b} U+{ord(b):04X}" for a, b in zip(old, new, strict=True) if a != b]
    return f"異体字だけの違い　{'、'.join(pairs)}" if pairs else ""


def address_of(values: Mapping[str, str]) -> dict[str, str]:
    """The address a line gives; {} when it gives none."""
    if not values.get("town"):
        return {}
    return {name: values.get(name, "") for name in ("postal_code", "town", "street")}


def address_line(address: Mapping[str, Any]) -> str:
    postal = address.get("postal_code", "")
    mark = f"〒{postal[:3]}-{postal[3:]} " if postal else ""
    return f"{mark}{address.get('town', '')}{address.get('street', '')}"


def address_differences(values: Mapping[str, str], standing: Any) -> list[Difference]:
    new = address_of(values)
    old = {name: standing.address.get(name, "") for name in ("postal_code", "town", "street")}
    if not new or new == old or address_line(new) == address_line(old):
        return []
    if new["town"] + new["street"] == old["town"] + old["street"] and not new["postal_code"]:
        return []
    return [Difference("住所", address_line(old) or "なし", address_line(new))]


def check_address_day(values: Mapping[str, str], standing: Any, around: Around) -> None:
    day = day_of(values, "change_date") or around.received
    if standing.address_since is not None and day <= standing.address_since:
        raise Stop(
            CONFLICT,
            "change_date",
            f"いまの住所は{format_wareki(standing.address_since)}からです。変更日がそれより後ではありません。",
            "変更日を確かめてください。登録の誤りを直すときは、画面の「住所を訂正」を使ってください。",
            "変更日が、登録されている住所の始まりより後ではありません。",
            member=standing,
        )


def check_alike(values: Mapping[str, str], around: Around, *, but: int | None = None) -> None:
    """Raises Stop when somebody registered may be this person."""
    others = [one for one in around.alike if one.member_id != but]
    if not others:
        return
    one = others[0]
    where = "登録" if one.hidden else f"登録が {one.card_number} に"
    raise Stop(
        CONFLICT,
        "",
        f"生年月日と氏名かフリガナが同じ{where}あります。",
        "同じ人なら、画面の「資格取得」から前の登録につないでください。別の人なら、行を開いて「別の人として追加」を選んでください。",
        "同じ人と思われる登録があります。",
        member=one,
    )


def changed(standing: Any, differences: Sequence[Difference], operations: Sequence[str]) -> Judgement:
    if not differences:
        return Judgement(UNCHANGED, member=standing)
    return Judgement(CHANGED, tuple(operations), tuple(differences), member=standing)


def end_difference(values: Mapping[str, str], standing: Any, column: str) -> list[Difference]:
    """The end a line reports, when none stands. Raises Stop when another stands."""
    end = day_of(values, "end")
    if end is None:
        return []
    words = layouts.LOSS_REASONS if column == "loss_reason" else layouts.END_REASONS
    if standing.end is None or (standing.kind == "voluntary" and not standing.reason):
        if standing.start is not None and end <= standing.start:
            raise Stop(
                ERROR,
                "end",
                f"資格は{format_wareki(standing.start)}からです。喪失日がその日より後ではありません。",
                "喪失日を確かめてください。",
                "喪失日が資格の始まりより後ではありません。",
                member=standing,
            )
        if standing.start is None:
            raise Stop(
                CONFLICT, "end", "台帳に資格の登録がありません。", "先に資格取得届を登録してください。", member=standing
            )
        return [Difference("資格喪失日", "なし", f"{format_wareki(end)}（{words.get(values.get(column, ''), '')}）")]
    if standing.end != end:
        raise Stop(
            CONFLICT,
            "end",
            f"台帳では{format_wareki(standing.end)}に喪失しています。",
            "日が違うときは、喪失日の訂正届で直してください。",
            "台帳の喪失日と違います。",
            member=standing,
        )
    return []


def check_name(values: Mapping[str, str], standing: Any) -> None:
    """A name given to be sure: the line is of somebody else when even its key differs."""
    given = values.get("family_name", "") + values.get("given_name", "")
    if given and search_key(given) != search_key(standing.family_name + standing.given_name):
        raise Stop(
            CONFLICT,
            "full_name",
            "氏名が台帳と違います。",
            "番号の取り違えでないか確かめてください。氏名が変わったときは、氏名変更届を先に出してください。",
            member=standing,
        )
