"""Housekeeping of log-in: nothing about anybody but opaque session keys."""

from celery import shared_task

from kumiai.accounts.sessions import SessionStore
from kumiai.ui.declarations import NO_PERSONAL_DATA


@shared_task(name="accounts.clear_sessions", activity=NO_PERSONAL_DATA)
def clear_sessions() -> None:
    """Remove the sessions that have expired. Twice in a night removes nothing more."""
    SessionStore.clear_expired()
