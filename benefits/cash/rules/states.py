"""The life of a case of a cash benefit, as data: its states and the moves between them.

A move names the operation its clerk needs on the object (`change` or `decide`) and whether it must be another person than
the one who submitted the case. Nothing is paid without a decision by a second person: every way to 支払待ち passes through
`approve` (or, for an account that was wrong, `pay_again`), which the tests prove on the graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    RECEIVED = "received"
    WAITING_DOCUMENTS = "waiting_documents"
    UNDER_REVIEW = "under_review"
    CALCULATED = "calculated"
    AWAITING_DECISION = "awaiting_decision"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHHELD = "withheld"
    IN_PAYMENT = "in_payment"
    PAID = "paid"
    RETURNED = "returned"
    CORRECTING = "correcting"
    RECOVERING = "recovering"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: dict[State, str] = {
    State.RECEIVED: "受付",
    State.WAITING_DOCUMENTS: "書類待ち",
    State.UNDER_REVIEW: "審査中",
    State.CALCULATED: "計算済",
    State.AWAITING_DECISION: "決裁待ち",
    State.APPROVED: "支給決定",
    State.REFUSED: "不支給決定",
    State.WITHHELD: "保留",
    State.IN_PAYMENT: "支払待ち",
    State.PAID: "支払済",
    State.RETURNED: "組戻し",
    State.CORRECTING: "訂正",
    State.RECOVERING: "返納中",
    State.CLOSED: "完了",
    State.WITHDRAWN: "取下げ",
}

FINAL = frozenset({State.CLOSED, State.WITHDRAWN})
"""Nothing is left to do; a closed case can still be reopened by a decision."""

DECIDED = frozenset(
    {
        State.APPROVED,
        State.REFUSED,
        State.IN_PAYMENT,
        State.PAID,
        State.RETURNED,
        State.RECOVERING,
        State.CLOSED,
    }
)
"""A decision stands: figures and documents are not changed except through 訂正."""

EDITABLE = frozenset({State.RECEIVED, State.WAITING_DOCUMENTS, State.UNDER_REVIEW, State.CORRECTING})
"""What the applicant said may still be typed in or corrected."""


class Operation(StrEnum):
    CHANGE = "change"
    DECIDE = "decide"


@dataclass(frozen=True)
class Move:
    """One move: its code and label, the states it starts from, where it leads, what it needs, and the sentence shown
    when it is not possible. needs_reason: the clerk must write why.
    """

    name: str
    label: str
    sources: frozenset[State]
    target: State
    operation: Operation
    second_person: bool
    why_not: str
    needs_reason: bool = False


_BEFORE_DECISION = frozenset(
    {
        State.RECEIVED,
        State.WAITING_DOCUMENTS,
        State.UNDER_REVIEW,
        State.CALCULATED,
        State.AWAITING_DECISION,
        State.WITHHELD,
    }
)


def _move(
    name: str,
    label: str,
    sources: State | frozenset[State],
    target: State,
    why_not: str,
    *,
    decide: bool = False,
    second: bool = False,
    reason: bool = False,
) -> Move:
    origins = frozenset({sources}) if isinstance(sources, State) else sources
    operation = Operation.DECIDE if decide else Operation.CHANGE
    return Move(name, label, origins, target, operation, second, why_not, reason)


MOVES: tuple[Move, ...] = (
    _move(
        "request_documents",
        "書類を求める",
        frozenset({State.RECEIVED, State.UNDER_REVIEW}),
        State.WAITING_DOCUMENTS,
        "書類を求めることができるのは、受付または審査中の申請です。",
        reason=True,
    ),
    _move(
        "start_review",
        "審査を始める",
        frozenset({State.RECEIVED, State.WAITING_DOCUMENTS}),
        State.UNDER_REVIEW,
        "審査を始めることができるのは、受付または書類待ちの申請です。",
    ),
    _move(
        "calculate",
        "計算する",
        frozenset({State.UNDER_REVIEW, State.CORRECTING}),
        State.CALCULATED,
        "計算することができるのは、審査中または訂正中の申請です。",
    ),
    _move(
        "review_again",
        "審査に戻す",
        State.CALCULATED,
        State.UNDER_REVIEW,
        "審査に戻すことができるのは、計算済の申請です。",
    ),
    _move(
        "submit",
        "決裁に回す",
        State.CALCULATED,
        State.AWAITING_DECISION,
        "決裁に回すことができるのは、計算済の申請です。先に計算してください。",
    ),
    _move(
        "propose_refusal",
        "不支給として決裁に回す",
        frozenset({State.UNDER_REVIEW, State.CORRECTING}),
        State.AWAITING_DECISION,
        "不支給として決裁に回すことができるのは、審査中または訂正中の申請です。",
        reason=True,
    ),
    _move(
        "send_back",
        "差し戻す",
        State.AWAITING_DECISION,
        State.UNDER_REVIEW,
        "差し戻すことができるのは、決裁待ちの申請です。",
        decide=True,
        second=True,
        reason=True,
    ),
    _move(
        "approve",
        "支給を決定する",
        State.AWAITING_DECISION,
        State.APPROVED,
        "支給を決定することができるのは、決裁待ちの申請です。",
        decide=True,
        second=True,
    ),
    _move(
        "refuse",
        "不支給を決定する",
        State.AWAITING_DECISION,
        State.REFUSED,
        "不支給を決定することができるのは、決裁待ちの申請です。",
        decide=True,
        second=True,
        reason=True,
    ),
    _move(
        "decide_recovery",
        "返納を決定する",
        State.AWAITING_DECISION,
        State.RECOVERING,
        "返納を決定することができるのは、訂正して決裁待ちになった申請です。",
        decide=True,
        second=True,
        reason=True,
    ),
    _move(
        "withhold",
        "保留する",
        frozenset({State.RECEIVED, State.UNDER_REVIEW, State.CALCULATED}),
        State.WITHHELD,
        "保留することができるのは、受付から計算済までの申請です。",
        reason=True,
    ),
    _move(
        "resume",
        "保留を解く",
        State.WITHHELD,
        State.UNDER_REVIEW,
        "保留を解くことができるのは、保留中の申請です。",
    ),
    _move(
        "hand_to_payment",
        "支払に回す",
        State.APPROVED,
        State.IN_PAYMENT,
        "支払に回すことができるのは、支給を決定した申請です。",
    ),
    _move(
        "take_from_payment",
        "支払から外す",
        State.IN_PAYMENT,
        State.APPROVED,
        "支払から外すことができるのは、支払待ちの申請です。",
        reason=True,
    ),
    _move(
        "confirm_payment",
        "支払済にする",
        State.IN_PAYMENT,
        State.PAID,
        "支払済にすることができるのは、支払待ちの申請です。",
    ),
    _move(
        "payment_returned",
        "組戻しを記録する",
        frozenset({State.IN_PAYMENT, State.PAID}),
        State.RETURNED,
        "組戻しを記録することができるのは、支払待ちまたは支払済の申請です。",
        reason=True,
    ),
    _move(
        "pay_again",
        "再び支払に回す",
        State.RETURNED,
        State.IN_PAYMENT,
        "再び支払に回すことができるのは、組戻しの申請です。",
        decide=True,
        second=True,
    ),
    _move(
        "correct",
        "訂正を始める",
        frozenset({State.APPROVED, State.PAID, State.RETURNED, State.REFUSED, State.RECOVERING}),
        State.CORRECTING,
        "訂正を始めることができるのは、決定した申請です。支払待ちの申請は、先に支払から外してください。",
        reason=True,
    ),
    _move(
        "reopen",
        "完了を解いて訂正する",
        State.CLOSED,
        State.CORRECTING,
        "完了を解くことができるのは、完了した申請です。",
        decide=True,
        reason=True,
    ),
    _move(
        "recovered",
        "返納を終える",
        State.RECOVERING,
        State.CLOSED,
        "返納を終えることができるのは、返納中の申請です。",
    ),
    _move(
        "close",
        "完了にする",
        frozenset({State.APPROVED, State.PAID, State.REFUSED}),
        State.CLOSED,
        "完了にすることができるのは、支払済か不支給決定の申請、または支払うもののない支給決定の申請です。",
    ),
    _move(
        "withdraw",
        "取り下げる",
        _BEFORE_DECISION,
        State.WITHDRAWN,
        "取り下げることができるのは、決定する前の申請です。決定した申請は訂正してください。",
        reason=True,
    ),
)

BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}

SAME_PERSON = "決裁に回した方は、この決定をすることができません。別の方が決定してください。"


class UnknownMove(KeyError):
    """No move has that name."""


def move_named(name: str) -> Move:
    """The move of a name. UnknownMove when there is none."""
    try:
        return BY_NAME[name]
    except KeyError:
        raise UnknownMove(name) from None


def can_move(state: State, move: str | Move) -> bool:
    """Whether a move starts from a state. UnknownMove for a name that is none."""
    found = move if isinstance(move, Move) else move_named(move)
    return state in found.sources


def why_not(state: State, move: str | Move, *, same_person: bool = False) -> str:
    """The sentence why a move is not possible; empty when it is.

    same_person: the clerk is the one who submitted the case.
    """
    found = move if isinstance(move, Move) else move_named(move)
    if state not in found.sources:
        return f"この申請は「{state.label}」です。{found.why_not}"
    if found.second_person and same_person:
        return SAME_PERSON
    return ""


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that start from a state, in the order in which they are offered."""
    return tuple(move for move in MOVES if state in move.sources)
