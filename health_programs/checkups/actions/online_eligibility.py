"""オンライン資格確認への連携: results collected, handed over in one file, followed until each has its answer.

支払基金 collects and keeps them for the association (健康保険法205条の4第1項2号). Results of the five latest fiscal years are
registered; one that changed is sent again, one that no longer stands is cancelled. Nothing is sent twice: a result stands
in one open line at most, and a file holds exactly what was collected or is not made.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from health_programs.checkups import policies
from health_programs.checkups.activities import ONLINE_ELIGIBILITY_LINK
from health_programs.checkups.enums import LinkAction, LinkBatchState, LinkLeft, LinkState, ResultState
from health_programs.checkups.files.documents import Identity, Observation, Submission
from health_programs.checkups.files.online_eligibility import Form, Unwritable, line_of, write
from health_programs.checkups.models import CheckupResult, LinkBatch, LinkLine
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import online_eligibility as queries
from health_programs.checkups.rules import ages
from kumiai.jobs.actions import start_job
from members.enrollment.queries import rosters
from privacy.outputs.actions import request_output
from privacy.outputs.door import opted_out, suspended
from privacy.outputs.enums import FileFormat, RecipientKind
from privacy.outputs.models import Recipient
from privacy.outputs.policies import Closed
from privacy.seen import population

COLLECT = "checkups.link_collect"
CHUNK = 500


@dataclass
class Collected:
    """What one chunk did. reached: the last result looked at; None when nothing is left."""

    reached: int | None
    done: int
    counts: dict[str, int] = field(default_factory=dict)


# --- What a line says ---------------------------------------------------------------------------------------------------


def values_of(result: CheckupResult, member: Any, action: str, reference: str, former: str = "") -> dict[str, str]:
    """The cells of one line, by the number and name of the register today. A cancellation says whose and which, no value."""
    observations = () if action == LinkAction.CANCEL else tuple(Observation.of(one) for one in result.observations)
    kana = f"{member.family_kana}　{member.given_kana}".strip()
    found = line_of(
        reference,
        Submission(
            name=reference,
            document_id="",
            identity=Identity(
                settings.ASSOCIATION["insurer_number"], member.symbol, member.number, member.branch, kana,
                member.birth_date, member.sex,
            ),
            exam_date=result.exam_date,
            institution_code=result.institution_code,
            institution_name=result.institution_name,
            observations=observations,
            program_code=result.program_code,
        ),
    )  # fmt: skip
    found["action"] = action
    return found | ({"former": former} if former else {})


def digest_of(values: Mapping[str, str]) -> str:
    """SHA-256 of what a line says about the person, whichever number and kind of sending it has."""
    said = {key: value for key, value in values.items() if key not in ("reference", "action", "former")}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def still_said(lines: Sequence[LinkLine]) -> dict[int, dict[str, str]]:
    """Line id → its cells, of those lines that still say what was collected. One statement for the people."""
    members = rosters.members_among({line.member_id for line in lines})
    found = {}
    for line in lines:
        member = members.get(line.member_id)
        if member is None or (line.action != LinkAction.CANCEL and not _stands(line.result, line.member_id)):
            continue
        former = line.former.reference if line.former else ""
        values = values_of(line.result, member, line.action, line.reference, former)
        if digest_of(values) == line.digest:
            found[line.pk] = values
    return found


def _stands(result: CheckupResult, member_id: int) -> bool:
    return result.state == ResultState.MATCHED and result.statutory and result.member_id == member_id


# --- Collecting ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def collect(*, by: Any, today: date) -> LinkBatch:
    """連携する結果を集める. One batch at a time. Raises UnableToMove while another has not been sent."""
    try:
        with transaction.atomic():
            batch = LinkBatch.objects.create(fiscal_year=ages.fiscal_year(today), collected_by_id=by.pk)
    except IntegrityError:
        raise UnableToMove("送付前の回があります。その回を送るか、取りやめてから集めてください。") from None
    batch.job = start_job(
        kind=COLLECT, parameters={"batch": batch.pk}, activity_code=ONLINE_ELIGIBILITY_LINK.code, by=by
    )
    batch.save(update_fields=["job"])
    return batch


@transaction.atomic
def collect_some(*, batch_id: int, after: int, today: date, limit: int = CHUNK) -> Collected:
    """The next results looked at; those to be sent become lines of the batch."""
    batch = LinkBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    policies.check_collecting(batch)
    results = queries.concerned_after(batch.fiscal_year, after, limit)
    if not results:
        return Collected(None, 0)
    lines = queries.lines_of_results([one.pk for one in results])
    wanted = [one for one in (_wanted(batch, result, lines.get(result.pk, [])) for result in results) if one]
    left = _left_out([member for _result, member, _action, _former in wanted], today)
    people = rosters.members_among({member for _result, member, _action, _former in wanted})
    counts: Counter[str] = Counter()
    number = LinkLine.objects.filter(batch=batch).count()
    population("連携の1件", number)
    made: list[tuple[LinkLine, dict[str, str]]] = []
    for result, member_id, action, former in wanted:
        latest = lines.get(result.pk, [None])[-1]
        if member_id in left:
            counts[left[member_id]] += 1
        elif latest is not None and latest.state == LinkState.REJECTED:
            counts[LinkLeft.REJECTED] += 1
        else:
            reference = f"K{batch.pk:06d}-{number + len(made) + 1:06d}"
            values = values_of(result, people[member_id], action, reference, former.reference if former else "")
            if former is not None and action == LinkAction.CHANGE and digest_of(values) == former.digest:
                continue
            line = LinkLine(
                batch=batch, reference=reference, result=result, member_id=member_id, action=action,
                digest=digest_of(values), former=former,
            )  # fmt: skip
            made.append((line, values))
    unwritable = _unwritable([values for _line, values in made])
    counts[LinkLeft.UNWRITABLE] += len(unwritable)
    kept = [line for place, (line, _values) in enumerate(made) if place not in unwritable]
    for place, line in enumerate(kept, start=number + 1):
        line.number, line.reference = place, f"K{batch.pk:06d}-{place:06d}"
        counts[line.action] += 1
    LinkLine.objects.bulk_create(kept)
    told = {str(code): count for code, count in counts.items() if count}
    batch.counts = dict(Counter(batch.counts) + Counter(told))
    batch.save(update_fields=["counts"])
    return Collected(results[-1].pk, len(results), told)


Wanted = tuple[CheckupResult, int, LinkAction, LinkLine | None]


def _wanted(batch: LinkBatch, result: CheckupResult, lines: Sequence[LinkLine]) -> Wanted | None:
    """What this result asks for, before it is known whether its person may be sent; None for nothing."""
    if any(line.state in (LinkState.WAITING, LinkState.SENT) for line in lines):
        return None
    accepted = [line for line in lines if line.state == LinkState.ACCEPTED]
    former = accepted[-1] if accepted and accepted[-1].action != LinkAction.CANCEL else None
    if former is not None and not _stands(result, former.member_id):
        return result, former.member_id, LinkAction.CANCEL, former
    if result.member_id is None or not _stands(result, result.member_id):
        return None
    if former is not None:
        return result, result.member_id, LinkAction.CHANGE, former
    if batch.fiscal_year - queries.YEARS < result.fiscal_year <= batch.fiscal_year:
        return result, result.member_id, LinkAction.REGISTER, None
    return None


def _left_out(ids: Sequence[int], today: date) -> dict[int, LinkLeft]:
    """Member id → why nothing of them is sent. Asked again by the door when the file is made and fetched."""
    people = list(dict.fromkeys(ids))
    found: dict[int, LinkLeft] = {}
    for reason, who in (
        (LinkLeft.PROTECTED, rosters.protected_among(people)),
        (LinkLeft.SUSPENDED, suspended(people, today, third_party=True)),
        (LinkLeft.OPTED_OUT, opted_out(people, ONLINE_ELIGIBILITY_LINK.keys, today)),
    ):
        for member in who:
            found.setdefault(member, reason)
    return found


def _unwritable(rows: Sequence[Mapping[str, str]]) -> set[int]:
    """Places of rows that the table of columns refuses: a head stands on line 1."""
    try:
        write(Form.RESULTS, rows, encoding="utf8")
    except Unwritable as refused:
        return {problem.line - 2 for problem in refused.problems if problem.line}
    return set()


@transaction.atomic
def finish_collecting(*, batch_id: int) -> LinkBatch:
    """The batch is frozen. One without a line is over."""
    batch = LinkBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state == LinkBatchState.COLLECTING:
        any_line = LinkLine.objects.filter(batch=batch).count()
        population("連携の1件", any_line)
        batch.state = LinkBatchState.COLLECTED if any_line else LinkBatchState.CANCELLED
        batch.save(update_fields=["state"])
    return batch


# --- Handing over -------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_file(*, by: Any, batch_id: int, recipient_id: int, today: date) -> LinkBatch:
    """ファイルを依頼する: through the door, where a second person confirms. Another is asked for only when the former never left.

    Runs under operation `export`. Raises UnableToMove.
    """
    batch = LinkBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    policies.check_can_ask(batch, gone=queries.file_gone(batch))
    lines = list(queries.lines_of(batch.pk))
    changed = len(lines) - len(still_said(lines))
    left = _left_out([line.member_id for line in lines], today)
    if changed or left:
        raise UnableToMove(
            f"集めた後に内容が変わった結果が{changed:,}件、連携しないことになった人が{len(left):,}名あります。"
            "この回を取りやめて、集め直してください。"
        )
    recipient = Recipient.objects.filter(pk=recipient_id, kind=RecipientKind.PAYMENT_FUND).first()
    if recipient is None:
        raise UnableToMove("渡す支払基金を選んでください。")
    batch.file_token = secrets.randbits(62)
    batch.save(update_fields=["file_token"])
    try:
        output = request_output(
            by=by,
            kind=queries.FILE,
            parameters={"batch": batch.pk, "token": batch.file_token},
            recipient=recipient,
            today=today,
            file_format=FileFormat.CSV,
            expected_count=len({line.member_id for line in lines}),
        )
    except Closed as closed:
        raise UnableToMove(str(closed)) from None
    batch.state, batch.output_id = LinkBatchState.ASKED, output.pk
    batch.save(update_fields=["state", "output_id"])
    return batch


@transaction.atomic
def follow(*, batch_id: int) -> LinkBatch:
    """送付を記録する: the file was fetched, so every line of the batch waits for its answer. Doing it again changes nothing."""
    batch = LinkBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state == LinkBatchState.SENT:
        return batch
    at = queries.fetched_at(batch) if batch.state == LinkBatchState.ASKED else None
    if at is None:
        raise UnableToMove("この回のファイルは、まだ取り出されていません。受け渡しの画面で取り出してください。")
    moved = LinkLine.objects.filter(batch=batch, state=LinkState.WAITING).update(state=LinkState.SENT)
    population("連携の1件", moved)
    batch.state, batch.sent_at = LinkBatchState.SENT, at
    batch.save(update_fields=["state", "sent_at"])
    return batch


@transaction.atomic
def cancel(*, by: Any, batch_id: int) -> LinkBatch:
    """取りやめる, while the file has not left: the results are collected anew the next time."""
    batch = LinkBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    policies.check_can_call_off(batch, gone=queries.file_gone(batch))
    dropped = LinkLine.objects.filter(batch=batch, state=LinkState.WAITING).update(state=LinkState.DROPPED)
    population("連携の1件", dropped)
    batch.state, batch.file_token = LinkBatchState.CANCELLED, None
    batch.save(update_fields=["state", "file_token"])
    return batch


@transaction.atomic
def send_again(*, by: Any, line_id: int, note: str) -> LinkLine:
    """直したのでもう一度送る: the result is collected again the next time. note: what was found out or mended."""
    line = LinkLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    policies.check_can_send_again(line)
    line.state, line.resend_by_id, line.resend_note = LinkState.RESEND, by.pk, note
    line.save(update_fields=["state", "resend_by_id", "resend_note"])
    return line
