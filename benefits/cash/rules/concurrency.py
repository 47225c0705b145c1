"""Benefits that exclude or reduce each other on the same days or for the same event (併給).

Read in the statute: 出産手当金 before 傷病手当金, the difference if lower (法103条1項); what was paid as 傷病手当金 on such
days counts as paid in advance of 出産手当金, except the difference (法103条2項); two illnesses on one day: the higher amount
(則84条の2第7項); benefits of 労災 for the same illness exclude 傷病手当金 and 埋葬料 (法55条1項); a birth or a death has one
lump sum (則86条2項2号 for the birth); 資格喪失後 benefits end with 船員保険 (法107条).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from benefits.cash.rules.daily import Row
from benefits.cash.rules.findings import Effect, Finding, stretches
from benefits.cash.rules.kinds import DAILY, Kind
from benefits.cash.rules.working import Step


@dataclass(frozen=True)
class Claim:
    """A case to be compared with others of the same person: its reference, kind, days, and what it is about.

    event: what identifies the illness, the birth or the death (a reference of the caller). The days of a lump sum are
    the day of the event.
    """

    reference: str
    kind: Kind
    first: date
    last: date
    event: str = ""
    industrial_accident: bool = False
    seaman: bool = False
    after_loss: bool = False

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("期間の終わりが始まりより前です。")


SICK = frozenset({Kind.SICKNESS})
BIRTH = frozenset({Kind.CHILDBIRTH, Kind.FAMILY_CHILDBIRTH})
DEATH = frozenset({Kind.FUNERAL, Kind.FUNERAL_COST, Kind.FAMILY_FUNERAL})
ACCIDENT = frozenset({Kind.SICKNESS, *DEATH, Kind.TRANSPORT, Kind.FAMILY_TRANSPORT})


def check(claim: Claim, others: Iterable[Claim]) -> tuple[Finding, ...]:
    """What stands against a claim, by itself and beside others, in the order of the days."""
    found = list(_alone(claim))
    for other in others:
        if other.reference != claim.reference:
            found += _beside(claim, other)
    return tuple(sorted(found, key=lambda finding: (finding.first, finding.code)))


def _alone(claim: Claim) -> Iterable[Finding]:
    if claim.industrial_accident and claim.kind in ACCIDENT:
        yield Finding(
            "industrial_accident",
            Effect.REFUSE,
            f"業務上または通勤による傷病・死亡として給付を受けられるため、{claim.kind.label}は支給しません。",
            "法55条1項",
            claim.first,
            claim.last,
        )
    if claim.seaman and claim.after_loss and (claim.kind in DAILY or claim.kind in BIRTH | DEATH):
        yield Finding(
            "seaman",
            Effect.REFUSE,
            "船員保険の被保険者となったため、資格喪失後の給付は行いません。",
            "法107条",
            claim.first,
            claim.last,
        )


def _beside(claim: Claim, other: Claim) -> Iterable[Finding]:
    first, last = max(claim.first, other.first), min(claim.last, other.last)
    together = first <= last
    kinds = {claim.kind, other.kind}
    if together and kinds == {Kind.SICKNESS, Kind.MATERNITY}:
        yield Finding(
            "maternity_first",
            Effect.DIFFERENCE,
            "出産手当金を支給する日は、傷病手当金は出産手当金より多いときの差額だけを支給します。"
            "先に支払った傷病手当金は出産手当金の内払とみなします。",
            "法103条",
            first,
            last,
            (other.reference,),
        )
    if together and claim.kind is other.kind is Kind.SICKNESS and claim.event != other.event:
        yield Finding(
            "two_illnesses",
            Effect.CHOOSE,
            "別の傷病による傷病手当金と日が重なります。いずれか多い額を支給します。",
            "則84条の2第7項",
            first,
            last,
            (other.reference,),
        )
    same = bool(claim.event) and claim.event == other.event
    for group, name, article in ((BIRTH, "出産", "法101条・114条"), (DEATH, "死亡", "法100条・113条")):
        if same and claim.kind in group and other.kind in group and claim.kind is not other.kind:
            yield Finding(
                "one_event",
                Effect.CHOOSE,
                f"同じ{name}について{other.kind.label}の申請があります。支給できるのはいずれか一つです。",
                article,
                claim.first,
                claim.last,
                (other.reference,),
            )


@dataclass(frozen=True)
class Settlement:
    """出産手当金 when 傷病手当金 was paid for the same days: what counts as paid in advance, what is still to be paid.

    over: sickness allowance beyond the maternity allowance of its day, which is not settled here but to be returned,
    unless it was the difference of 103条1項. Yen.
    """

    due: int
    in_advance: int
    payable: int
    over: int
    days: tuple[date, ...]
    steps: tuple[Step, ...]


def settle_in_advance(maternity: Iterable[Row], paid_sickness: Mapping[date, tuple[int, int]]) -> Settlement:
    """Settle what was paid as 傷病手当金 against 出産手当金, day by day (法103条2項).

    paid_sickness: for each day the yen paid and, of them, what is due as sickness allowance beside the maternity
    allowance all the same (the difference, which is left alone).
    """
    due = in_advance = over = 0
    days = []
    for row in maternity:
        due += row.amount
        paid, own = paid_sickness.get(row.on, (0, 0))
        if paid < 0 or own < 0:
            raise ValueError("支払った額は0円以上です。")
        if not row.paid or paid <= own:
            continue
        used = min(paid - own, row.amount)
        in_advance += used
        over += paid - own - used
        days.append(row.on)
    steps = [Step("出産手当金", due, "法102条")]
    steps += [
        Step(f"{first.isoformat()}から{last.isoformat()}までの傷病手当金", "内払とみなす", "法103条2項")
        for first, last in stretches(days)
    ]
    steps += [
        Step("内払とみなす額", in_advance, "法103条2項"),
        Step("支払う額", due - in_advance, "法103条2項"),
        Step("返納の対象となる額", over, "法103条2項"),
    ]
    return Settlement(due, in_advance, due - in_advance, over, tuple(days), tuple(steps))


def higher_by_day(one: Iterable[Row], two: Iterable[Row]) -> dict[date, str]:
    """For days on which both illnesses would be paid, which is: "one" or "two" (則84条の2第7項).

    The daily amounts of 法99条2項 are compared, not what is left after deductions; equal: the first.
    """
    second = {row.on: row for row in two if row.paid}
    return {row.on: "two" if second[row.on].rate > row.rate else "one" for row in one if row.paid and row.on in second}
