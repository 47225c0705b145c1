"""Signing in without the pages, for tests of other apps: `sign_in(client, user)`."""

import time

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from kumiai.accounts import sessions
from kumiai.accounts.models import SecondFactor, User


def sign_in(client: Client, user: User) -> None:
    """A session as after both steps. `user` has a registered second factor (personas and factories do)."""
    factor = SecondFactor.objects.get(user=user, confirmed=True)
    store = sessions.SessionStore()
    now = int(time.time())
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            DEVICE_ID_SESSION_KEY: factor.persistent_id,
            sessions.STARTED_AT: now,
            sessions.SEEN_AT: now,
            sessions.DEVICE: "試験の端末",
        }
    )
    store.save()
    client.cookies["sessionid"] = store.session_key
