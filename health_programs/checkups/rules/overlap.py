"""Items that lie inside a risk of the overview: 収縮期血圧130以上 inside 血圧, 空腹時血糖110以上 inside 血糖.

The item page tells how many meet a threshold and how many lie in each class; the overview tells how many have the risk. Where
everybody beyond an edge of the classes has the risk, the one number less the other tells who has it for another reason alone
(medication, the other item). So an edge stands only where these are FLOOR or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from health_programs.checkups.rules.suppression import FLOOR

BESIDE = "beside"
"""Those who have the risk and do not meet the threshold of the item."""


@dataclass(frozen=True)
class Holder:
    """The risk that holds an item. limits: from which value on (below which, where `down`) everybody has it, by sex."""

    risk: str
    limits: Mapping[str, Decimal]
    down: bool = False
    threshold: bool = True
    """Whether everybody who meets 保健指導判定値 has the risk: not of 血糖, whose risk begins above it."""

    def inside(self, edge: Decimal, sexes: Iterable[str]) -> bool:
        """Whether everybody beyond an edge has the risk, in one of these sexes ("" for everybody)."""
        limits = [limit for sex, limit in self.limits.items() if sex in sexes or "" in sexes]
        return any(edge <= limit if self.down else edge >= limit for limit in limits)


def _both(limit: str) -> dict[str, Decimal]:
    return {"1": Decimal(limit), "2": Decimal(limit)}


HOLDERS: Mapping[str, Holder] = {
    "systolic": Holder("pressure", _both("130")),
    "diastolic": Holder("pressure", _both("85")),
    "tg_fasting": Holder("lipid", _both("150")),
    "tg_casual": Holder("lipid", _both("150")),
    "hdl": Holder("lipid", _both("40"), down=True),
    "glucose_fasting": Holder("glucose", _both("110"), threshold=False),
    "hba1c": Holder("glucose", _both("6.0"), threshold=False),
    "waist": Holder("waist", {"1": Decimal(85), "2": Decimal(90)}),
    "visceral_fat": Holder("waist", _both("100")),
}


def kept_together(
    holder: Holder,
    places: Sequence[int],
    edge_of: Mapping[int, Decimal],
    held: Mapping[tuple[str, int], int],
    sexes: Sequence[str],
) -> set[int]:
    """The classes between which no edge may stand.

    places: the classes with people, in order; edge_of: where each begins. held: people with the risk by (sex, class), the
    unmeasured among them under a class of their own; sexes: those told apart, ("",) for everybody.
    """
    found: set[int] = set()
    for before, place in zip(places, places[1:], strict=False):
        if not holder.inside(edge_of[place], sexes):
            continue
        for one in sexes:
            own = [(at, count) for (sex, at), count in held.items() if one in ("", sex)]
            beyond = [count for at, count in own if at in edge_of and (at < place if holder.down else at >= place)]
            if sum(count for _at, count in own) - sum(beyond) < FLOOR:
                found |= {before, place}
    return found


def merged(sets: Iterable[Iterable[int]]) -> list[list[int]]:
    """Sets that share a class become one."""
    found: list[set[int]] = []
    for one in map(set, sets):
        apart = [other for other in found if not other & one]
        found = [*apart, one.union(*(other for other in found if other & one))]
    return [sorted(one) for one in found]
