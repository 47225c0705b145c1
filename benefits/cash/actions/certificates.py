"""証明の取り込み: an employer's CSV read and checked line by line, shown, then entered into the cases; the same file once."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction

from benefits.cash.actions.labour import HOLIDAY, LEAVE, WORKED, Certified, Paid, enter_certificate
from benefits.cash.activities import MATERNITY_ALLOWANCE, SICKNESS_ALLOWANCE
from benefits.cash.enums import FileState, LineOutcome
from benefits.cash.files.certificates import PAY_SETS, read_certificates
from benefits.cash.models import CertificateFile, CertificateLine
from benefits.cash.policies import UnableToProcess
from benefits.cash.queries import certificate_files as queries
from kumiai.jobs.actions import start_job
from kumiai.ui.uploads import plain_name
from members.enrollment.queries import find_by_number

CHECK, APPLY = "cash.check_certificates", "cash.apply_certificates"
ALLOWANCES = {"sickness": SICKNESS_ALLOWANCE, "maternity": MATERNITY_ALLOWANCE}
MOST_LINES = 5_000
CHUNK = 100


@transaction.atomic
def receive_certificates(*, by: Any, allowance: str, name: str, body: bytes) -> CertificateFile:
    """Take in a file: a job checks every line, nothing is entered. The same bytes again give the file that stands.

    Raises UnableToProcess for a file of which nothing can be read.
    """
    digest = hashlib.sha256(body).hexdigest()
    known = CertificateFile.objects.filter(allowance=allowance, digest=digest).first()
    if known is not None:
        return known
    found = read_certificates(body)
    if found.problem:
        raise UnableToProcess(found.problem)
    if not found.lines:
        raise UnableToProcess("見出しの下に行がありません。")
    if len(found.lines) > MOST_LINES:
        raise UnableToProcess(f"{len(found.lines):,}行あります。{MOST_LINES:,}行までに分けてください。")
    file = CertificateFile.objects.create(
        allowance=allowance, name=plain_name(name, otherwise="事業主の証明.csv"), digest=digest,
        line_count=len(found.lines), received_by_id=by.pk,
    )  # fmt: skip
    CertificateLine.objects.bulk_create(
        [
            CertificateLine(
                file=file, line=line.line, values=line.values, sentence="　".join(line.problems)[:400],
                outcome=LineOutcome.ERROR if line.problems else LineOutcome.WAITING,
            )
            for line in found.lines
        ],
        batch_size=1_000,
    )  # fmt: skip
    return _working(file, FileState.CHECKING, CHECK, by)


def _working(file: CertificateFile, state: FileState, kind: str, by: Any) -> CertificateFile:
    activity = ALLOWANCES[file.allowance]
    job = start_job(kind=kind, parameters={"file": file.pk}, activity_code=activity.code, by=by)
    file.state, file.job_id = state, job.pk
    file.save(update_fields=["state", "job_id"])
    return file


@transaction.atomic
def check_some(*, by: Any, file_id: int, today: date) -> tuple[int, dict[str, int]]:
    """The next lines looked at: how many, and counts. When none waits, the file is ready to be applied."""
    file = CertificateFile.objects.select_for_update().get(pk=file_id)
    rows = list(CertificateLine.objects.filter(file=file, outcome=LineOutcome.WAITING).order_by("line")[:CHUNK])
    if not rows:
        if file.state == FileState.CHECKING:
            file.state = FileState.CHECKED
            file.save(update_fields=["state"])
        return 0, {}
    counts: dict[str, int] = {}
    for row in rows:
        try:
            row.outcome, row.sentence = _looked_at(by, file, row, today), ""
        except UnableToProcess as unable:
            row.outcome, row.sentence = LineOutcome.ERROR, str(unable)[:400]
        row.save(update_fields=["member", "case", "outcome", "sentence"])
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return len(rows), counts


def _looked_at(by: Any, file: CertificateFile, row: CertificateLine, today: date) -> LineOutcome:
    """Find the case of a line, try what the import would do with it, and take it back."""
    _find_case(file, row)
    values, given = row.values, _certified(row)
    twin = (
        CertificateLine.objects.filter(
            file=file, case_id=row.case_id or 0, line__lt=row.line, values__first=values["first"],
            values__last=values["last"],
        ).exclude(outcome=LineOutcome.ERROR).first()
    )  # fmt: skip
    if twin is not None:
        raise UnableToProcess(f"{twin.line}行目と同じ申請の同じ期間です。どちらか一方にしてください。")
    if _stands(row, given):
        return LineOutcome.SAME
    try:
        with transaction.atomic():
            enter_certificate(by=by, case_id=row.case_id or 0, version=None, given=given, today=today)
            raise _Tried
    except _Tried:
        return LineOutcome.NEW


class _Tried(Exception):
    """The check did what the import would do; it is taken back."""


def _find_case(file: CertificateFile, row: CertificateLine) -> None:
    values = row.values
    member = find_by_number(values["symbol"], values["number"])
    if member is None:
        raise UnableToProcess("記号・番号：この番号の被保険者はいません。番号を確かめてください。")
    row.member = member
    if member.protected:
        raise UnableToProcess("保護対象の人です。指名された職員が、申請の画面から入力してください。")
    first, last = date.fromisoformat(values["first"]), date.fromisoformat(values["last"])
    found = queries.open_cases(
        kind=file.allowance, member_id=member.pk, first=first, last=last, number=values.get("case", "")
    )
    label = file.get_allowance_display()
    if not found:
        raise UnableToProcess(
            f"この人の、この期間の{label}の申請で、証明を入力できるものがありません。"
            "申請を受け付けてから、または審査に戻してから、取り込み直してください。"
        )
    if len(found) > 1:
        numbers = "、".join(case.number for case in found)
        raise UnableToProcess(
            f"受付番号：この期間に申請が二つ以上あります（{numbers}）。どれへの証明かを入れてください。"
        )
    row.case = found[0]


def _days(values: dict[str, str], code: str) -> list[date]:
    return [date.fromisoformat(text) for text in values.get(code, "").split()]


def _certified(row: CertificateLine) -> Certified:
    values = row.values
    days = dict.fromkeys(_days(values, "worked"), WORKED) | dict.fromkeys(_days(values, "leave"), LEAVE)
    days |= dict.fromkeys(_days(values, "holidays"), HOLIDAY)
    pay = [
        Paid(
            values[f"label{n}"], date.fromisoformat(values[f"from{n}"]), date.fromisoformat(values[f"to{n}"]),
            int(values[f"amount{n}"]), values.get(f"per{n}") or "day",
        )
        for n in range(1, PAY_SETS + 1)
        if values.get(f"label{n}")
    ]  # fmt: skip
    return Certified(
        date.fromisoformat(values["first"]), date.fromisoformat(values["last"]), date.fromisoformat(values["certified"]),
        values["employer"], days, pay, values.get("note", ""),
    )  # fmt: skip


def _stands(row: CertificateLine, given: Certified) -> bool:
    """Whether the case has this very certificate. Raises UnableToProcess where its days are the same and its pay is not."""
    values = row.values
    found = queries.same_certificate(
        row.case_id or 0, first=given.first, last=given.last, certified=given.certified,
        worked=_days(values, "worked"), leave=_days(values, "leave"), holidays=_days(values, "holidays"),
    )  # fmt: skip
    if found is None:
        return False
    if queries.pay_of(found) != sorted((one.label, one.first, one.last, one.amount, one.per) for one in given.pay):
        raise UnableToProcess(
            "同じ期間・同じ日の証明が、別の報酬で登録されています。直すときは、申請の「労務状況」で前の証明を取り消し、"
            "この取り込みを取りやめてから、もう一度取り込んでください。"
        )
    return True


@transaction.atomic
def start_apply(*, by: Any, allowance: str, file_id: int) -> CertificateFile:
    """登録を始める: the good lines, by a job. Pressed twice it starts once."""
    file = _locked(allowance, file_id)
    if file.state in (FileState.APPLYING, FileState.APPLIED):
        return file
    if file.state == FileState.CHECKING:
        raise UnableToProcess("まだ確かめています。終わってから登録してください。")
    if file.state == FileState.DISCARDED:
        raise UnableToProcess("取りやめた取り込みです。ファイルを直して、取り込み直してください。")
    if CertificateLine.objects.filter(file=file, outcome=LineOutcome.NEW).first() is None:
        raise UnableToProcess("登録できる新しい証明の行がありません。")
    return _working(file, FileState.APPLYING, APPLY, by)


@transaction.atomic
def discard(*, by: Any, allowance: str, file_id: int) -> CertificateFile:
    """取りやめる, before anything was entered; what the lines said is not kept."""
    file = _locked(allowance, file_id)
    if file.state not in (FileState.CHECKED, FileState.CHECKING):
        raise UnableToProcess("登録を始めた取り込みは、取りやめられません。")
    CertificateLine.objects.filter(file=file).update(values={})
    file.state = FileState.DISCARDED
    # Taken in again, the same bytes are a new file.
    file.digest = hashlib.sha256(f"{file.digest}:{file.pk}".encode()).hexdigest()
    file.save(update_fields=["state", "digest"])
    return file


def _locked(allowance: str, file_id: int) -> CertificateFile:
    file = CertificateFile.objects.select_for_update().filter(pk=file_id, allowance=allowance).first()
    if file is None:
        raise UnableToProcess("この番号の取り込みはありません。")
    return file


@transaction.atomic
def apply_some(*, by: Any, file_id: int, today: date) -> tuple[int, dict[str, int]]:
    """The next lines entered into their cases: how many, and counts. Each line stands for itself.

    What a line said is wiped once it is in its case: there it is read, and nowhere else.
    """
    file = CertificateFile.objects.select_for_update().get(pk=file_id)
    rows = list(CertificateLine.objects.filter(file=file, outcome=LineOutcome.NEW).order_by("line")[:CHUNK])
    counts: dict[str, int] = {}
    for row in rows:
        try:
            with transaction.atomic():
                _find_case(file, row)
                if not _stands(row, given := _certified(row)):
                    enter_certificate(by=by, case_id=row.case_id or 0, version=None, given=given, today=today)
            row.outcome, row.values = LineOutcome.APPLIED, {}
        except UnableToProcess as unable:
            row.outcome, row.sentence = LineOutcome.ERROR, str(unable)[:400]
        row.save(update_fields=["case", "values", "outcome", "sentence"])
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    if not rows:
        CertificateLine.objects.filter(file=file, outcome=LineOutcome.SAME).update(values={})
        file.state = FileState.APPLIED
        file.save(update_fields=["state"])
    return len(rows), counts
