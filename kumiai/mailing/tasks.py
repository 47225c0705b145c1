"""The task that sends what is due."""

import logging

from celery import shared_task

from kumiai.mailing import engine
from kumiai.ui.declarations import NO_PERSONAL_DATA

logger = logging.getLogger(__name__)


# NO_PERSONAL_DATA: each chunk is composed in the scope its kind supplies (kinds.register, `entered`).
@shared_task(name="mailing.send_due", acks_late=True, reject_on_worker_lost=True, activity=NO_PERSONAL_DATA)
def send_due() -> None:
    """Send what is due; go on in a task of its own while something is left. Delivered twice, the second does nothing."""
    run = engine.send_due()
    if run is not None and run.left:
        try:
            send_due.apply_async(retry=False)
        except Exception as problem:  # noqa: BLE001  (kombu, redis and the network each raise their own)
            # Nothing is lost: beat sends the task every five minutes.
            logger.warning("mail: next run not sent: %s", type(problem).__name__)
