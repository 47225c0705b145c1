"""What every action on a filing does: lock it, check the version and the person, write the step."""

from __future__ import annotations

from typing import Any

from members.enrollment import policies as enrollment_policies
from members.filings import policies, queries
from members.filings.actions.errors import StaleFiling
from members.filings.enums import FilingState
from members.filings.models import Filing, FilingStep


def check_may_handle(by: Any, *members: Any) -> None:
    """Raises PermissionDenied when one of them is protected and this clerk is not named."""
    for member in members:
        if member is not None:
            enrollment_policies.check_may_handle(by.pk, member)


def lock(filing_id: int, version: int | None, *, by: Any) -> Filing:
    """The filing, locked, for a clerk who may handle its people. StaleFiling when it was saved since it was opened."""
    filing = (
        Filing.objects.select_for_update(of=("self",))
        .select_related("member", "dependant", "employer", "corrects")
        .get(pk=filing_id)
    )
    check_may_handle(by, filing.member, filing.dependant)
    if version is not None and filing.version != version:
        queries.fill_contents(filing)
        last = FilingStep.objects.filter(filing=filing).order_by("-at", "-pk").first()
        raise StaleFiling(filing, filing.contents, last.by_id if last else None, last.at if last else None)
    return filing


def move(filing: Filing, after: FilingState, *, by: Any, sentence: str = "", first: bool = False) -> None:
    """Bring a filing into a state and write the step. The caller saves the filing's other fields with it."""
    before = "" if first else filing.state
    if not first:
        policies.check_move(filing, after)
    filing.state = after
    if not first:
        filing.version += 1
    filing.save()
    FilingStep.objects.create(
        filing=filing,
        member_id=filing.dependant_id or filing.member_id,
        before=before,
        after=after,
        sentence=sentence[:300],
        by_id=by.pk,
    )
