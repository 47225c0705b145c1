"""The virtual environment, and the things pip brings that are no imports: a font, server binaries."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from place import LOCAL, PYTHON, ROOT, VENV, run, say

FONT = Path("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf")


def ensure_venv() -> None:
    """Create .venv and install the pinned requirements, when they changed since the last time."""
    if sys.version_info < (3, 11):  # noqa: UP036  (said in words to whoever starts it with an older one)
        sys.exit("Python 3.11 or newer is needed.")
    wanted = b"".join((ROOT / name).read_bytes() for name in ("requirements.txt", "requirements-dev.txt"))
    digest = hashlib.sha256(wanted).hexdigest()
    mark = VENV / "requirements.sha256"
    if PYTHON.exists() and mark.exists() and mark.read_text() == digest:
        return
    say("Python: installing the pinned packages into .venv")
    if not any(VENV.glob("lib/python*/site-packages/pip")):
        # Debian's Python has no ensurepip without python3-venv: there its own pip brings pip into the environment.
        own_pip = importlib.util.find_spec("ensurepip") is not None
        venv.create(VENV, with_pip=own_pip)
        if not own_pip:
            run([sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-q", "pip"])
    run([str(PYTHON), "-m", "pip", "install", "-q", "-r", str(ROOT / "requirements-dev.txt")])
    mark.write_text(digest)


def from_wheel(name: str, target: Path) -> Path:
    """Unpack a wheel without its dependencies into a folder of its own; once."""
    if not target.exists():
        # The name appears when everything is there: an interrupted download is begun again.
        unfinished = target.with_name(target.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        run([str(PYTHON), "-m", "pip", "install", "-q", "--no-deps", "--target", str(unfinished), name],
            umask=0o022)  # fmt: skip
        unfinished.rename(target)
    return target


def ensure_font() -> str:
    """A Japanese font for PDFs: Debian's IPAexGothic, else the file inside a wheel (IPA font licence)."""
    if FONT.exists():
        return str(FONT)
    target = from_wheel("matplotlib-fontja==1.1.0", LOCAL / "fonts")
    return str(next(target.rglob("ipaexg.ttf")))


def ensure_chromium(may_install: bool) -> str | None:
    """The path of Chromium, installed from Debian where allowed; None when it cannot be had."""
    for name in ("chromium", "chromium-browser"):
        if found := shutil.which(name):
            return found
    if may_install and shutil.which("apt-get"):
        say("Chromium: installing Debian's package")
        for command in (["apt-get", "update", "-qq"],
                        ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]):  # fmt: skip
            subprocess.run(
                command,
                capture_output=True,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            )
    return shutil.which("chromium")
