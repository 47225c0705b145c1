"""script/test [--long] [pytest arguments]: everything a change must pass. With arguments, only pytest with them.

--long also runs the figures of tests/reliability (hours): 100,000 requests, mutants of the kernel, many kills.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import environment
import postgres
import redis_server
from packages import ensure_chromium
from place import LOCAL, PYTHON, ROOT, is_root, say, stop_on_signals

PRODUCTION = {
    "DEBUG": "0",
    "DEMO_MODE": "0",
    "HTTPS": "1",
    "MAIL_UNSUBSCRIBE_URL": "https://portal.kumiai.example/mail/unsubscribe/{token}",
    "SECRET_KEY": "check-only-" + "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
}


def main() -> int:
    began = time.monotonic()
    stop_on_signals()
    kept = environment.setup()
    chromium = ensure_chromium(may_install=is_root())
    if chromium:
        say(f"Chromium: {chromium}")
    else:
        say("CHROMIUM IS ABSENT AND CANNOT BE INSTALLED: THE JOURNEYS ARE NOT RUN.")
        if os.environ.get("CI") == "true":
            return 1
    cluster = postgres.ensure_cluster("test", durable=False, binaries=os.environ.get("KUMIAI_POSTGRES"))
    prefix = kept["WALL_PREFIX"]
    redis = None
    try:
        cluster.start()
        redis, redis_url = redis_server.start(LOCAL / "redis-test")
        postgres.prepare_roles(cluster, prefix, environment.passwords(kept), "kumiai")
        env = environment.process_env(
            kept, DATABASE_URL=cluster.url("kumiai"), REDIS_URL=redis_url, DEBUG="0", HTTPS="0", DEMO_MODE="1",
            CHROMIUM=chromium or "", WEB_PASSWORD=kept["WEB_PASSWORD"], WORKER_PASSWORD=kept["WORKER_PASSWORD"],
            OWNER_PASSWORD=kept["OWNER_PASSWORD"],
        )  # fmt: skip
        arguments = [argument for argument in sys.argv[1:] if argument != "--long"]
        if len(arguments) < len(sys.argv) - 1:
            env["KUMIAI_LONG_TESTS"] = "1"
        return _all(env, arguments, began)
    finally:
        if redis:
            redis.terminate()
            redis.wait(10)
        cluster.stop()


def _all(env: dict[str, str], arguments: list[str], began: float) -> int:
    python = str(PYTHON)
    static = [
        ("ruff", [python, "-m", "ruff", "check", "."], env),
        ("format", [python, "-m", "ruff", "format", "--check", "-q", "."], env),
        ("types", [python, "-m", "mypy"], env),
        ("imports", [str(PYTHON.parent / "lint-imports"), "--no-cache"], env),
        ("deploy", [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], env | PRODUCTION),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], env),
        ("static files", [python, "manage.py", "collectstatic", "--noinput", "-v", "0"], env),
    ]
    failed = []
    # With arguments only pytest runs, and what pages need to be served.
    for name, command, environ in static[-1:] if arguments else static:
        start = time.monotonic()
        code = _code(command, environ)
        say(f"{'ok  ' if code == 0 else 'FAIL'} {name} ({time.monotonic() - start:.0f} s)")
        if code:
            failed.append(name)
    runs = (
        [arguments]
        if arguments
        else [["-n", "2", "-m", "not journey"], ["-n", "2", "--dist", "loadfile", "-m", "journey"]]
    )
    for run_arguments in runs:
        if "journey" in run_arguments and not env["CHROMIUM"]:
            continue
        if _code([python, "-m", "pytest", "-q", *run_arguments], env):
            failed.append("pytest " + " ".join(run_arguments))
    say(f"{'FAILED: ' + '; '.join(failed) if failed else 'All passed'} in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def _code(command: list[str], env: dict[str, str]) -> int:
    """Exit status of a command. When we are stopped it is interrupted, so that pytest stops what its fixtures started."""
    # A shell starts what runs in its background with interrupts ignored; pytest has to hear this one.
    process = subprocess.Popen(command, cwd=ROOT, env=env, preexec_fn=_hear_interrupts)
    try:
        return process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
