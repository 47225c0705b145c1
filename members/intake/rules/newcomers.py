"""People who are not registered yet: may they be entered as the line says? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kumiai.ui.formats import format_wareki
from members.intake.rules import layouts
from members.intake.rules.looking import address_line, address_of, check_alike, check_may
from members.intake.rules.outcomes import CONFLICT, ERROR, NEW, Around, Difference, Judgement, Stop, day_of


def new_insured(values: Mapping[str, str], around: Around) -> Judgement:
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
        check_alike(values, around)
    return Judgement(NEW, ("enter",), tuple(_facts(values, start)))


def new_dependant(values: Mapping[str, str], around: Around, day_column: str = "start") -> Judgement:
    if around.former:
        raise Stop(CONFLICT, "branch", "前に使われていた枝番です。", "別の枝番をつけるか、空けておいてください。")
    start = day_of(values, day_column)
    if start is None:
        raise Stop(ERROR, day_column, "新しい被扶養者の認定日が入っていません。", "認定日を入れてください。")
    _check_new(values, start)
    if around.insured is not None:
        check_may(around.insured)
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
        check_alike(values, around)
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
        parts.append(address_line(address_of(values)))
    return [Difference("新規", "", "　".join(part for part in parts if part))]
