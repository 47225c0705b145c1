"""Nothing of one request reaches the next: 32 threads, few persistent connections, every way a request can end.

A request goes through the middleware that opens the scope. What it found inside is compared with what it was sent for;
what stands on its connection afterwards must be nobody; and the log and the history, read at the end by the owner, must
hold exactly the requests that ended well.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DataError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Member
from members.lifecycle.activities import LIFECYCLE
from privacy.administration import ACCESS_ADMINISTRATION
from privacy.middleware import ScopeMiddleware
from privacy.records import history_of
from privacy.scope import ScopeError, current_scope, scope, shown
from privacy.seen import collecting
from tests.reliability.conftest import small_or_long
from tests.reliability.pooling import Pool, in_threads, pool

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 32
CONNECTIONS = 8
REQUESTS = small_or_long(1_600, 100_000)
MEMBERS = 12

# Who may do what, said here a second time: the section's grants in the demo, in words.
MAY = {
    ("佐藤", MEMBER_ADMINISTRATION): {"GET", "POST"},
    ("小林", MEMBER_ADMINISTRATION): {"GET", "POST"},
    ("佐藤", LIFECYCLE): {"GET", "POST"},
    ("小林", LIFECYCLE): {"GET", "POST"},
    ("鈴木", MEMBER_ADMINISTRATION): {"GET"},
    ("鈴木", LIFECYCLE): {"GET"},
    ("田中", ACCESS_ADMINISTRATION): {"GET", "POST"},
}
NAMES = ["佐藤", "小林", "鈴木", "田中", "高橋", "伊藤"]
ACTIVITIES = [MEMBER_ADMINISTRATION, LIFECYCLE, ACCESS_ADMINISTRATION]
ENDINGS = ["well", "error", "sql_error", "savepoint", "status_422", "policy", "wall", "nest"]

STAND = (
    "SELECT current_user, session_user, coalesce(current_setting('kumiai.actor', true), ''),"
    " coalesce(current_setting('kumiai.activity', true), ''), coalesce(current_setting('kumiai.uses', true), ''),"
    " coalesce(current_setting('kumiai.event', true), '')"
)


class Planted(Exception):
    """The view fails."""


def ask(statement: str, parameters: tuple = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@dataclass
class Sent:
    """One request: what it was sent for, and what became of it."""

    actor: int
    activity: object
    method: str
    ending: str
    member: int
    token: str
    event: str = ""
    inside: tuple = ()
    kept: bool = False


@dataclass
class Run:
    users: dict
    members: list[int]
    pool: Pool
    seed: int
    wrong: list = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)


def view_of(sent: Sent):
    """A view that does the work of its activity with one member and ends as it was told."""

    def view(request):
        sent.inside = ask(STAND)[0]
        sent.event = sent.inside[-1]
        if sent.activity is ACCESS_ADMINISTRATION:
            return _administration(sent)
        found = Member.objects.get(pk=sent.member)
        if sent.method == "POST":
            found.given_name = sent.token
            found.save(update_fields=["given_name"])
        if sent.ending == "error":
            raise Planted
        if sent.ending == "sql_error":
            ask("SELECT 1 / (id - id) FROM enrollment_member WHERE id = %s", (sent.member,))
        if sent.ending == "savepoint":
            with pytest.raises(DataError), transaction.atomic():
                Member.objects.filter(pk=sent.member).update(family_name="消える") if sent.method == "POST" else None
                ask("SELECT 1 / (id - id) FROM enrollment_member WHERE id = %s", (sent.member,))
        if sent.ending == "policy":
            raise PermissionDenied("いまは扱えません。")
        if sent.ending == "wall":
            ask("SELECT password FROM accounts_user")
        if sent.ending == "nest":
            with pytest.raises(ScopeError), scope(ACCESS_ADMINISTRATION, sent.actor):
                pass
        return HttpResponse(status=422 if sent.ending == "status_422" else 200)

    view.activity = sent.activity
    return view


def _administration(sent: Sent) -> HttpResponse:
    """The administration of grants: no member belongs to it."""
    if sent.ending in {"well", "savepoint", "nest"}:
        ask("SELECT count(*) FROM notice_grant")
        shown([])
        return HttpResponse()
    if sent.ending == "error":
        raise Planted
    ask("SELECT * FROM enrollment_member")  # another's activity: whatever ending was asked, the wall answers
    raise AssertionError("rows of another activity were read")


def one_request(run: Run, dice: random.Random, number: str) -> None:
    anybody = dice.random() < 0.2
    name, activity = (dice.choice(NAMES), dice.choice(ACTIVITIES)) if anybody else dice.choice(list(MAY))
    method = dice.choice(["GET", "POST"])
    sent = Sent(run.users[name].pk, activity, method, dice.choice(ENDINGS), dice.choice(run.members), number)
    request = getattr(RequestFactory(), sent.method.lower())("/")
    request.user, request.session = run.users[name], {}
    allowed = sent.method in MAY.get((name, activity), set())
    answer = None
    with run.pool.lend() as lent:
        try:
            answer = ScopeMiddleware(lambda request: HttpResponse()).process_view(request, view_of(sent), (), {})
        except (Planted, DataError):
            answer = None
        problem = _afterwards(lent, dice)
    if not problem:
        problem = _as_sent(sent, allowed, answer)
    if problem:
        run.wrong.append((problem, name, sent))
    if answer is not None and answer.status_code == 403:
        run.refused[sent.actor] += 1
    run.sent.append(sent)


def _as_sent(sent: Sent, allowed: bool, answer) -> str:
    """What the request found inside and how it was answered, against what it was sent for."""
    status = answer.status_code if answer is not None else "raised"
    if not allowed:
        return "" if status == 403 and not sent.inside else f"not allowed, yet {status}"
    operation = "view" if sent.method == "GET" else "change"
    role = sent.activity.role_for(operation)
    found = sent.inside[:5]
    if found != (
        role,
        f"{settings.WALL_PREFIX}_web",
        str(sent.actor),
        sent.activity.code,
        ",".join(sent.activity.keys),
    ):
        return f"inside stood {found}"
    expected = {"well": 200, "savepoint": 200, "nest": 200, "error": "raised", "sql_error": "raised",
                "status_422": 422, "policy": 403, "wall": 403}[sent.ending]  # fmt: skip
    if sent.activity is ACCESS_ADMINISTRATION and sent.ending in {"sql_error", "status_422", "policy"}:
        expected = 403
    sent.kept = expected in {200, 422}  # a form that is not valid showed the person all the same
    return "" if status == expected else f"{sent.ending} ended in {status}"


def _afterwards(lent, dice: random.Random) -> str:
    """What stands on the connection after a request: the login role, nobody, no transaction, no scope."""
    if lent.in_atomic_block or lent.connection.info.transaction_status.name != "IDLE":
        return "a transaction is left open"
    if current_scope() is not None or collecting.get() is not None:
        return "a scope is left open"
    web = f"{settings.WALL_PREFIX}_web"
    if (stands := ask(STAND)[0]) != (web, web, "", "", "", ""):
        return f"left behind: {stands}"
    if dice.random() < 0.2:
        try:
            with transaction.atomic():
                ask("SELECT * FROM enrollment_member")
            return "rows without a scope"
        except ProgrammingError as refused:
            return "" if "permission denied" in str(refused) else str(refused)
    return ""


def test_no_request_leaves_anything_to_the_next(personas, a_member, owner, events, dice):
    members = [a_member(str(n)).pk for n in range(1, MEMBERS + 1)]
    started = len(events())
    with pool(CONNECTIONS) as connections:
        run = Run(personas, members, connections, dice.randrange(10**9))
        dices = [random.Random(run.seed + thread) for thread in range(THREADS)]

        def work(thread: int) -> None:
            for step in range(REQUESTS // THREADS):
                one_request(run, dices[thread], f"印{thread}の{step}")

        in_threads(THREADS, work)

    print(f"{len(run.sent)} requests, {Counter(s.ending for s in run.sent)}, refused {sum(run.refused.values())}")
    assert run.wrong == []
    assert len(run.sent) >= REQUESTS - THREADS
    _the_log_holds_them(run, events()[started:])
    _the_history_holds_them(run, owner)


def _the_log_holds_them(run: Run, logged) -> None:
    """Exactly the requests that ended well are on record, each under its own person, work and member."""
    found = {
        str(e.event): (e.actor_id, e.activity, e.role, sorted(e.subjects)) for e in logged if e.outcome != "refused"
    }
    expected = {
        s.event: (
            s.actor,
            s.activity.code,
            s.activity.role_for("view" if s.method == "GET" else "change"),
            [] if s.activity is ACCESS_ADMINISTRATION else [s.member],
        )
        for s in run.sent
        if s.kept
    }
    assert found == expected
    assert Counter(e.actor_id for e in logged if e.outcome == "refused") == run.refused


def _the_history_holds_them(run: Run, owner) -> None:
    """Every write that was confirmed, none that was not, each stamped with who wrote it for what."""
    with owner():
        found = {
            (str(h.event), h.id, h.given_name, h.family_name, h.history_user_id, h.activity)
            for h in history_of(Member).objects.filter(history_type="~")
        }
    assert found == {
        (s.event, s.member, s.token, "髙﨑", s.actor, s.activity.code)
        for s in run.sent
        if s.kept and s.method == "POST" and s.activity is not ACCESS_ADMINISTRATION and s.ending != "status_422"
    }
    assert found or os.environ.get("PORTAL_SEED"), "nothing was written: the run proves nothing"
