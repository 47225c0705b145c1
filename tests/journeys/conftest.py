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
from playwright.sync_api import Error as PlaywrightError

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


# A worker that works when it is told to: a line names the jobs by the beginning of their kind, the answer is how many.
WORKS_WHEN_TOLD = """
import sys
import django
django.setup()
from django.db import connection
from kumiai.jobs import engine
from kumiai.jobs.models import Job
for line in sys.stdin:
    worked = list(Job.objects.filter(state="accepted", kind__startswith=line.strip()).values_list("pk", flat=True))
    for job in worked:
        engine.run(job)
    connection.close()
    print(len(worked), flush=True)
"""


@dataclass
class Stack:
    """The served portal: its address, the superuser's way to the database behind it, what its processes run with."""

    url: str
    database_url: str
    env: dict[str, str]
    folder: Path  # everything the processes print, and the mail they send
    worker_url: str
    _worker: subprocess.Popen | None = None

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

    def work(self, kind: str = "") -> int:
        """Has the worker do the accepted jobs whose kind begins so; how many it did."""
        if self._worker is None:
            with (self.folder / "told-worker.log").open("ab") as log:
                self._worker = subprocess.Popen(
                    [sys.executable, "-c", WORKS_WHEN_TOLD], cwd=ROOT, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                    env=self.env | {"DATABASE_URL": self.worker_url, "DJANGO_SETTINGS_MODULE": "kumiai.settings"},
                )  # fmt: skip
        self._worker.stdin.write(f"{kind}\n")
        self._worker.stdin.flush()
        answer = self._worker.stdout.readline()
        assert answer, (self.folder / "told-worker.log").read_text()[-3000:]
        return int(answer)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.communicate(timeout=20)

    def printed(self) -> str:
        """Everything the processes printed so far."""
        return "".join(log.read_text(errors="replace") for log in self.folder.glob("*.log"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _make_template(superuser: str, name: str, env: dict[str, str]) -> None:
    """The demo database every stack of this run is a copy of: made by whichever process comes first."""
    import psycopg

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    with psycopg.connect(_database(superuser, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # until the connection closes
        made_by = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if made_by == (run,):
            return
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        owner = env | {"DATABASE_URL": _database(superuser, name)}
        for arguments in (["migrate", "-v0"], ["load_notice", "-v0"], ["load_reference", "-v0"],
                          ["demo_data", "--members", str(MEMBERS), "--seed", "1"]):  # fmt: skip
            subprocess.run(
                [sys.executable, "manage.py", *arguments], cwd=ROOT, env=owner, check=True, capture_output=True
            )
        # The clerks' own work is done behind the wall, as script/server has it done.
        worker = env | {"DATABASE_URL": _login(superuser, name, "worker")}
        subprocess.run([sys.executable, "manage.py", "demo_work", "--seed", "1"], cwd=ROOT, env=worker, check=True)
        connection.execute(f"COMMENT ON DATABASE {name} IS '{run}'")


def _login(superuser: str, name: str, login: str) -> str:
    """The address of a database for one of the login roles."""
    return _database(
        superuser, name, user=f"{os.environ['WALL_PREFIX']}_{login}", password=os.environ[f"{login.upper()}_PASSWORD"]
    )


@pytest.fixture(scope="session")
def stack(tmp_path_factory, worker_id) -> Iterator[Stack]:
    """The portal of this process, with a database of its own, so that several drive theirs at once."""
    import psycopg

    superuser = os.environ["DATABASE_URL"]
    if not os.environ.get("WEB_PASSWORD"):
        pytest.skip("journeys run through script/test, which makes the login roles")
    template = f"{os.environ['WALL_PREFIX']}_journeys"
    served = f"{template}_{worker_id}"
    env = os.environ | {"DEBUG": "0", "HTTPS": "0", "DEMO_MODE": "1"}
    _make_template(superuser, template, env)
    with psycopg.connect(_database(superuser, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])  # nobody else copies it meanwhile
        connection.execute(f"DROP DATABASE IF EXISTS {served} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {served} TEMPLATE {template}")
    env["DATABASE_URL"] = _login(superuser, served, "web")
    made = Stack(
        "", _database(superuser, served), env, tmp_path_factory.mktemp("portal"), _login(superuser, served, "worker")
    )
    with made.served("web") as made.url:
        yield made
    made.close()


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


def _violations(page, script: str) -> list[str]:
    page.evaluate(script)
    return page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))"
        ".violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"
    )


def check_accessible(page) -> None:
    """No violation of the accessibility rules (WCAG 2.2 A and AA) on the page as it stands."""
    import axe_core_python

    script = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    try:
        found = _violations(page, script)
    except PlaywrightError:  # the page was still being left for the next one
        page.wait_for_load_state("networkidle")
        found = _violations(page, script)
    assert found == []


@pytest.fixture
def accessible() -> Callable:
    return check_accessible
