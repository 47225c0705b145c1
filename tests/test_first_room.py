"""docs/first-room.md is followed to the letter: its room passes the checks, and fails them when a declaration is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```python\n# (\S+)\n(.*?)```", re.DOTALL)
SETTINGS = """from kumiai.settings import *
INSTALLED_APPS = [*INSTALLED_APPS[:-1], "recreation", "privacy"]
ROOT_URLCONF = "house_urls"
"""
URLS = """from django.urls import include, path
from kumiai.urls import urlpatterns as house
urlpatterns = [*house, path("recreation/", include("recreation.urls"))]
"""


@pytest.fixture
def room(tmp_path):
    """The blocks of the page as files of a package."""
    blocks = BLOCK.findall((ROOT / "docs/first-room.md").read_text())
    assert {name for name, _text in blocks} >= {f"recreation/{n}.py" for n in ("models", "activities", "views", "urls")}
    (tmp_path / "recreation").mkdir()
    (tmp_path / "recreation/__init__.py").touch()
    for name, text in blocks:
        (tmp_path / name).write_text(text)
    (tmp_path / "house_settings.py").write_text(SETTINGS)
    (tmp_path / "house_urls.py").write_text(URLS)
    return tmp_path


def run(room, *command):
    env = os.environ | {
        "PYTHONPATH": f"{room}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "house_settings",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run([sys.executable, *command], cwd=room, env=env, capture_output=True, text=True, timeout=120)


def check(room):
    return run(room, str(ROOT / "manage.py"), "check")


def leave_out(room, name, line):
    path = room / "recreation" / name
    text = path.read_text()
    assert line in text
    path.write_text(text.replace(line, ""))


def test_the_room_passes_the_checks(room):
    done = check(room)
    assert done.returncode == 0, done.stderr


def test_its_test_passes(room):
    done = run(room, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(room), "recreation/test_wall.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_without_a_category_it_does_not_start(room):
    leave_out(room, "models.py", "    category = Category.RECREATION_FACILITY\n")
    done = check(room)
    assert done.returncode != 0
    assert "privacy.E001" in done.stderr


def test_without_an_activity_its_screen_does_not_start(room):
    leave_out(room, "views.py", "    activity = STAY_ADMINISTRATION\n")
    done = check(room)
    assert done.returncode != 0
    assert "privacy.E002" in done.stderr
