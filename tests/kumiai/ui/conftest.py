"""Invented staff for the tests of the pages everybody sees."""

import time

import pytest
from django.utils import timezone

from kumiai.accounts.models import SecondFactor, User


@pytest.fixture
def clerk(db, owner, settings) -> User:
    """A member of staff with a second factor and no grant."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with owner():
        user = User.objects.create_user("9101", "yozora-no-hoshi-3", name="試験 一郎", kana="シケン イチロウ")
        factor = SecondFactor(user=user, confirmed=True, confirmed_at=timezone.now())
        factor.secret = str(time.time()).encode().ljust(20, b"0")[:20]
        factor.save()
    return user


@pytest.fixture
def signed_in(client, clerk):
    """A browser after both steps of the log-in."""
    from tests.kumiai.accounts.signing_in import sign_in

    sign_in(client, clerk)
    return client
