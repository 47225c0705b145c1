"""script/setup: packages, font, secrets, database cluster. Idempotent."""

import os

import environment
import postgres
from stack import external_database


def main() -> None:
    kept = environment.setup()
    if not external_database():
        cluster = postgres.ensure_cluster("portal", durable=True, binaries=os.environ.get("KUMIAI_POSTGRES"))
        try:
            cluster.start()
            postgres.prepare_roles(cluster, kept["WALL_PREFIX"], environment.passwords(kept), "kumiai")
        finally:
            cluster.stop()
    print("Ready. script/server starts the portal, script/test runs the tests.")


if __name__ == "__main__":
    main()
