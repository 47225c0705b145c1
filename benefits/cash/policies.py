"""May this case be moved now? Each check raises with a sentence for the clerk, naming nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benefits.cash.models import Calculation, Case, CaseDocument, CaseFinding, Decision
from benefits.cash.rules.findings import Effect
from benefits.cash.rules.states import EDITABLE, Move, State, move_named, why_not

STALE = "あなたが開いたあとに、ほかの職員が保存しました。いまの内容を確かめて、もう一度行ってください。"


class UnableToProcess(Exception):
    """It cannot be done; the text is a sentence for the clerk, naming nobody."""


class Stale(UnableToProcess):
    """Somebody saved meanwhile."""


def check_version(case: Case, version: int | None) -> None:
    if version is not None and case.version != version:
        raise Stale(STALE)


def check_can_edit(case: Case) -> None:
    """What was applied for can be changed only before it is computed, or in a correction."""
    if case.status not in EDITABLE:
        raise UnableToProcess(
            f"この申請は「{case.status.label}」です。申請の内容を直せるのは、受付・書類待ち・審査中・訂正のときです。"
            "計算済のときは、先に審査に戻してください。"
        )


def check_can_move(case: Case, name: str, by: Any, reason: str = "") -> Move:
    """The move itself, when the case is in a state from which it starts, by a person who may, with a reason if it asks one."""
    move = move_named(name)
    sentence = why_not(case.status, move, same_person=case.submitted_by_id == by.pk)
    if sentence:
        raise UnableToProcess(sentence)
    if move.needs_reason and not reason.strip():
        raise UnableToProcess(f"「{move.label}」には理由が必要です。理由を入力してください。")
    return move


def check_complete(documents: Sequence[CaseDocument], findings: Sequence[CaseFinding]) -> None:
    """Every document that is needed is there and in order, and nothing that was found waits for a clerk."""
    missing = [row.title for row in documents if row.required and row.state != "checked"]
    if missing:
        raise UnableToProcess(f"確認済みでない書類があります：{'、'.join(missing)}。書類を確かめてから進めてください。")
    waiting = [row for row in findings if row.open]
    if waiting:
        raise UnableToProcess(
            f"確かめていない点検の結果が{len(waiting)}件あります。一件ずつ、確かめたことを書いてから進めてください。"
        )


def check_can_submit(calculation: Calculation | None) -> None:
    if calculation is None:
        raise UnableToProcess("計算がありません。先に計算してください。")
    if calculation.refused:
        raise UnableToProcess(
            "計算の結果、支給する額がありません。審査に戻し、「不支給として決裁に回す」を選んでください。"
        )


def check_can_grant(case: Case, calculation: Calculation | None, findings: Sequence[CaseFinding]) -> Calculation:
    """支給: not one that was proposed as a refusal, nor where a check says that nothing is payable."""
    if case.refusal_proposed:
        raise UnableToProcess("不支給として決裁に回された申請です。支給するときは、差し戻して計算してください。")
    check_can_submit(calculation)
    if any(row.open and row.effect == Effect.REFUSE for row in findings):
        raise UnableToProcess("支給しないとする点検の結果が残っています。差し戻して確かめてください。")
    assert calculation is not None
    return calculation


def net_of(decisions: Sequence[Decision]) -> int:
    """Yen that the decisions so far have given: what was granted less what is to come back."""
    granted = sum(row.amount for row in decisions if row.outcome == "grant")
    return granted - sum(row.amount for row in decisions if row.outcome == "recover")


def check_nothing_paid(decisions: Sequence[Decision]) -> None:
    """不支給 leaves nothing that was given before."""
    if net_of(decisions) > 0:
        raise UnableToProcess("すでに支給した額があります。不支給ではなく、返納を決定してください。")


def can_be_edited(case: Case) -> bool:
    return case.status in EDITABLE or case.status is State.CORRECTING
