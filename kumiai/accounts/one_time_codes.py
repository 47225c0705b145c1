"""Time-based one-time codes (RFC 6238) and recovery codes: pure functions, no clock, no database."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
# One step to either side: codes are accepted for at most 90 seconds.
TOLERANCE_STEPS = 1
# A clock that runs away is followed, but never further than two minutes.
MAX_DRIFT_STEPS = 4

RECOVERY_CODE_COUNT = 10
# 31 signs: no 0/O, 1/I/L. Twelve of them carry 59 bits.
RECOVERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECOVERY_LENGTH = 12


@dataclass(frozen=True)
class AcceptedCode:
    """A code that fits: the time step it belongs to, and how many steps the phone's clock is away from ours."""

    step: int
    drift: int


def new_secret() -> bytes:
    """160 random bits, the length RFC 4226 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def secret_as_text(secret: bytes) -> str:
    """The secret in base32 in groups of four, for typing it into an authenticator application."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def provisioning_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """The otpauth:// address an authenticator application reads from the QR code. Names the account by staff number."""
    query = urlencode(
        {
            "secret": secret_as_text(secret).replace(" ", ""),
            "issuer": issuer,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP_SECONDS,
        },
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def code_at(secret: bytes, *, at: float) -> str:
    """The six digits valid at `at` (seconds since 1970 UTC)."""
    totp = TOTP(secret, step=STEP_SECONDS, digits=DIGITS)
    totp.time = at
    return f"{totp.token():0{DIGITS}d}"


def normalize_code(typed: str) -> str:
    """Half-width without spaces and hyphens: １２３ ４５６ → 123456."""
    text = unicodedata.normalize("NFKC", typed)
    return "".join(ch for ch in text if not ch.isspace() and ch not in "-‐‑–—―−ー").upper()


def accept_code(secret: bytes, code: str, *, at: float, drift: int, last_step: int) -> AcceptedCode | None:
    """What `code` matches, or None. A step at or before `last_step` never matches again (no replay)."""
    if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
        return None
    totp = TOTP(secret, step=STEP_SECONDS, digits=DIGITS, drift=drift)
    totp.time = at
    if not totp.verify(int(code), tolerance=TOLERANCE_STEPS, min_t=last_step + 1):
        return None
    return AcceptedCode(step=totp.t(), drift=max(-MAX_DRIFT_STEPS, min(MAX_DRIFT_STEPS, totp.drift)))


def new_recovery_codes() -> list[str]:
    """Ten codes in the form XXXX-XXXX-XXXX."""
    return [_recovery_code() for _ in range(RECOVERY_CODE_COUNT)]


def _recovery_code() -> str:
    signs = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
    return "-".join(signs[i : i + 4] for i in range(0, RECOVERY_LENGTH, 4))


def new_salt() -> str:
    return secrets.token_hex(16)


def recovery_digest(code: str, *, salt: str) -> str:
    """scrypt of a normalised recovery code. One salt serves the ten codes of a set, so checking one costs one hash."""
    normal = normalize_code(code).encode("utf-8", "replace")
    return hashlib.scrypt(normal, salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()


def same_digest(one: str, other: str) -> bool:
    """Comparison in constant time."""
    return hmac.compare_digest(one, other)
