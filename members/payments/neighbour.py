"""What happens here when two rows of the register become one.

The register works under 加入者の管理 and cannot touch an account, so nothing moves in its transaction: the work that may is
asked for once the merge stands, and the night asks again.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from members.enrollment.neighbours import Neighbour

logger = logging.getLogger(__name__)


def ask() -> None:
    """Hand the work to the broker, naming nobody. A broker that is away loses nothing: the night does it."""
    from members.payments.tasks import run_follow_merges

    try:
        run_follow_merges.apply_async(retry=False)
    except Exception as problem:  # noqa: BLE001  (kombu, redis and the network each raise their own)
        logger.warning("payments.follow_merges not sent: %s", type(problem).__name__)


def merged(from_id: int, to_id: int, by: Any) -> None:
    """Accounts and payments follow the person once the merge is committed."""
    transaction.on_commit(ask)


NEIGHBOUR = Neighbour("payments", merged=merged)
