"""Keyed digests: the address that stays recognisable without being readable, the Message-ID, the unsubscribe token."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

_SIGNED_AS = "kumiai.mailing.unsubscribe"


def address_digest(address: str) -> str:
    """HMAC-SHA-256 of an address, written small: one person's spellings of an address are one address.

    The key is settings.MAIL_DIGEST_KEY: with another key every suppression would be forgotten, so it is not rotated.
    """
    plain = address.strip().casefold()
    return salted_hmac("kumiai.mailing.address", plain, secret=settings.MAIL_DIGEST_KEY, algorithm="sha256").hexdigest()


def message_id(kind: str, reference_id: int, recipient_id: int) -> str:
    """The Message-ID, without brackets: the same for every attempt, and nobody outside can count or guess recipients."""
    key = f"{kind}:{reference_id}:{recipient_id}"
    digest = salted_hmac("kumiai.mailing.message", key, secret=settings.MAIL_DIGEST_KEY, algorithm="sha256").hexdigest()
    return f"k{digest[:40]}@{settings.MAIL_DOMAIN.lower()}"


def unsubscribe_token(outgoing_id: int) -> str:
    """The number of a mail, signed. It does not expire: a mail may be read years later."""
    return signing.Signer(salt=_SIGNED_AS).sign(str(outgoing_id))


def outgoing_of(token: str) -> int | None:
    """The number a token holds; None when it was not made here."""
    try:
        return int(signing.Signer(salt=_SIGNED_AS).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
