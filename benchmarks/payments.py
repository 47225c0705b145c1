"""50,000 payments: collected into a run against the bare UPDATE, written as a 全銀 file against bare writing, and the
bank's answer taken in against a bare UPDATE of the same rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

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
        (
            BankAccount(
                member=m, period=(date(2020, 1, 1), None), bank_code="0001", branch_code="001", kind=1, number=number,
                number_tail="567", holder=member_kana(m)[:30], state="confirmed", proposed_by_id=1, decided_by_id=2,
            )
            for m in members if m.pk not in having
        ),
        batch_size=2000,  # a statement holds 65,535 values at most
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


def _taken_in(setting: Any, clerk: Any, undone: Callable[[Callable[[], None]], Callable[[], None]]) -> None:
    """The answer to a run of all of them; every tenth came back."""
    from django.db import connection
    from django.utils import timezone

    from kumiai.accounts.crypto import decrypt
    from members.payments.actions import results, runs
    from members.payments.activities import BENEFIT_PAYMENT
    from members.payments.files import zengin
    from members.payments.models import Payment, PaymentRun
    from privacy.outputs.models import Output, Recipient
    from privacy.scope import scope
    from privacy.seen import population

    with scope(BENEFIT_PAYMENT, clerk, operation="change"):
        run = runs.collect_run(by=clerk, kind="21", day=DAY, key=uuid.uuid4(), today=DAY)
        rows = [
            zengin.Transfer(
                p.account.bank_code, "", p.account.branch_code, "", p.account.kind, decrypt(p.account.number).decode(), "ｱ",
                p.amount, str(p.pk),
            )
            for p in Payment.objects.filter(run=run).select_related("account").order_by("position")
        ]  # fmt: skip
    bank, _made = Recipient.objects.get_or_create(
        code="9998", defaults={"name": "測定の銀行", "kind": "bank", "since": date(2020, 4, 1)}
    )
    output = Output.objects.create(
        recipient=bank, file_kind=runs.FILE, activity_code=BENEFIT_PAYMENT.code, uses=[], columns=[], file_format="txt",
        recipient_kind="bank", basis="law", expected_count=len(rows), second_person=True, requested_by_id=clerk.pk,
        fetched_at=timezone.now(),
    )  # fmt: skip
    Payment.objects.filter(run=run).update(state="written")
    PaymentRun.objects.filter(pk=run.pk).update(state="written", approved_by_id=10**6, output_id=output.pk)
    payer = zengin.Payer("21", setting.client_code, "ｱ", run.payment_date, "0001", "", "001", "", 1, "1")
    records = zengin.split(zengin.write(payer, rows))
    body = b"\r\n".join(
        r[:119] + (b"2" if n % 10 == 0 else b"0") if r[:1] == b"2" else r for n, r in enumerate(records)
    )

    def updated() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE payments_payment SET state = 'paid', result_code = '0', result_date = %s, version = version + 1 "
                "WHERE run_id = %s",
                [DAY, run.pk],
            )
            population("支払", cursor.rowcount)

    def imported() -> None:
        results.import_result(by=clerk, run_id=run.pk, body=body, today=DAY)

    baseline, candidate = Way(undone(updated)), Way(undone(imported))
    compare(baseline, candidate, rounds=5, warm=1)
    report("payments_results_taken_in", baseline, candidate, target="ratio <= 4", reached=lambda ratio: ratio <= 4)


def main() -> None:
    from django.contrib.auth import get_user_model
    from django.db import connection

    from members.payments import sources
    from members.payments.actions import runs
    from members.payments.activities import BENEFIT_PAYMENT
    from members.payments.files import zengin
    from members.payments.models import PayerSetting, PaymentRun
    from privacy.notice.register import Purpose
    from privacy.scope import scope
    from privacy.seen import population

    sources.register(SOURCE, "測定", Purpose.BENEFIT_PAYMENT)
    _plant()
    clerk = get_user_model().objects.get(staff_number="1002")
    setting = PayerSetting.objects.filter(kind="21").first() or PayerSetting.objects.create(
        title="測定", kind="21", client_code="1234567890", client_name="ﾐﾗｲｹﾝﾎﾟ", bank_code="0001", bank_name="ﾐｽﾞﾎ",
        branch_code="001", branch_name="ﾄｳｷﾖｳ", account_number="7654321",
    )  # fmt: skip

    def undone(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                with scope(BENEFIT_PAYMENT, clerk, operation="change"):
                    work()
                    raise Undo
            except Undo:
                pass

        return run

    def bare() -> None:
        run = PaymentRun.objects.create(kind="21", payment_date=DAY, collected_by_id=1, key=uuid.uuid4())
        values = {"day": DAY, "until": DAY, "sources": [SOURCE], "held": [], "run": run.pk}
        with connection.cursor() as cursor:
            cursor.execute(runs.COLLECT, values)
            assert cursor.rowcount >= COUNT - 1000
            population("支払", cursor.rowcount)

    def collected() -> None:
        runs.collect_run(by=clerk, kind="21", day=DAY, key=uuid.uuid4(), today=DAY)

    baseline, candidate = Way(undone(bare)), Way(undone(collected))
    compare(baseline, candidate, rounds=7, warm=1)
    report("payments_collected", baseline, candidate, target="ratio <= 1.5", reached=lambda ratio: ratio <= 1.5)
    _taken_in(setting, clerk, undone)

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
