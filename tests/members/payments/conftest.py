"""People with accounts, payments that wait, and the clerks who move them."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kumiai.accounts.crypto import encrypt
from kumiai.reference.actions import DATA
from members.payments import sources
from members.payments.activities import BENEFIT_PAYMENT
from members.payments.files import zengin
from members.payments.models import BankAccount, PayerSetting, Payment, PaymentRun
from members.payments.rules.days import transfer_day
from privacy.notice.register import Purpose
from privacy.outputs.models import Output, Recipient
from privacy.scope import scope
from tests.members.enrollment.people import make_employer, make_member

SOURCE = sources.register("tests.benefit", "試験の給付", Purpose.BENEFIT_PAYMENT).code
with (DATA / "holidays.csv").open(encoding="utf-8", newline="") as lines:
    HOLIDAYS = frozenset(date.fromisoformat(row["date"]) for row in csv.DictReader(lines))
TODAY = timezone.localdate()
DAY = transfer_day(TODAY + timedelta(days=7), HOLIDAYS, previous=False)
"""A bank day to come, as seen from the day on which the tests run."""


def make_account(member, **values) -> BankAccount:
    """A confirmed account of the member, entered by 1 and confirmed by 2."""
    fields = {
        "period": (date(2020, 1, 1), None), "bank_code": "0001", "branch_code": "001", "kind": 1,
        "number": encrypt(b"1234567"), "number_tail": "567", "holder": "ｼﾙｼｻﾞﾜ ｺｽﾞｴ",
        "state": "confirmed", "proposed_by_id": 1, "decided_by_id": 2,
    } | values  # fmt: skip
    return BankAccount.objects.create(member=member, **fields)


def make_payment(
    member, source_id: int, amount: int = 1000, decided_by: int = 999, due: date = date(2026, 11, 20)
) -> Payment:
    return Payment.objects.create(
        member=member, source=SOURCE, source_id=source_id, amount=amount, due_date=due,
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


@pytest.fixture
def act(personas, second):
    """Do something as one of the clerks of 給付課, in a scope of its own."""

    def doing(who: str, what, operation: str = "change", **values):
        clerk = personas[who]
        with scope(BENEFIT_PAYMENT, clerk, operation=operation):
            return what(by=clerk, **values) if operation != "view" else what(**values)

    return doing


@pytest.fixture
def bank(owner):
    """The bank that is handed the files."""
    with owner():
        return Recipient.objects.create(code="9999", name="架空中央銀行", kind="bank", since=date(2020, 4, 1))


@pytest.fixture
def fetched(owner):
    """The run's file as if a clerk had taken it to the bank."""

    def doing(run: PaymentRun) -> None:
        with owner():
            Output.objects.filter(pk=run.output_id).update(fetched_at=timezone.now())

    return doing


def result_of(payments: list[Payment], codes: str, *, day: date = DAY, at: int = 120) -> bytes:
    """The answer of the bank: the order with a code for each payment in one byte of its record."""
    payer = zengin.Payer("21", "1234567890", "ﾐﾗｲｹﾝﾎﾟ", day, "0001", "", "001", "", 1, "1")
    rows = [zengin.Transfer("0001", "", "001", "", 1, "1234567", "ｱ", p.amount, str(p.pk)) for p in payments]
    records, left = zengin.split(zengin.write(payer, rows)), iter(codes)
    return b"\r\n".join(r[: at - 1] + next(left).encode() + r[at:] if r[:1] == b"2" else r for r in records)
