from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.shell import Command as DjangoShell

from privacy.activities import NO_PERSONAL_DATA, activity_by_code, registry
from privacy.scope import Way, scope


class Command(DjangoShell):
    """Django's shell, which asks for an activity. Without one the wall lets nothing personal be read."""

    activity = NO_PERSONAL_DATA  # the activity is chosen on the command line

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--activity", help="活動の符号（例 enrollment.member_administration）")
        parser.add_argument("--as", dest="staff_number", help="職員番号")
        parser.add_argument("--operation", default="view", choices=["view", "change", "export", "decide"])

    def handle(self, **options: Any) -> Any:
        code, number = options.pop("activity"), options.pop("staff_number")
        operation = options.pop("operation")
        if not code:
            self.stderr.write("利用目的を選んでいません（--activity と --as）。個人情報は読めません。選べる活動：")
            for activity in registry().values():
                self.stderr.write(f"  {activity.code}  {activity.title}")
            return super().handle(**options)
        if not number:
            raise CommandError("--as に職員番号を書いてください。だれが見たかを記録します。")
        from kumiai.accounts.models import User

        user = User.objects.get(staff_number=number)
        with scope(activity_by_code(code), user, operation=operation, way=Way(name="シェル", view="shell")):
            return super().handle(**options)
