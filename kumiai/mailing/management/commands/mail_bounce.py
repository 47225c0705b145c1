import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kumiai.mailing import actions
from kumiai.mailing.files.dsn import LARGEST
from kumiai.ui.declarations import NO_PERSONAL_DATA

TEMPORARY = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the report and comes again."""


class Command(BaseCommand):
    """What the mail server hands over of the bounce mailbox (MAIL_RETURN_PATH), one mail at a time, from a pipe.

    A mail that is no report about one of ours is taken and told of, so that the mailbox does not fill with retries.
    """

    help = "不達・遅延の通知のメールを1通、標準入力から取り込みます。メールサーバーのパイプから呼びます。"
    activity = NO_PERSONAL_DATA  # ids, codes and digests: the outbox holds nothing personal

    def handle(self, *args, **options) -> None:
        try:
            number = actions.handle_bounce(raw=sys.stdin.buffer.read(LARGEST + 1))
        except DatabaseError as problem:
            # The class alone: what a database says of a statement may hold its values.
            raise CommandError(
                f"データベースに書けません（{type(problem).__name__}）。後でもう一度渡してください。",
                returncode=TEMPORARY,
            ) from None
        told = (
            f"メール{number}の通知を取り込みました。"
            if number
            else "このポータルから送ったメールの通知ではありません。"
        )
        self.stdout.write(told)
