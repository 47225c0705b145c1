"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet

from kumiai.accounts import crypto


def test_what_is_encrypted_comes_back_and_does_not_show() -> None:
    stored = crypto.encrypt(b"a shared secret")
    assert crypto.decrypt(stored) == b"a shared secret"
    assert "secret" not in stored


def test_an_old_key_still_opens_and_the_new_one_closes(settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    stored = crypto.encrypt(b"kept")
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    assert crypto.decrypt(stored) == b"kept"
    renewed = crypto.reencrypt(stored)
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert crypto.decrypt(renewed) == b"kept"
    with pytest.raises(crypto.UndecipherableSecret):
        crypto.decrypt(stored)
    with pytest.raises(crypto.UndecipherableSecret):
        crypto.reencrypt(stored)
