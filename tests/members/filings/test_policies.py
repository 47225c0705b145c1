"""States move only as the table says, and every refusal is a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from members.filings import policies
from members.filings.enums import FilingKind, FilingRole, FilingState
from members.filings.models import Filing
from members.filings.rules.codes import Level
from members.filings.rules.findings import Finding

ALL = [(before, after) for before in FilingState for after in FilingState]
ERROR = Finding(Level.ERROR, "x", "日付が誤っています。", "直してください。")


def filing(state: str = "received", **fields) -> Filing:
    return Filing(kind=fields.pop("kind", "acquisition"), state=state, entered_by_id=1, **fields)


@pytest.mark.parametrize(("before", "after"), ALL)
def test_a_filing_moves_only_where_the_table_lets_it(before, after):
    if after in policies.MOVES[before]:
        policies.check_move(filing(before), after)
    else:
        with pytest.raises(policies.UnableToMove, match=before.label) as refused:
            policies.check_move(filing(before), after)
        assert str(refused.value).endswith("。")


def test_every_state_is_reached_and_has_its_row():
    assert set(policies.MOVES) == set(FilingState)
    reached = set().union(*policies.MOVES.values())
    assert reached | {FilingState.DRAFT} == set(FilingState)


@pytest.mark.parametrize("state", list(FilingState))
def test_only_a_draft_or_a_received_filing_is_edited(state):
    allowed = state in (FilingState.DRAFT, FilingState.RECEIVED)
    assert policies.allows(policies.check_can_edit, filing(state)) is allowed


@pytest.mark.parametrize("kind", list(FilingKind))
@pytest.mark.parametrize("role", list(FilingRole))
@pytest.mark.parametrize("state", list(FilingState))
def test_only_a_processed_filing_is_corrected_or_cancelled(kind, role, state):
    row = filing(state, kind=kind, role=role)
    done = role == FilingRole.NEW and state in (FilingState.PROCESSED, FilingState.CORRECTED)
    assert policies.allows(policies.check_can_cancel, row) is done
    assert policies.allows(policies.check_can_correct, row) is done


def test_an_error_stops_and_is_told():
    with pytest.raises(policies.UnableToMove, match="日付が誤っています"):
        policies.check_no_errors([ERROR])
    policies.check_no_errors([Finding(Level.WARNING, "x", "見てください。")])


@pytest.mark.parametrize("user_id", [1, 2])
def test_who_entered_or_asked_does_not_approve(user_id):
    waiting = filing("waiting", requested_by_id=2)
    with pytest.raises(PermissionDenied, match="本人"):
        policies.check_can_approve(waiting, [], user_id)
    policies.check_can_approve(waiting, [], 3)


def test_what_does_not_wait_is_not_approved():
    with pytest.raises(policies.UnableToMove, match="承認を待っていません"):
        policies.check_can_approve(filing("received"), [], 3)
