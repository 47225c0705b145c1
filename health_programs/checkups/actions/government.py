"""国への実績報告: collected, decided by another person, written as the archive, answered by the state. Nothing is overwritten:
what was returned is collected again as the next number."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max

from health_programs.checkups.activities import CHECKUP_GOVERNMENT_REPORT
from health_programs.checkups.enums import ReportState, Standing
from health_programs.checkups.files.report_answer import Answer
from health_programs.checkups.models import GovernmentReport, GovernmentReportError, GovernmentReportLine
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.queries import government as queries
from health_programs.checkups.rules import ages
from health_programs.checkups.rules.government import Candidate, balances, judge
from kumiai.jobs.actions import start_job
from privacy.outputs.actions import request_output
from privacy.outputs.enums import FileFormat, OutputState, RecipientKind
from privacy.outputs.models import Output, Recipient
from privacy.outputs.policies import Closed
from privacy.seen import population

COLLECT = "checkups.collect_report"
FILE = "checkups.government_report"
CHUNK = 1_000
GONE = (OutputState.REFUSED, OutputState.WITHDRAWN, OutputState.EMPTY, OutputState.DESTROYED)


class Collected(NamedTuple):
    """What one chunk did: the last person looked at and the last place given (None at the end), people, standing → people."""

    position: list[int] | None
    done: int
    counts: dict[str, int]


class Fault(NamedTuple):
    """One error of the state. position: which file of the archive, 0 for the whole of it."""

    position: int
    code: str
    message: str


def _locked(report_id: int, version: int | None = None) -> GovernmentReport:
    found = GovernmentReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    if version is not None and found.version != version:
        raise UnableToMove("ほかの職員が先に変更しました。いまの内容を確かめてから、もう一度操作してください。")
    return found


def _saved(report: GovernmentReport, *fields: str) -> GovernmentReport:
    report.version += 1
    report.save(update_fields=[*fields, "version"])
    return report


def _must_be(report: GovernmentReport, *states: ReportState) -> None:
    if report.state not in states:
        raise UnableToMove(f"この報告は「{report.get_state_display()}」なので、この操作はできません。")


@transaction.atomic
def collect(*, by: Any, fiscal_year: int, today: date) -> GovernmentReport:
    """集計する: a job looks at everybody on the list of targets. One open report a year.

    Raises UnableToMove before the year is over, where one is open, or where the targets were never counted.
    """
    if today <= ages.last_day(fiscal_year):
        raise UnableToMove(
            "年度が終わってから集計します。年度を通して加入しているかどうかは、3月31日を過ぎるまで決まりません。"
        )
    standing = list(GovernmentReport.objects.select_for_update(of=("self",)).filter(fiscal_year=fiscal_year))
    if any(one.state in queries.OPEN for one in standing):
        raise UnableToMove("この年度の報告は作業中です。先にその報告を承認するか、取りやめてください。")
    if not queries.people_due(fiscal_year):
        raise UnableToMove("この年度の対象者がいません。「健診」の対象者の画面で、先に対象者を確かめてください。")
    last = GovernmentReport.objects.filter(fiscal_year=fiscal_year).aggregate(n=Max("number"))["n"] or 0
    population("国への実績報告", last)
    made = GovernmentReport.objects.create(fiscal_year=fiscal_year, number=last + 1, collected_by_id=by.pk)
    made.job = start_job(
        kind=COLLECT, parameters={"report": made.pk}, activity_code=CHECKUP_GOVERNMENT_REPORT.code, by=by
    )
    made.save(update_fields=["job"])
    return made


@transaction.atomic
def collect_some(*, report_id: int, position: Sequence[int] | None, limit: int = CHUNK) -> Collected:
    """The next people of the list, each judged and kept with the result that stands. Four statements a chunk."""
    after, placed = position or (0, 0)
    report = _locked(report_id)
    if report.state != ReportState.COLLECTING:
        return Collected(None, 0, {})  # given up meanwhile
    rows = list(queries.targets(report.fiscal_year).filter(member_id__gt=after)[:limit])
    if not rows:
        return Collected(None, 0, {})
    ids = [row.member_id for row in rows]
    results = queries.results_among(report.fiscal_year, ids)
    excluded = queries.exclusions_among(report.fiscal_year, ids)
    made, counts = [], dict.fromkeys(Standing.values, 0)
    for row in rows:
        result, reason = results.get(row.member_id), excluded.get(row.member_id, "")
        missing = None if result is None else result.missing
        judged = judge(Candidate(row.age, row.all_year, reason, missing))
        goes = judged.standing == Standing.EXAMINED
        placed += goes
        counts[judged.standing] += 1
        # Of somebody examined the reason stands where it is why an item may be missing.
        tells = judged.standing == Standing.EXCLUDED or (goes and bool(missing))
        line = GovernmentReportLine(
            report=report, member_id=row.member_id, standing=judged.standing, position=placed if goes else None,
            age=row.age, reason=reason if tells else "",
        )  # fmt: skip
        if result is not None:
            line.result, line.result_version, line.result_digest = result, result.version, result.digest
            line.institution, line.missing = result.institution_name or result.institution_code, result.missing
        made.append(line)
    GovernmentReportLine.objects.bulk_create(made)
    return Collected([ids[-1], placed], len(rows), {code: count for code, count in counts.items() if count})


@transaction.atomic
def finish(*, report_id: int) -> None:
    """The counts, reconciled, and the digest of what goes out."""
    report = _locked(report_id)
    if report.state != ReportState.COLLECTING:
        return
    report.counts, report.digest = queries.counted(report), queries.digest_of(report)
    report.state = ReportState.COLLECTED
    _saved(report, "counts", "digest", "state")


def _check_as_collected(report: GovernmentReport) -> None:
    changed = queries.drift(report)
    if changed:
        raise UnableToMove(
            f"集計のあとで{sum(changed.values()):,}名の結果が変わりました。取りやめて、もう一度集計してください。"
        )


@transaction.atomic
def approve(*, by: Any, report_id: int, version: int, at: datetime) -> GovernmentReport:
    """承認する, by another person than who collected, of figures that agree and results that have not changed since."""
    report = _locked(report_id, version)
    _must_be(report, ReportState.COLLECTED)
    if report.collected_by_id == by.pk:
        raise UnableToMove("集計した本人は承認できません。ほかの職員が承認します。")
    if not report.counts.get(Standing.EXAMINED):
        raise UnableToMove("報告に載せる結果が一つもありません。")
    if any(one.difference for one in balances(report.counts, dict(Standing.choices))):
        raise UnableToMove("人数の突合が合いません。取りやめて、もう一度集計してください。")
    _check_as_collected(report)
    report.state, report.approved_by_id, report.approved_at = ReportState.APPROVED, by.pk, at
    return _saved(report, "state", "approved_by_id", "approved_at")


@transaction.atomic
def cancel(*, report_id: int, version: int) -> GovernmentReport:
    """取りやめる, before a file can have left."""
    report = _locked(report_id, version)
    _must_be(report, *queries.OPEN)
    if report.state == ReportState.WRITTEN and not _file_gone(report):
        raise UnableToMove("ファイルを作っています。受け渡しの画面で取り下げてから、取りやめてください。")
    report.state = ReportState.CANCELLED
    return _saved(report, "state")


@transaction.atomic
def write(*, by: Any, report_id: int, version: int, recipient_id: int, today: date) -> GovernmentReport:
    """ファイルを作る: the archive is asked for at the door. Another one only where the former never left. Operation `export`."""
    report = _locked(report_id, version)
    _must_be(report, ReportState.APPROVED, ReportState.WRITTEN)
    if report.state == ReportState.WRITTEN and not _file_gone(report):
        raise UnableToMove("この報告のファイルはすでに作っています。受け渡しの画面から取り出してください。")
    _check_as_collected(report)
    recipient = Recipient.objects.filter(pk=recipient_id, kind=RecipientKind.PAYMENT_FUND).first()
    if recipient is None:
        raise UnableToMove("渡す先の支払基金を選んでください。")
    report.file_token, report.archive_date = secrets.randbits(62), today
    report.state = ReportState.WRITTEN
    _saved(report, "file_token", "archive_date", "state")
    try:
        output = request_output(
            by=by, kind=FILE, parameters={"report": report.pk, "token": report.file_token}, recipient=recipient,
            today=today, file_format=FileFormat.ZIP, expected_count=report.counts[Standing.EXAMINED],
        )  # fmt: skip
    except Closed as closed:
        raise UnableToMove(str(closed)) from None
    report.output_id = output.pk
    report.save(update_fields=["output_id"])
    return report


def _file_gone(report: GovernmentReport) -> bool:
    """Whether the file ended without ever having left."""
    found = Output.objects.filter(pk=report.output_id or 0, fetched_at__isnull=True, state__in=GONE)
    return bool(found[:1])


def file_left(report: GovernmentReport) -> bool:
    """Whether somebody fetched the file, so that the state may have it."""
    return bool(Output.objects.filter(pk=report.output_id or 0, fetched_at__isnull=False)[:1])


def _check_sent(report: GovernmentReport) -> None:
    _must_be(report, ReportState.WRITTEN)
    if not file_left(report):
        raise UnableToMove("ファイルがまだ取り出されていません。送ってから記録してください。")


@transaction.atomic
def accept(*, by: Any, report_id: int, version: int, receipt_number: str, day: date) -> GovernmentReport:
    """受付を記録する: the number of the state's receipt."""
    report = _locked(report_id, version)
    _check_sent(report)
    report.state, report.receipt_number = ReportState.ACCEPTED, receipt_number
    report.answered_date, report.answered_by_id = day, by.pk
    return _saved(report, "state", "receipt_number", "answered_date", "answered_by_id")


@transaction.atomic
def take_answer(*, by: Any, report_id: int, version: int, answer: Answer, sent: str) -> GovernmentReport:
    """回答ファイルを取り込む: the receipt or the return it tells, as a whole or not at all.

    sent: how the files of the archive that left are named, without 連番. Raises UnableToMove for an answer to another
    archive, so that errors never land at other people.
    """
    strange = next((one for one in answer.errors if one.of and one.of != sent), None)
    if strange is not None:
        raise UnableToMove(
            f"{strange.line:,}行目の文書は、この報告のファイルではありません。どの回への回答か、ファイルの名前を確かめてください。"
        )
    told: dict[str, Any] = {
        "by": by, "report_id": report_id, "version": version, "receipt_number": answer.receipt_number, "day": answer.day,
    }  # fmt: skip
    if answer.accepted:
        return accept(**told)
    return take_return(**told, faults=[Fault(one.position, one.code, one.message) for one in answer.errors])


@transaction.atomic
def take_return(
    *, by: Any, report_id: int, version: int, receipt_number: str, day: date, faults: Sequence[Fault]
) -> GovernmentReport:
    """返戻を記録する: each error with the result it is about. The report stays as it was sent; a new one is collected."""
    report = _locked(report_id, version)
    _check_sent(report)
    if not faults:
        raise UnableToMove("返戻の誤りを、1行に1件入力してください。")
    wanted = {one.position for one in faults if one.position}
    lines = {line.position: line for line in queries.going_out(report).filter(position__in=wanted)}
    unknown = sorted(wanted - lines.keys())
    if unknown:
        raise UnableToMove(f"{unknown[0]:,}番目の文書は、この報告にありません。ファイル名の連番を確かめてください。")
    made = []
    for one in faults:
        line = lines.get(one.position)
        made.append(
            GovernmentReportError(
                report=report, line=line, member_id=line.member_id if line else None, code=one.code,
                message=one.message,
            )
        )  # fmt: skip
    GovernmentReportError.objects.bulk_create(made)
    report.state, report.receipt_number = ReportState.RETURNED, receipt_number
    report.answered_date, report.answered_by_id = day, by.pk
    return _saved(report, "state", "receipt_number", "answered_date", "answered_by_id")
