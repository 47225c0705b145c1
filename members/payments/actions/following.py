"""統合された登録: the accounts and payments of a merged row go on under the row that remains."""

from __future__ import annotations

from django.db import connection, transaction

from kumiai.accounts.crypto import decrypt
from members.enrollment import queries as register
from members.payments.enums import AccountState, PaymentState, RunState
from members.payments.models import BankAccount, Payment, PaymentRun

COLLECTING = "SELECT pg_advisory_xact_lock(hashtext('payments.collect'))"
CLOSED = (RunState.SETTLED, RunState.CANCELLED)


@transaction.atomic
def follow_merges() -> int:
    """Move what merged rows still hold to the rows that remain; how many rows of this app moved. Run again it finds nothing.

    An account moves where its days are free. Where both rows have an account on a day, that of the row that remains
    stands, the other stays where it is as a record; if they are two different accounts that are both in use, the payments
    that wait stay too, until a clerk ended one of them. A person with a payment in an open run follows when it is settled:
    the file that lies with the door names the row as it was.
    """
    with (
        connection.cursor() as cursor
    ):  # never while a run is collected: it pairs payments with accounts by their member
        cursor.execute(COLLECTING)
    merged = register.merged_rows().values("pk")
    accounts = list(BankAccount.objects.select_for_update().filter(member__in=merged).order_by("pk"))
    payments = list(Payment.objects.select_for_update().filter(member__in=merged).order_by("pk"))
    ids = sorted({row.member_id for row in accounts} | {row.member_id for row in payments})
    moved = 0
    for from_id, to_id in register.remaining_of(ids).items():
        own = [row for row in payments if row.member_id == from_id]
        runs = {row.run_id for row in own if row.run_id is not None}
        if PaymentRun.objects.filter(pk__in=runs).exclude(state__in=CLOSED)[:1]:
            continue
        moved += _follow([row for row in accounts if row.member_id == from_id], own, to_id)
    return moved


def _follow(accounts: list[BankAccount], payments: list[Payment], to_id: int) -> int:
    present = list(BankAccount.objects.select_for_update().filter(member=to_id))
    moved, torn = 0, False
    for account in accounts:
        rivals = [other for other in present if _meet(account, other)]
        if rivals:
            torn = torn or any(_both_in_use(account, other) for other in rivals)
            continue
        account.member_id = to_id
        account.version += 1
        account.save(update_fields=["member", "version"])
        present.append(account)
        moved += 1
    for payment in payments:
        if torn and payment.state == PaymentState.DECIDED:
            continue
        payment.member_id = to_id
        payment.version += 1
        payment.save(update_fields=["member", "version"])
        moved += 1
    return moved


def _meet(one: BankAccount, other: BankAccount) -> bool:
    """Whether the two cannot stand under one row: both wait for a second person, or both are confirmed for a day."""
    if AccountState.REJECTED in (one.state, other.state) or one.state != other.state:
        return False
    if one.state == AccountState.PROPOSED:
        return True
    return _ends_after(one, other.period.lower) and _ends_after(other, one.period.lower)


def _ends_after(account: BankAccount, day: object) -> bool:
    return account.period.upper is None or account.period.upper > day


def _both_in_use(one: BankAccount, other: BankAccount) -> bool:
    """Whether money could go to either and it is not the same account."""
    if one.state != AccountState.CONFIRMED or one.period.upper is not None or other.period.upper is not None:
        return False
    place = [(row.bank_code, row.branch_code, row.kind, decrypt(row.number)) for row in (one, other)]
    return place[0] != place[1]
