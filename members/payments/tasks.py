"""Work of payments with nobody at the keyboard."""

from __future__ import annotations

from celery import shared_task

from members.payments.actions.following import follow_merges
from members.payments.activities import MERGE_FOLLOWING
from privacy.scope import Way, scope

WAY = Way(name="夜間処理", view="payments.follow_merges")


@shared_task(name="payments.follow_merges", acks_late=True, reject_on_worker_lost=True, activity=MERGE_FOLLOWING)
def run_follow_merges() -> None:
    """Accounts and payments of merged rows go on under the rows that remain. Asked for after a merge, and every night."""
    with scope(MERGE_FOLLOWING, None, operation="change", way=WAY):
        follow_merges()
