"""The sealer: runs every half minute, so that events are sealed within sixty seconds."""

from celery import shared_task

from privacy.accesslog.sealing import seal
from privacy.activities import NO_PERSONAL_DATA


@shared_task(name="accesslog.seal", activity=NO_PERSONAL_DATA)
def seal_access_log() -> None:
    """Seal what is committed. Reads and writes digests only, through a function of the database."""
    seal()
