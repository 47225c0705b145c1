"""Restrictions of benefits (法116条から122条): what may be withheld, wholly or in part, and for whom.

Read in the statute: only 116条 and 118条 leave no choice; elsewhere the association decides. 117条 and 121条 allow all or a
part, 119条 only a part; 120条 concerns 傷病手当金 and 出産手当金 to be paid within at most six months and not once a year has
passed since the deceit. 122条 carries 116条, 117条, 118条1項 and 119条 over to dependants, not 120条 and 121条.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.working import Step
from members.lifecycle.rules.terms import period_end

DAY = timedelta(days=1)
DECEIT_MONTHS = 6
DECEIT_LATEST = 12


class Ground(StrEnum):
    CRIME = "crime"
    BRAWL = "brawl"
    DETAINED = "detained"
    DISOBEDIENCE = "disobedience"
    DECEIT = "deceit"
    REFUSED_EXAMINATION = "refused_examination"


@dataclass(frozen=True)
class Restriction:
    """A ground: its sentence, article, whether all must or may be withheld, and whether it holds for dependants."""

    ground: Ground
    label: str
    article: str
    must: bool
    all_allowed: bool
    dependants: bool


RESTRICTIONS: dict[Ground, Restriction] = {
    row.ground: row
    for row in (
        Restriction(Ground.CRIME, "故意の犯罪行為または故意による給付事由", "法116条", True, True, True),
        Restriction(Ground.BRAWL, "闘争、泥酔または著しい不行跡による給付事由", "法117条", False, True, True),
        Restriction(Ground.DETAINED, "少年院、刑事施設などに収容・拘禁された期間", "法118条1項", True, True, True),
        Restriction(Ground.DISOBEDIENCE, "正当な理由なく療養に関する指示に従わない", "法119条", False, False, True),
        Restriction(Ground.DECEIT, "偽りその他不正の行為", "法120条", False, True, False),
        Restriction(Ground.REFUSED_EXAMINATION, "文書の提出、質問、診断に応じない", "法121条", False, True, False),
    )
}


@dataclass(frozen=True)
class Restricted:
    """What is withheld and what is left, in yen; together the whole."""

    withheld: int
    payable: int
    steps: tuple[Step, ...]


def restrict(amount: int, ground: Ground, share: Fraction, *, dependant: bool = False) -> Restricted:
    """Withhold a share of an amount on a ground; fractions of a yen of what is withheld are dropped.

    ValueError, with a sentence, for a share the article does not allow: less than all where it leaves no choice, all
    where it allows only a part, or a ground that does not hold for dependants.
    """
    row = RESTRICTIONS[ground]
    if amount < 0 or not 0 < share <= 1:
        raise ValueError("金額は0円以上、割合は0より大きく1以下です。")
    if dependant and not row.dependants:
        raise ValueError(f"{row.article}は被扶養者に準用されません（法122条）。")
    if row.must and share != 1:
        raise ValueError(f"{row.article}により、全部を支給しません。")
    if not row.all_allowed and share == 1:
        raise ValueError(f"{row.article}により支給しないことができるのは一部だけです。")
    withheld = int(amount * share)
    basis = f"{row.article}・122条" if dependant else row.article
    steps = (
        Step(row.label, f"{float(share * 100):g}％", basis),
        Step("支給しない額", withheld, basis),
        Step("支給する額", amount - withheld, basis),
    )
    return Restricted(withheld, amount - withheld, steps)


def deceit_allowed(kind: Kind, deceit_on: date, decided_on: date, first: date, last: date) -> str:
    """Why allowances may not be withheld for deceit (法120条); empty when they may.

    first and last are the period set: at most six months, decided before a year has passed since the deceit.
    """
    if kind not in (Kind.SICKNESS, Kind.MATERNITY):
        return "法120条で支給しないことができるのは、傷病手当金と出産手当金です。"
    if last < first or last > period_end(first, DECEIT_MONTHS):
        return "支給しない期間は6か月以内で定めます（法120条）。"
    if decided_on > period_end(deceit_on + DAY, DECEIT_LATEST):
        return "不正の行為があった日から1年を経過したため、この決定はできません（法120条）。"
    return ""
