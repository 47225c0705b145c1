"""Invented accounts of the demonstration members, the association's own account, and runs in every state of whatever
payments wait.

Written by the actions of the portal in the scope of their own work, so it runs as a serving login role. Nobody is paid
here that no decision ordered: without a source of payments there are accounts and no runs.
"""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from kumiai.jobs import engine
from members.enrollment import queries as register
from members.payments.actions import accounts, endings, results, runs
from members.payments.activities import BENEFIT_PAYMENT, PAYER_SETTINGS
from members.payments.enums import Relation, RunKind
from members.payments.files import zengin, zengin_text
from members.payments.models import BankAccount, PayerSetting, Payment, PaymentRun
from members.payments.policies import UnableToPay
from members.payments.queries import find_branch
from members.payments.queries.calendar import pay_day
from privacy.outputs import actions as door
from privacy.outputs import queries as recipients
from privacy.outputs.kinds import kind_of
from privacy.outputs.models import Output
from privacy.scope import Way, scope
from privacy.seen import shown

WAY = Way(name="デモの仕事", view="payments.demo")
PLACES = (("0001", "001"), ("0005", "001"), ("0009", "001"), ("0010", "100"), ("9900", "018"))
MOST = 400
WAITING = 6
RETURNED_EVERY = 9
"""Of a finished run, every ninth payment and the last one came back."""


def load(seed: int, today: date) -> dict[str, int]:
    """Accounts for most insured members, a few of them waiting; the own account; then runs, if payments wait. Once."""
    users = get_user_model().objects
    clerk, second = users.get(staff_number="1002"), users.get(staff_number="1009")
    with scope(PAYER_SETTINGS, users.get(staff_number="1004"), operation="change", way=WAY):
        _payers()
    made = _accounts(random.Random(seed), clerk, second, today)
    return {"口座": made, "支払の回": _runs(clerk, second, today)}


def _payers() -> None:
    """The own account at an invented bank, for both kinds of transfer."""
    for kind in RunKind:
        PayerSetting.objects.get_or_create(
            kind=kind,
            defaults={
                "title": f"{kind.label}（架空中央銀行）",
                "client_code": f"00000061{kind.value}",
                "client_name": "ｴﾑﾋﾞ-ｹ-ﾚﾝｺﾞｳｹﾝﾎﾟ",
                "bank_code": "9999",
                "bank_name": "ｶｸｳﾁﾕｳｵｳ",
                "branch_code": "001",
                "branch_name": "ﾎﾝﾃﾝ",
                "account_number": "0000001",
            },
        )


def _accounts(chance: random.Random, clerk: Any, second: Any, today: date) -> int:
    with scope(BENEFIT_PAYMENT, clerk, operation="change", way=WAY):
        if BankAccount.objects.first() is not None:
            return 0
        proposed = [
            accounts.propose_account(by=clerk, member_id=member_id, typed=typed)
            for member_id, typed in _typed(chance, today)
        ]
    with scope(BENEFIT_PAYMENT, second, operation="decide", way=WAY):
        for account in proposed[WAITING:]:
            accounts.confirm_account(by=second, account_id=account.pk, version=account.version)
    with scope(BENEFIT_PAYMENT, clerk, operation="change", way=WAY):
        ending = proposed[WAITING:][-1:]
        for account in ending:  # one whose end waits for a second person
            account.refresh_from_db()
            endings.propose_end(
                by=clerk,
                account_id=account.pk,
                version=account.version,
                end=today + timedelta(days=10),
                reason="解約の届",
            )
    return len(proposed)


def _typed(chance: random.Random, today: date) -> list[tuple[int, accounts.Typed]]:
    """What a clerk typed: for most insured members, in five banks, now and then an agent's account."""
    people = list(register.members_in("all", today).filter(insured__isnull=True, protected=False).order_by("pk")[:MOST])
    shown(member.pk for member in people)
    found: list[tuple[int, accounts.Typed]] = []
    for number, member in enumerate(people):
        bank, branch = PLACES[chance.randrange(len(PLACES))]
        if find_branch(bank, branch) is None:
            bank, branch = PLACES[0]
        figures = f"{chance.randrange(10**7):07d}"
        if number % 12 == 11 or not 0 < len(accounts.member_kana(member)) <= zengin_text.NAME_LENGTH:
            continue  # no account yet, or a name that no bank writes
        typed = accounts.Typed(
            since=date(2022, 4, 1) if len(found) >= WAITING else today + timedelta(days=1),
            bank_code=bank,
            branch_code=branch,
            kind=1,
            number=figures,
            holder=member.kana,
            relation=Relation.SELF if number % 40 else Relation.AGENT,
            relation_reason="" if number % 40 else "委任状を確認",
        )
        found.append((member.pk, typed))
    return found


def _runs(clerk: Any, second: Any, today: date) -> int:
    """Of what waits: a finished run with payments that came back, one whose result is awaited, one approved. Once.

    Each is of the earliest of three days on which something was due, so that few decisions make runs too.
    """
    with scope(BENEFIT_PAYMENT, clerk, operation="view", way=WAY):
        if PaymentRun.objects.first() is not None:
            return 0
        days = [pay_day(today - timedelta(days=back), previous=True).day for back in (45, 15, 0)]
    made = 0
    for last in (_settle, _send, None):
        for on in days:
            run = _approved(clerk, second, on)
            if run is not None:
                made += 1
                if last is not None:
                    last(clerk, second, run, on)
                break
    return made


def _approved(clerk: Any, second: Any, on: date) -> PaymentRun | None:
    """What waits on the day, collected and checked by who may have decided it, approved by the other; None where nothing
    waits."""
    try:
        with scope(BENEFIT_PAYMENT, second, operation="change", way=WAY):
            run = runs.collect_run(by=second, kind=RunKind.GENERAL, day=on, key=uuid.uuid4(), today=on)
            run = runs.check_run(by=second, run_id=run.pk, version=run.version)
    except UnableToPay:
        return None
    with scope(BENEFIT_PAYMENT, clerk, operation="decide", way=WAY):
        return runs.approve_run(by=clerk, run_id=run.pk, version=run.version)


def _send(clerk: Any, second: Any, run: PaymentRun, on: date) -> bytes:
    """The file through the door, by two persons, to the bank; its bytes."""
    at = timezone.make_aware(datetime.combine(on, time(10, 0)))
    with scope(BENEFIT_PAYMENT, clerk, operation="export", way=WAY):
        bank = recipients.recipients_for(kind_of(runs.FILE), on)[0]
        run = runs.write_run(by=clerk, run_id=run.pk, version=run.version, recipient_id=bank.pk, today=on)
        assert run.output_id is not None
        output = Output.objects.get(pk=run.output_id)
    assert output.job_id is not None
    engine.run(output.job_id)
    with scope(BENEFIT_PAYMENT, second, operation="decide", way=WAY):
        door.confirm(by=second, output_id=output.pk, recipient_code=bank.code, count=run.count, at=at)
    with scope(BENEFIT_PAYMENT, clerk, operation="export", way=WAY):
        return door.fetch(by=clerk, output_id=output.pk, at=at, today=on).body


def _settle(clerk: Any, second: Any, run: PaymentRun, on: date) -> None:
    """The bank's answer: every ninth payment and the last one came back, and the first of those is paid again."""
    records = zengin.split(_send(clerk, second, run, on))
    answer = records[:1]
    for number, record in enumerate(records[1:-2], start=1):
        back = number % RETURNED_EVERY == 0 or number == run.count
        answer.append(record[:119] + (b"2" if back else b"0"))
    answer += records[-2:]
    with scope(BENEFIT_PAYMENT, clerk, operation="change", way=WAY):
        results.import_result(by=clerk, run_id=run.pk, body=b"\r\n".join(answer), today=on)
        returned = Payment.objects.filter(run=run, state="returned").order_by("position").first()
        if returned is not None:
            results.repay(by=clerk, payment_id=returned.pk, due_date=on)
