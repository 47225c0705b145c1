"""番号法に基づく情報連携 of the demonstration: copies and inquiries in every state, by the actions of the portal and two persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from benefits.cash.actions import number_act as actions
from benefits.cash.actions import number_answers, number_inquiries
from benefits.cash.activities import NUMBER_ACT_LINK
from benefits.cash.enums import LinkContent, Matter
from benefits.cash.files.number_act import Form, read, write
from benefits.cash.models import Case, LinkBatch
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import number_act as queries
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import State
from kumiai.jobs import engine
from privacy.outputs import actions as door
from privacy.outputs import queries as recipients
from privacy.outputs.kinds import kind_of
from privacy.outputs.models import Output
from privacy.scope import Way, scope

WAY = Way(name="デモの仕事", view="cash.demo")
OPEN = (State.RECEIVED, State.WAITING_DOCUMENTS, State.UNDER_REVIEW, State.WITHHELD)
ERROR = {"state": "rejected", "error_code": "E102", "message": "枝番が登録されている番号と一致しません"}


def load(*, by: Any, second: Any, today: date) -> int:
    """A batch of copies with an error and a line without answer, one of inquiries with answers, and inquiries that wait.

    How many batches. Once; without a payment fund among the recipients, none.
    """
    with scope(NUMBER_ACT_LINK, by, operation="export", way=WAY):
        done = queries.batches().first() is not None
        funds = recipients.recipients_for(kind_of(queries.FILES[LinkContent.COPIES]), today)
    if done or not funds:
        return 0
    _ask(by, today)
    made = 0
    for content, answered in ((LinkContent.COPIES, _receipts), (LinkContent.INQUIRIES, _answers)):
        with scope(NUMBER_ACT_LINK, by, operation="change", way=WAY):
            try:
                batch = actions.collect(by=by, content=content, today=today)
            except UnableToProcess:
                continue
        body = answered(_send(by, second, batch, funds[0], today))
        with scope(NUMBER_ACT_LINK, by, operation="change", way=WAY):
            number_answers.receive(by=by, name=f"{content}_kekka.csv", body=body)
        made += 1
    _ask_more(by, today)
    return made


def _open_cases() -> list[Case]:
    return list(Case.objects.filter(kind=Kind.SICKNESS, state__in=OPEN, member__protected=False).order_by("pk")[:6])


def _ask(by: Any, today: date) -> None:
    with scope(NUMBER_ACT_LINK, by, operation="change", way=WAY):
        for place, case in enumerate(_open_cases()[:4]):
            matter = Matter.PENSION if place % 2 else Matter.ACCOUNT
            wish = "年金を受けているとの申し出" if place % 2 else "申請書に公金受取口座の利用の申し出"
            number_inquiries.ask(
                by=by, case_id=case.pk, version=None, matter=matter, wish=wish, on_date=today, today=today
            )


def _ask_more(by: Any, today: date) -> None:
    """One that waits for the next batch."""
    with scope(NUMBER_ACT_LINK, by, operation="change", way=WAY):
        for case in _open_cases()[4:5]:
            number_inquiries.ask(
                by=by, case_id=case.pk, version=None, matter=Matter.PENSION, wish="年金証書の写しがない", on_date=today,
                today=today,
            )  # fmt: skip


def _send(by: Any, second: Any, batch: LinkBatch, fund: Any, today: date) -> bytes:
    """The file through the door, by two persons; its bytes."""
    at = timezone.now()
    with scope(NUMBER_ACT_LINK, by, operation="export", way=WAY):
        asked = actions.ask_file(by=by, batch_id=batch.pk, recipient_id=fund.pk, today=today)
        output = Output.objects.get(pk=asked.output_id or 0)
    assert output.job_id is not None
    engine.run(output.job_id)
    with scope(NUMBER_ACT_LINK, second, operation="decide", way=WAY):
        made = Output.objects.get(pk=output.pk)
        door.confirm(by=second, output_id=made.pk, recipient_code=fund.code, count=made.row_count or 0, at=at)
    with scope(NUMBER_ACT_LINK, by, operation="export", way=WAY):
        body = door.fetch(by=by, output_id=output.pk, at=at, today=today).body
    with scope(NUMBER_ACT_LINK, by, operation="change", way=WAY):
        actions.follow(by=by, batch_id=batch.pk)
    return body


def _today() -> str:
    return timezone.localdate().isoformat()


def _receipts(sent: bytes) -> bytes:
    """All registered but the second, which is an error, and the last, which has no answer yet."""
    lines = [line.values["reference"] for line in read(Form.COPIES, sent).lines]
    told = [
        {"reference": reference, "answered_date": _today()} | (ERROR if place == 1 else {"state": "accepted"})
        for place, reference in enumerate(lines[:-1] or lines)
    ]
    return write(Form.RECEIPTS, told)


def _answers(sent: bytes) -> bytes:
    """An account, a pension, nothing found; the last has no answer yet."""
    told: list[dict[str, str]] = []
    for place, line in enumerate(read(Form.INQUIRIES, sent).lines[:3]):
        shared = {"reference": line.values["reference"], "answered_date": _today()}
        if place == 2:
            told.append(shared | {"found": "none"})
        elif line.values["matter"] == Matter.ACCOUNT:
            told.append(
                shared
                | {
                    "found": "found", "bank_code": "0001", "branch_code": "001", "account_kind": "1",
                    "account_number": "2468013", "holder": line.values["kana"].replace("　", " "),
                }
            )  # fmt: skip
        else:
            pension = {"pension": "disability", "pension_code": "1350", "pension_first": "2026-01-01"}
            told.append(shared | {"found": "found", "pension_annual": "780900"} | pension)
    return write(Form.ANSWERS, told)
