"""50,000 payments: collected into a run against the bare UPDATE, and written as a 全銀 file against bare writing."""

from __future__ import annotations

import uuid
from datetime import date

from benchmarks.measure import Way, compare, report

COUNT = 50_000
DAY = date(2026, 11, 25)
SOURCE = "bench.payments"


class Undo(Exception):
    """Roll the measured work back."""


def _plant() -> int:
    """Accounts for everybody whose name banks can write, and payments that wait; how many wait."""
    from kumiai.accounts.crypto import encrypt
    from members.enrollment.models import Member
    from members.payments.actions.accounts import member_kana
    from members.payments.models import BankAccount, Payment

    if (waiting := Payment.objects.filter(source=SOURCE).count()) >= COUNT:
        return waiting
    members = [m for m in Member.objects.filter(protected=False).order_by("pk")[:5000] if member_kana(m)]
    having = set(BankAccount.objects.filter(state="confirmed").values_list("member_id", flat=True))
    number = encrypt(b"1234567")
    BankAccount.objects.bulk_create(
        BankAccount(
            member=m, period=(date(2020, 1, 1), None), bank_code="0001", branch_code="001", kind=1, number=number,
            number_tail="567", holder=member_kana(m)[:30], state="confirmed", proposed_by_id=1, decided_by_id=2,
        )
        for m in members if m.pk not in having
    )  # fmt: skip
    Payment.objects.bulk_create(
        (
            Payment(member=members[n % len(members)], source=SOURCE, source_id=n, amount=1000 + n,
                    due_date=date(2026, 11, 20), decided_by_id=10**6)
            for n in range(COUNT)
        ),
        batch_size=5000,
    )  # fmt: skip
    return COUNT


def main() -> None:
    from django.contrib.auth import get_user_model
    from django.db import connection, transaction

    from members.payments import sources
    from members.payments.actions import runs
    from members.payments.activities import BENEFIT_PAYMENT
    from members.payments.files import zengin
    from members.payments.models import PaymentRun
    from privacy.notice.register import Purpose
    from privacy.scope import scope

    sources.register(SOURCE, "測定", Purpose.BENEFIT_PAYMENT)
    _plant()
    clerk = get_user_model().objects.get(staff_number="1002")

    def bare() -> None:
        try:
            with transaction.atomic():
                run = PaymentRun.objects.create(kind="21", payment_date=DAY, collected_by_id=1, key=uuid.uuid4())
                values = {"day": DAY, "sources": [SOURCE], "held": [], "run": run.pk}
                with connection.cursor() as cursor:
                    cursor.execute(runs.COLLECT, values)
                    assert cursor.rowcount >= COUNT - 1000
                raise Undo
        except Undo:
            pass

    def collected() -> None:
        try:
            with scope(BENEFIT_PAYMENT, clerk, operation="change"):
                runs.collect_run(by=clerk, kind="21", day=DAY, key=uuid.uuid4())
                raise Undo
        except Undo:
            pass

    baseline, candidate = Way(bare), Way(collected)
    compare(baseline, candidate, rounds=3, warm=1)
    report("payments_collected", baseline, candidate, target="ratio <= 1.5", reached=lambda ratio: ratio <= 1.5)

    payer = zengin.Payer("21", "1", "ﾐﾗｲｹﾝﾎﾟ", DAY, "0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ", 1, "1")
    rows = [
        zengin.Transfer("0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ", 1, f"{n:07d}", "ｻﾄｳ ﾊﾅｺ", 1000 + n, str(n + 1))
        for n in range(COUNT)
    ]

    def joined() -> bytes:
        return b"".join(
            f"2{r.bank_code}{r.bank_name:15}{r.branch_code}{r.branch_name:15}0000{r.account_kind}{r.account_number}"
            f"{r.holder:30}{r.amount:010d}0{r.customer:0>20}7        \r\n".encode("cp932")
            for r in rows
        )

    baseline, candidate = Way(joined), Way(lambda: zengin.write(payer, rows))
    compare(baseline, candidate, rounds=5, warm=1)
    report("payments_written", baseline, candidate, target="ratio <= 10", reached=lambda ratio: ratio <= 10)
