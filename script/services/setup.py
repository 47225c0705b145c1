"""script/setup: packages, font, secrets, database cluster. Idempotent."""

import environment
import postgres


def main() -> None:
    kept = environment.setup()
    cluster = postgres.ensure_cluster("portal", durable=True, binaries=environment.os.environ.get("KUMIAI_POSTGRES"))
    started = cluster.start()
    postgres.prepare_roles(cluster, kept["WALL_PREFIX"], environment.passwords(kept), "kumiai")
    if started:
        cluster.stop()
    print("Ready. script/server starts the portal, script/test runs the tests.")


if __name__ == "__main__":
    main()
