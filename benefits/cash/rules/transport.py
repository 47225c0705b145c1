"""移送費 and 家族移送費 (法97条, 112条, 則80条, 則81条, 則95条).

Read in the regulation: the amount is the cost by the most economical ordinary route and way, never more than was spent
(則80条); all three conditions of 則81条 must hold. That the transport of one person who goes along counts, when a
physician found it necessary, is a notice; the regulation only asks for the opinion (則82条2項).
"""

from __future__ import annotations

from dataclasses import dataclass

from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.working import Step


@dataclass(frozen=True)
class Transport:
    """What was asked: the three conditions of 則81条, and the costs in yen, ordinary and actual, of the patient and of
    the person who went along (counted only when a physician found it necessary).
    """

    proper_treatment: bool
    could_not_move: bool
    unavoidable: bool
    ordinary: int
    actual: int
    attended: bool = False
    attendant_ordinary: int = 0
    attendant_actual: int = 0
    family: bool = False

    def __post_init__(self) -> None:
        if min(self.ordinary, self.actual, self.attendant_ordinary, self.attendant_actual) < 0:
            raise ValueError("移送の費用は0円以上です。")


@dataclass(frozen=True)
class TransportResult:
    """Yen and the working; `refused` holds a sentence for each condition that does not hold."""

    kind: Kind
    amount: int
    refused: tuple[str, ...]
    steps: tuple[Step, ...]


CONDITIONS = (
    ("proper_treatment", "移送により法に基づく適切な療養を受けたこと", "則81条1号"),
    ("could_not_move", "疾病または負傷により移動をすることが著しく困難であったこと", "則81条2号"),
    ("unavoidable", "緊急その他やむを得なかったこと", "則81条3号"),
)


def transport(asked: Transport) -> TransportResult:
    """The amount of a transport, or why there is none."""
    kind = Kind.FAMILY_TRANSPORT if asked.family else Kind.TRANSPORT
    steps, refused = [], []
    for name, label, article in CONDITIONS:
        holds = getattr(asked, name)
        steps.append(Step(label, "該当" if holds else "非該当", article))
        if not holds:
            refused.append(f"「{label}」に当たると認められません（{article}）。")
    ordinary, actual = asked.ordinary, asked.actual
    if asked.attended:
        ordinary += asked.attendant_ordinary
        actual += asked.attendant_actual
        steps.append(
            Step("付添人の費用（通常／実際）", f"{asked.attendant_ordinary:,}／{asked.attendant_actual:,}", "通知")
        )
    amount = 0 if refused else min(ordinary, actual)
    steps += [
        Step("最も経済的な通常の経路及び方法による費用", ordinary, "則80条"),
        Step("現に移送に要した費用", actual, "則80条ただし書"),
        Step("支給額（少ない方）", amount, "法112条" if asked.family else "法97条1項"),
    ]
    return TransportResult(kind, amount, tuple(refused), tuple(steps))
