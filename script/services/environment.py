"""The environment of a local installation, kept in .local/env for its user only."""

from __future__ import annotations

import base64
import os
import secrets

from packages import ensure_font, ensure_venv
from place import LOCAL, PYTHON, ROOT, checkout_hash, read_env, say, write_env


def reenter() -> None:
    """Go on under the Python of the virtual environment, which has the database driver."""
    import sys

    if os.path.realpath(sys.prefix) != os.path.realpath(PYTHON.parent.parent):
        os.execv(str(PYTHON), [str(PYTHON), *sys.argv])


def base() -> dict[str, str]:
    """Secrets and names made once and kept. What the environment says itself goes first, and is not kept."""
    LOCAL.mkdir(exist_ok=True)
    kept = read_env()
    prefix = f"kp_{checkout_hash()}"
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "WALL_PREFIX": prefix,
        "WEB_PASSWORD": secrets.token_hex(16),
        "WORKER_PASSWORD": secrets.token_hex(16),
        "OWNER_PASSWORD": secrets.token_hex(16),
    }
    kept = made | kept
    write_env(kept)
    return kept | {name: os.environ[name] for name in made if os.environ.get(name)}


def setup() -> dict[str, str]:
    """Everything but servers: packages, font, secrets. Returns the kept environment."""
    ensure_venv()
    reenter()
    kept = base()
    font = os.environ.get("PDF_FONT_PATH") or ensure_font()
    say(f"Font for PDFs: {font}")
    return kept | {"PDF_FONT_PATH": font}


def passwords(kept: dict[str, str]) -> dict[str, str]:
    prefix = kept["WALL_PREFIX"]
    return {
        f"{prefix}_owner": kept["OWNER_PASSWORD"],
        f"{prefix}_web": kept["WEB_PASSWORD"],
        f"{prefix}_worker": kept["WORKER_PASSWORD"],
    }


def process_env(kept: dict[str, str], **more: str) -> dict[str, str]:
    """The environment of a process of the portal."""
    settings = {k: v for k, v in kept.items() if not k.endswith("_PASSWORD")}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "kumiai.settings", "PYTHONPATH": str(ROOT), **settings, **more}
