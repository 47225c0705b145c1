"""対象者の条件 in words, and the values that decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from health_programs.checkups.enums import Left, Level
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.presentation.sheet import ANSWER_WORDS, figure
from health_programs.checkups.rules.cohorts import LEVEL, QUALITATIVE, Condition, Selection
from kumiai.ui.formats import era_year, format_wareki

SIGNS = {"ge": "以上", "gt": "より大きい", "le": "以下", "lt": "未満", "missing": "未実施"}
SEX_WORDS = {"1": "男", "2": "女"}
RELATION_WORDS = {"insured": "被保険者", "dependant": "被扶養者"}


def year_word(year: int) -> str:
    return f"{era_year(year, long=True)}年度"


def item_word(key: str) -> str:
    if key == LEVEL:
        return "保健指導レベル"
    return MEASURE[key].label if key in MEASURE else ANSWER_WORDS[key][0]


def figure_word(key: str, text: str | None) -> str:
    """A figure of an item with its unit; a code in words; 未実施 where there is none."""
    if text is None:
        return "判定なし" if key == LEVEL else "未実施"
    if key == LEVEL:
        return str(Level(text).label)
    if key in MEASURE:
        return f"{figure(Decimal(text), MEASURE[key].digits)}{MEASURE[key].unit}"
    return ANSWER_WORDS[key][1].get(int(text), text)


def condition_words(one: Condition) -> str:
    """令和8年度の収縮期血圧が140mmHg以上."""
    what = f"{year_word(one.year)}の{item_word(one.key)}"
    if one.sign == "missing":
        return f"{what}が{figure_word(one.key, None)}"
    words = figure_word(one.key, one.figure)
    if one.key in MEASURE:
        return f"{what}が{words}{SIGNS[one.sign]}"
    return f"{what}が「{words}」{'以上' if one.sign == 'ge' and one.key in QUALITATIVE else ''}"


def selection_words(selection: Selection, employer: str = "") -> dict[str, Any]:
    """`about`: who is looked at; `groups`: the conditions of each group, joined by AND, the groups by OR."""
    about = [f"{year_word(selection.year)}の特定健診を受けた人"]
    if selection.age_from is not None or selection.age_to is not None:
        low = f"{selection.age_from}歳以上" if selection.age_from is not None else ""
        high = f"{selection.age_to}歳以下" if selection.age_to is not None else ""
        about.append(f"{format_wareki(selection.on)}に{low}{high}")
    if selection.sex:
        about.append(SEX_WORDS[selection.sex])
    if selection.relation:
        about.append(RELATION_WORDS[selection.relation])
    if selection.employer_id is not None:
        about.append(f"受診日の事業所：{employer or selection.employer_id}")
    return {"about": about, "groups": [[condition_words(one) for one in group] for group in selection.groups]}


def removed_words(removed: Mapping[str, int]) -> list[tuple[str, int]]:
    """(reason, people) in the order of the reasons."""
    return [(str(left.label), removed[left.value]) for left in Left if removed.get(left.value)]


def decided_words(values: Sequence[Sequence[Any]]) -> list[tuple[str, str]]:
    """(令8 収縮期血圧, 145mmHg) for each value that decided, an item and year once."""
    found: dict[str, str] = {}
    for key, _sign, _figure, year, stood in values:
        found.setdefault(f"{era_year(year)} {item_word(key)}", figure_word(key, stood))
    return list(found.items())
