"""kill -9 in collect, approve, write and import, a hundred times: `python -m tests.members.payments.killing [cycles]`.

Works on the development database with demonstration members who have accounts. In each cycle new decisions are ordered, each
of the four steps is begun in a process that is killed at a random moment, then asked for again, and the yen are counted:
every decision has exactly one live payment, every run holds exactly what was ordered. A step that had ended before the kill
makes the next kill of its kind come sooner, one that had not makes it come later, so that about half fall inside.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

ORDERS = 20
SOURCE = "tests.killed"
STEPS = ("collect", "approve", "write", "import")


@dataclass
class Kills:
    """What was killed so far. window: seconds within which the next kill of a step comes; early: kills inside a step."""

    early: Counter = field(default_factory=Counter)
    window: defaultdict = field(default_factory=lambda: defaultdict(lambda: 0.1))

    def kill(self, name: str, step: Callable[[], Any]) -> None:
        """Begin the step in another process and kill it after a random while."""
        from django.db import connections

        connections.close_all()
        child = os.fork()
        if not child:
            try:
                step()
            finally:
                os._exit(0)
        time.sleep(random.random() * self.window[name])  # noqa: S311
        os.kill(child, signal.SIGKILL)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        self.early[name] += killed
        self.window[name] = min(2.0, max(0.01, self.window[name] * (1.3 if killed else 0.7)))


def cycle(kills: Kills, clerk: Any, second: Any, bank: Any, left: Callable[[Any], None]) -> None:
    """Four kills. left: says that the run's file was fetched. Raises AssertionError when a yen is paid twice or lost."""
    from django.utils import timezone

    from kumiai.accounts.crypto import decrypt
    from members.payments.actions import order_payment, results, runs
    from members.payments.activities import BENEFIT_PAYMENT
    from members.payments.enums import LIVE
    from members.payments.files import zengin
    from members.payments.models import BankAccount, Payment, PaymentRun
    from members.payments.queries.calendar import next_bank_day, payer_of
    from privacy.scope import scope

    today = timezone.localdate()
    base, key = int(time.time() * 1000) * 100, uuid.uuid4()

    def acting(what: Callable[..., Any], by: Any = clerk, operation: str = "change", **values: Any) -> Any:
        with scope(BENEFIT_PAYMENT, by, operation=operation):
            return what(by=by, **values)

    def order(by: Any) -> None:
        rows = BankAccount.objects.filter(state="confirmed", period__contains=day, ending_date__isnull=True)
        for at, account in enumerate(rows.order_by("pk")[:ORDERS]):
            order_payment(
                by=by, source=SOURCE, source_id=base + at, member_id=account.member_id, amount=1000 + at, due_date=day,
                decided_by=by.pk,
            )  # fmt: skip

    with scope(BENEFIT_PAYMENT, clerk, operation="view"):
        day = next_bank_day(today + timedelta(days=1))
    acting(order)

    def twice(name: str, what: Callable[..., Any], by: Any = clerk, operation: str = "change", **values: Any) -> Any:
        kills.kill(name, lambda: acting(what, by, operation, **values))
        return acting(what, by, operation, **values)

    run = twice("collect", runs.collect_run, kind="21", day=day, key=key, today=today)
    run = acting(runs.check_run, run_id=run.pk, version=run.version)
    run = twice("approve", runs.approve_run, second, "decide", run_id=run.pk, version=run.version)
    order_of_bank = {"run_id": run.pk, "version": run.version, "recipient_id": bank.pk, "today": today}
    kills.kill("write", lambda: acting(runs.write_run, operation="export", **order_of_bank))

    def now(by: Any) -> Any:
        return PaymentRun.objects.get(pk=run.pk)

    run = acting(now)
    if run.state == "approved":
        run = acting(runs.write_run, operation="export", **order_of_bank)
    left(run)

    def answer(by: Any) -> bytes:
        held = list(Payment.objects.filter(run=run).select_related("account").order_by("position"))
        payer = payer_of("21")
        head = zengin.Payer("21", payer.client_code, "ｱ", run.payment_date, "0001", "", "001", "", 1, "1")
        rows = [
            zengin.Transfer(
                p.account.bank_code, "", p.account.branch_code, "", 1, decrypt(p.account.number).decode(), "ｱ", p.amount,
                str(p.pk),
            )
            for p in held
        ]  # fmt: skip
        records = zengin.split(zengin.write(head, rows))
        return b"\r\n".join(r[:119] + b"0" if r[:1] == b"2" else r for r in records)

    twice("import", results.import_result, run_id=run.pk, body=acting(answer), today=today)

    def count(by: Any) -> None:
        found = PaymentRun.objects.get(pk=run.pk)
        mine = list(Payment.objects.filter(source=SOURCE, source_id__gte=base, source_id__lt=base + ORDERS))
        ordered = len(mine)
        assert ordered and [p.state for p in mine] == ["paid"] * ordered, "every decision is paid"
        assert len({p.source_id for p in mine if p.state in LIVE}) == ordered, "and once"
        assert {p.run_id for p in mine} == {run.pk} and len(PaymentRun.objects.filter(key=key)) == 1
        held = list(Payment.objects.filter(run=run))
        assert (found.state, found.count, found.amount) == ("settled", len(held), sum(p.amount for p in held))
        assert (found.paid_count, found.paid_amount, found.returned_amount) == (found.count, found.amount, 0)

    acting(count)


def main(cycles: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumiai.settings")
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from members.payments import sources
    from privacy.notice.register import Purpose
    from privacy.outputs.models import Output, Recipient

    sources.register(SOURCE, "試験の給付", Purpose.BENEFIT_PAYMENT)
    users = get_user_model().objects
    clerk, second = users.get(staff_number="1002"), users.get(staff_number="1009")
    bank = Recipient.objects.get(kind="bank")

    def left(run: Any) -> None:
        Output.objects.filter(pk=run.output_id).update(fetched_at=timezone.now())

    kills = Kills()
    for _number in range(cycles):
        cycle(kills, clerk, second, bank, left)
    inside = "、".join(f"{name} {kills.early[name]}" for name in STEPS)
    print(f"{cycles * 4} kills, {sum(kills.early.values())} inside a step ({inside}); nothing paid twice, nothing lost")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
