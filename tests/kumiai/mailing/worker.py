"""A sender to be killed: this process forks one that sends, prints its number, and forks the next when it is gone.

WORKER_AT: the moment on which the clock starts; it runs sixty times as fast, so that put-off mails come round again.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.kumiai.mailing.worker_settings"


def send_for_ever(start: datetime, began: float) -> None:
    from django.db import transaction

    from kumiai.mailing import engine, kinds
    from kumiai.mailing.kinds import Message

    kinds.register(
        "tests.letter",
        "試しの案内",
        compose=lambda _reference, ids: {
            i: Message(f"p{i}@members.example", "健診のご案内", "本文です。") for i in ids
        },
        entered=transaction.atomic,
    )
    while True:
        engine.send_due(clock=lambda: start + timedelta(seconds=(time.time() - began) * 60))
        time.sleep(0.02)


def main() -> None:
    import django

    django.setup()
    start, began = datetime.fromisoformat(os.environ["WORKER_AT"]), time.time()
    while True:
        pid = os.fork()
        if pid == 0:
            send_for_ever(start, began)
        print(pid, flush=True)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    sys.exit(main())
