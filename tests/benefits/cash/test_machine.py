"""The life of a case against the database: whatever two clerks try in whatever order, only what the states allow happens.

Hypothesis chooses actions of the portal at random, possible or not, by either clerk, and the bank pays and sends back. After each:
a refusal said why and left everything as it was; a move is one of the declared ones, with its step; nobody decided on what they
submitted themselves; and the money adds up.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from benefits.cash.actions import cases, deciding, reviewing
from benefits.cash.models import (
    Calculation,
    Case,
    CaseStep,
    Decision,
    LabourPay,
    Recovery,
    Repayment,
)
from benefits.cash.policies import UnableToProcess, net_of
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import BY_NAME, State, moves_from
from members.payments.enums import LIVE, PaymentState
from members.payments.models import BankAccount, Payment, PaymentRun
from tests.benefits.cash.conftest import TODAY, applied, certify, complete

pytestmark = pytest.mark.django_db

CLERKS = st.sampled_from(("鈴木", "加藤"))
WORDS = st.sampled_from(("書類で確かめました。", ""))


def _plain(name: str) -> Callable[..., Any]:
    def act(*, by: Any, case_id: int, reason: str) -> Any:
        return reviewing.move_case(by=by, case_id=case_id, version=None, name=name, reason=reason)

    return act


def _approve(*, by: Any, case_id: int, reason: str) -> Any:
    return deciding.approve_case(by=by, case_id=case_id, version=None, today=TODAY, reason=reason)


def _refuse(*, by: Any, case_id: int, reason: str) -> Any:
    return deciding.refuse_case(by=by, case_id=case_id, version=None, today=TODAY, reason=reason)


def _send_back(*, by: Any, case_id: int, reason: str) -> Any:
    return deciding.send_back(by=by, case_id=case_id, version=None, reason=reason)


def _recover(*, by: Any, case_id: int, reason: str) -> Any:
    plan = deciding.Plan(first_month=TODAY + timedelta(days=30), count=3)
    return deciding.decide_recovery(
        by=by, case_id=case_id, version=None, today=TODAY, known=TODAY, deceit=False, plan=plan, reason=reason
    )


def _hand(*, by: Any, case_id: int, reason: str) -> Any:
    return deciding.hand_to_payment(by=by, case_id=case_id, version=None, due_date=TODAY)


def _take(*, by: Any, case_id: int, reason: str) -> Any:
    return deciding.take_from_payment(by=by, case_id=case_id, version=None, reason=reason)


def _close(*, by: Any, case_id: int, reason: str) -> Any:
    return deciding.close_case(by=by, case_id=case_id, version=None)


def _calculate(*, by: Any, case_id: int, reason: str) -> Any:
    return reviewing.calculate_case(by=by, case_id=case_id, version=None)


def _submit(*, by: Any, case_id: int, reason: str) -> Any:
    return reviewing.submit_case(by=by, case_id=case_id, version=None, reason=reason)


def _propose(*, by: Any, case_id: int, reason: str) -> Any:
    return reviewing.propose_refusal(by=by, case_id=case_id, version=None, reason=reason)


MOVES: dict[str, Callable[..., Any]] = {name: _plain(name) for name in sorted(reviewing.PLAIN)} | {
    "calculate": _calculate, "submit": _submit, "propose_refusal": _propose, "approve": _approve, "refuse": _refuse,
    "send_back": _send_back, "decide_recovery": _recover, "hand_to_payment": _hand, "take_from_payment": _take,
    "close": _close,
}  # fmt: skip
ONWARD = frozenset(MOVES) - {"withdraw", "withhold", "request_documents", "review_again", "refuse", "propose_refusal"}
"""What leads on. Tried more often than what goes back or ends a case, or hardly anything would ever be paid."""


def chosen(state: State, pick: int, wild: int) -> str:
    """Any move at all (one in twelve), any that starts here (one in twelve), else one that leads on from here."""
    here = sorted(move.name for move in moves_from(state) if move.name in MOVES)
    onward = [name for name in here if name in ONWARD]
    names = sorted(MOVES) if wild == 0 else here if wild == 1 else onward
    names = names or here or sorted(MOVES)
    return names[pick % len(names)]


Morning = list[tuple[int, int, str, str]]


def mornings(least: int, most: int) -> st.SearchStrategy[Morning]:
    """What two clerks try one after another: which move, how wildly, who, with which reason."""
    one = st.tuples(st.integers(0, 59), st.integers(0, 11), CLERKS, WORDS)
    return st.lists(one, min_size=least, max_size=most)


@pytest.fixture
def machine(act, owner, insured):
    """The machine over the services of this test; every example is taken back."""

    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.point = transaction.savepoint()
            self.places = itertools.count(1)
            made = act(
                "鈴木", cases.receive_case, kind=Kind.SICKNESS, applied=applied(Kind.SICKNESS, insured), key=uuid.uuid4(),
                today=TODAY,
            )  # fmt: skip
            self.pk = made.pk
            self.certificate = act("鈴木", certify, case=made)
            complete(act, "鈴木", made, Kind.SICKNESS)
            with owner():
                self.run = PaymentRun.objects.create(
                    kind="21", payment_date=TODAY, state="settled", count=1, amount=1, paid_count=1, paid_amount=1,
                    collected_by_id=1, approved_by_id=2, key=uuid.uuid4(),
                )  # fmt: skip
                self.account = BankAccount.objects.get(member=insured)

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

        def snapshot(self) -> tuple[Any, ...]:
            with owner():
                case = Case.objects.get(pk=self.pk)
                return (
                    case.state, case.version, CaseStep.objects.filter(case=case).count(),
                    Decision.objects.filter(case=case).count(), Calculation.objects.filter(case=case).count(),
                    list(Payment.objects.order_by("pk").values_list("pk", "state", "amount")),
                    Repayment.objects.filter(case=case).count(),
                )  # fmt: skip

        def attempt(self, who: str, what: Callable[..., Any], *, operation: str = "change", **values: Any) -> bool:
            before = self.snapshot()
            try:
                with transaction.atomic():
                    act(who, what, operation=operation, **values)
            except UnableToProcess as unable:
                assert len(str(unable)) > 5, "a refusal says why"
                assert self.snapshot() == before, "a refusal leaves everything as it was"
                return False
            return True

        @initialize(morning=mornings(14, 26))
        def begin(self, morning: Morning) -> None:
            self.tried(morning)

        @rule(morning=mornings(4, 12))
        def work(self, morning: Morning) -> None:
            self.tried(morning)

        def tried(self, morning: Morning) -> None:
            for pick, wild, who, reason in morning:
                self.move(pick, wild, who, reason)
                self.steps_make_one_way()
                self.the_money_adds_up()

        def move(self, pick: int, wild: int, who: str, reason: str) -> None:
            before = State(self.snapshot()[0])
            known = BY_NAME[name := chosen(before, pick, wild)]
            if not self.attempt(who, MOVES[name], operation=str(known.operation), case_id=self.pk, reason=reason):
                return
            after = self.snapshot()
            assert before in known.sources and after[0] == known.target
            assert reason or not known.needs_reason
            with owner():
                last = CaseStep.objects.filter(case_id=self.pk).latest("pk")
            assert (last.move, last.before, last.after) == (name, before, known.target)
            self.world_goes_on(name, pick, who)

        def world_goes_on(self, name: str, pick: int, who: str) -> None:
            """What others do after a move: the bank pays (or sends back), an employer tells of pay, money comes back."""
            if name == "hand_to_payment" and pick % 3:
                self.bank(returned=False, who=who)
                if pick % 7 == 0:
                    self.bank(returned=True, who=who)
            elif name in ("correct", "reopen") and pick % 2:
                self.pay_comes_to_light(yen=20_000 + pick * 1_000)
                self.settle(who=who)
            elif name == "decide_recovery":
                self.money_comes_back(part=0.4, who=who)

        @rule(who=CLERKS)
        def settle(self, who: str) -> None:
            """What was found by a check is settled by a clerk."""
            if State(self.snapshot()[0]) in (State.UNDER_REVIEW, State.CORRECTING):
                with owner():
                    case = Case.objects.get(pk=self.pk)
                complete(act, who, case, Kind.SICKNESS)

        @rule(yen=st.integers(1_000, 300_000))
        def pay_comes_to_light(self, yen: int) -> None:
            """The employer paid for days already decided: less is due than was given."""

            def add(*, by: Any) -> None:
                LabourPay.objects.create(
                    certificate=self.certificate, member_id=insured.pk, label="手当", first=self.certificate.first,
                    last=self.certificate.last, amount=yen,
                )  # fmt: skip

            if State(self.snapshot()[0]) in (State.UNDER_REVIEW, State.CORRECTING):
                act("鈴木", add)

        @rule(returned=st.booleans(), who=CLERKS)
        def bank(self, returned: bool, who: str) -> None:
            """The bank pays what is ordered, or sends back what it paid; the night takes it over, twice without harm."""
            before = PaymentState.PAID if returned else PaymentState.DECIDED
            with owner():
                row = Payment.objects.filter(state=before).order_by("-pk").first()
                if row is None:
                    return
                row.state = PaymentState.RETURNED if returned else PaymentState.PAID
                row.run, row.account, row.result_date = self.run, self.account, TODAY
                row.position = row.position or next(self.places)
                row.result_code = "2" if returned else "0"
                row.save()
            for _twice in range(2):
                act(who, deciding.follow_payments, case_ids=[self.pk])

        @rule(part=st.floats(0.1, 1.5), who=CLERKS)
        def money_comes_back(self, part: float, who: str) -> None:
            with owner():
                found = Recovery.objects.filter(case_id=self.pk).order_by("-pk").first()
            if found is None:
                return
            amount, key = int(found.total * part), uuid.uuid4()
            given = {
                "case_id": self.pk,
                "version": None,
                "received": TODAY,
                "amount": amount,
                "key": key,
                "today": TODAY,
            }
            if self.attempt(who, deciding.receive_repayment, **given):
                once = self.snapshot()
                act(who, deciding.receive_repayment, **given)
                assert self.snapshot() == once, "the same key is received once"

        @invariant()
        def steps_make_one_way(self) -> None:
            with owner():
                steps = list(CaseStep.objects.filter(case_id=self.pk).order_by("pk"))
                state = Case.objects.get(pk=self.pk).state
            for former, one in itertools.pairwise(steps):
                assert (one.before or former.after) == former.after
            assert steps[-1].after == state

        @invariant()
        def a_second_person_decided(self) -> None:
            with owner():
                rows = Decision.objects.filter(case_id=self.pk).values_list("proposed_by_id", "decided_by_id")
                assert all(proposed and proposed != decided for proposed, decided in rows)

        @invariant()
        def the_money_adds_up(self) -> None:
            with owner():
                decisions = list(Decision.objects.filter(case_id=self.pk).order_by("serial"))
                payments = list(Payment.objects.all())
                for found in Recovery.objects.filter(case_id=self.pk):
                    rows = Repayment.objects.filter(recovery=found).values_list("amount", flat=True)
                    parts = found.instalments.filter(replaced=False).values_list("amount", flat=True)
                    assert sum(rows) <= found.total == sum(parts)
            assert net_of(decisions) >= 0
            ordered = {row.pk: row.amount for row in decisions if row.outcome == "grant"}
            for pk, amount in ordered.items():
                live = [row for row in payments if row.source_id == pk and row.state in LIVE]
                assert len(live) <= 1 and all(row.amount == amount for row in live)
            assert all(row.source_id in ordered for row in payments)

    return Life


def test_whatever_is_tried_only_what_the_states_allow_happens(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
