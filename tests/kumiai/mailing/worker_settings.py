"""The portal's settings for the sender that the tests kill: no pace to speak of, a short patience."""

from kumiai.settings import *  # noqa: F403  (settings are taken over whole)

MAIL_HEARTBEAT_SECONDS = 1
