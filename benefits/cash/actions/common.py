"""What every action on a case does: lock it, write down the move, count its version."""

from __future__ import annotations

from typing import Any

from benefits.cash import policies
from benefits.cash.models import Case, CaseStep
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.states import State, move_named

SOURCE = "cash.decision"
RECEIVED = "receive"
EDITED = "edit"


def locked(case_id: int, version: int | None = None) -> Case:
    """The case, locked. Raises Stale when somebody saved since it was opened, UnableToProcess when there is none."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise UnableToProcess("この番号の申請はありません。")
    policies.check_version(case, version)
    return case


def step(case: Case, *, move: str, by: Any, reason: str = "", before: str = "") -> CaseStep:
    return CaseStep.objects.create(
        case=case,
        member_id=case.member_id,
        move=move,
        before=before,
        after=case.state,
        by_id=by.pk if by is not None else None,
        reason=reason.strip()[:300],
    )


def moved(case: Case, *, name: str, by: Any, reason: str = "", **fields: Any) -> Case:
    """The case in the state the move leads to, with its step. The caller has checked that it may."""
    before, case.state = case.state, str(move_named(name).target)
    for field, value in fields.items():
        setattr(case, field, value)
    case.version += 1
    case.save(update_fields=["state", "version", *fields])
    step(case, move=name, by=by, reason=reason, before=before)
    return case


def touched(case: Case, *fields: str) -> Case:
    """The case after a change of what belongs to it: its version counts on, so that nobody decides on an older page."""
    case.version += 1
    case.save(update_fields=["version", *fields])
    return case


def state_of(case: Case) -> State:
    return State(case.state)
