"""振込結果: taken in once a file; 組戻し of one payment; and the way to pay again."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction

from kumiai.accounts.crypto import decrypt
from members.payments import policies
from members.payments.actions.runs import _locked, _save, check_payer, file_left
from members.payments.enums import PaymentState, RunState
from members.payments.files import zengin
from members.payments.models import Payment, PaymentRun, ResultFile
from members.payments.policies import UnableToPay
from members.payments.queries import runs as queries
from privacy.seen import population, shown


class BadResult(UnableToPay):
    """A file of results that cannot be taken in; nothing of it was. problems: by record."""

    def __init__(self, problems: list[zengin.Problem]) -> None:
        super().__init__("この結果ファイルは取り込めません。何も取り込んでいません。")
        self.problems = problems


class Asked(NamedTuple):
    """A payment of the run as the bank was asked for it. number: still encrypted. member_id: whom it is about."""

    pk: int
    member_id: int
    state: str
    amount: int
    bank_code: str
    branch_code: str
    number: str


def _asked(run: PaymentRun) -> dict[int, Asked]:
    """The payments of the run, locked; plain rows, since a run holds tens of thousands."""
    rows = Payment.objects.select_for_update(of=("self",)).filter(run=run)
    names = ("pk", "member_id", "state", "amount", "account__bank_code", "account__branch_code", "account__number")
    found = {row[0]: Asked(*row) for row in rows.values_list(*names)}
    shown(one.member_id for one in found.values())
    return found


def faults(
    run: PaymentRun, read: zengin.ResultRead, payments: dict[int, Asked], client_code: str
) -> list[zengin.Problem]:
    """What does not fit between the file and the run. client_code: ours, as the header must name it."""
    found = list(read.problems)
    if read.client_code and read.client_code != client_code:
        found.append(
            zengin.Problem(1, "振込依頼人コードがこの組合のものと違います。別の依頼人の結果ではありませんか。")
        )
    if read.kind and read.kind != run.kind:
        found.append(zengin.Problem(1, "種別がこの回と違います。別の回の結果ではありませんか。"))
    if read.day and read.day != f"{run.payment_date:%m%d}":
        found.append(zengin.Problem(1, f"取組日が{read.day}です。この回の振込日は{run.payment_date:%m%d}です。"))
    seen: set[int] = set()
    for row in read.rows:
        payment = payments.get(int(row.customer or 0))
        if payment is None:
            found.append(zengin.Problem(row.line, "この回にない支払の結果です。別の回の結果ではありませんか。"))
        elif payment.pk in seen:
            found.append(zengin.Problem(row.line, "同じ支払の結果が二つあります。"))
        elif payment.amount != row.amount:
            found.append(
                zengin.Problem(row.line, f"金額が{row.amount:,}円です。依頼したのは{payment.amount:,}円です。")
            )
        else:
            asked = payment.bank_code, payment.branch_code, decrypt(payment.number).decode()
            if asked != (row.bank_code, row.branch_code, row.account_number):
                found.append(zengin.Problem(row.line, "銀行、支店、口座番号のどれかが、依頼したものと違います。"))
            elif payment.state != PaymentState.WRITTEN and (payment.state == PaymentState.PAID) != row.paid:
                found.append(zengin.Problem(row.line, "この支払には、別の結果がすでに記録されています。"))
        if payment is not None:
            seen.add(payment.pk)
    return sorted(found, key=lambda problem: problem.line)


@transaction.atomic
def import_result(*, by: Any, run_id: int, body: bytes, today: date) -> ResultFile:
    """Take in a result: all of it or nothing. The same file again gives what it gave. Raises BadResult, UnableToPay."""
    run = _locked(run_id)
    digest = hashlib.sha256(body).hexdigest()
    again = ResultFile.objects.filter(run=run, digest=digest).first()
    if again is not None:
        return again
    policies.check_state(run, RunState.WRITTEN, RunState.SETTLED)
    if not file_left(run):
        raise UnableToPay("この回のファイルは、まだ取り出されていません。銀行に渡す前の回に、結果は取り込めません。")
    payer = check_payer(run.kind)
    read = zengin.read_result(body, payer.result_place)
    payments = _asked(run)
    problems = faults(run, read, payments, payer.client_code)
    if problems:
        raise BadResult(problems)
    paid, returned = _settle(
        run, [row for row in read.rows if payments[int(row.customer)].state == PaymentState.WRITTEN], today
    )
    taken = ResultFile.objects.create(
        run=run, digest=digest, paid_count=paid, returned_count=returned, imported_by_id=by.pk
    )
    _reckon(run)
    return taken


SETTLE = """
UPDATE payments_payment p
SET state = CASE WHEN r.paid THEN 'paid' ELSE 'returned' END, result_code = r.code,
    result_date = CASE WHEN r.paid THEN %(day)s::date ELSE %(today)s::date END, version = p.version + 1
FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(paid)s::boolean[]) AS r (id, code, paid)
WHERE p.id = r.id AND p.run_id = %(run)s AND p.state = 'written'
"""
"""One statement for all of a file: row by row, 50,000 take half a minute."""


def _settle(run: PaymentRun, rows: list[zengin.ResultRow], today: date) -> tuple[int, int]:
    """Write what became of each payment; how many were paid and how many came back."""
    with connection.cursor() as cursor:
        cursor.execute(
            SETTLE,
            {
                "day": run.payment_date,
                "today": today,
                "ids": [int(row.customer) for row in rows],
                "codes": [row.code for row in rows],
                "paid": [row.paid for row in rows],
                "run": run.pk,
            },
        )
        count = cursor.rowcount
    population("支払", count)
    if count != len(rows):
        raise UnableToPay("結果の件数と、登録できた支払の件数が合いません。システム担当に回の番号を伝えてください。")
    paid = sum(row.paid for row in rows)
    return paid, count - paid


def _reckon(run: PaymentRun) -> None:
    """The run's paid and returned totals from its payments; settled when nothing is open."""
    found = queries.by_state(run)
    none = queries.Totals(0, 0)
    paid = found.get(PaymentState.PAID, none)
    back = [found.get(state, none) for state in (PaymentState.RETURNED, PaymentState.REPAID)]
    run.paid_count, run.paid_amount = paid.count, paid.amount
    run.returned_count, run.returned_amount = sum(b.count for b in back), sum(b.amount for b in back)
    whole = run.paid_count + run.returned_count == run.count
    run.state = RunState.SETTLED if whole else RunState.WRITTEN
    _save(run, "paid_count", "paid_amount", "returned_count", "returned_amount", "state")


def _payment(payment_id: int) -> tuple[Payment, PaymentRun]:
    """The payment and its run, both locked, the run first as everywhere."""
    run_id = Payment.objects.filter(pk=payment_id).values_list("run_id", flat=True).first()
    population("支払", 1)
    if run_id is None:
        raise UnableToPay("この支払は、回に入っていません。")
    run = _locked(run_id)
    return Payment.objects.select_for_update().get(pk=payment_id), run


@transaction.atomic
def return_payment(*, by: Any, payment_id: int, today: date) -> Payment:
    """組戻し: money that the bank had transferred came back."""
    payment, run = _payment(payment_id)
    if payment.state == PaymentState.RETURNED:
        return payment
    if payment.state != PaymentState.PAID:
        raise UnableToPay(f"この支払は「{payment.get_state_display()}」です。組戻しは、支払済みのときだけです。")
    payment.state, payment.result_code, payment.result_date = PaymentState.RETURNED, "", today
    payment.version += 1
    payment.save(update_fields=["state", "result_code", "result_date", "version"])
    _reckon(run)
    return payment


@transaction.atomic
def repay(*, by: Any, payment_id: int, due_date: date) -> Payment:
    """再支払: a returned payment waits anew, as the next attempt, for the account the member then has. Once."""
    payment, run = _payment(payment_id)
    following = Payment.objects.filter(
        source=payment.source, source_id=payment.source_id, attempt=payment.attempt + 1
    ).first()
    if payment.state == PaymentState.REPAID and following is not None:
        return following
    if payment.state != PaymentState.RETURNED:
        raise UnableToPay(f"この支払は「{payment.get_state_display()}」です。再支払は、戻された支払だけです。")
    payment.state = PaymentState.REPAID
    payment.version += 1
    payment.save(update_fields=["state", "version"])
    again = Payment(
        member_id=payment.member_id,
        source=payment.source,
        source_id=payment.source_id,
        attempt=payment.attempt + 1,
        amount=payment.amount,
        due_date=due_date,
        decided_by_id=payment.decided_by_id,
        ordered_by_id=by.pk,
    )
    again.save()
    _reckon(run)
    return again
