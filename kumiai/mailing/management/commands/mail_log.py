import sys
from datetime import date, datetime, time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kumiai.mailing import actions
from kumiai.ui.declarations import NO_PERSONAL_DATA


class Command(BaseCommand):
    """The mail server's log, by the clock of its host: what is in doubt is settled by its Message-ID without a clerk."""

    help = "メールサーバーの記録（Postfix か JSON の行）を標準入力から取り込み、届いたか分からないメールを確かめます。"
    activity = NO_PERSONAL_DATA  # Message-IDs and codes: the outbox holds nothing personal

    def add_arguments(self, parser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="この日から記録が欠けていない（例：2026-11-24）")
        parser.add_argument("--until", type=date.fromisoformat, help="この日まで記録が欠けていない（例：2026-11-24）")

    def handle(self, *args, **options) -> None:
        since, until = options["since"], options["until"]
        if bool(since) != bool(until):
            raise CommandError("--since と --until は、両方を付けるか、両方を省いてください。")
        if since and until < since:
            raise CommandError("--until の日が --since の日より前です。")
        lines = (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)
        done = actions.reconcile(log_lines=lines, covers=_span(since, until) if since else None)
        self.stdout.write(
            f"送信済みと確認 {done.sent:,}通、未送信と確認 {done.unsent:,}通、不達 {done.refused:,}通、"
            f"要確認のまま {done.left:,}通です。"
        )


def _span(since: date, until: date) -> tuple[datetime, datetime]:
    """From midnight to midnight, and not beyond now."""
    zone = timezone.get_current_timezone()
    ends = min(datetime.combine(until, time.max, zone), timezone.now())
    return datetime.combine(since, time.min, zone), ends
