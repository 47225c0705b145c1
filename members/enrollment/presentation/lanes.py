"""Which facts of a member stand in which lane of the timeline.

Takes the rows of the register as they are; returns lanes in their fixed order: 資格, 事業所, 住所, 家族.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kumiai.ui.formats import format_wareki
from members.enrollment.enums import EligibilityKind
from members.enrollment.presentation.timeline import Lane, Period


def words(start: date, end: date | None, what: str, *, begins: str = "から", ends: str = "まで") -> str:
    """A period in words, for those who hover or listen: 強制　平成28年10月1日から令和7年10月1日まで."""
    until = f"{format_wareki(end)}{ends}" if end else "（続いています）"
    return f"{what}　{format_wareki(start)}{begins}{until}"


def lanes(
    *,
    eligibility: Sequence[Any],
    dependant: Sequence[Any],
    addresses: Sequence[Any],
    family: Iterable[tuple[Any, str, str]],
) -> list[Lane]:
    """The lanes of one member.

    eligibility, dependant: periods of the person's own qualification, as an insured person and as a dependant.
    addresses: periods of residence the reader may see. family: (period, 続柄, name) of the people beside this person.
    """
    return [
        Lane("資格", [*map(_eligibility, eligibility), *map(_dependant, dependant)]),
        Lane("事業所", _employers(eligibility)),
        Lane("住所", [_address(row) for row in addresses]),
        Lane("家族", [_family(*entry) for entry in family], ruled=True),
    ]


def _eligibility(row: Any) -> Period:
    start, end = row.period.lower, row.period.upper
    voluntary = row.kind == EligibilityKind.VOLUNTARY
    name = row.get_kind_display() if voluntary else f"被保険者（{row.get_kind_display()}）"
    label = f"{name}　{format_wareki(start)} 取得" + (f" — {format_wareki(end)} 喪失" if end else "")
    return Period(
        start, end, label, "voluntary" if voluntary else "insured", description=words(start, end, name, ends="に喪失")
    )


def _dependant(row: Any) -> Period:
    start, end = row.period.lower, row.period.upper
    name = f"被扶養者（{row.get_relation_display()}）"
    label = f"{name}　{format_wareki(start)} 認定" + (f" — {format_wareki(end)} 削除" if end else "")
    return Period(start, end, label, "dependant", description=words(start, end, name, ends="に削除"))


def _employers(rows: Sequence[Any]) -> list[Period]:
    """One bar a stretch with the same employer, even when the kind of qualification changed within it."""
    merged: list[Period] = []
    for row in sorted((row for row in rows if row.employer_id), key=lambda row: row.period.lower):
        start, end, name = row.period.lower, row.period.upper, row.employer.name
        if merged and merged[-1].label == name and merged[-1].end == start:
            start = merged.pop().start
        merged.append(Period(start, end, name, description=words(start, end, name)))
    return merged


def _address(row: Any) -> Period:
    return Period(
        row.period.lower, row.period.upper, row.town, description=words(row.period.lower, row.period.upper, row.town)
    )


def _family(row: Any, relation: str, name: str) -> Period:
    start, end = row.period.lower, row.period.upper
    text = f"{relation}　{name}"
    return Period(start, end, text, "family", row=str(row.member_id), description=words(start, end, text))
