"""支払の回: collect, check, approve, write, cancel. Each locks the run, so that a second click finds it already moved.

Money moves once: a payment is taken into a run by one UPDATE that finds it only while it waits, and whatever a killed
worker left undone was rolled back with its transaction.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from members.payments import policies, sources
from members.payments.actions.following import COLLECTING, follow_merges
from members.payments.enums import PaymentState, RunKind, RunState
from members.payments.models import PayerSetting, Payment, PaymentRun
from members.payments.policies import UnableToPay
from members.payments.queries import runs as queries
from members.payments.queries.calendar import PayDay, pay_day, payer_of
from privacy.notice.register import Purpose
from privacy.outputs.actions import request_output
from privacy.outputs.enums import FileFormat, OutputState, RecipientKind
from privacy.outputs.models import Output, Recipient
from privacy.outputs.policies import Closed
from privacy.seen import population

__all__ = ["approve_run", "cancel_run", "check_run", "collect_run", "write_run"]

FILE = "payments.transfer"

COLLECT = """
WITH taken AS (
  SELECT p.id, a.id AS account_id, row_number() OVER (ORDER BY p.due_date, p.id) AS position
  FROM payments_payment p
  JOIN payments_bankaccount a ON a.member_id = p.member_id AND a.state = 'confirmed' AND a.period @> %(day)s::date
  WHERE p.state = 'decided' AND p.due_date <= %(until)s AND p.source = ANY(%(sources)s)
    AND p.member_id <> ALL(%(held)s::bigint[])
)
UPDATE payments_payment p
SET state = 'collected', run_id = %(run)s, account_id = taken.account_id, position = taken.position,
    version = p.version + 1
FROM taken WHERE p.id = taken.id AND p.state = 'decided'
"""


@transaction.atomic
def collect_run(*, by: Any, kind: str, day: date, key: uuid.UUID, today: date) -> PaymentRun:
    """集計: everything due that has a good account, into a new run. key: of the form, so that it is made once.

    Where banks are closed on `day`, the run pays on the bank day before or after it, as agreed with the own bank; due days
    between are paid with it. Raises UnableToPay when the day is over, its calendar is unknown or nothing can be paid.
    """
    with connection.cursor() as cursor:
        cursor.execute(COLLECTING)
    again = PaymentRun.objects.filter(key=key).first()
    if again is not None:
        return again
    if kind not in RunKind.values:
        raise UnableToPay("種別を選んでください。")
    pay = check_pay_day(day, previous=check_payer(kind).moves_back, today=today)
    follow_merges()
    held = list(queries.held_back(pay, kind=kind, user_id=by.pk))
    run = PaymentRun.objects.create(kind=kind, payment_date=pay.day, collected_by_id=by.pk, key=key)
    with connection.cursor() as cursor:
        cursor.execute(
            COLLECT,
            {
                "day": pay.day,
                "until": pay.until,
                "sources": sources.codes_for(Purpose.BENEFIT_PAYMENT),
                "held": held,
                "run": run.pk,
            },
        )
        count = cursor.rowcount
    population("支払", count)
    totals = queries.totals_of(Payment.objects.filter(run=run))
    if not totals.count:
        raise UnableToPay(
            "この振込日に支払える支払がありません。口座のない人などは、下の「回に入らない支払」にあります。"
        )
    run.count, run.amount = totals.count, totals.amount
    run.save(update_fields=["count", "amount"])
    return run


def check_pay_day(asked: date, *, previous: bool, today: date) -> PayDay:
    """The bank day on which a run for the asked day pays. Raises UnableToPay."""
    pay = pay_day(asked, previous=previous)
    if not pay.known:
        raise UnableToPay(f"{pay.day.year}年の祝日が登録されていません。管理者に、祝日の表の更新を頼んでください。")
    if pay.day < today:
        word = "に当たる前の営業日" if pay.moved else ""
        raise UnableToPay(f"振込日{word}（{pay.day:%Y-%m-%d}）が過ぎています。今日より後の営業日にしてください。")
    return pay


def _locked(run_id: int, version: int | None = None) -> PaymentRun:
    run = PaymentRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise UnableToPay("この番号の回はありません。")
    policies.check_version(run, version)
    return run


def _save(run: PaymentRun, *fields: str) -> PaymentRun:
    run.version += 1
    run.save(update_fields=[*fields, "version"])
    return run


def _check_totals(run: PaymentRun, *states: PaymentState) -> None:
    """The run's payments are still the run's totals, to the yen."""
    found = queries.by_state(run)
    count = sum(found[state].count for state in states if state in found)
    amount = sum(found[state].amount for state in states if state in found)
    if (count, amount) != (run.count, run.amount):
        raise UnableToPay(
            f"回の合計は{run.count:,}件{run.amount:,}円ですが、中の支払は{count:,}件{amount:,}円です。"
            "先へ進めずに、システム担当に回の番号を伝えてください。"
        )


@transaction.atomic
def check_run(*, by: Any, run_id: int, version: int) -> PaymentRun:
    """点検: the clerk looked through it."""
    run = _locked(run_id)
    if run.state == RunState.CHECKED and run.checked_by_id == by.pk:
        return run
    policies.check_version(run, version)
    policies.check_state(run, RunState.COLLECTING)
    _check_totals(run, PaymentState.COLLECTED)
    run.state, run.checked_by_id = RunState.CHECKED, by.pk
    return _save(run, "state", "checked_by_id")


@transaction.atomic
def approve_run(*, by: Any, run_id: int, version: int) -> PaymentRun:
    """承認: by a person who collected nothing of it and decided none of its payments."""
    run = _locked(run_id)
    if run.state == RunState.APPROVED and run.approved_by_id == by.pk:
        return run
    policies.check_version(run, version)
    policies.check_state(run, RunState.CHECKED)
    if by.pk in (run.collected_by_id, run.checked_by_id):
        raise UnableToPay("あなたが集計か点検をした回です。別の職員が承認してください。")
    if queries.decided_by(run, by.pk):
        raise UnableToPay("この回には、あなたが決定した支払があります。どれも決定していない職員が承認してください。")
    _check_totals(run, PaymentState.COLLECTED)
    run.state, run.approved_by_id, run.approved_at = RunState.APPROVED, by.pk, timezone.now()
    return _save(run, "state", "approved_by_id", "approved_at")


@transaction.atomic
def write_run(*, by: Any, run_id: int, version: int, recipient_id: int, today: date) -> PaymentRun:
    """作成: the payments are handed to the bank in a file of the door, whose bytes a job makes. One file for a run.

    Only the file asked for here holds anybody: the run keeps a random token that the file's rows are proved by. Another is
    asked for only when the former was sent back or withdrawn. Runs under operation `export`. Raises UnableToPay.
    """
    run = _locked(run_id)
    if run.state == RunState.WRITTEN:
        _check_file_gone(run)
    else:
        policies.check_version(run, version)
        policies.check_state(run, RunState.APPROVED)
    if run.payment_date < today:
        raise UnableToPay("振込日が過ぎています。この回を取りやめて、新しい振込日で集計し直してください。")
    check_payer(run.kind)
    states = (PaymentState.WRITTEN,) if run.state == RunState.WRITTEN else (PaymentState.COLLECTED,)
    _check_totals(run, *states)
    recipient = Recipient.objects.filter(pk=recipient_id, kind=RecipientKind.BANK).first()
    if recipient is None:
        raise UnableToPay("渡す金融機関を選んでください。")
    if run.state != RunState.WRITTEN:
        _move(run, PaymentState.COLLECTED, PaymentState.WRITTEN)
    run.file_token = secrets.randbits(62)
    try:
        output = request_output(
            by=by,
            kind=FILE,
            parameters={"run": run.pk, "token": run.file_token},
            recipient=recipient,
            today=today,
            file_format=FileFormat.FIXED,
            expected_count=run.count,
        )
    except Closed as closed:
        raise UnableToPay(str(closed)) from None
    run.state, run.written_by_id, run.written_at = RunState.WRITTEN, by.pk, timezone.now()
    run.output_id = output.pk
    return _save(run, "state", "written_by_id", "written_at", "output_id", "file_token")


GONE = (OutputState.REFUSED, OutputState.WITHDRAWN, OutputState.EMPTY, OutputState.DESTROYED)


def file_gone(run: PaymentRun) -> bool:
    """Whether the run's file ended without ever having left: sent back, withdrawn, or destroyed before it was fetched."""
    return bool(Output.objects.filter(pk=run.output_id or 0, fetched_at__isnull=True, state__in=GONE)[:1])


def file_left(run: PaymentRun) -> bool:
    """Whether somebody fetched the run's file, so that the bank may have it."""
    return bool(Output.objects.filter(pk=run.output_id or 0, fetched_at__isnull=False)[:1])


def _check_file_gone(run: PaymentRun) -> None:
    """Another file of a run, or its end, only when the former never left."""
    if not file_gone(run):
        raise UnableToPay("この回のファイルはすでに作っています。受け渡しの画面から取り出してください。")


def check_payer(kind: str) -> PayerSetting:
    """The own account for this kind of run. Raises UnableToPay where none is set."""
    setting = payer_of(kind)
    if setting is None:
        raise UnableToPay(f"「{RunKind(kind).label}」の振込元の設定がありません。管理者に登録を頼んでください。")
    return setting


def _move(run: PaymentRun, before: PaymentState, after: PaymentState) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_payment SET state = %s, version = version + 1 WHERE run_id = %s AND state = %s",
            [after, run.pk, before],
        )
        count = cursor.rowcount
    population("支払", count)
    if count != run.count:
        raise UnableToPay("回の件数と、中の支払の件数が合いません。システム担当に回の番号を伝えてください。")


@transaction.atomic
def cancel_run(*, by: Any, run_id: int, version: int) -> PaymentRun:
    """取りやめ before the bank can have the file: the run's payments wait again."""
    run = _locked(run_id)
    if run.state == RunState.CANCELLED:
        return run
    policies.check_version(run, version)
    if run.state == RunState.WRITTEN:
        _check_file_gone(run)
    else:
        policies.check_state(run, RunState.COLLECTING, RunState.CHECKED, RunState.APPROVED)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_payment SET state = 'decided', run_id = NULL, account_id = NULL, position = NULL, "
            "version = version + 1 WHERE run_id = %s AND state IN ('collected', 'written')",
            [run.pk],
        )
        count = cursor.rowcount
    population("支払", count)
    if count != run.count:
        raise UnableToPay("回の件数と、中の支払の件数が合いません。システム担当に回の番号を伝えてください。")
    run.state = RunState.CANCELLED
    return _save(run, "state")
