"""Mutants of the kernel: a fault put into a copy of the tree must make the quick tests fail. Every one must be killed.

Some are tried on the whole copy first: a copy in which nothing runs would kill everything. That each test passes without a
fault is what the rest of script/test says. PORTAL_MUTANTS picks some by a word of
their fault.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.reliability.conftest import LONG
from tests.reliability.mutants import MUTANTS, Mutant

ROOT = Path(settings.BASE_DIR)
SOUND = ("tests/privacy/test_scope.py", "tests/architecture/test_declared_wall.py")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".local", "__pycache__", ".*_cache", "node_modules", "benchmarks")
CHOSEN = [mutant for mutant in MUTANTS if os.environ.get("PORTAL_MUTANTS", "") in mutant.fault]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_each_mutant_still_fits_the_code(mutant):
    text = (ROOT / mutant.path).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, f"{mutant.path} no longer holds, or holds more than once: {mutant.old}"
    compile(text.replace(mutant.old, mutant.new), mutant.path, "exec")
    for name in mutant.tests:
        assert not name.endswith(".py") or (ROOT / name).exists(), name


def tried(tree: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess:
    """Run tests in a tree, on a database and with roles of the mutants' own."""
    env = os.environ | {
        "PYTHONPATH": str(tree),
        "TEST_DATABASE_NAME": "test_mutants",
        "WALL_PREFIX": "kp_mutants",
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name in ("KUMIAI_LONG_TESTS", "PORTAL_SEED", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        env.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "--reuse-db", "--no-header", "--tb=line", *tests],
        cwd=tree, env=env, capture_output=True, text=True, timeout=1800,
    )  # fmt: skip


@pytest.mark.skipif(not LONG, reason="script/test --long")
def test_every_mutant_of_the_kernel_is_killed(tmp_path):
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    whole = tried(tree, SOUND)
    assert whole.returncode == 0, whole.stdout[-4000:] + whole.stderr[-2000:]
    survived = []
    for mutant in CHOSEN:
        survived += [] if killed(tree, mutant) else [mutant.fault]
    print(f"{len(CHOSEN)} mutants, {len(CHOSEN) - len(survived)} killed, survivors: {survived}")
    assert survived == []


def killed(tree: Path, mutant: Mutant) -> bool:
    """Put the fault in, run its tests, take it out again. Only failing tests kill; a run that does not begin is no proof."""
    place, began = tree / mutant.path, time.monotonic()
    whole = place.read_text(encoding="utf-8")
    place.write_text(whole.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        run = tried(tree, (mutant.tests[0], "-k", mutant.first)) if mutant.first else None
        if run is None or run.returncode != 1:
            run = tried(tree, mutant.tests)
    finally:
        place.write_text(whole, encoding="utf-8")
    noticed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    said = noticed[0] if noticed else run.stdout[-300:] + run.stderr[-300:]
    print(
        f"{'survived' if run.returncode == 0 else 'killed'} {mutant.fault} ({time.monotonic() - began:.0f} s): {said}"
    )
    return run.returncode == 1 and bool(noticed)
