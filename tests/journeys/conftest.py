"""Journeys: the portal as it is served, driven in a browser.

The stack is gunicorn under the web login role, on a copy of a demo database made once. Each journey is written as
sentences and ends with no accessibility violation.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = 300
BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if ROOT / "tests" / "journeys" in item.path.parents:
            item.add_marker(pytest.mark.journey)


def _database(url: str, name: str, *, user: str | None = None, password: str | None = None) -> str:
    parts = urlsplit(url)
    netloc = parts.netloc if user is None else f"{user}:{password}@{parts.hostname}:{parts.port}"
    return urlunsplit((parts.scheme, netloc, f"/{name}", "", ""))


@dataclass
class Stack:
    """The served portal: its address, the superuser's way to the database behind it, what its processes run with."""

    url: str
    database_url: str
    env: dict[str, str]
    folder: Path  # everything the processes print, and the mail they send

    def sql(self, statement: str, parameters: tuple = ()) -> list[tuple]:
        """What the database holds, read past the wall as the tests' oracle."""
        import psycopg

        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def start(self, name: str, *arguments: str, **env: str) -> subprocess.Popen:
        """A process of the portal, in a group of its own; what it prints lands in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.env | env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @contextmanager
    def served(self, name: str, **env: str) -> Iterator[str]:
        """A web process with settings of its own; its address, once it answers."""
        port = free_port()
        server = self.start(
            name, "-m", "gunicorn", "kumiai.wsgi:application", "--bind", f"127.0.0.1:{port}", "--threads", "4",
            "--log-level", "warning", **env,
        )  # fmt: skip
        try:
            for _attempt in range(120):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                        break
                except OSError:
                    time.sleep(0.5)
            else:
                pytest.fail((self.folder / f"{name}.log").read_text()[-3000:])
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)

    def printed(self) -> str:
        """Everything the processes printed so far."""
        return "".join(log.read_text(errors="replace") for log in self.folder.glob("*.log"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def stack(tmp_path_factory) -> Iterator[Stack]:
    import psycopg

    superuser = os.environ["DATABASE_URL"]
    prefix = os.environ["WALL_PREFIX"]
    if not os.environ.get("WEB_PASSWORD"):
        pytest.skip("journeys run through script/test, which makes the login roles")
    served, template = f"{prefix}_journeys", f"{prefix}_journeys_template"
    with psycopg.connect(_database(superuser, "postgres"), autocommit=True) as connection:
        for name in (served, template):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {template}")
    env = os.environ | {"DEBUG": "0", "HTTPS": "0", "DEMO_MODE": "1"}
    owner = env | {"DATABASE_URL": _database(superuser, template)}
    for arguments in (["migrate", "-v0"], ["load_notice", "-v0"], ["load_reference", "-v0"],
                      ["demo_data", "--members", str(MEMBERS), "--seed", "1"]):  # fmt: skip
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=owner, check=True, capture_output=True)
    # The clerks' own work is done behind the wall, as script/server has it done.
    worker = env | {
        "DATABASE_URL": _database(superuser, template, user=f"{prefix}_worker", password=env["WORKER_PASSWORD"])
    }
    subprocess.run([sys.executable, "manage.py", "demo_work", "--seed", "1"], cwd=ROOT, env=worker, check=True)
    with psycopg.connect(_database(superuser, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {served} TEMPLATE {template}")
    env["DATABASE_URL"] = _database(superuser, served, user=f"{prefix}_web", password=env["WEB_PASSWORD"])
    made = Stack("", _database(superuser, served), env, tmp_path_factory.mktemp("portal"))
    with made.served("web") as made.url:
        yield made


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=BROWSER_ARGUMENTS
        )
        yield chromium
        chromium.close()


_sessions: dict[str, dict] = {}


@pytest.fixture
def open_page(browser, stack) -> Iterator[Callable]:
    """A fresh page at 1366×768; with a staff number, as that person, already logged in. `at`: another web process."""
    contexts = []

    def make(staff_number: str | None = None, *, at: str = ""):
        state = _sessions.get(staff_number) if staff_number else None
        context = browser.new_context(
            base_url=at or stack.url, viewport={"width": 1366, "height": 768}, locale="ja-JP", storage_state=state
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if staff_number and state is None:
            log_in(page, staff_number)
            _sessions[staff_number] = context.storage_state()
        return page

    yield make
    for context in contexts:
        context.close()


_last_step: dict[str, int] = {}
STEP = 30  # seconds a one-time code lasts


def _fresh_code(staff_number: str) -> str:
    """The code of a step this person has not used yet: a code works once."""
    from kumiai.accounts.demo import demo_code

    while int(time.time()) // STEP <= _last_step.get(staff_number, 0):
        time.sleep(0.5)
    _last_step[staff_number] = int(time.time()) // STEP
    return demo_code(staff_number, at=time.time())


def log_in(page, staff_number: str, *, go: bool = True, arrived: str = "今日の仕事") -> None:
    """Through the two steps, as a person does; `go`: from the log-in page, else from the page where one stands."""
    from kumiai.accounts.demo import PASSWORD

    if go:
        page.goto("/accounts/login/")
    page.get_by_label("職員番号").fill(staff_number)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("確認コード（6桁）").fill(_fresh_code(staff_number))
    page.get_by_role("button", name="ログイン", exact=True).click()
    page.get_by_role("heading", name=arrived, exact=True).wait_for()


def check_accessible(page) -> None:
    """No violation of the accessibility rules (WCAG 2.2 A and AA) on the page as it stands."""
    import axe_core_python

    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))"
        ".violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"
    )
    assert found == []


@pytest.fixture
def accessible() -> Callable:
    return check_accessible
