"""kill -9 in collect, approve, write and import, a hundred times: `python -m tests.members.payments.killing [cycles]`.

Works on the development database with demonstration members who have accounts. In each cycle new decisions are ordered, each
of the four steps is begun in a process that is killed at a random moment, then asked for again, and the yen are counted:
every decision has exactly one live payment, every run holds exactly what was ordered.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

ORDERS = 20
DAY = date(2026, 11, 25)


def killed(step: Callable[[], Any], longest: float) -> bool:
    """Begin the step in another process and kill it after a random while; whether it was killed before its end."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if not child:
        try:
            step()
        finally:
            os._exit(0)
    time.sleep(random.random() * longest)  # noqa: S311
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def cycle(number: int) -> int:
    """Four kills; how many came before the step had ended. Raises AssertionError when a yen is paid twice or lost."""
    from django.contrib.auth import get_user_model

    from members.payments.actions import order_payment, results, runs
    from members.payments.activities import BENEFIT_PAYMENT
    from members.payments.enums import LIVE
    from members.payments.files import zengin
    from members.payments.models import BankAccount, Payment, PaymentRun
    from privacy.outputs.models import Recipient
    from privacy.scope import scope

    users = get_user_model().objects
    clerk, second = users.get(staff_number="1002"), users.get(staff_number="1006")
    bank = Recipient.objects.filter(kind="bank").first()
    base, key = int(time.time() * 1000) * 100, uuid.uuid4()

    def acting(what: Callable[..., Any], by: Any = clerk, **values: Any) -> Any:
        with scope(BENEFIT_PAYMENT, clerk, operation="export"):
            return what(by=by, **values)

    with scope(BENEFIT_PAYMENT, clerk, operation="change"):
        members = [a.member_id for a in BankAccount.objects.filter(state="confirmed").order_by("pk")[:ORDERS]]
    for at, member in enumerate(members):
        acting(
            order_payment, source="tests.killed", source_id=base + at, member_id=member, amount=1000 + at,
            due_date=DAY, decided_by=10**6,
        )  # fmt: skip
    Payment.objects.filter(source="tests.killed", source_id__gte=base).update(ordered_by_id=10**6)
    early = 0

    def twice(what: Callable[..., Any], by: Any = clerk, longest: float = 0.4, **values: Any) -> Any:
        nonlocal early
        early += killed(lambda: acting(what, by, **values), longest)
        return acting(what, by, **values)

    run = twice(runs.collect_run, kind="21", day=DAY, key=key)
    run = acting(runs.check_run, run_id=run.pk, version=run.version)
    run = twice(runs.approve_run, second, run_id=run.pk, version=run.version)
    early += killed(
        lambda: acting(runs.write_run, run_id=run.pk, version=run.version, recipient_id=bank.pk, today=DAY), 0.4
    )
    run.refresh_from_db()
    if run.state == "approved":
        run = acting(runs.write_run, run_id=run.pk, version=run.version, recipient_id=bank.pk, today=DAY)
    held = list(Payment.objects.filter(run=run).select_related("account").order_by("position"))
    payer = zengin.Payer("21", "1", "ｱ", DAY, "0001", "", "001", "", 1, "1")
    rows = [
        zengin.Transfer(p.account.bank_code, "", p.account.branch_code, "", 1, "1", "ｱ", p.amount, str(p.pk))
        for p in held
    ]
    records = zengin.split(zengin.write(payer, rows))
    body = b"\r\n".join(r[:119] + b"0" if r[:1] == b"2" else r for r in records)
    twice(results.import_result, run_id=run.pk, body=body, today=DAY)
    run.refresh_from_db()

    mine = Payment.objects.filter(source="tests.killed", source_id__gte=base, source_id__lt=base + ORDERS)
    assert mine.filter(state__in=LIVE).count() == ORDERS == mine.filter(state="paid").count()
    assert PaymentRun.objects.filter(key=key).count() == 1
    assert (run.state, run.count, run.amount) == ("settled", len(held), sum(p.amount for p in held))
    assert run.paid_amount == run.amount and run.returned_amount == 0
    return early


def main(cycles: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")
    import django

    django.setup()
    from members.payments import sources
    from members.payments.models import PayerSetting
    from privacy.notice.register import Purpose

    sources.register("tests.killed", "試験の給付", Purpose.BENEFIT_PAYMENT)
    PayerSetting.objects.get_or_create(
        kind="21",
        defaults={
            "title": "総合振込", "client_code": "1234567890", "client_name": "ﾐﾗｲｹﾝﾎﾟ", "bank_code": "0001",
            "bank_name": "ﾐｽﾞﾎ", "branch_code": "001", "branch_name": "ﾄｳｷﾖｳ", "account_number": "7654321",
        },
    )  # fmt: skip
    early = sum(cycle(number) for number in range(cycles))
    print(f"{cycles * 4} kills, {early} of them before the step had ended; nothing paid twice, nothing lost")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
