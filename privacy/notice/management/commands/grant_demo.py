from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kumiai.accounts.demo import OnlyInDemoMode
from kumiai.ui.declarations import NO_PERSONAL_DATA
from privacy.notice.demo import grant_demo


class Command(BaseCommand):
    """Give the sections of demo mode their grants. Runs as the owner; again changes nothing."""

    help = "デモ用の課に、公表している利用の権限を与えます（DEMO_MODE のときだけ）。"
    activity = NO_PERSONAL_DATA

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = grant_demo()
        except OnlyInDemoMode as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"デモ用の権限を{made}件与えました。")
