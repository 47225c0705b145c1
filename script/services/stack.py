"""The database and broker of a local portal, for server, manage and the journeys."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import environment
import postgres
import redis_server
from place import LOCAL, PYTHON, ROOT, say, stop_on_signals


@dataclass
class Stack:
    """What was started, so that it can be stopped."""

    env: dict[str, str]
    owner_env: dict[str, str]
    worker_env: dict[str, str]
    cluster: postgres.Cluster | None = None
    processes: list[subprocess.Popen] = field(default_factory=list)

    def manage(
        self, *arguments: str, owner: bool = False, worker: bool = False, **options
    ) -> subprocess.CompletedProcess:
        env = self.owner_env if owner else self.worker_env if worker else self.env
        return subprocess.run([str(PYTHON), "manage.py", *arguments], cwd=ROOT, env=env, **options)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        if self.cluster:
            self.cluster.stop()


def external_database() -> bool:
    """Whether the environment names the database: both ways into it, the serving role's and the owner's."""
    serving, owner = os.environ.get("DATABASE_URL"), os.environ.get("OWNER_DATABASE_URL")
    if bool(serving) != bool(owner):
        say("DATABASE_URL AND OWNER_DATABASE_URL GO TOGETHER: ONE IS MISSING, SO THE PRIVATE CLUSTER IS USED.")
    return bool(serving and owner)


def open_stack(*, redis: bool = True, database: str = "kumiai") -> Stack:
    """PostgreSQL and Redis up, three environments: web, worker, owner."""
    stop_on_signals()
    kept = environment.setup()
    settings = {"DEMO_MODE": os.environ.get("DEMO_MODE", "1"), "HTTPS": os.environ.get("HTTPS", "0")}
    stack = Stack({}, {}, {})
    if external_database():
        say("PostgreSQL: the one named in DATABASE_URL")
        web = os.environ["DATABASE_URL"]
        owner = os.environ["OWNER_DATABASE_URL"]
        worker = os.environ.get("WORKER_DATABASE_URL", web)
    else:
        stack.cluster = cluster = postgres.ensure_cluster(
            "portal", durable=True, binaries=os.environ.get("KUMIAI_POSTGRES")
        )
        try:
            cluster.start()
            postgres.prepare_roles(cluster, kept["WALL_PREFIX"], environment.passwords(kept), database)
        except BaseException:
            cluster.stop()
            raise
        urls = {
            role: cluster.url(database, user=f"{kept['WALL_PREFIX']}_{role}", password=kept[f"{role.upper()}_PASSWORD"])
            for role in ("owner", "web", "worker")
        }
        owner, web, worker = urls["owner"], urls["web"], urls["worker"]
    if redis and not os.environ.get("REDIS_URL"):
        try:
            process, settings["REDIS_URL"] = redis_server.start(Path(LOCAL) / "redis")
        except BaseException:
            stack.stop()
            raise
        stack.processes.append(process)
    stack.env = environment.process_env(kept, DATABASE_URL=web, **settings)
    stack.env.pop("OWNER_DATABASE_URL", None)
    stack.owner_env = environment.process_env(kept, DATABASE_URL=owner, OWNER_DATABASE_URL=owner, **settings)
    stack.worker_env = environment.process_env(kept, DATABASE_URL=worker, **settings)
    stack.worker_env.pop("OWNER_DATABASE_URL", None)
    return stack
