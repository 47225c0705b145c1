"""Encryption at rest of what only the portal itself may read: second-factor secrets, numbers of accounts."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UndecipherableSecret(Exception):
    """A stored secret fits none of the keys in FIELD_ENCRYPTION_KEYS."""


@cache
def _of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _fernet() -> MultiFernet:
    """All configured keys: the first encrypts, every one decrypts, so that keys can be changed without a gap."""
    return _of(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(plain: bytes) -> str:
    """The Fernet token of `plain`, as text for a column."""
    return _fernet().encrypt(plain).decode("ascii")


def decrypt(token: str) -> bytes:
    """The bytes behind a stored token."""
    try:
        return _fernet().decrypt(token.encode("ascii"))
    except InvalidToken as error:
        raise UndecipherableSecret("FIELD_ENCRYPTION_KEYS のどの鍵でも復号できません。") from error


def reencrypt(token: str) -> str:
    """The same secret under the first key of FIELD_ENCRYPTION_KEYS."""
    try:
        return _fernet().rotate(token.encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise UndecipherableSecret("FIELD_ENCRYPTION_KEYS のどの鍵でも復号できません。") from error
