"""script/server [--port N]: from a fresh clone to the log-in page. Ctrl-C stops everything it started."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import urllib.request

from place import LOCAL, PYTHON, ROOT, free_port, port_is_free, say
from stack import Stack, open_stack

PERSONAS = """  1001 佐藤 真由美（適用課）     加入者の管理
  1002 鈴木 浩司（給付課）       加入者の管理（見るだけ）
  1003 高橋 恵（保健事業課）     各種保健事業の対象者の特定
  1004 田中 恒一（個人情報保護管理者）  権限の管理
  1005 伊藤 誠（総務課）         権限なし
  1006 小林 悠（適用課）         二人目の担当"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, help="8000 unless told, or a free one where 8000 is taken")
    parser.add_argument("--members", type=int, default=3000, help="invented members in an empty database")
    options = parser.parse_args()
    port = choose_port(options.port)
    stack = open_stack()
    try:
        prepare(stack, options.members)
        serve(stack, port)
        _tell(port)
        while all(process.poll() is None for process in stack.processes):
            time.sleep(1)
        say("A part of the portal ended; stopping the others.")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stack.stop()


def choose_port(asked: int | None) -> int:
    """The port asked for, which must be free: another portal there would answer in this one's place."""
    if asked is not None and not port_is_free(asked):
        sys.exit(f"Port {asked} is taken. Choose another: script/server --port N")
    if asked is None and not port_is_free(8000):
        say("Port 8000 is taken; choosing a free one.")
        return free_port()
    return asked or 8000


def prepare(stack: Stack, members: int) -> None:
    """Schema, notice, reference data, demo people, static files, checks."""
    for arguments in (["migrate", "-v", "0"], ["load_notice", "-v", "0"], ["load_reference", "-v", "0"]):
        _must(stack.manage(*arguments, owner=True))
    if stack.env["DEMO_MODE"] == "1":
        if holds(stack, "enrollment_member"):
            say("Demo people: already there")
        else:
            _must(stack.manage("demo_data", "--members", str(members), "--seed", "1", owner=True))
        if not holds(stack, "filings_filing"):  # the last of the clerks' work but the imports
            _must(stack.manage("demo_work", "--seed", "1", worker=True))
    _must(stack.manage("collectstatic", "--noinput", "-v", "0"))
    _must(stack.manage("check", "--database", "default", "--fail-level", "ERROR"))


def holds(stack: Stack, table: str) -> bool:
    """Whether a table of the portal has a row."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    with psycopg.connect(stack.owner_env["OWNER_DATABASE_URL"]) as connection:
        return connection.execute(SQL("SELECT EXISTS (SELECT 1 FROM {})").format(Identifier(table))).fetchone()[0]


def _must(done: subprocess.CompletedProcess) -> None:
    if done.returncode:
        sys.exit(done.returncode)


def serve(stack: Stack, port: int) -> None:
    """Mail catcher, web, worker, beat; returns when the web answers."""
    mail_port = free_port()
    mail = LOCAL / "mail"
    mail.mkdir(exist_ok=True)
    for env in (stack.env, stack.worker_env):
        env["EMAIL_PORT"] = str(mail_port)
    _start(stack, [str(PYTHON), str(ROOT / "script/services/mail_catcher.py"), str(mail_port), str(mail)], stack.env)
    _start(stack, [str(PYTHON), "-m", "gunicorn", "kumiai.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers",
                   "2", "--threads", "4", "--log-level", "warning"], stack.env)  # fmt: skip
    _start(stack, [str(PYTHON), "-m", "celery", "-A", "kumiai", "worker", "--loglevel", "WARNING", "--concurrency", "2"],
           stack.worker_env)  # fmt: skip
    _start(stack, [str(PYTHON), "-m", "celery", "-A", "kumiai", "beat", "--loglevel", "WARNING", "--schedule",
                   str(LOCAL / "beat")], stack.worker_env)  # fmt: skip
    for _try in range(120):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    sys.exit("The web process does not answer.")


def _start(stack: Stack, command: list[str], env: dict[str, str]) -> None:
    stack.processes.append(subprocess.Popen(command, cwd=ROOT, env=env))


def _tell(port: int) -> None:
    say(f"""
The portal:  http://127.0.0.1:{port}/        the public notice:  http://127.0.0.1:{port}/notice/
Staff (password kumiai-demo-2026; one-time code: script/manage demo_code 1001):
{PERSONAS}
Mail sent by the portal lands in {LOCAL / "mail"} as .eml files. Ctrl-C stops everything.
""")


if __name__ == "__main__":
    sys.exit(main())
