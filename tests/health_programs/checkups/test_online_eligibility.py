"""オンライン資格確認への連携: sent once and exactly as collected, answered line by line, errors worked off, changes and losses told."""

from __future__ import annotations

import os
import signal
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from health_programs.checkups.actions import answers, results
from health_programs.checkups.actions import online_eligibility as actions
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, ONLINE_ELIGIBILITY_LINK
from health_programs.checkups.files.online_eligibility import Form, read_file, write
from health_programs.checkups.models import AnswerFile, AnswerLine, CheckupContent, CheckupResult, LinkBatch, LinkLine
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import online_eligibility as queries
from kumiai.jobs import engine, tasks
from members.enrollment.models import Member
from privacy.outputs import actions as door
from privacy.outputs.models import OptOut, Output, Recipient
from privacy.outputs.policies import Closed
from privacy.outputs.rules.names import name_key
from privacy.scope import scope
from tests.health_programs.checkups.conftest import submission

pytestmark = pytest.mark.django_db
FUND = "S013"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: None)


@pytest.fixture
def fund(owner, personas):
    with owner():
        return Recipient.objects.create(
            code=FUND, kind="payment_fund", name="架空支払基金", name_key=name_key("架空支払基金"), address="架空市本町2-1",
            representative="見本 二郎", since=date(2020, 4, 1),
        )  # fmt: skip


@pytest.fixture
def collect(doing, takahashi, owner):
    """Collect to the end, as the job does → the batch."""

    def run(limit: int = actions.CHUNK) -> LinkBatch:
        today = timezone.localdate()
        made = doing(ONLINE_ELIGIBILITY_LINK, actions.collect, by=takahashi, today=today)
        after: int | None = 0
        while after is not None:
            given = {"batch_id": made.pk, "after": after, "today": today, "limit": limit}
            after = doing(ONLINE_ELIGIBILITY_LINK, actions.collect_some, **given).reached
        return doing(ONLINE_ELIGIBILITY_LINK, actions.finish_collecting, batch_id=made.pk)

    return run


@pytest.fixture
def ask(doing, takahashi, fund, owner):
    """Ask for the file of a batch and make it → the file of the door."""

    def run(batch: LinkBatch) -> Output:
        given = {"by": takahashi, "batch_id": batch.pk, "recipient_id": fund.pk, "today": timezone.localdate()}
        asked = doing(ONLINE_ELIGIBILITY_LINK, actions.ask_file, operation="export", **given)
        with owner():
            output = Output.objects.get(pk=asked.output_id)
        engine.run(output.job_id)
        with owner():
            return Output.objects.get(pk=output.pk)

    return run


@pytest.fixture
def send(ask, takahashi, personas):
    """Ask, confirm by the second person, fetch → the bytes that left."""

    def run(batch: LinkBatch) -> bytes:
        output, now = ask(batch), timezone.now()
        with scope(ONLINE_ELIGIBILITY_LINK, personas["中村"], operation="decide"):
            door.confirm(by=personas["中村"], output_id=output.pk, recipient_code=FUND, count=output.row_count, at=now)
        with scope(ONLINE_ELIGIBILITY_LINK, takahashi, operation="export"):
            return door.fetch(by=takahashi, output_id=output.pk, at=now, today=timezone.localdate()).body

    return run


@pytest.fixture
def answered(doing, takahashi, owner):
    """Take an answer in to the end → the file."""

    def run(body: bytes, limit: int = answers.CHUNK) -> AnswerFile:
        made = doing(ONLINE_ELIGIBILITY_LINK, answers.receive, by=takahashi, name="answer.csv", body=body)
        start, finished = 0, made.job is None
        while not finished:
            given = {"file_id": made.pk, "start": start, "limit": limit}
            read = doing(ONLINE_ELIGIBILITY_LINK, answers.read_some, **given)
            start, finished = read.reached, read.finished
        with owner():
            return AnswerFile.objects.get(pk=made.pk)

    return run


@pytest.fixture
def states(owner):
    """(処理, state) of every line in the order of sending."""

    def run() -> list[tuple[str, str]]:
        with owner():
            return list(LinkLine.objects.order_by("pk").values_list("action", "state"))

    return run


def answer(sent: bytes, **errors: str) -> bytes:
    """The answer to a file: accepted, but for lines whose place ("n1", "n2" …) has an error code."""
    rows = read_file(Form.RESULTS, sent).rows
    lines = []
    for place, row in enumerate(rows, start=1):
        code = errors.get(f"n{place}", "")
        told = (
            {"state": "rejected", "error_code": code, "message": "枝番がありません"} if code else {"state": "accepted"}
        )
        lines.append({"reference": row.reference, "answered_date": "2026-11-24", **told})
    return write(Form.ANSWER, lines, encoding="utf8").body


def test_what_is_sent_comes_back_as_accepted_and_is_never_sent_again(
    a_member, take, collect, send, answered, states, doing, takahashi
):
    people = [a_member(str(n)) for n in range(1, 4)]
    take(*(submission(one) for one in people))
    body = send(collect(limit=2))
    rows = read_file(Form.RESULTS, body)
    assert rows.problems == () and [row.values["number"] for row in rows.rows] == ["1", "2", "3"]
    assert {row.values["action"] for row in rows.rows} == {"register"} and rows.rows[0].values["systolic"] == "145"
    file = answered(answer(body), limit=2)
    assert file.state == "read" and file.counts == {"accepted": 3} and file.problems == []
    assert states() == [("register", "accepted")] * 3
    assert collect().state == "cancelled", "nothing is left to be sent"
    with pytest.raises(UnableToMove, match="受け付け済み"):
        doing(ONLINE_ELIGIBILITY_LINK, answers.receive, by=takahashi, name="again.csv", body=answer(body))


def test_a_changed_result_is_sent_as_a_change_and_a_withdrawn_one_as_a_cancellation(
    a_member, take, collect, send, answered, states, doing, takahashi, owner
):
    changed, gone = a_member("1"), a_member("2")
    take(submission(changed), submission(gone))
    first = send(collect())
    registered = [row.reference for row in read_file(Form.RESULTS, first).rows]
    answered(answer(first))
    with owner():
        Member.objects.filter(pk=changed.pk).update(given_kana="カワッタ")
        withdrawn = CheckupResult.objects.get(member=gone)
    doing(CHECKUP_ADMINISTRATION, results.withdraw, by=takahashi, result_id=withdrawn.pk)
    body = send(collect())
    rows = read_file(Form.RESULTS, body).rows
    assert [row.values["action"] for row in rows] == ["change", "cancel"]
    assert [row.values["former"] for row in rows] == registered
    assert "カワッタ" in rows[0].values["kana"] and "systolic" not in rows[1].values
    answered(answer(body))
    assert states()[2:] == [("change", "accepted"), ("cancel", "accepted")]
    assert collect().state == "cancelled", "what was cancelled is not cancelled twice"


def test_an_error_waits_for_a_clerk_and_goes_out_again_once(
    a_member, take, collect, send, answered, states, doing, takahashi, owner
):
    take(submission(a_member("1")), submission(a_member("2")))
    first = collect()
    answered(answer(send(first), n2="E01"))
    assert states() == [("register", "accepted"), ("register", "rejected")]
    empty = collect()
    assert empty.state == "cancelled" and empty.counts == {"rejected": 1}
    with owner():
        line = LinkLine.objects.get(state="rejected")
    assert (line.error_code, line.message) == ("E01", "枝番がありません")
    doing(ONLINE_ELIGIBILITY_LINK, actions.send_again, by=takahashi, line_id=line.pk, note="枝番を確かめた")
    with pytest.raises(UnableToMove, match="エラーの結果だけ"):
        doing(ONLINE_ELIGIBILITY_LINK, actions.send_again, by=takahashi, line_id=line.pk, note="もう一度")
    answered(answer(send(collect())))
    assert states() == [("register", "accepted"), ("register", "resend"), ("register", "accepted")]


def test_protected_people_and_those_who_object_are_left_out_and_counted(a_member, take, collect, send, owner):
    kept, guarded, objects = (a_member(str(n)) for n in range(1, 4))
    take(*(submission(one) for one in (kept, guarded, objects)))
    with owner():
        Member.objects.filter(pk=guarded.pk).update(protected=True)
        OptOut.objects.create(
            member_id=objects.pk, use="health_checkup.online_eligibility_link", since=date(2026, 4, 1), source="paper"
        )
    batch = collect()
    assert batch.counts == {"register": 1, "protected": 1, "opted_out": 1}
    assert [row.values["number"] for row in read_file(Form.RESULTS, send(batch)).rows] == ["1"]


def test_what_changed_since_it_was_collected_is_not_sent(a_member, take, collect, ask, doing, takahashi, owner, states):
    member = a_member("1")
    take(submission(member))
    batch = collect()
    with owner():
        Member.objects.filter(pk=member.pk).update(protected=True)
    with pytest.raises(UnableToMove, match="連携しないことになった人が1名"):
        ask(batch)
    with owner():
        Member.objects.filter(pk=member.pk).update(protected=False, given_kana="カワッタ")
    with pytest.raises(UnableToMove, match="内容が変わった結果が1件"):
        ask(batch)
    doing(ONLINE_ELIGIBILITY_LINK, actions.cancel, by=takahashi, batch_id=batch.pk)
    assert states() == [("register", "dropped")] and collect().counts == {"register": 1}


def test_only_the_file_asked_for_from_the_batch_holds_anybody(a_member, take, collect, ask, fund, takahashi, owner):
    take(submission(a_member("1")))
    batch = collect()
    output = ask(batch)
    assert output.row_count == 1 and output.state == "waiting", "a second person confirms"
    with pytest.raises(UnableToMove, match="すでに依頼しています"):
        ask(batch)
    with scope(ONLINE_ELIGIBILITY_LINK, takahashi, operation="export"):
        other = door.request_output(
            by=takahashi, kind=queries.FILE, parameters={"batch": batch.pk, "token": 1}, recipient=fund,
            today=timezone.localdate(),
        )  # fmt: skip
    engine.run(other.job_id)
    with owner():
        assert Output.objects.get(pk=other.pk).state == "empty"
        assert CheckupContent.objects.filter(output=other.pk).count() == 0
    with scope(ONLINE_ELIGIBILITY_LINK, takahashi, operation="decide"), pytest.raises(Closed, match="依頼した本人"):
        door.confirm(by=takahashi, output_id=output.pk, recipient_code=FUND, count=1, at=timezone.now())


def test_two_batches_never_stand_open(a_member, take, collect, doing, takahashi):
    take(submission(a_member("1")))
    collect()
    with pytest.raises(UnableToMove, match="送付前の回があります"):
        doing(ONLINE_ELIGIBILITY_LINK, actions.collect, by=takahashi, today=timezone.localdate())


def test_a_cut_answer_leaves_the_rest_waiting_and_the_totals_agree(a_member, take, collect, send, answered, doing):
    take(*(submission(a_member(str(n))) for n in range(1, 4)))
    batch = collect()
    body = answer(send(batch), n1="E01")
    lines = body.splitlines(keepends=True)
    file = answered(b"".join(lines[:3]) + lines[3][:5])
    assert file.counts == {"rejected": 1, "accepted": 1}
    assert [place for place, _what, _remedy in file.problems] == ["受付結果　4行目"]
    counts = doing(ONLINE_ELIGIBILITY_LINK, queries.state_counts, batch.pk, operation="view")
    assert counts == {"rejected": 1, "accepted": 1, "sent": 1}


def test_foreign_and_repeated_lines_are_kept_and_change_nothing(a_member, take, collect, send, answered, owner, states):
    take(submission(a_member("1")))
    body = answer(send(collect()))
    answered(body)
    foreign = body + "X-1,エラー,2026-11-24,E09,知らない番号\r\n".encode()
    file = answered(foreign)
    assert file.counts == {"settled": 1, "unknown": 1} and states() == [("register", "accepted")]
    with owner():
        kept = list(AnswerLine.objects.order_by("number").values_list("number", "outcome", "error_code"))
    assert kept == [(2, "settled", ""), (3, "unknown", "E09")]


def test_an_answer_before_the_file_left_is_of_nothing_that_was_sent(a_member, take, collect, ask, answered, states):
    take(submission(a_member("1")))
    batch = collect()
    ask(batch)
    line = f"K{batch.pk:06d}-000001,登録済み,2026-11-24,,\r\n"
    file = answered(("管理番号,結果,処理日,エラーコード,エラー内容\r\n" + line).encode())
    assert file.counts == {"unknown": 1} and states() == [("register", "waiting")]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", "あ,い\r\n1,2\r\n".encode()])
def test_a_file_that_is_no_answer_is_told(body, answered):
    file = answered(body)
    assert file.state == "unreadable" and file.problems


def test_a_result_older_than_five_years_is_not_sent(a_member, take, collect):
    take(submission(a_member("1"), date(2021, 6, 3)), submission(a_member("2"), date(2022, 6, 3)))
    assert collect().counts == {"register": 1}


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_collects_everything_once(a_member, take, doing, takahashi, owner):
    take(*(submission(a_member(str(n))) for n in range(1, 7)))
    today = timezone.localdate()
    batch = doing(ONLINE_ELIGIBILITY_LINK, actions.collect, by=takahashi, today=today)
    connection.close()
    child = os.fork()
    if not child:
        with scope(ONLINE_ELIGIBILITY_LINK, takahashi, operation="change"):
            actions.collect_some(batch_id=batch.pk, after=0, today=today, limit=4)
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    engine.run(batch.job_id)
    with owner():
        assert LinkBatch.objects.get(pk=batch.pk).state == "collected"
        numbers = list(LinkLine.objects.order_by("number").values_list("number", flat=True))
        assert numbers == [1, 2, 3, 4, 5, 6] and LinkLine.objects.values("result").distinct().count() == 6


@pytest.mark.use(
    "health_checkup",
    "online_eligibility_link",
    screens=[
        "checkups:link-overview", "checkups:link-collect", "checkups:link-batch", "checkups:link-ask",
        "checkups:link-sent", "checkups:link-error-list", "checkups:link-send-again", "checkups:link-answer-list",
        "checkups:link-answer-receive", "checkups:link-answer",
    ],
    jobs=["checkups.link_collect", "checkups.link_answer", "outputs.build"],
    files=["checkups.online_eligibility"],
)  # fmt: skip
@pytest.mark.django_db(transaction=True)
def test_the_whole_way_by_takahashi_and_refused_to_ito(
    a_member, take, client_of, fund, personas, takahashi, owner, states
):
    take(submission(a_member("1")), submission(a_member("2")))
    clerk = client_of("高橋")
    assert "まだ連携した結果はありません" in clerk.get(reverse("checkups:link-overview")).content.decode()
    page = clerk.post(reverse("checkups:link-collect")).url
    with owner():
        batch = LinkBatch.objects.get()
    engine.run(batch.job_id)
    assert "2件の登録ファイルを依頼" in clerk.get(page).content.decode()
    assert clerk.post(reverse("checkups:link-ask", args=[batch.pk]), {"recipient": fund.pk}).status_code == 302
    with owner():
        output = Output.objects.get()
    engine.run(output.job_id)
    now = timezone.now()
    with scope(ONLINE_ELIGIBILITY_LINK, personas["中村"], operation="decide"):
        door.confirm(by=personas["中村"], output_id=output.pk, recipient_code=FUND, count=2, at=now)
    with scope(ONLINE_ELIGIBILITY_LINK, takahashi, operation="export"):
        sent = door.fetch(by=takahashi, output_id=output.pk, at=now, today=timezone.localdate()).body
    assert "送付を記録する" in clerk.get(page).content.decode()
    clerk.post(reverse("checkups:link-sent", args=[batch.pk]))
    assert states() == [("register", "sent")] * 2
    file = SimpleUploadedFile("answer.csv", answer(sent, n2="E01"), "text/csv")
    answer_page = clerk.post(reverse("checkups:link-answer-receive"), {"file": file}).url
    with owner():
        engine_job = AnswerFile.objects.get().job_id
    engine.run(engine_job)
    assert clerk.get(answer_page).status_code == 200
    assert "answer.csv" in clerk.get(reverse("checkups:link-answer-list")).content.decode()
    errors = clerk.get(reverse("checkups:link-error-list")).content.decode()
    assert "E01" in errors and "枝番がありません" in errors
    with owner():
        line = LinkLine.objects.get(state="rejected")
    again = reverse("checkups:link-send-again", args=[line.pk])
    assert clerk.post(again, {"note": ""}).status_code == 422
    assert clerk.post(again, {"note": "枝番を確かめた"}).status_code == 302
    assert "エラーの結果はありません" in clerk.get(reverse("checkups:link-error-list")).content.decode()
    other = client_of("伊藤")
    for address in (reverse("checkups:link-overview"), page, answer_page):
        refused = other.get(address)
        assert refused.status_code == 403 and "髙﨑" not in refused.content.decode()


@pytest.mark.parametrize("screen", ["checkups:link-overview", "checkups:link-error-list", "checkups:link-batch"])
def test_a_list_of_three_costs_as_many_statements_as_a_list_of_one(
    screen, a_member, take, collect, send, answered, client_of, django_assert_num_queries, owner
):
    from django.test.utils import CaptureQueriesContext

    clerk, counted = client_of("高橋"), []
    for people in ((1,), (2, 3, 4)):
        take(*(submission(a_member(str(n))) for n in people))
        batch = collect()
        body = send(batch)
        answered(answer(body, **{f"n{place}": "E01" for place in range(1, 4)}))
        if screen == "checkups:link-error-list" and len(people) == 3:
            with owner():
                LinkLine.objects.exclude(batch=batch).update(state="resend")
        address = reverse(screen, args=[batch.pk] if screen == "checkups:link-batch" else [])
        clerk.get(address)
        with CaptureQueriesContext(connection) as found:
            assert clerk.get(address).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]
