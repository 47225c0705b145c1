"""kill -9 in the middle of each step of a run: asked for again, everything is paid and nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from members.payments import sources
from members.payments.models import PayerSetting
from privacy.notice.register import Purpose
from privacy.outputs.models import Recipient
from tests.members.enrollment.people import make_employer, make_member
from tests.members.payments import killing
from tests.members.payments.conftest import make_account


@pytest.mark.django_db(transaction=True)
def test_whatever_is_killed_is_paid_once(owner, personas, second, fetched):
    sources.register(killing.SOURCE, "試験の給付", Purpose.BENEFIT_PAYMENT)
    with owner():
        employer = make_employer()
        for _person in range(5):
            make_account(make_member(names=("標沢", "梢", "シルシザワ", "コズエ"), employer=employer))
        PayerSetting.objects.create(
            title="総合", kind="21", client_code="1234567890", client_name="ﾐﾗｲｹﾝﾎﾟ", bank_code="0001", bank_name="ﾐｽﾞﾎ",
            branch_code="001", branch_name="ﾄｳｷﾖｳ", account_number="7654321",
        )  # fmt: skip
        bank = Recipient.objects.create(code="9999", name="架空中央銀行", kind="bank", since=date(2020, 4, 1))
    kills = killing.Kills()
    for _cycle in range(3):
        killing.cycle(kills, personas["鈴木"], second, bank, fetched)
