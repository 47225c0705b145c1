"""A local SMTP server that keeps every message as a file: mail_catcher.py PORT FOLDER."""

import signal
import sys
import time
import uuid
from pathlib import Path

from aiosmtpd.controller import Controller


class Keep:
    """Write each message to a file named by its arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  (the library's name)
        (self.folder / f"{time.time():.3f}-{uuid.uuid4().hex[:8]}.eml").write_bytes(envelope.original_content)
        return "250 OK"


def main() -> None:
    controller = Controller(Keep(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    controller.stop()


if __name__ == "__main__":
    main()
