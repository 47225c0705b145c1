"""Steps between receipt and processing: approval asked for, sent back to the clerk, returned to the employer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.filings import policies
from members.filings.actions.common import lock, move
from members.filings.enums import FilingState
from members.filings.models import Filing, FilingReturn
from members.filings.rules.findings import Finding


@transaction.atomic
def request_approval(*, by: Any, filing_id: int, version: int, findings: list[Finding]) -> Filing:
    """承認を求める: the filing waits for another person."""
    filing = lock(filing_id, version, by=by)
    policies.check_can_request_approval(filing, findings)
    filing.requested_by_id, filing.requested_at = by.pk, timezone.now()
    move(filing, FilingState.WAITING, by=by, sentence="承認を求めました")
    return filing


@transaction.atomic
def send_back(*, by: Any, filing_id: int, version: int, sentence: str) -> Filing:
    """差し戻し: the clerk who entered the filing is to put something right."""
    filing = lock(filing_id, version, by=by)
    if filing.state != FilingState.WAITING:
        raise policies.UnableToMove("この届は承認を待っていません。")
    filing.requested_by_id = filing.requested_at = None
    move(filing, FilingState.RECEIVED, by=by, sentence=f"差し戻しました：{sentence}")
    return filing


@transaction.atomic
def return_to_employer(
    *, by: Any, filing_id: int, version: int, reason: str, sentence: str, today: date
) -> FilingReturn:
    """返戻: back to the employer with the reason. The letter is made from the row this leaves."""
    filing = lock(filing_id, version, by=by)
    policies.check_move(filing, FilingState.RETURNED)
    filing.requested_by_id = filing.requested_at = None
    made = FilingReturn.objects.create(
        filing=filing,
        member_id=filing.dependant_id or filing.member_id,
        employer_id=filing.employer_id,
        reason=reason,
        sentence=sentence,
        returned_date=today,
        returned_by_id=by.pk,
    )
    move(filing, FilingState.RETURNED, by=by, sentence=f"返戻しました（{made.get_reason_display()}）")
    return made
