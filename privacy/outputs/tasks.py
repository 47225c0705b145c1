"""The job that makes files, and the night that destroys them."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from kumiai.jobs.engine import register
from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.activities import activity_by_code
from privacy.outputs import actions, building
from privacy.outputs.enums import OutputState
from privacy.outputs.kinds import file_kinds
from privacy.outputs.models import Output
from privacy.scope import Way, scope

logger = logging.getLogger(__name__)

# A file that is still not made after this many days has failed for good; what was staged for it is destroyed.
UNFINISHED_DAYS = 7

register(
    actions.JOB,
    "ファイルの作成",
    total=building.freeze,
    chunk=building.chunk,
    operation="export",
)


def due_for_destruction(at: datetime) -> Q:
    """Fetched, sent back, withdrawn, past its days, or never finished."""
    ended = Q(state__in=[OutputState.FETCHED, OutputState.REFUSED, OutputState.WITHDRAWN])
    expired = Q(state__in=[OutputState.WAITING, OutputState.READY], expires_at__lte=at)
    unfinished = Q(state=OutputState.PREPARING, requested_at__lt=at - timedelta(days=UNFINISHED_DAYS))
    return ended | expired | unfinished


def destroy_due(at: datetime) -> int:
    """Destroy what is due, each shelf under its keeper; how many files. The record stays with its digest."""
    kinds = file_kinds()
    by_keeper: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, name in Output.objects.filter(due_for_destruction(at)).values_list("pk", "file_kind"):
        if name not in kinds:
            logger.error("output %s: kind is gone, its bytes stay", pk)
            continue
        by_keeper[kinds[name].shelf.keeper][name].append(pk)
    count = 0
    for keeper, found in by_keeper.items():
        with scope(activity_by_code(keeper), None, operation="change", way=Way(name="夜間処理", view="outputs.night")):
            for name, ids in found.items():
                # Locked, so that a file being fetched in this moment is whole or gone, never half.
                rows = Output.objects.select_for_update().filter(due_for_destruction(at), pk__in=ids)
                ready = list(rows.values_list("pk", flat=True))
                actions.destroy_rows(kinds[name], ready)
                Output.objects.filter(pk__in=ready).update(state=OutputState.DESTROYED, destroyed_at=at)
                count += len(ready)
    return count


def overdue_returns(at: datetime) -> list[int]:
    """Files at contractors past their day of return or destruction: an alarm with numbers only."""
    rows = Output.objects.filter(return_due__lt=timezone.localdate(at), returned_on__isnull=True)
    ids = list(rows.values_list("pk", flat=True))
    for pk in ids:
        logger.error("output %s: not returned or destroyed by the contractor in time", pk)
    return ids


# NO_PERSONAL_DATA: the rows about nobody are read here; bytes are destroyed in the scope of the shelf's keeper.
@shared_task(name="outputs.night", activity=NO_PERSONAL_DATA)
def night() -> None:
    """Every night: destroy what is due, and raise the alarm for what contractors still hold."""
    at = timezone.now()
    destroy_due(at)
    overdue_returns(at)
