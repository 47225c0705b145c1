"""オンライン資格確認への連携 of the demonstration: results in every state, by the actions of the portal and two persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from health_programs.checkups.actions import answers, results
from health_programs.checkups.actions import online_eligibility as actions
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION, ONLINE_ELIGIBILITY_LINK
from health_programs.checkups.enums import LinkBatchState
from health_programs.checkups.files.online_eligibility import Form, read_file, write
from health_programs.checkups.models import LinkBatch
from health_programs.checkups.queries import online_eligibility as queries
from kumiai.jobs import engine
from privacy.outputs import actions as door
from privacy.outputs import queries as recipients
from privacy.outputs.kinds import kind_of
from privacy.outputs.models import Output
from privacy.scope import Way, scope

WAY = Way(name="デモの仕事", view="checkups.demo")
UNANSWERED = 5
"""Lines at the end of the first file that have no answer yet."""
ERRORS = {3: ("E102", "枝番が登録されている番号と一致しません"), 8: ("E210", "資格情報が登録されていません"), 15: ("E102", "枝番が登録されている番号と一致しません")}  # fmt: skip


def load(*, by: Any, second: Any, today: date) -> int:
    """Two batches: one answered with errors and some lines still open, one sent with a cancellation. How many batches."""
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="change", way=WAY):
        done = queries.batches().first() is not None
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="export", way=WAY):
        funds = recipients.recipients_for(kind_of(queries.FILE), today)
    if done or not funds or second is None:
        return 0
    first = _collected(by, today)
    if first is None:
        return 0
    _answer(by, _send(by, second, first, funds[0], today))
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="change", way=WAY):
        accepted, wrong = queries.lines_of(first.pk).filter(state="accepted"), queries.errors(by.pk).last()
        lost = accepted.order_by("result__fiscal_year", "pk").first()
        if wrong is not None:
            actions.send_again(by=by, line_id=wrong.pk, note="枝番を台帳で確かめた")
    if lost is not None:
        with scope(CHECKUP_ADMINISTRATION, by, operation="change", way=WAY):
            results.withdraw(by=by, result_id=lost.result_id)
    again = _collected(by, today)
    if again is None:
        return 1
    _send(by, second, again, funds[0], today)
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="change", way=WAY):
        actions.follow(batch_id=again.pk)
        wrong = queries.errors(by.pk).last()
        if wrong is not None:
            actions.send_again(by=by, line_id=wrong.pk, note="資格の登録が終わった")
    return 2


def _collected(by: Any, today: date) -> LinkBatch | None:
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="change", way=WAY):
        batch = actions.collect(by=by, today=today)
    assert batch.job_id is not None
    engine.run(batch.job_id)
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="change", way=WAY):
        found = queries.batch_of(batch.pk)
    return found if found is not None and found.state == LinkBatchState.COLLECTED else None


def _send(by: Any, second: Any, batch: LinkBatch, fund: Any, today: date) -> bytes:
    """The file through the door, by two persons; its bytes."""
    at = timezone.now()
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="export", way=WAY):
        asked = actions.ask_file(by=by, batch_id=batch.pk, recipient_id=fund.pk, today=today)
        output = Output.objects.get(pk=asked.output_id or 0)
    assert output.job_id is not None
    engine.run(output.job_id)
    with scope(ONLINE_ELIGIBILITY_LINK, second, operation="decide", way=WAY):
        made = Output.objects.get(pk=output.pk)
        door.confirm(by=second, output_id=made.pk, recipient_code=fund.code, count=made.row_count or 0, at=at)
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="export", way=WAY):
        return door.fetch(by=by, output_id=output.pk, at=at, today=today).body


def _answer(by: Any, sent: bytes) -> None:
    """An answer to all but the last lines, with some errors."""
    rows = read_file(Form.RESULTS, sent).rows
    lines = []
    for place, row in enumerate(rows[:-UNANSWERED] or rows, start=1):
        code, message = ERRORS.get(place, ("", ""))
        told = {"state": "rejected", "error_code": code, "message": message} if code else {"state": "accepted"}
        lines.append({"reference": row.reference, "answered_date": timezone.localdate().isoformat(), **told})
    body = write(Form.ANSWER, lines).body
    with scope(ONLINE_ELIGIBILITY_LINK, by, operation="change", way=WAY):
        file = answers.receive(by=by, name="uketsuke_kekka.csv", body=body)
    assert file.job_id is not None
    engine.run(file.job_id)
