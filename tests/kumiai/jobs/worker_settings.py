"""The portal's settings for the worker that the tests kill: plain transactions, a short patience."""

from kumiai.settings import *  # noqa: F403  (settings are taken over whole)

JOB_CHUNK_CONTEXT = ""
JOB_HEARTBEAT_SECONDS = 1
