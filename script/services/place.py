"""Where things are: the checkout, its local folder, and the prefix that keeps two checkouts apart."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ENV_FILE = LOCAL / "env"


def checkout_hash(path: Path = ROOT) -> str:
    """Six hexadecimal digits of the checkout's path: roles and data directories carry them."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:6]


def is_root() -> bool:
    return os.geteuid() == 0


def free_port() -> int:
    """A free TCP port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port: int) -> bool:
    """Whether nobody listens on the port. The option is the one gunicorn and PostgreSQL use themselves."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def stop_on_signals() -> None:
    """End through `finally` when the process is terminated or its terminal closed, so that nothing started stays."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, _frame: sys.exit(128 + signum))


def say(line: str) -> None:
    print(line, flush=True)


def run(command: list[str], **options) -> subprocess.CompletedProcess:
    """Run a command; on failure show what it printed and stop."""
    done = subprocess.run(command, text=True, capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done


def read_env(path: Path = ENV_FILE) -> dict[str, str]:
    """KEY=value lines of a file; empty when there is none."""
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write_env(values: dict[str, str], path: Path = ENV_FILE) -> None:
    """Keep the values for this user only."""
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{key}={value}\n" for key, value in sorted(values.items())))
