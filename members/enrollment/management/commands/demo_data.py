import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from privacy.activities import NO_PERSONAL_DATA


class Command(BaseCommand):
    """Invented staff, grants, employers and members. Runs as the owner of the tables, in demo mode only."""

    help = "デモ用の架空の職員と加入者を作ります。"
    activity = NO_PERSONAL_DATA  # writes invented people as the owner, before anyone serves

    def add_arguments(self, parser) -> None:
        parser.add_argument("--members", type=int, default=3000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args, **options) -> None:
        from kumiai.accounts.demo import create_personas
        from kumiai.accounts.models import User
        from members.enrollment.demo import changes, load
        from members.enrollment.models import Member
        from members.filings.demo.rules import load as load_rules
        from privacy.notice.demo import grant_demo
        from privacy.outputs.demo import load as load_recipients
        from privacy.scope import owner_scope

        if not settings.DEMO_MODE:
            raise CommandError("デモ用の人は、DEMO_MODE=1 のときだけ作れます。")
        if Member.objects.exists():
            raise CommandError("加入者がすでにいます。空のデータベースで実行してください。")
        today = timezone.localdate()
        started = time.monotonic()
        with owner_scope("demo_data"):
            create_personas()
            grant_demo()
            made = load.load(members=options["members"], seed=options["seed"], today=today, say=self.stdout.write)
        with owner_scope("demo_data"):
            changed = changes.make(seed=options["seed"], today=today)
            load_recipients(seed=options["seed"], today=today, by=User.objects.get(staff_number="1004"))
            load_rules()
        seconds = time.monotonic() - started
        self.stdout.write(f"{made:,}名を{seconds:.1f}秒で作りました（変更の履歴つき {changed}名）。")
