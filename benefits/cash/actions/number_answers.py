"""回答ファイルの取り込み under 番号法: each line finds its copy or its inquiry by 管理番号; what finds none is kept and shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from benefits.cash.actions.number_act import follow, record
from benefits.cash.enums import Finding, LineUse, LinkBatchState, LinkContent, LinkEvent, LinkState, Matter
from benefits.cash.files.number_act import Form, form_of, read
from benefits.cash.models import (
    AccountAnswer,
    LinkAnswerFile,
    LinkAnswerLine,
    LinkBatch,
    LinkInquiry,
    PensionAnswer,
)
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import number_act as queries
from kumiai.accounts.crypto import encrypt
from kumiai.tabular.lines import Line
from kumiai.ui.uploads import plain_name
from privacy.seen import population

CONTENT = {Form.RECEIPTS: LinkContent.COPIES, Form.ANSWERS: LinkContent.INQUIRIES}
EVENTS = {LinkContent.COPIES: LinkEvent.COPY_ANSWERED, LinkContent.INQUIRIES: LinkEvent.INQUIRY_ANSWERED}
MOST_LINES = 5_000
KEPT_FOR = timedelta(days=90)
"""How long an account of an answer waits to be taken in."""


@transaction.atomic
def receive(*, by: Any, name: str, body: bytes) -> LinkAnswerFile:
    """回答ファイルを取り込む, whole: every line is settled, or kept with what is wrong. The same bytes once.

    Raises UnableToProcess where nothing of it can be read, or exactly these bytes were taken before.
    """
    digest = hashlib.sha256(body).hexdigest()
    if LinkAnswerFile.objects.filter(digest=digest).first() is not None:
        raise UnableToProcess("同じ内容の回答ファイルを受け付け済みです。一覧から、前の回答を開いてください。")
    form = form_of(body)
    found = read(form, body)
    whole = [fault for fault in found.faults if not fault.line]
    if not found.lines:
        fault = next(iter(whole or found.faults), None)
        raise UnableToProcess(f"{fault.place}：{fault.what}{fault.remedy}" if fault else "見出しの下に行がありません。")
    if len(found.lines) > MOST_LINES:
        raise UnableToProcess(f"{len(found.lines):,}行あります。{MOST_LINES:,}行までに分けてください。")
    content, now = CONTENT[form], timezone.now()
    _follow_fetched(by)
    file = LinkAnswerFile.objects.create(
        content=content, name=plain_name(name, otherwise="名前のないファイル"), digest=digest, received_by_id=by.pk,
        faults=[[fault.line, fault.field, fault.what, fault.remedy] for fault in found.faults],
    )  # fmt: skip
    counts = _settle(file, content, found.lines, by, now)
    file.counts = dict(counts)
    file.save(update_fields=["counts"])
    return file


def _follow_fetched(by: Any) -> None:
    """Batches whose file was fetched without anybody recording it wait for answers as well."""
    for batch in LinkBatch.objects.filter(state=LinkBatchState.ASKED):
        if queries.fetched_at(batch) is not None:
            follow(by=by, batch_id=batch.pk)


def _settle(file: LinkAnswerFile, content: str, lines: Sequence[Line], by: Any, now: Any) -> Counter[str]:
    asked = queries.ROWS[content].objects.select_for_update(of=("self",)).select_related("case")
    rows = {row.reference: row for row in asked.filter(reference__in=[line.values["reference"] for line in lines])}
    counts: Counter[str] = Counter()
    results: dict[int, str] = {}
    settled: dict[int, Any] = {}
    for line in lines:
        row = rows.get(line.values["reference"])
        unused = _unusable(row, line, again=row is not None and row.pk in settled)
        if row is None or unused is not None:
            LinkAnswerLine.objects.create(
                file=file, number=line.line, reference=line.values["reference"], outcome=unused or LineUse.UNKNOWN
            )
            counts[unused or LineUse.UNKNOWN] += 1
            continue
        result = _answer(row, line, now)
        if row.pk not in settled:
            counts[row.state] += 1
        settled[row.pk], results[row.pk] = row, result
    record(EVENTS[LinkContent(content)], list(settled.values()), by=by, at=now, results=results)
    return counts


def _unusable(row: Any, line: Line, *, again: bool) -> LineUse | None:
    """Why a line cannot be used. A further pension of an inquiry settled by this very file can."""
    if row is None or row.state in (LinkState.WAITING, LinkState.DROPPED):
        return LineUse.UNKNOWN
    if row.state != LinkState.SENT and not (again and line.values.get("pension")):
        return LineUse.SETTLED
    if isinstance(row, LinkInquiry) and line.values["found"] == "found":
        told = Matter.PENSION if line.values.get("pension") else Matter.ACCOUNT
        if told != row.matter:
            return LineUse.OTHER_MATTER
    return None


def _answer(row: Any, line: Line, now: Any) -> str:
    """The line settled; what the record says of it."""
    values = line.values
    result = values.get("state") or values["found"]
    given = values.get("answered_date")
    row.answered_date = date.fromisoformat(given) if given else timezone.localdate(now)
    row.state = LinkState.REJECTED if result == "rejected" else LinkState.ACCEPTED
    row.error_code, row.message = values.get("error_code", ""), values.get("message", "")
    fields = ["answered_date", "state", "error_code", "message"]
    if isinstance(row, LinkInquiry) and row.state == LinkState.ACCEPTED:
        row.finding = Finding(result)
        fields.append("finding")
        if result == Finding.FOUND:
            _keep(row, line)
    row.save(update_fields=fields)
    if row.state == LinkState.REJECTED:
        return f"エラー {row.error_code}"
    return str(row.get_finding_display()) if isinstance(row, LinkInquiry) else "登録済み"


def _keep(inquiry: LinkInquiry, line: Line) -> None:
    values = line.values
    if inquiry.matter == Matter.ACCOUNT:
        AccountAnswer.objects.create(
            inquiry=inquiry, member_id=inquiry.member_id, bank_code=values["bank_code"],
            branch_code=values["branch_code"], kind=int(values["account_kind"]),
            number=encrypt(values["account_number"].encode()), number_tail=values["account_number"][-3:],
            holder=values["holder"],
        )  # fmt: skip
        return
    last = values.get("pension_last")
    PensionAnswer.objects.create(
        case_id=inquiry.case_id, member_id=inquiry.member_id, inquiry=inquiry, kind=values["pension"],
        code=values.get("pension_code", ""), first=date.fromisoformat(values["pension_first"]),
        last=date.fromisoformat(last) if last else None, annual=int(values["pension_annual"]),
    )  # fmt: skip


@transaction.atomic
def forget_accounts(*, today: date) -> int:
    """Accounts of answers nobody took in for KEPT_FOR are forgotten; how many."""
    gone, _kinds = AccountAnswer.objects.filter(inquiry__answered_date__lt=today - KEPT_FOR).delete()
    population("口座の回答", gone)
    return gone
