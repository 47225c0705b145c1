"""People with accounts, payments that wait, and the clerks who move them."""

from __future__ import annotations

from datetime import date

import pytest

from kumiai.accounts.crypto import encrypt
from members.payments import sources
from members.payments.models import BankAccount, PayerSetting, Payment
from privacy.notice.register import Purpose
from tests.members.enrollment.people import make_employer, make_member

SOURCE = sources.register("tests.benefit", "試験の給付", Purpose.BENEFIT_PAYMENT).code
DAY = date(2026, 11, 25)


def make_account(member, **values) -> BankAccount:
    """A confirmed account of the member, entered by 1 and confirmed by 2."""
    fields = {
        "period": (date(2020, 1, 1), None), "bank_code": "0001", "branch_code": "001", "kind": 1,
        "number": encrypt(b"1234567"), "number_tail": "567", "holder": "ｼﾙｼｻﾞﾜ ｺｽﾞｴ",
        "state": "confirmed", "proposed_by_id": 1, "decided_by_id": 2,
    } | values  # fmt: skip
    return BankAccount.objects.create(member=member, **fields)


def make_payment(member, source_id: int, amount: int = 1000, decided_by: int = 999) -> Payment:
    return Payment.objects.create(
        member=member, source=SOURCE, source_id=source_id, amount=amount, due_date=date(2026, 11, 20),
        decided_by_id=decided_by,
    )  # fmt: skip


@pytest.fixture
def payday(owner):
    """Three members: two who can be paid (1,000 and 2,000 yen), one without an account (4,000 yen)."""
    with owner():
        employer = make_employer()
        people = [make_member(names=("標沢", "梢", "シルシザワ", "コズエ"), employer=employer) for _n in range(3)]
        for member in people[:2]:
            make_account(member)
        for number, member in enumerate(people):
            make_payment(member, number + 1, 1000 * 2**number)
        for kind in ("21", "11"):
            PayerSetting.objects.create(
                title="総合" if kind == "21" else "給与", kind=kind, client_code="1234567890", client_name="ﾐﾗｲｹﾝﾎﾟ",
                bank_code="0001", bank_name="ﾐｽﾞﾎ", branch_code="001", branch_name="ﾄｳｷﾖｳ", account_number="7654321",
            )  # fmt: skip
    return people


@pytest.fixture
def second(personas, owner):
    """小林, moved to 給付課 for the day: there a second person is needed."""
    with owner():
        personas["小林"].section = personas["鈴木"].section
        personas["小林"].save()
        personas["小林"].groups.add(personas["鈴木"].section)
    return personas["小林"]
