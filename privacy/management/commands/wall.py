from django.core.management.base import BaseCommand, CommandError

from privacy import wall
from privacy.activities import NO_PERSONAL_DATA


class Command(BaseCommand):
    """Build or verify the wall. Building runs as the owner (OWNER_DATABASE_URL)."""

    help = "利用目的ごとのデータベースの役割と権限を、宣言のとおりにします。"
    activity = NO_PERSONAL_DATA

    def add_arguments(self, parser) -> None:
        parser.add_argument("--roles", action="store_true", help="役割だけを作ります（復元の最初に）。")
        parser.add_argument("--verify", action="store_true", help="違いを示すだけで、何も変えません。")
        parser.add_argument("--prune", action="store_true", help="どの活動にもない役割を消します。")

    def handle(self, *args, **options) -> None:
        if options["roles"]:
            made = wall.build_roles()
            self.stdout.write(f"役割を{len(made)}つ作りました。")
            return
        if options["prune"]:
            for role in wall.prune():
                self.stdout.write(f"{role} を消しました。")
            return
        if not options["verify"]:
            wall.build()
        found = wall.differences()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"宣言と{len(found)}か所違います。")
        self.stdout.write(f"壁は宣言のとおりです（{wall.digest()}）。")
