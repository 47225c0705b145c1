"""The life of a file: ask, confirm, refuse, withdraw, fetch, destroy, take back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kumiai.jobs.actions import start_job
from privacy.outputs import queries
from privacy.outputs.door import reasons_to_remove, unregistered_rows
from privacy.outputs.enums import Basis, Encoding, FileFormat, HandBack, OutputState, RecipientKind, RefusalReason
from privacy.outputs.kinds import Allowed, FileKind, kind_of
from privacy.outputs.models import Agreement, Output, Provision, Recipient
from privacy.outputs.people import people
from privacy.outputs.policies import (
    Closed,
    allowed_for,
    check_can_decide,
    check_can_destroy,
    check_can_fetch,
    check_can_hand_back,
    check_can_withdraw,
    check_format,
    check_items,
    check_may_receive,
    items_agreed,
)
from privacy.outputs.rules.records import duty_to_record, kept_until, return_due
from privacy.scope import check_subject
from privacy.seen import population, shown

JOB = "outputs.build"
CONTENT_TYPES = {
    FileFormat.CSV: "text/csv",
    FileFormat.PDF: "application/pdf",
    FileFormat.FIXED: "text/plain",
    FileFormat.ZIP: "application/zip",
}


@dataclass(frozen=True)
class Fetched:
    """The bytes of a file that just left, with its name and type."""

    filename: str
    content_type: str
    body: bytes


def checked_parameters(kind: FileKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as they are stored: numbers, dates, truth values and codes the kind declared; never free text."""
    stored: dict[str, Any] = {}
    for name, type_ in kind.parameters.items():
        value = given.get(name)
        if value is None:
            stored[name] = None
        elif type_ is date and type(value) is date:
            stored[name] = value.isoformat()
        elif type_ is str and value in kind.codes or type_ in (int, bool) and type(value) is type_:
            stored[name] = value
        else:
            raise Closed("このファイルの条件を読み取れませんでした。条件を選び直してください。")
    if set(given) - set(kind.parameters):
        raise Closed("このファイルにない条件が付いています。")
    return stored


def terms(
    kind: FileKind, recipient: Recipient | None, on: date, *, each: bool = False
) -> tuple[Allowed, Agreement | None, tuple[str, ...]]:
    """(what is allowed, the agreement, columns that may be chosen) for a recipient, for the person themselves or for each."""
    if recipient is None:
        allowed = allowed_for(kind, RecipientKind.EACH if each else RecipientKind.PERSON)
        return allowed, None, allowed.items
    agreement = queries.agreement_in_force(recipient, kind, on)
    allowed = check_may_receive(kind, recipient, agreement, on)
    return allowed, agreement, items_agreed(allowed, agreement)


@transaction.atomic
def request_output(
    *,
    by: Any,
    kind: str,
    parameters: Mapping[str, Any],
    recipient: Recipient | None,
    today: date,
    member_id: int | None = None,
    columns: Sequence[str] | None = None,
    file_format: str = FileFormat.CSV,
    encoding: str = Encoding.UTF8,
    expected_count: int = 0,
    key: uuid.UUID | None = None,
) -> Output:
    """Ask for a file; a job makes it. Runs in the open scope of the kind's activity, operation `export`.

    recipient: an organisation; None with member_id for the person themselves, None without it for letters to each person.
    columns: None = all that are agreed.
    expected_count: people as the requester saw them. key: of the form, so that a second click makes no second file.
    """
    file_kind = kind_of(kind)
    if key is not None and (again := Output.objects.filter(key=key, requested_by=by.pk).first()) is not None:
        return again
    each = recipient is None and member_id is None and RecipientKind.EACH in file_kind.recipients
    if not each and (recipient is None) != (member_id is not None):
        raise Closed("受取人を一つ選んでください。")
    if member_id is not None:
        check_subject(member_id)
    allowed, agreement, agreed = terms(file_kind, recipient, today, each=each)
    chosen = tuple(columns) if columns is not None else agreed
    check_items(file_kind, agreed, chosen)
    if file_kind.whole and set(chosen) != set(file_kind.items):
        raise Closed("この手紙の項目は、一部だけを選べません。")
    check_format(file_kind, file_format, encoding)
    second_person, _days = queries.setting_of(file_kind)
    output = Output.objects.create(
        key=key or uuid.uuid4(),
        file_kind=file_kind.name,
        activity_code=file_kind.activity.code,
        uses=list(file_kind.activity.keys),
        parameters=checked_parameters(file_kind, parameters),
        columns=[column.code for column in file_kind.chosen(chosen)],
        file_format=file_format,
        encoding=encoding,
        recipient_kind=queries.addressee(recipient).kind if recipient else queries.themselves(member_id).kind,
        recipient=recipient,
        member_id=member_id,
        agreement=agreement if allowed.agreed else None,
        basis=allowed.basis,
        article=allowed.article,
        expected_count=expected_count,
        second_person=second_person,
        requested_by_id=by.pk,
    )
    job = start_job(kind=JOB, parameters={"output": output.pk}, activity_code=file_kind.activity.code, by=by)
    Output.objects.filter(pk=output.pk).update(job_id=job.pk)
    output.job_id = job.pk
    return output


def _locked(output_id: int) -> Output:
    """The request, locked alone: its recipient is about nobody and read-only here."""
    return Output.objects.select_for_update(of=("self",)).select_related("recipient", "agreement").get(pk=output_id)


@transaction.atomic
def confirm(*, by: Any, output_id: int, recipient_code: str, count: int, at: datetime) -> Output:
    """The second person types the recipient's number and the count; both must be this file's."""
    output = _locked(output_id)
    check_can_decide(output, by, at)
    if not _is_recipient(output, recipient_code):
        raise Closed("打ち込んだ番号は、このファイルの受取人の番号ではありません。受取人を確かめてください。")
    if count != output.row_count:
        raise Closed("打ち込んだ件数が、ファイルの件数と合いません。件数を確かめてください。")
    output.state, output.decided_by_id, output.decided_at = OutputState.READY, by.pk, at
    output.save(update_fields=["state", "decided_by", "decided_at"])
    return output


def _is_recipient(output: Output, typed: str) -> bool:
    code = typed.strip()
    if output.recipient is not None:
        return code == output.recipient.code
    if output.member_id is None:
        return code == queries.themselves(None).code
    return people().find(code) == output.member_id


@transaction.atomic
def refuse(*, by: Any, output_id: int, reason: str, at: datetime) -> Output:
    """The second person sends it back. The bytes go the next night."""
    output = _locked(output_id)
    check_can_decide(output, by, at)
    output.refusal = RefusalReason(reason)
    output.state, output.decided_by_id, output.decided_at = OutputState.REFUSED, by.pk, at
    output.save(update_fields=["state", "decided_by", "decided_at", "refusal"])
    return output


@transaction.atomic
def withdraw(*, by: Any, output_id: int) -> Output:
    output = _locked(output_id)
    check_can_withdraw(output, by)
    output.state = OutputState.WITHDRAWN
    output.save(update_fields=["state"])
    return output


@transaction.atomic
def fetch(*, by: Any, output_id: int, at: datetime, today: date) -> Fetched:
    """Hand the bytes over, once. Proves again that everyone in it may go, and writes the record that is due.

    Runs in the scope of the kind's activity, operation `export`; the event of that scope carries the subjects.
    """
    output = _locked(output_id)
    check_can_fetch(output, by, at)
    kind = kind_of(output.file_kind)
    ids = queries.subjects_of(output)
    _prove_again(kind, output, ids, today)
    content = queries.shelf_models(kind)[1].objects.get(pk=output.pk)
    body = bytes(content.body)
    if hashlib.sha256(body).hexdigest() != output.digest:
        raise Closed("保管していたファイルが、作成したときと違います。渡さずに、システム担当に番号を伝えてください。")
    output.state, output.fetched_at = OutputState.FETCHED, at
    if output.agreement is not None and output.agreement.return_days is not None:
        output.return_due = return_due(
            fetched=today, days=output.agreement.return_days, agreement_ends=output.agreement.period.upper
        )
    output.save(update_fields=["state", "fetched_at", "return_due"])
    _record_provision(kind, output, today)
    shown(ids)
    population(kind.title, output.row_count or 0)
    return Fetched(output.filename, CONTENT_TYPES[FileFormat(output.file_format)], body)


def _prove_again(kind: FileKind, output: Output, ids: list[int], today: date) -> None:
    """Between making and handing over people leave, ask to be left out, come under protection, agreements end."""
    if output.recipient is not None:
        check_items(kind, terms(kind, output.recipient, today)[2], output.columns)
    order = queries.order_of(output, today)
    if len(unregistered_rows(kind, order)) != output.unregistered_count:
        raise Closed("作成のあとで、台帳にない人の行が変わりました。取り下げて、もう一度依頼してください。")
    out = reasons_to_remove(kind, order, ids)
    if out:
        raise Closed(
            f"作成のあとで{len(out)}名が、渡せない人になりました（{'、'.join(sorted({r.label for r in out.values()}))}）。"
            "取り下げて、もう一度依頼してください。"
        )


def _record_provision(kind: FileKind, output: Output, today: date) -> None:
    recipient = output.recipient
    if recipient is None:
        return
    duty = duty_to_record(
        recipient_kind=recipient.kind, basis=output.basis, public_body=recipient.public_body, abroad=recipient.abroad
    )
    if not duty.due or kind.counts_only:
        return
    stands_in = bool(output.agreement and output.agreement.stands_in)
    Provision.objects.create(
        output=output,
        provided_date=today,
        recipient_name=recipient.name,
        recipient_address=recipient.address,
        recipient_representative=recipient.representative,
        consent=output.basis == Basis.CONSENT,
        article=duty.article,
        items=[column.title for column in kind.chosen(output.columns)],
        stands_in=stands_in,
        kept_until=kept_until(recorded=today, last_provided=today, stands_in=stands_in, continuous=False),
    )


def destroy_rows(kind: FileKind, output_ids: Sequence[int]) -> None:
    """Remove bytes and parts; whom the files were about stays."""
    part, content, _subject = queries.shelf_models(kind)
    part.objects.filter(output__in=list(output_ids)).delete()
    content.objects.filter(pk__in=list(output_ids)).delete()
    population("廃棄したファイル", len(output_ids))


@transaction.atomic
def destroy(*, by: Any, output_id: int, at: datetime) -> Output:
    """Destroy at once what the night would destroy later."""
    output = _locked(output_id)
    check_can_destroy(output, by)
    destroy_rows(kind_of(output.file_kind), [output.pk])
    output.state, output.destroyed_at, output.destroyed_by_id = OutputState.DESTROYED, at, by.pk
    output.save(update_fields=["state", "destroyed_at", "destroyed_by"])
    return output


@transaction.atomic
def hand_back(*, by: Any, output_id: int, on: date, way: str, today: date) -> Output:
    """委託先 has returned the data, or proved its destruction (個人情報保護法25条)."""
    output = _locked(output_id)
    check_can_hand_back(output, on, today)
    output.returned_on, output.returned_by_id, output.return_way = on, by.pk, HandBack(way)
    output.save(update_fields=["returned_on", "returned_by", "return_way"])
    return output
