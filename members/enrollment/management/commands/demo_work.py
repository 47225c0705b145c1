import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from privacy.activities import NO_PERSONAL_DATA


class Command(BaseCommand):
    """The work of invented clerks on the people of demo_data: hard cases, terms, filings, imports.

    Each step is an action of the portal in the scope of its activity, so it runs as a serving login role, behind the
    wall as the screens are: what the owner of the tables could do proves nothing about a clerk.
    """

    help = "デモ用の加入者について、架空の職員の仕事（届・任意継続・取り込みなど）を作ります。demo_data の後に、web か worker の接続で実行します。"
    activity = NO_PERSONAL_DATA  # opens no data itself: every step enters the activity of its own work

    def add_arguments(self, parser) -> None:
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args, **options) -> None:
        from members.enrollment.demo import hard_cases
        from members.filings.demo.load import load as load_filings
        from members.intake.demo.load import load as load_imports
        from members.lifecycle.demo.load import load as load_lifecycle

        if not settings.DEMO_MODE:
            raise CommandError("デモ用の仕事は、DEMO_MODE=1 のときだけ作れます。")
        started = time.monotonic()
        given = {"seed": options["seed"], "today": timezone.localdate()}
        people = hard_cases.load(**given) + load_lifecycle(**given)
        filings, imports = load_filings(**given), load_imports(**given)
        # The other wings bring their own; this one may not know them.
        for dotted in settings.DEMO_WORK:
            import_string(dotted)(**given)
        seconds = time.monotonic() - started
        self.stdout.write(
            f"難しい場合の{people}名、届 {filings}件、取り込み {imports}件を{seconds:.1f}秒で作りました。"
        )
