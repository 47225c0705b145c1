"""After a change of keys: bring every account number under the first key of FIELD_ENCRYPTION_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from members.payments.actions.accounts import reencrypt_numbers
from members.payments.activities import NUMBER_KEEPING
from privacy.scope import Way, scope

WAY = Way(name="管理コマンド", view="payments.reencrypt_account_numbers")


class Command(BaseCommand):
    activity = NUMBER_KEEPING
    help = "口座番号を、FIELD_ENCRYPTION_KEYS の先頭の鍵で暗号化し直します。終わったら古い鍵を外せます。"

    def handle(self, *args: Any, **options: Any) -> None:
        done, position = 0, 0
        while True:
            with scope(NUMBER_KEEPING, None, operation="change", way=WAY):
                count, position = reencrypt_numbers(after=position)
            if not count:
                break
            done += count
        self.stdout.write(f"{done}件を暗号化し直しました。")
