"""国への実績報告: the archive of one approved report, made by a job of the door.

支払基金 has every insurer report 特定健康診査等の実施状況 each year (高確法142条1項); the results go to the minister under 高確法16条2項,
whose work 支払基金 does (同17条). The law asks for everybody examined, so nobody is taken out; nothing of an address is
written. What was approved is what goes out: the renderer refuses to make bytes of anything else.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from health_programs.checkups.actions.government import FILE
from health_programs.checkups.activities import CHECKUP_GOVERNMENT_REPORT, SHELF
from health_programs.checkups.enums import ReportState, Standing
from health_programs.checkups.files.schema import validate
from health_programs.checkups.files.writing import REPORT, Party, Sender, write_archive
from health_programs.checkups.models import GovernmentReport
from health_programs.checkups.queries import government as queries
from privacy.outputs.enums import Basis, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file
from privacy.seen import population

ARTICLE = "高齢者の医療の確保に関する法律142条1項・16条2項"
COLUMNS = (
    Column("position", "順"),
    Column("result", "健診結果の番号"),
    Column("version", "結果の版"),
    Column("institution", "健診機関"),
)
CODES = tuple(column.code for column in COLUMNS)


class UnableToReport(Exception):
    """Why the archive was not made."""


def _report(order: Order) -> GovernmentReport | None:
    """The report whose one file this order is; None for any other order, which then holds nobody."""
    report = queries.report_of(order["report"] or 0)
    if report is None or report.state not in (ReportState.WRITTEN, ReportState.ACCEPTED, ReportState.RETURNED):
        return None
    return report if report.file_token is not None and report.file_token == order["token"] else None


def _people(order: Order) -> list[int]:
    report = _report(order)
    if report is None:
        return []
    found = list(queries.going_out(report).values_list("member_id", flat=True))
    population("国への実績報告", len(found))
    return found


def _belongs(order: Order, ids: Sequence[int]) -> set[int]:
    report = _report(order)
    return queries.unchanged(report, ids) if report else set()


def _rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    report = _report(order)
    if report is None:
        return
    for line in queries.going_out(report).filter(member_id__in=list(ids)):
        yield Row(
            line.member_id,
            {
                "position": line.position,
                "result": line.result_id,
                "version": line.result_version,
                "institution": line.institution,
            },
        )


def sender_of(report: GovernmentReport) -> Sender:
    """Who sends to whom; a report that is sent again on the same day has another 分割番号."""
    number = (report.number - 1) % 10
    own = Party.insurer(str(settings.ASSOCIATION["insurer_number"]), str(settings.ASSOCIATION["name"]))
    assert report.archive_date is not None  # set in the transaction that asked for the file
    return Sender(own, Party.agency(settings.CHECKUP_REPORT_RECEIVER), report.archive_date, number, number)


def documents_of(report: GovernmentReport) -> str:
    """How the files of results in the archive of a report are named, without 連番 and ending."""
    return sender_of(report).file_name("h", 0, REPORT).removesuffix("000000.xml")


def archive_name(order: Order) -> str:
    """The name the standard prescribes: numbers and a day."""
    report = _report(order)
    if report is None:
        raise UnableToReport("この報告のファイルではありません。")
    return f"{sender_of(report).archive_name(REPORT)}.zip"


def _schemas() -> tuple[Path | None, dict[str, bytes]]:
    """The folder of the ministry's schemas where one is given, and its files as they travel in the archive."""
    if not settings.CHECKUP_XSD_DIR:
        return None, {}
    folder = Path(settings.CHECKUP_XSD_DIR)
    return folder, {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.xsd"))}


def check_schemas(body: bytes, folder: Path) -> None:
    """Every file of an archive against the schemas. Raises UnableToReport with file and element, never a value."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            if not name.endswith(".xml"):
                continue
            problems = validate(archive.read(name), name.rsplit("/", 1)[-1], folder)
            if problems:
                raise UnableToReport(f"{problems[0].place}　{problems[0].what}{problems[0].remedy}")


def archive_bytes(document: Document) -> bytes:
    """The ZIP. Raises UnableToReport where what is to be written is not what was approved."""
    report = _report(document.order)
    if report is None:
        raise UnableToReport("この報告のファイルではありません。")
    ids = [row.values["result"] for row in sorted(document.rows, key=lambda row: int(row.values["position"] or 0))]  # type: ignore[arg-type]
    if len(ids) != report.counts[Standing.EXAMINED] or queries.digest_of(report) != report.digest:
        raise UnableToReport(
            f"承認したのは{report.counts[Standing.EXAMINED]:,}件ですが、書けるのは{len(ids):,}件です。集計し直してください。"
        )
    wanted = [int(pk) for pk in ids if isinstance(pk, int)]
    found = dict(queries.submissions(wanted, str(settings.ASSOCIATION["insurer_number"])))
    folder, schemas = _schemas()
    written = write_archive(sender_of(report), [found[pk] for pk in wanted], purpose=REPORT, schemas=schemas)
    if folder is not None:
        check_schemas(written.body, folder)
    return written.body


register_file(
    FILE,
    "国への実績報告（特定健診）",
    activity=CHECKUP_GOVERNMENT_REPORT,
    columns=COLUMNS,
    recipients={
        RecipientKind.PAYMENT_FUND: Allowed(
            Basis.LAW,
            CODES,
            article=ARTICLE,
            keeps=frozenset({Removal.PROTECTED, Removal.SUSPENDED, Removal.OPTED_OUT}),
        )
    },
    parameters={"report": int, "token": int},
    subjects=_people,
    belongs=_belongs,
    build=_rows,
    formats={FileFormat.ZIP: archive_bytes},
    named=archive_name,
    shelf=SHELF,
    whole=True,
)
