"""What a line of a file would change in the register. Pure: values and what stands, in; an outcome with reasons, out.

The register is asked for every line at once (`enrollment.queries.standing`); here each line is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from kumiai.ui.formats import format_wareki
from kumiai.ui.kana import search_key
from members.intake.rules import layouts

NEW, CHANGED, UNCHANGED, CONFLICT, ERROR = "new", "changed", "unchanged", "conflict", "error"
ASK = "組合に尋ねてください。"
HEAD = "00"


class Standing(Protocol):
    """The part of `enrollment.queries.standing.Standing` that is looked at."""

    member_id: Any
    version: Any
    insured_id: Any
    protected: Any
    merged: Any
    hidden: Any
    family_name: Any
    given_name: Any
    family_kana: Any
    given_kana: Any
    birth_date: Any
    sex: Any
    address: Any
    address_since: Any
    start: Any
    end: Any
    reason: Any
    kind: Any
    employer_id: Any
    relation: Any
    branch: Any
    card_number: Any


@dataclass(frozen=True)
class Message:
    """Something the clerk is told of a line. column: the column it concerns, "" the line. general: without values."""

    column: str
    what: str
    remedy: str
    general: str = ""


@dataclass(frozen=True)
class Difference:
    """One field: what stands and what would stand. remark: such as that only a variant character differs."""

    title: str
    old: str
    new: str
    remark: str = ""


@dataclass
class Judgement:
    """What becomes of a line. operations: what applying does, in order."""

    outcome: str
    operations: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    messages: tuple[Message, ...] = ()
    member: Any = None


@dataclass
class Around:
    """What is known around one line.

    standing: who has the number of the line. insured: who has it as 00, for a line of a dependant. insured_in_file: an
    earlier line of this file enters them. former: somebody had the number before. alike: registered people of the same
    birth date and name or reading. family: those registered as the insured person's. offices: 記号 → employer.
    only_symbol: 記号 of the employer the clerk chose. received: 収受日.
    """

    standing: Any = None
    insured: Any = None
    insured_in_file: bool = False
    former: bool = False
    alike: Sequence[Any] = ()
    family: Sequence[Any] = ()
    offices: Mapping[str, Any] = field(default_factory=dict)
    only_symbol: str = ""
    received: date = date.min


class Stop(Exception):
    """The line is judged."""

    def __init__(
        self, outcome: str, column: str, what: str, remedy: str, general: str = "", member: Any = None
    ) -> None:
        super().__init__(what)
        self.judgement = Judgement(outcome, messages=(Message(column, what, remedy, general or what),), member=member)


def judge(kind: str, values: Mapping[str, str], around: Around) -> Judgement:
    """What a line of this kind would do. Never raises for what may stand in a file."""
    try:
        _check_office(values, around)
        return _JUDGES[kind](values, around)
    except Stop as stop:
        return stop.judgement


# --- What every kind looks at -------------------------------------------------------------------------------------------


def day_of(values: Mapping[str, str], column: str) -> date | None:
    text = values.get(column, "")
    return date.fromisoformat(text) if text else None


def _check_office(values: Mapping[str, str], around: Around) -> None:
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


def _check_may(standing: Any) -> None:
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


def _check_same_person(values: Mapping[str, str], standing: Any) -> None:
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


def _found(values: Mapping[str, str], around: Around) -> Any:
    """The person of the line, who may be handled and is the same. Raises Stop."""
    standing = around.standing
    if standing is None:
        what = "前に使われていた番号です。" if around.former else "この番号の加入者は登録されていません。"
        raise Stop(ERROR, "number", what, "記号・番号・枝番を確かめてください。")
    _check_may(standing)
    _check_same_person(values, standing)
    return standing


def _name_differences(values: Mapping[str, str], standing: Any) -> list[Difference]:
    found = []
    for title, first, rest in (("氏名", "family_name", "given_name"), ("フリガナ", "family_kana", "given_kana")):
        if not values.get(first):
            continue
        new = f"{values[first]} {values.get(rest, '')}".strip()
        old = f"{getattr(standing, first)} {getattr(standing, rest)}".strip()
        if new != old:
            found.append(Difference(title, old, new, _variant_only(old, new)))
    return found


def _variant_only(old: str, new: str) -> str:
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


def _line(address: Mapping[str, Any]) -> str:
    postal = address.get("postal_code", "")
    mark = f"〒{postal[:3]}-{postal[3:]} " if postal else ""
    return f"{mark}{address.get('town', '')}{address.get('street', '')}"


def _address_differences(values: Mapping[str, str], standing: Any) -> list[Difference]:
    new = address_of(values)
    old = {name: standing.address.get(name, "") for name in ("postal_code", "town", "street")}
    if not new or new == old or _line(new) == _line(old):
        return []
    if new["town"] + new["street"] == old["town"] + old["street"] and not new["postal_code"]:
        return []
    return [Difference("住所", _line(old) or "なし", _line(new))]


def _check_address_day(values: Mapping[str, str], standing: Any, around: Around) -> None:
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


def _alike(values: Mapping[str, str], around: Around, *, but: int | None = None) -> None:
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


def _changed(standing: Any, differences: Sequence[Difference], operations: Sequence[str]) -> Judgement:
    if not differences:
        return Judgement(UNCHANGED, member=standing)
    return Judgement(CHANGED, tuple(operations), tuple(differences), member=standing)


# --- 加入者の一覧 ---------------------------------------------------------------------------------------------------------


def _members(values: Mapping[str, str], around: Around) -> Judgement:
    dependant = values.get("branch", HEAD) != HEAD
    relation = values.get("relation", "")
    if dependant and relation in ("", "self"):
        raise Stop(ERROR, "relation", "被扶養者（枝番が00でない人）の続柄が入っていません。", "続柄を入れてください。")
    if not dependant and relation not in ("", "self"):
        raise Stop(
            ERROR, "relation", "枝番が00（本人）なのに、続柄が本人ではありません。", "枝番か続柄を直してください。"
        )
    if values.get("end"):
        needed = "end_reason" if dependant else "loss_reason"
        if not values.get(needed):
            title = layouts.title_of(layouts.MEMBERS, needed)
            raise Stop(ERROR, needed, f"喪失日があるのに、{title}が入っていません。", f"{title}を入れてください。")
        if values.get("start") and values["end"] <= values["start"]:
            raise Stop(ERROR, "end", "喪失日が取得日より後ではありません。", "どちらかの日を直してください。")
    if around.standing is None:
        return _new_dependant(values, around) if dependant else _new_insured(values, around)
    standing = _found(values, around)
    if (standing.insured_id is not None) != dependant:
        raise Stop(
            CONFLICT, "branch", "本人と被扶養者の別が台帳と違います。", "枝番を確かめてください。", member=standing
        )
    if relation not in ("", "self") and standing.relation and relation != standing.relation:
        raise Stop(
            CONFLICT,
            "relation",
            f"続柄が台帳（{layouts.RELATIONS.get(standing.relation, '')}）と違います。",
            "認定した続柄を確かめてください。",
            "続柄が台帳と違います。",
            member=standing,
        )
    start = day_of(values, "start")
    if start is not None and standing.start is not None and start != standing.start:
        raise Stop(
            CONFLICT,
            "start",
            f"取得日（認定日）が台帳（{format_wareki(standing.start)}）と違います。",
            "日を直すときは訂正届で、再び取得したときは資格取得届で登録してください。",
            "取得日（認定日）が台帳と違います。",
            member=standing,
        )
    names, address = _name_differences(values, standing), _address_differences(values, standing)
    if address:
        _check_address_day(values, standing, around)
    ended = _end_difference(values, standing, "end_reason" if dependant else "loss_reason")
    operations = [name for name, found in (("name", names), ("address", address)) if found]
    if ended:
        operations.append("remove" if dependant else "lose")
    return _changed(standing, names + address + ended, operations)


def _end_difference(values: Mapping[str, str], standing: Any, column: str) -> list[Difference]:
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


def _new_insured(values: Mapping[str, str], around: Around) -> Judgement:
    if around.former:
        raise Stop(CONFLICT, "number", "前に使われていた番号です。", "別の番号をつけるか、空けておいてください。")
    start = day_of(values, "start")
    if start is None:
        raise Stop(ERROR, "start", "新しい人の資格取得日が入っていません。", "資格取得日を入れてください。")
    _check_new(values, start)
    if values.get("kind", "compulsory") == "compulsory":
        office = around.offices.get(values["symbol"])
        if office is not None and not office.holds(start):
            raise Stop(
                ERROR,
                "start",
                f"資格取得日に、{office.name}は組合に加入していません。",
                f"{format_wareki(office.start)}からの日を入れてください。",
                "資格取得日に、事業所が組合に加入していません。",
            )
    if "distinct" not in values:
        _alike(values, around)
    return Judgement(NEW, ("enter",), tuple(_facts(values, start)))


def _new_dependant(values: Mapping[str, str], around: Around, day_column: str = "start") -> Judgement:
    if around.former:
        raise Stop(CONFLICT, "branch", "前に使われていた枝番です。", "別の枝番をつけるか、空けておいてください。")
    start = day_of(values, day_column)
    if start is None:
        raise Stop(ERROR, day_column, "新しい被扶養者の認定日が入っていません。", "認定日を入れてください。")
    _check_new(values, start)
    if around.insured is not None:
        _check_may(around.insured)
        if (
            around.insured.start is None
            or start < around.insured.start
            or (around.insured.end is not None and start >= around.insured.end and around.insured.reason)
        ):
            raise Stop(
                CONFLICT,
                day_column,
                "認定日に、被保険者の資格がありません。",
                "認定日と、被保険者の資格取得日・喪失日を確かめてください。",
                member=around.insured,
            )
    elif not around.insured_in_file:
        raise Stop(
            ERROR,
            "number",
            "被保険者（枝番00）が台帳にも、このファイルのこの行より前にもありません。",
            "番号を確かめるか、被保険者の行を先に置いてください。",
        )
    if "distinct" not in values:
        _alike(values, around)
    return Judgement(NEW, ("certify",), tuple(_facts(values, start)))


def _check_new(values: Mapping[str, str], start: date) -> None:
    if not values.get("family_kana"):
        raise Stop(ERROR, "family_kana", "フリガナが入っていません。", "フリガナを入れてください。")
    birth = day_of(values, "birth_date")
    if birth is not None and birth > start:
        raise Stop(ERROR, "birth_date", "生年月日が、資格を取得する日より後です。", "どちらかの日を直してください。")


def _facts(values: Mapping[str, str], start: date) -> list[Difference]:
    """A new person in one line: what will stand."""
    parts = [f"{format_wareki(day_of(values, 'birth_date'))}生", layouts.SEXES.get(values.get("sex", ""), "")]
    if values.get("relation", "self") != "self":
        parts += [layouts.RELATIONS[values["relation"]], f"認定 {format_wareki(start)}"]
    else:
        parts.append(f"資格取得 {format_wareki(start)}")
    if values.get("end"):
        parts.append(f"喪失 {format_wareki(day_of(values, 'end'))}")
    if address_of(values):
        parts.append(_line(address_of(values)))
    return [Difference("新規", "", "　".join(part for part in parts if part))]


# --- 届 ---------------------------------------------------------------------------------------------------------------


def _acquisition(values: Mapping[str, str], around: Around) -> Judgement:
    start = day_of(values, "start")
    assert start is not None  # the column must be filled
    standing = around.standing
    if standing is None:
        office = around.offices[values["symbol"]]
        for one in around.alike:
            if not one.hidden and one.start == start and one.employer_id == office.id:
                return Judgement(UNCHANGED, member=one)
        return _new_insured({**values, "kind": "compulsory"}, around)
    _check_may(standing)
    _check_same_person(values, standing)
    if standing.start == start:
        return Judgement(UNCHANGED, member=standing)
    if standing.insured_id is None and standing.end is not None and standing.end <= start:
        old = f"{format_wareki(standing.end)}に喪失"
        return Judgement(
            CHANGED, ("return",), (Difference("資格取得日（再取得）", old, format_wareki(start)),), member=standing
        )
    raise Stop(
        CONFLICT,
        "start",
        f"この番号には{format_wareki(standing.start)}からの資格があります。",
        "取得日を直すときは訂正届で登録してください。",
        "この番号には別の日からの資格があります。",
        member=standing,
    )


def _loss(values: Mapping[str, str], around: Around) -> Judgement:
    standing = _found(values, around)
    if standing.insured_id is not None:
        raise Stop(ERROR, "branch", "この番号は被扶養者です。", "被扶養者異動届で出してください。", member=standing)
    _check_name(values, standing)
    if (
        values.get("loss_reason")
        and standing.end == day_of(values, "end")
        and standing.reason not in ("", values["loss_reason"])
    ):
        raise Stop(
            CONFLICT,
            "loss_reason",
            f"台帳の喪失の理由（{layouts.LOSS_REASONS.get(standing.reason, 'その他')}）と違います。",
            "理由を確かめてください。直すときは、喪失の取消届のあとで登録し直してください。",
            "台帳の喪失の理由と違います。",
            member=standing,
        )
    return _changed(standing, _end_difference(values, standing, "loss_reason"), ["lose"])


def _check_name(values: Mapping[str, str], standing: Any) -> None:
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


def _dependant(values: Mapping[str, str], around: Around) -> Judgement:
    insured = around.insured
    if insured is None:
        raise Stop(ERROR, "number", "この番号の被保険者は登録されていません。", "記号と番号を確かめてください。")
    _check_may(insured)
    person = _of_family(values, around)
    if values.get("change") == "remove":
        return _removal(values, person)
    day = day_of(values, "change_date")
    for column, title in (("sex", "性別"), ("relation", "続柄")):
        if values.get(column, "self") == "self":
            raise Stop(ERROR, column, f"追加する人の{title}が入っていません。", f"{title}を入れてください。")
    if person is None:
        return _new_dependant(values, around, "change_date")
    _check_may(person)
    if person.start == day:
        return Judgement(UNCHANGED, member=person)
    if person.end is None or (day is not None and person.end > day):
        raise Stop(
            CONFLICT,
            "change_date",
            f"{person.card_number} が{format_wareki(person.start)}から被扶養者です。",
            "認定日を直すときは訂正届で登録してください。",
            "すでに被扶養者です。",
            member=person,
        )
    return Judgement(
        CHANGED,
        ("recertify",),
        (Difference("認定日（再認定）", f"{format_wareki(person.end)}に削除", format_wareki(day)),),
        member=person,
    )


def _of_family(values: Mapping[str, str], around: Around) -> Any:
    """Who of the family the line is about: by 枝番 and birth date, else by birth date and name."""
    birth = day_of(values, "birth_date")
    branch = values.get("branch", "")
    key = search_key(values.get("family_name", "") + values.get("given_name", ""))
    for one in around.family:
        if branch and one.branch == branch:
            if not one.hidden:
                _check_same_person(values, one)
            return one
    if branch and values.get("change") == "remove":
        return None
    for one in around.family:
        if not one.hidden and one.birth_date == birth and search_key(one.family_name + one.given_name) == key:
            return one
    return None


def _removal(values: Mapping[str, str], person: Any) -> Judgement:
    if not values.get("end_reason"):
        raise Stop(ERROR, "end_reason", "削除理由が入っていません。", "削除理由を入れてください。")
    if person is None:
        raise Stop(ERROR, "branch", "この被扶養者は登録されていません。", "枝番か、氏名と生年月日を確かめてください。")
    _check_may(person)
    as_end = {**values, "end": values["change_date"]}
    if (
        person.end is not None
        and person.reason == "insured_left"
        and person.end > date.fromisoformat(values["change_date"])
    ):
        found = [Difference("資格喪失日", format_wareki(person.end), format_wareki(day_of(values, "change_date")))]
        return _changed(person, found, ["remove"])
    return _changed(person, _end_difference(as_end, person, "end_reason"), ["remove"])


def _address(values: Mapping[str, str], around: Around) -> Judgement:
    standing = _found(values, around)
    _check_name(values, standing)
    differences = _address_differences(values, standing)
    if differences:
        _check_address_day(values, standing, around)
    return _changed(standing, differences, ["address"])


def _name(values: Mapping[str, str], around: Around) -> Judgement:
    standing = _found(values, around)
    if not values.get("family_kana"):
        raise Stop(ERROR, "family_kana", "フリガナが入っていません。", "新しいフリガナを入れてください。")
    return _changed(standing, _name_differences(values, standing), ["name"])


_JUDGES: Mapping[str, Callable[[Mapping[str, str], Around], Judgement]] = {
    "members": _members,
    "acquisition": _acquisition,
    "loss": _loss,
    "dependant": _dependant,
    "address": _address,
    "name": _name,
}
