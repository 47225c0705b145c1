"""What a line of a file would change in the register. Pure: values and what stands, in; an outcome with reasons, out.

The register is asked for every line at once (`enrollment.queries.standing`); here each line is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kumiai.ui.formats import format_wareki
from kumiai.ui.kana import search_key
from members.intake.rules import layouts
from members.intake.rules.looking import (
    address_differences,
    address_of,
    changed,
    check_address_day,
    check_may,
    check_name,
    check_office,
    check_same_person,
    end_difference,
    found_person,
    name_differences,
)
from members.intake.rules.newcomers import new_dependant, new_insured
from members.intake.rules.outcomes import (
    CHANGED,
    CONFLICT,
    ERROR,
    HEAD,
    NEW,
    UNCHANGED,
    Around,
    Difference,
    Judgement,
    Message,
    Stop,
    day_of,
)

__all__ = [
    "CHANGED",
    "CONFLICT",
    "ERROR",
    "HEAD",
    "NEW",
    "UNCHANGED",
    "Around",
    "Judgement",
    "Message",
    "address_of",
    "day_of",
    "judge",
]


def judge(kind: str, values: Mapping[str, str], around: Around) -> Judgement:
    """What a line of this kind would do. Never raises for what may stand in a file."""
    try:
        check_office(values, around)
        return _JUDGES[kind](values, around)
    except Stop as stop:
        return stop.judgement


def members(values: Mapping[str, str], around: Around) -> Judgement:
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
        return new_dependant(values, around) if dependant else new_insured(values, around)
    standing = found_person(values, around)
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
    names, address = name_differences(values, standing), address_differences(values, standing)
    if address:
        check_address_day(values, standing, around)
    ended = end_difference(values, standing, "end_reason" if dependant else "loss_reason")
    operations = [name for name, found in (("name", names), ("address", address)) if found]
    if ended:
        operations.append("remove" if dependant else "lose")
    return changed(standing, names + address + ended, operations)


# --- 届 ---------------------------------------------------------------------------------------------------------------


def acquisition(values: Mapping[str, str], around: Around) -> Judgement:
    start = day_of(values, "start")
    assert start is not None  # the column must be filled
    standing = around.standing
    if standing is None:
        office = around.offices[values["symbol"]]
        for one in around.alike:
            if not one.hidden and one.start == start and one.employer_id == office.id:
                return Judgement(UNCHANGED, member=one)
        return new_insured({**values, "kind": "compulsory"}, around)
    check_may(standing)
    check_same_person(values, standing)
    if standing.start == start:
        return Judgement(UNCHANGED, member=standing)
    if values["symbol"] not in around.offices:
        raise Stop(
            ERROR, "symbol", "この記号の事業所は登録されていません。", "記号を確かめてください。", member=standing
        )
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


def loss(values: Mapping[str, str], around: Around) -> Judgement:
    standing = found_person(values, around)
    if standing.insured_id is not None:
        raise Stop(ERROR, "branch", "この番号は被扶養者です。", "被扶養者異動届で出してください。", member=standing)
    check_name(values, standing)
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
    return changed(standing, end_difference(values, standing, "loss_reason"), ["lose"])


def dependant(values: Mapping[str, str], around: Around) -> Judgement:
    insured = around.insured
    if insured is None:
        raise Stop(ERROR, "number", "この番号の被保険者は登録されていません。", "記号と番号を確かめてください。")
    check_may(insured)
    person = _of_family(values, around)
    if values.get("change") == "remove":
        return removal(values, person)
    day = day_of(values, "change_date")
    for column, title in (("sex", "性別"), ("relation", "続柄")):
        if values.get(column, "self") == "self":
            raise Stop(ERROR, column, f"追加する人の{title}が入っていません。", f"{title}を入れてください。")
    if person is None:
        return new_dependant(values, around, "change_date")
    check_may(person)
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
                check_same_person(values, one)
            return one
    if branch and values.get("change") == "remove":
        return None
    for one in around.family:
        if not one.hidden and one.birth_date == birth and search_key(one.family_name + one.given_name) == key:
            return one
    return None


def removal(values: Mapping[str, str], person: Any) -> Judgement:
    if not values.get("end_reason"):
        raise Stop(ERROR, "end_reason", "削除理由が入っていません。", "削除理由を入れてください。")
    if person is None:
        raise Stop(ERROR, "branch", "この被扶養者は登録されていません。", "枝番か、氏名と生年月日を確かめてください。")
    check_may(person)
    as_end = {**values, "end": values["change_date"]}
    if (
        person.end is not None
        and person.reason == "insured_left"
        and person.end > date.fromisoformat(values["change_date"])
    ):
        found = [Difference("資格喪失日", format_wareki(person.end), format_wareki(day_of(values, "change_date")))]
        return changed(person, found, ["remove"])
    return changed(person, end_difference(as_end, person, "end_reason"), ["remove"])


def address_change(values: Mapping[str, str], around: Around) -> Judgement:
    standing = found_person(values, around)
    check_name(values, standing)
    differences = address_differences(values, standing)
    if differences:
        check_address_day(values, standing, around)
    return changed(standing, differences, ["address"])


def name_change(values: Mapping[str, str], around: Around) -> Judgement:
    standing = found_person(values, around)
    if not values.get("family_kana"):
        raise Stop(ERROR, "family_kana", "フリガナが入っていません。", "新しいフリガナを入れてください。")
    return changed(standing, name_differences(values, standing), ["name"])


_JUDGES: Mapping[str, Callable[[Mapping[str, str], Around], Judgement]] = {
    "members": members,
    "acquisition": acquisition,
    "loss": loss,
    "dependant": dependant,
    "address": address_change,
    "name": name_change,
}
