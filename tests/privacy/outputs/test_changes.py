"""What was changed about a recipient and its agreements stands on its page: when, by whom, from what to what."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.outputs import actions, changes
from privacy.outputs.activities import RECIPIENT_ADMINISTRATION
from privacy.outputs.models import Agreement, Recipient
from privacy.scope import WallRefused, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(personas):
    """A contractor, registered, moved, agreed with, and the agreement ended, by 渡邉."""
    with scope(RECIPIENT_ADMINISTRATION, personas["渡邉"], operation="change"):
        values = {
            "kind": "contractor", "code": "C-77", "name": "架空印刷株式会社", "employer_id": None, "postal_code": "1000001",
            "address": "東京都千代田区架空町1", "representative": "見本 次郎", "public_body": False, "abroad": False,
            "since": date(2026, 4, 1), "until": None,
        }  # fmt: skip
        recipient = actions.register_recipient(by=personas["渡邉"], values=values)
        actions.change_recipient(
            by=personas["渡邉"], recipient_id=recipient.pk, values=values | {"address": "東京都港区架空町2"}
        )
        agreement = actions.add_agreement(
            by=personas["渡邉"], recipient_id=recipient.pk, file_kind="enrollment.coverage_register", basis="contract",
            title="印刷の委託契約", items=["name"], since=date(2026, 4, 1), until=None, return_days=14, stands_in=False,
            at=timezone.now(),
        )  # fmt: skip
        actions.end_agreement(by=personas["渡邉"], agreement_id=agreement.pk, last_day=date(2026, 10, 31))
    return recipient


def test_every_change_is_kept_with_who_made_it(changed):
    found = changes.of_recipient(changed)
    assert all(change.who.startswith("渡邉") for change in found)
    fields = {label: (old, new) for change in found for label, old, new in change.fields}
    assert fields["所在地"] == ("東京都千代田区架空町1", "東京都港区架空町2")
    assert fields["期間"] == ("令和8年4月1日から", "令和8年4月1日から令和8年11月1日の前日まで")
    assert [change.word for change in found].count("登録") == 2


def test_it_stands_on_the_page(changed, client_of):
    page = client_of("渡邉").get(reverse("outputs:recipient-detail", args=[changed.pk])).content.decode()
    assert "変更の履歴" in page and "東京都千代田区架空町1 → 東京都港区架空町2" in page


def test_the_history_cannot_be_written_by_who_serves(changed, personas):
    from django.db import connection, transaction

    for table in ("outputs_recipienthistory", "outputs_agreementhistory", "outputs_filesettinghistory"):
        with (
            pytest.raises(WallRefused),
            transaction.atomic(),
            scope(RECIPIENT_ADMINISTRATION, personas["渡邉"], operation="change"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET history_type = '-'")
    assert Recipient.objects.count() and Agreement.objects.count()
