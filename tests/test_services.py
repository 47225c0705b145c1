"""The services that come with a checkout: their choices, their secrets, and that they go when the last user goes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

SERVICES = Path(__file__).resolve().parents[1] / "script" / "services"
sys.path.insert(0, str(SERVICES))
try:
    import environment
    import place
    import postgres
    import redis_server
    import server
    import stack
finally:
    sys.path.remove(str(SERVICES))

# The clusters of one checkout are shared by its processes: two workers at once would start and stop each other's.
pytestmark = pytest.mark.xdist_group("services")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def local_folder(tmp_path, monkeypatch) -> Path:
    """A .local of the test's own, in an environment that says nothing."""
    for name in (
        "SECRET_KEY",
        "FIELD_ENCRYPTION_KEYS",
        "WALL_PREFIX",
        "WEB_PASSWORD",
        "WORKER_PASSWORD",
        "OWNER_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "env"
    monkeypatch.setattr(environment, "LOCAL", tmp_path)
    monkeypatch.setattr(environment, "read_env", lambda: place.read_env(file))
    monkeypatch.setattr(environment, "write_env", lambda values: place.write_env(values, file))
    return tmp_path


def test_two_checkouts_have_two_hashes_and_one_checkout_keeps_its_own():
    one, other = place.checkout_hash(Path("/srv/one")), place.checkout_hash(Path("/srv/other"))
    assert one != other
    assert one == place.checkout_hash(Path("/srv/one"))
    assert len(one) == 6 and int(one, 16) >= 0


def test_an_environment_file_is_read_as_it_was_written(tmp_path):
    values = {"URL": "postgresql://a:b@h/x?y=z", "EMPTY": "", "KEY": "YWJj=="}
    place.write_env(values, tmp_path / "env")
    assert place.read_env(tmp_path / "env") == values
    assert place.read_env(tmp_path / "absent") == {}


def test_comments_and_other_lines_are_no_values(tmp_path):
    (tmp_path / "env").write_text("# A=1\n\nnothing\nB=2\n")
    assert place.read_env(tmp_path / "env") == {"B": "2"}


def test_secrets_are_for_their_user_only_even_where_the_file_was_open(tmp_path):
    file = tmp_path / "env"
    file.touch(mode=0o644)
    place.write_env({"SECRET_KEY": "x"}, file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_secrets_are_made_once(local_folder):
    first = environment.base()
    assert environment.base() == first
    assert first["WALL_PREFIX"] == f"kp_{place.checkout_hash()}"
    assert len({first["WEB_PASSWORD"], first["WORKER_PASSWORD"], first["OWNER_PASSWORD"]}) == 3


def test_what_the_environment_says_goes_first_and_is_not_kept(local_folder, monkeypatch):
    kept = environment.base()
    monkeypatch.setenv("WALL_PREFIX", "kumiai")
    assert environment.base()["WALL_PREFIX"] == "kumiai"
    assert environment.process_env(environment.base())["WALL_PREFIX"] == "kumiai"
    monkeypatch.delenv("WALL_PREFIX")
    assert environment.base() == kept


def test_login_passwords_stay_out_of_the_environment_of_the_portal(local_folder):
    assert "OWNER_PASSWORD" not in environment.process_env(environment.base())


def test_a_port_with_a_listener_is_taken(taken_port):
    assert not place.port_is_free(taken_port)
    assert place.port_is_free(place.free_port())


def test_the_portal_refuses_a_port_where_another_would_answer(taken_port):
    with pytest.raises(SystemExit, match=str(taken_port)):
        server.choose_port(taken_port)


def test_the_usual_port_gives_way_when_it_is_taken(monkeypatch):
    monkeypatch.setattr(server, "port_is_free", lambda port: port != 8000)
    assert server.choose_port(None) != 8000
    monkeypatch.setattr(server, "port_is_free", lambda port: True)
    assert server.choose_port(None) == 8000
    assert server.choose_port(8123) == 8123


@pytest.mark.parametrize(
    ("named", "external", "told"),
    [((), False, False), (("DATABASE_URL",), False, True), (("DATABASE_URL", "OWNER_DATABASE_URL"), True, False)],
)
def test_a_database_of_the_environment_needs_both_ways_in(monkeypatch, capsys, named, external, told):
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in named:
        monkeypatch.setenv(name, "postgresql://somewhere/x")
    assert stack.external_database() is external
    assert bool(capsys.readouterr().out) is told


def fake_binaries(folder: Path, version: str) -> Path:
    folder.mkdir()
    (folder / "initdb").touch(mode=0o755)
    (folder / "pg_ctl").write_text(f"#!/bin/sh\necho 'pg_ctl (PostgreSQL) {version}'\n")
    (folder / "pg_ctl").chmod(0o755)
    return folder


def test_the_version_of_binaries_is_what_they_say(tmp_path):
    assert postgres.version_of(fake_binaries(tmp_path / "a", "14.2 (Debian 14.2-1)")) == 14
    assert postgres.version_of(fake_binaries(tmp_path / "b", "18beta1")) == 18
    assert postgres.version_of(tmp_path) == 0


def test_the_newest_binaries_of_the_machine_are_chosen_and_old_ones_never(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(fake_binaries(tmp_path / "new", "99.1")))
    assert postgres.binaries_of_machine() == tmp_path / "new"
    monkeypatch.setenv("PATH", str(fake_binaries(tmp_path / "old", "14.9")))
    assert postgres.binaries_of_machine() != tmp_path / "old"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_command_still_clears_up(tmp_path, number):
    program = (
        f"import sys, time; sys.path.insert(0, {str(SERVICES)!r}); import place; place.stop_on_signals()\n"
        f"try:\n    print('up', flush=True); time.sleep(30)\nfinally:\n    open({str(tmp_path / 'cleared')!r}, 'w')"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "up\n"
    process.send_signal(number)
    assert process.wait(10) == 128 + number
    assert (tmp_path / "cleared").exists()


def test_redis_answers_when_it_is_said_to_run_and_keeps_nothing(tmp_path):
    process, url = redis_server.start(tmp_path / "redis")
    try:
        with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1].split("/")[0])), timeout=5) as line:
            line.sendall(b"SET a 1\r\nPING\r\n")
            time.sleep(0.1)
            assert line.recv(100) == b"+OK\r\n+PONG\r\n"
    finally:
        process.terminate()
        process.wait(10)
    assert list((tmp_path / "redis").iterdir()) == []


def spare() -> postgres.Cluster:
    return postgres.ensure_cluster("selftest", durable=False, binaries=os.environ.get("KUMIAI_POSTGRES"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    """A private cluster of these tests' own, running; removed at the end."""
    home = postgres.home_of("selftest")
    made = spare()
    made.start()
    yield made
    made.stop()
    shutil.rmtree(home)


PASSWORDS = {"kp_self_owner": "o" * 8, "kp_self_web": "w" * 8, "kp_self_worker": "k" * 8}


@pytest.fixture(scope="module")
def prepared(cluster) -> postgres.Cluster:
    for _twice in range(2):  # every start of the portal prepares again
        postgres.prepare_roles(cluster, "kp_self", PASSWORDS, "portal")
    return cluster


def test_a_cluster_is_made_once_and_found_again(cluster):
    again = spare()
    assert (again.port, again.password, again.bin) == (cluster.port, cluster.password, cluster.bin)


def test_the_last_user_stops_the_server_and_no_one_before(cluster):
    first, second = spare(), spare()
    first.start()
    second.start()
    first.stop()
    assert second.running()
    cluster.stop()
    assert second.running()
    second.stop()
    assert not second.running()
    second.stop()  # stopping twice is nothing
    cluster.start()
    assert cluster.running()


def test_a_port_taken_by_somebody_else_is_left_to_them(cluster):
    cluster.stop()
    before = cluster.port
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", before))
        stranger.listen()
        cluster.port = spare().port
        cluster.start()
    assert cluster.port != before
    assert cluster.sql("SELECT 1") == "1"


def test_the_cluster_asks_for_a_password(cluster):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.url("postgres", password="guessed"))


def test_login_roles_hold_what_they_need_and_no_more(prepared):
    held = {
        role: prepared.sql(
            "SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolinherit) "
            f"FROM pg_roles WHERE rolname = '{role}'"
        )
        for role in PASSWORDS
    }
    assert held == {"kp_self_owner": "f t t t", "kp_self_web": "f f f f", "kp_self_worker": "f f f f"}
    for role, password in PASSWORDS.items():
        with psycopg.connect(prepared.url("portal", user=role, password=password)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_only_login_roles_may_set_a_role_from_within_a_statement(prepared):
    prepared.sql("CREATE ROLE kp_self_activity")
    prepared.sql("CREATE DATABASE copied")  # as a test database is made: from template1
    try:
        for database in ("portal", "copied"):
            may = "SELECT has_function_privilege('{}', 'set_config(text, text, boolean)', 'EXECUTE')"
            assert prepared.sql(may.format("kp_self_activity"), database) == "False"
            assert prepared.sql(may.format("kp_self_web"), database) == "True"
    finally:
        prepared.sql("DROP DATABASE copied")
        prepared.sql("DROP ROLE kp_self_activity")


def test_only_the_owner_makes_tables(prepared):
    may = "SELECT has_schema_privilege('{}', 'public', 'CREATE')"
    assert prepared.sql(may.format("kp_self_owner"), "portal") == "True"
    assert prepared.sql(may.format("kp_self_web"), "portal") == "False"


def test_the_server_log_holds_no_literal_of_a_statement(prepared):
    with pytest.raises(psycopg.errors.DivisionByZero):
        prepared.sql("SELECT 1 / 0, 'secret-literal'")
    log = (prepared.home / "server.log").read_text(errors="replace")
    assert "division by zero" in log
    assert "secret-literal" not in log
