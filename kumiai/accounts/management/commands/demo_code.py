"""The present one-time code of a demo persona."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kumiai.accounts.demo import PERSONAS, OnlyInDemoMode, demo_code
from kumiai.accounts.one_time_codes import STEP_SECONDS
from kumiai.ui.declarations import NO_PERSONAL_DATA


class Command(BaseCommand):
    activity = NO_PERSONAL_DATA
    help = "デモ用の職員の、今の確認コードを表示します（DEMO_MODE のときだけ）。例：demo_code 1001"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff_number", help="職員番号（" + "、".join(p.staff_number for p in PERSONAS) + "）")

    def handle(self, *args: Any, staff_number: str, **options: Any) -> None:
        now = time.time()
        try:
            code = demo_code(staff_number, at=now)
        except OnlyInDemoMode as error:
            raise CommandError(str(error)) from error
        if staff_number not in {persona.staff_number for persona in PERSONAS}:
            raise CommandError(f"職員番号{staff_number}のデモ用の職員はいません。")
        self.stdout.write(code)
        self.stderr.write(f"あと{STEP_SECONDS - int(now) % STEP_SECONDS}秒で変わります。")
