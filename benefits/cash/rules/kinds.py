"""The kinds of cash benefit of the association, each with its name and its article."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    SICKNESS = "sickness"
    SICKNESS_ADDITION = "sickness_addition"
    SICKNESS_EXTENSION = "sickness_extension"
    MATERNITY = "maternity"
    MATERNITY_ADDITION = "maternity_addition"
    CHILDBIRTH = "childbirth"
    FAMILY_CHILDBIRTH = "family_childbirth"
    CHILDBIRTH_ADDITION = "childbirth_addition"
    FUNERAL = "funeral"
    FUNERAL_COST = "funeral_cost"
    FAMILY_FUNERAL = "family_funeral"
    FUNERAL_ADDITION = "funeral_addition"
    TRANSPORT = "transport"
    FAMILY_TRANSPORT = "family_transport"

    @property
    def label(self) -> str:
        return NAMES[self][0]

    @property
    def article(self) -> str:
        return NAMES[self][1]

    @property
    def daily(self) -> bool:
        """Whether it is paid by the day, each day with its own limitation."""
        return self in DAILY


NAMES: dict[Kind, tuple[str, str]] = {
    Kind.SICKNESS: ("傷病手当金", "法99条"),
    Kind.SICKNESS_ADDITION: ("傷病手当金付加金", "法53条・規約"),
    Kind.SICKNESS_EXTENSION: ("延長傷病手当金付加金", "法53条・規約"),
    Kind.MATERNITY: ("出産手当金", "法102条"),
    Kind.MATERNITY_ADDITION: ("出産手当金付加金", "法53条・規約"),
    Kind.CHILDBIRTH: ("出産育児一時金", "法101条"),
    Kind.FAMILY_CHILDBIRTH: ("家族出産育児一時金", "法114条"),
    Kind.CHILDBIRTH_ADDITION: ("出産育児一時金付加金", "法53条・規約"),
    Kind.FUNERAL: ("埋葬料", "法100条1項"),
    Kind.FUNERAL_COST: ("埋葬費", "法100条2項"),
    Kind.FAMILY_FUNERAL: ("家族埋葬料", "法113条"),
    Kind.FUNERAL_ADDITION: ("埋葬料付加金", "法53条・規約"),
    Kind.TRANSPORT: ("移送費", "法97条"),
    Kind.FAMILY_TRANSPORT: ("家族移送費", "法112条"),
}

DAILY = frozenset(
    {Kind.SICKNESS, Kind.SICKNESS_ADDITION, Kind.SICKNESS_EXTENSION, Kind.MATERNITY, Kind.MATERNITY_ADDITION}
)
