"""番号法に基づく情報連携: copies of decided benefits and inquiries collected, handed over in one file, recorded.

番号法22条1項 obliges the association to provide what it holds of benefits when it is asked through the network; it does so by
the copies it registers with the intermediate server (健康保険法205条の4第1項2号・3号 entrusts 支払基金 with it). Nothing is sent twice: a
case has one line on the way at most, and a file holds exactly what was collected or is not made. People under protection
stay in the file, since the duty knows no exception; the line says 不開示該当, so that nothing is shown of them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from benefits.cash.enums import LinkAction, LinkBatchState, LinkContent, LinkEvent, LinkLeft, LinkState, Matter
from benefits.cash.files.number_act import BENEFITS, Form, write
from benefits.cash.models import BenefitCopy, Case, Decision, LinkBatch, LinkInquiry, LinkRecord
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import number_act as queries
from benefits.cash.rules import number_act as rules
from benefits.cash.rules.kinds import Kind
from kumiai.tabular.lines import Unwritable
from members.enrollment.queries import members_by_id
from privacy.outputs.actions import request_output
from privacy.outputs.door import suspended
from privacy.outputs.enums import FileFormat, RecipientKind
from privacy.outputs.models import Recipient
from privacy.outputs.policies import Closed
from privacy.seen import population

MOST = 2_000
"""Lines of one batch: a month of the largest association. What is left goes with the next batch."""

PREFIX = {LinkContent.COPIES: "F", LinkContent.INQUIRIES: "S"}
FORMS = {LinkContent.COPIES: Form.COPIES, LinkContent.INQUIRIES: Form.INQUIRIES}
SENT = {LinkContent.COPIES: LinkEvent.COPY_SENT, LinkContent.INQUIRIES: LinkEvent.INQUIRY_SENT}

Values = dict[str, str]


# --- What a line says ---------------------------------------------------------------------------------------------------


def _person(member: Any) -> Values:
    return {
        "insurer_number": settings.ASSOCIATION["insurer_number"],
        "symbol": member.symbol,
        "number": member.number,
        "branch": member.branch,
        "kana": f"{member.family_kana}　{member.given_kana}".strip(),
        "birth_date": member.birth_date.isoformat(),
        "sex": member.sex,
    }


def _standing(decisions: Sequence[Decision]) -> rules.Standing | None:
    calculation = decisions[-1].calculation if decisions else None
    return rules.standing(decisions, calculation.to_institution if calculation else 0)


def copy_values(case: Case, decisions: Sequence[Decision], people: Mapping[int, Any], action: str) -> Values:
    """The cells of one copy, without its references. A cancellation says whose and which benefit, no figure but 0."""
    member, patient = people[case.member_id], people[case.patient_id]
    now, calculation = _standing(decisions), decisions[-1].calculation
    gone = action == LinkAction.CANCEL or now is None
    days = None if gone or calculation is None else calculation.paid_days
    return {
        **_person(member),
        "action": action,
        "patient_branch": patient.branch,
        "benefit": case.kind,
        "decided_date": decisions[-1].decided_date.isoformat(),
        "first": case.first.isoformat(),
        "last": case.last.isoformat(),
        "days": str(days) if days else "",
        "amount": "0" if gone or now is None else str(now.amount),
        "extra": "0" if gone or now is None else str(now.extra),
        "undisclosed": "1" if member.protected or patient.protected else "0",
    }


def inquiry_values(inquiry: LinkInquiry, people: Mapping[int, Any]) -> Values:
    return {
        **_person(people[inquiry.member_id]),
        "matter": inquiry.matter,
        "benefit": inquiry.case.kind,
        "on": inquiry.on_date.isoformat(),
    }


def digest_of(values: Mapping[str, str]) -> str:
    """SHA-256 of what a line says about the person, whichever number and kind of sending it has."""
    said = {key: value for key, value in values.items() if key not in ("reference", "action", "former")}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def lines_said(batch: LinkBatch) -> tuple[list[Any], dict[int, Values]]:
    """The lines of a batch, and line id → its cells, of those that still say what was collected."""
    lines = list(queries.lines_of(batch))
    people = members_by_id(list({pk for line in lines for pk in (line.member_id, line.case.patient_id)}))
    said: dict[int, Values] = {}
    if batch.content == LinkContent.INQUIRIES:
        said = {line.pk: inquiry_values(line, people) | {"reference": line.reference} for line in lines}
        return lines, said
    decisions = queries.decisions_among([line.case_id for line in lines])
    formers = dict(BenefitCopy.objects.filter(pk__in=[line.former_id for line in lines if line.former_id]).values_list("pk", "reference"))  # fmt: skip
    population("前の副本", len(formers))
    for line in lines:
        values = copy_values(line.case, decisions[line.case_id], people, line.action)
        if digest_of(values) == line.digest:
            said[line.pk] = values | {"reference": line.reference, "former": formers.get(line.former_id, "")}
    return lines, said


# --- Collecting ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def collect(*, by: Any, content: str, today: date) -> LinkBatch:
    """連携する情報を集める. One open batch of a content; at most MOST lines. Raises UnableToProcess when nothing is to be sent."""
    try:
        with transaction.atomic():
            batch = LinkBatch.objects.create(content=content, collected_by_id=by.pk)
    except IntegrityError:
        raise UnableToProcess("送付前の回があります。その回を送るか、取りやめてから集めてください。") from None
    counts = (_collect_copies if content == LinkContent.COPIES else _collect_inquiries)(batch, today)
    if not any(counts.get(code) for code in (*LinkAction.values, *Matter.values)):
        left = sum(counts.values())
        raise UnableToProcess(f"送る情報はありません{f'（除いたもの{left:,}件）' if left else ''}。")
    batch.counts = {str(code): count for code, count in counts.items() if count}
    batch.save(update_fields=["counts"])
    return batch


def _collect_copies(batch: LinkBatch, today: date) -> Counter[str]:
    counts: Counter[str] = Counter()
    cases = queries.untold(MOST)
    ids = [case.pk for case in cases]
    decisions, accepted = queries.decisions_among(ids), queries.accepted_among(ids)
    people = members_by_id(list({pk for case in cases for pk in (case.member_id, case.patient_id)}))
    stopped = suspended(list(people), today, third_party=True)
    made: list[tuple[BenefitCopy, Values]] = []
    for case in cases:
        former = accepted.get(case.pk)
        former = None if former is not None and former.action == LinkAction.CANCEL else former
        values = copy_values(case, decisions[case.pk], people, LinkAction.REGISTER)
        same = former is not None and digest_of(values) == former.digest
        wanted = rules.step(_standing(decisions[case.pk]), registered=former is not None, same=same)
        if wanted == rules.Step.NOTHING:
            continue
        if {case.member_id, case.patient_id} & stopped:
            counts[LinkLeft.SUSPENDED] += 1
            continue
        values = copy_values(case, decisions[case.pk], people, wanted)
        copy = BenefitCopy(
            batch=batch, case=case, member_id=case.member_id, decision=decisions[case.pk][-1], action=wanted,
            digest=digest_of(values), former=former,
        )  # fmt: skip
        made.append((copy, values | {"former": former.reference or "" if former else ""}))
    kept = _numbered(batch, made, counts)
    for copy in kept:
        counts[copy.action] += 1
    BenefitCopy.objects.filter(case_id__in=[copy.case_id for copy in kept], state=LinkState.RESEND).update(
        state=LinkState.DROPPED
    )
    population("再送待ち", len(kept))
    BenefitCopy.objects.bulk_create(kept)
    return counts


def _collect_inquiries(batch: LinkBatch, today: date) -> Counter[str]:
    counts: Counter[str] = Counter()
    rows = list(queries.to_be_asked()[:MOST])
    people = members_by_id(list({row.member_id for row in rows}))
    stopped = suspended(list(people), today, third_party=True)
    counts[LinkLeft.SUSPENDED] = sum(row.member_id in stopped for row in rows)
    rows = [row for row in rows if row.member_id not in stopped]
    kept = _numbered(batch, [(row, inquiry_values(row, people)) for row in rows], counts)
    for row in kept:
        counts[row.matter] += 1
        row.batch = batch
        row.save(update_fields=["batch", "number", "reference"])
    return counts


def _numbered(batch: LinkBatch, made: Sequence[tuple[Any, Values]], counts: Counter[str]) -> list[Any]:
    """The lines that can be written, each with its place and reference."""
    form, prefix = FORMS[LinkContent(batch.content)], PREFIX[LinkContent(batch.content)]
    told = [values | {"reference": f"{prefix}{place:06d}"} for place, (_row, values) in enumerate(made, start=1)]
    bad: set[int] = set()
    try:
        write(form, told, encoding="utf8")
    except Unwritable as refused:
        bad = {fault.line - 2 for fault in refused.faults}  # the head is line 1
    counts[LinkLeft.UNWRITABLE] += len(bad)
    kept = [row for place, (row, _values) in enumerate(made) if place not in bad]
    for place, row in enumerate(kept, start=1):
        row.number, row.reference = place, f"{prefix}{batch.pk:06d}-{place:06d}"
    return kept


# --- Handing over -------------------------------------------------------------------------------------------------------


def _locked(batch_id: int) -> LinkBatch:
    batch = LinkBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise UnableToProcess("この番号の連携の回はありません。")
    return batch


@transaction.atomic
def ask_file(*, by: Any, batch_id: int, recipient_id: int, today: date) -> LinkBatch:
    """ファイルを依頼する: through the door, where a second person confirms. Runs under operation `export`."""
    batch = _locked(batch_id)
    gone = queries.file_gone(batch)
    if batch.state == LinkBatchState.ASKED and not gone:
        raise UnableToProcess("この回のファイルは受け渡し中です。受け渡しの画面で確かめてください。")
    if batch.state not in (LinkBatchState.COLLECTED, LinkBatchState.ASKED):
        raise UnableToProcess(f"この回は「{batch.get_state_display()}」です。")
    lines, said = lines_said(batch)
    stopped = suspended([line.member_id for line in lines], today, third_party=True)
    if len(said) < len(lines) or stopped:
        raise UnableToProcess(
            f"集めた後に内容が変わったものが{len(lines) - len(said):,}件、提供を止めた人が{len(stopped):,}名あります。"
            "この回を取りやめて、集め直してください。"
        )
    recipient = Recipient.objects.filter(pk=recipient_id, kind=RecipientKind.PAYMENT_FUND).first()
    if recipient is None:
        raise UnableToProcess("渡す支払基金を選んでください。")
    batch.file_token = secrets.randbits(62)
    batch.save(update_fields=["file_token"])
    try:
        output = request_output(
            by=by,
            kind=queries.FILES[LinkContent(batch.content)],
            parameters={"batch": batch.pk, "token": batch.file_token},
            recipient=recipient,
            today=today,
            file_format=FileFormat.CSV,
            expected_count=len({line.member_id for line in lines}),
        )
    except Closed as closed:
        raise UnableToProcess(str(closed)) from None
    batch.state, batch.output_id = LinkBatchState.ASKED, output.pk
    batch.save(update_fields=["state", "output_id"])
    return batch


@transaction.atomic
def follow(*, by: Any, batch_id: int) -> LinkBatch:
    """送付を記録する: the file was fetched, so every line waits for its answer, and each is recorded (番号法23条). Once."""
    batch = _locked(batch_id)
    if batch.state == LinkBatchState.SENT:
        return batch
    at = queries.fetched_at(batch) if batch.state == LinkBatchState.ASKED else None
    if at is None:
        raise UnableToProcess("この回のファイルは、まだ取り出されていません。受け渡しの画面で取り出してください。")
    lines = list(queries.lines_of(batch).filter(state=LinkState.WAITING))
    queries.ROWS[batch.content].objects.filter(pk__in=[line.pk for line in lines]).update(state=LinkState.SENT)
    population("連携の1件", len(lines))
    record(SENT[LinkContent(batch.content)], lines, by=by, at=at)
    batch.state, batch.sent_at = LinkBatchState.SENT, at
    batch.save(update_fields=["state", "sent_at"])
    return batch


def record(kind: str, lines: Sequence[Any], *, by: Any, at: Any, results: Mapping[int, str] | None = None) -> None:
    """情報提供等の記録 of these lines. results: line id → what was answered."""
    until = rules.keep_until(timezone.localdate(at))
    LinkRecord.objects.bulk_create(
        [
            LinkRecord(
                case_id=line.case_id, member_id=line.member_id, kind=kind, item=item_of(line), reference=line.reference,
                result=(results or {}).get(line.pk, ""), by_id=by.pk, at=at, keep_until=until,
            )
            for line in lines
        ],
        batch_size=500,
    )  # fmt: skip


def item_of(line: BenefitCopy | LinkInquiry) -> str:
    """特定個人情報の項目 of a line."""
    if isinstance(line, LinkInquiry):
        return f"{line.get_matter_display()}に関する情報"
    return (
        f"{BENEFITS.get(line.case.kind, Kind(line.case.kind).label)}の支給に関する情報（{line.get_action_display()}）"
    )


@transaction.atomic
def cancel(*, batch_id: int) -> LinkBatch:
    """取りやめる, while the file has not left: copies are collected anew the next time, inquiries wait again."""
    batch = _locked(batch_id)
    if batch.state == LinkBatchState.ASKED and not queries.file_gone(batch):
        raise UnableToProcess("ファイルを依頼した回です。先に、受け渡しの画面で取り下げてください。")
    if batch.state not in (LinkBatchState.COLLECTED, LinkBatchState.ASKED):
        raise UnableToProcess(f"この回は「{batch.get_state_display()}」です。取りやめられるのは送付前の回だけです。")
    if batch.content == LinkContent.COPIES:
        gone = BenefitCopy.objects.filter(batch=batch, state=LinkState.WAITING).update(state=LinkState.DROPPED)
    else:
        rows = LinkInquiry.objects.filter(batch=batch, state=LinkState.WAITING)
        gone = rows.update(batch=None, number=None, reference=None)
    population("連携の1件", gone)
    batch.state, batch.file_token = LinkBatchState.CANCELLED, None
    batch.save(update_fields=["state", "file_token"])
    return batch


@transaction.atomic
def send_again(*, by: Any, content: str, line_id: int, note: str) -> BenefitCopy | LinkInquiry:
    """直したのでもう一度送る: it goes with the next batch. note: what was found out or mended."""
    line = queries.ROWS[content].objects.select_for_update(of=("self",)).filter(pk=line_id).first()
    if line is None or line.state != LinkState.REJECTED:
        raise UnableToProcess("もう一度送れるのは、エラーになったものだけです。")
    if not note.strip():
        raise UnableToProcess("確かめたこと・直したことを入力してください。")
    line.resend_by_id, line.resend_note = by.pk, note.strip()[:200]
    line.state = LinkState.RESEND if content == LinkContent.COPIES else LinkState.DROPPED
    line.save(update_fields=["state", "resend_by_id", "resend_note"])
    if isinstance(line, LinkInquiry):
        # Asked anew under a number of its own; the record keeps the former one.
        LinkInquiry.objects.create(
            case_id=line.case_id, member_id=line.member_id, matter=line.matter, on_date=line.on_date, wish=line.wish,
            asked_by_id=by.pk,
        )  # fmt: skip
    return line
