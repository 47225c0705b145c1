"""埋葬料, 埋葬費, 家族埋葬料: how much and to whom (法100条, 105条, 113条, 令35条).

Read in the statute: 埋葬料 goes to whoever was maintained by the deceased and buries them; the statute asks neither for
kinship nor for dependency in the sense of 被扶養者. Only when there is nobody like that, whoever buried them gets what the
burial cost, up to the same amount (法100条2項). For a dependant's death the insured person gets the amount (法113条).
After the loss: death while receiving under 104条, within three months after that ended, or within three months after the
loss (法105条).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from benefits.cash.rules import parameters as p
from benefits.cash.rules.continuation import last_day_after_loss, within_after_loss
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.working import Step

AFTER_LOSS_MONTHS = 3


@dataclass(frozen=True)
class Claimant:
    """Someone who asks: a reference the caller knows, whether maintained by the deceased, whether burying them."""

    reference: str
    maintained: bool
    buries: bool


@dataclass(frozen=True)
class Cost:
    """An item of the burial in yen; counted: part of the burial itself (not meals, return gifts)."""

    label: str
    amount: int
    counted: bool = True

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("埋葬に要した費用は0円以上です。")


@dataclass(frozen=True)
class Funeral:
    """What is due: the kind, the claimant's reference, yen; `refused` is the sentence when nothing is due."""

    kind: Kind
    payee: str
    amount: int
    extra: int
    refused: str
    steps: tuple[Step, ...]


def after_loss_allowed(
    died_on: date, lost_on: date | None, *, receiving: bool = False, received_until: date | None = None
) -> bool:
    """Whether a death counts (法100条, 105条): insured, or receiving under 104条, or within three months of either end.

    received_until: the last day paid under 104条.
    """
    if lost_on is None or died_on < lost_on or receiving:
        return True
    if within_after_loss(lost_on, died_on, AFTER_LOSS_MONTHS):
        return True
    if received_until is None:
        return False
    no_longer = received_until + timedelta(days=1)
    return died_on <= last_day_after_loss(no_longer, AFTER_LOSS_MONTHS)


def funeral(
    died_on: date,
    claimants: Iterable[Claimant],
    costs: Iterable[Cost] = (),
    *,
    counts: bool = True,
    extra: int = 0,
    rows: Iterable[p.Parameter] = p.DEFAULTS,
) -> Funeral:
    """埋葬料 or 埋葬費 for the death of an insured person.

    counts: whether the death counts, as `after_loss_allowed` decides. extra: the association's 付加金, only with 埋葬料.
    Of several claimants with the same right the first given is paid.
    """
    if extra < 0:
        raise ValueError("付加金の額は0円以上です。")
    amount = p.parameter_on(p.FUNERAL_AMOUNT, died_on, tuple(rows))
    known = tuple(claimants)
    steps = [Step("死亡の日", died_on, "法100条"), Step("政令で定める金額", amount.value, amount.basis, amount.code)]
    if not counts:
        return Funeral(
            Kind.FUNERAL, "", 0, 0, "資格を喪失した日後3か月以内などの要件に当たりません（法105条）。", tuple(steps)
        )
    heir = next((who for who in known if who.maintained and who.buries), None)
    if heir is not None:
        steps.append(Step("生計を維持されていて埋葬を行う者", heir.reference, "法100条1項"))
        if extra:
            steps.append(Step("付加金", extra, "法53条・規約"))
        return Funeral(Kind.FUNERAL, heir.reference, amount.value, extra, "", tuple(steps))
    burier = next((who for who in known if who.buries), None)
    if burier is None:
        return Funeral(Kind.FUNERAL, "", 0, 0, "埋葬を行う者が確かめられません。", tuple(steps))
    items = tuple(costs)
    spent = sum(cost.amount for cost in items if cost.counted)
    steps += [
        Step("生計を維持されていた者", "なし", "法100条2項"),
        Step("埋葬を行った者", burier.reference, "法100条2項"),
    ]
    steps += [Step(cost.label, cost.amount, "法100条2項" if cost.counted else "対象外") for cost in items]
    paid = min(spent, amount.value)
    steps += [Step("埋葬に要した費用", spent, "法100条2項"), Step("支給額（金額の範囲内）", paid, "法100条2項")]
    refused = "" if paid else "埋葬に要した費用が確かめられません。"
    return Funeral(Kind.FUNERAL_COST, burier.reference, paid, 0, refused, tuple(steps))


def family_funeral(
    died_on: date,
    insured: str,
    *,
    dependant_on_the_day: bool,
    stillborn: bool = False,
    extra: int = 0,
    rows: Iterable[p.Parameter] = p.DEFAULTS,
) -> Funeral:
    """家族埋葬料 for the death of a dependant: the amount of law, to the insured person (法113条).

    A stillborn child was never a dependant; one born alive that then died was, from its birth.
    """
    if extra < 0:
        raise ValueError("付加金の額は0円以上です。")
    amount = p.parameter_on(p.FUNERAL_AMOUNT, died_on, tuple(rows))
    steps = [Step("死亡の日", died_on, "法113条"), Step("政令で定める金額", amount.value, amount.basis, amount.code)]
    refused = ""
    if stillborn:
        refused = "死産児は被扶養者ではないため、支給の対象になりません。"
    elif not dependant_on_the_day:
        refused = "死亡の日に被扶養者でないため、支給の対象になりません（法113条）。"
    if refused:
        return Funeral(Kind.FAMILY_FUNERAL, "", 0, 0, refused, tuple(steps))
    if extra:
        steps.append(Step("付加金", extra, "法53条・規約"))
    return Funeral(Kind.FAMILY_FUNERAL, insured, amount.value, extra, "", tuple(steps))
