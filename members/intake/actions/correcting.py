"""One line put right on the screen: read and compared again, as if the file had said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kumiai.tabular.reader import Reader
from kumiai.tabular.reading import Row
from members.enrollment.queries import named_members
from members.intake import policies, queries
from members.intake.actions.checking import judge_rows
from members.intake.actions.staging import Staged, veiled
from members.intake.enums import Outcome
from members.intake.models import ImportFile, ProtectedStagedRow, StagedRow
from members.intake.policies import UnableToMove
from members.intake.rules.layouts import LAYOUTS


@transaction.atomic
def correct_line(
    *, by: Any, file: ImportFile, number: int, cells: Mapping[str, str], distinct: bool = False
) -> StagedRow:
    """Judge a line by what the clerk typed: column → text. distinct: the clerk says it is somebody else than those alike.

    Raises UnableToMove of a line that is applied, PermissionDenied of a protected person for a clerk who is not named.
    """
    policies.check_can_correct(file)
    row = StagedRow.objects.select_for_update(of=("self",)).filter(import_file=file, number=number).first()
    if row is None:
        raise UnableToMove("この行はありません。")
    if row.applied_at is not None:
        raise UnableToMove("反映した行は、加入者の画面から直してください。")
    kept = ProtectedStagedRow.objects.filter(row=row).first()
    if row.protected and (kept is None or kept.member_id not in named_members(by.pk, [kept.member_id])):
        raise PermissionDenied("この行の内容は、指名された担当者だけが扱えます。")
    layout = LAYOUTS[file.kind]
    codes = [code for code in layout.codes if code in cells]
    reader = Reader(layout, {code: place for place, code in enumerate(codes)}, constants=_constants(file))
    typed = Row(number, number, tuple(cells[code] for code in codes))
    parsed = reader.read(typed)
    if distinct and not parsed.problems:
        parsed.values["distinct"] = "1"
    [judged] = judge_rows(file, [(typed, parsed)], user_id=by.pk, only=number)
    _write(row, kept, judged, dict(cells), by=by)
    counts, applied = queries.counts_of(file)
    file.counts, file.applied_lines = counts, applied
    file.save(update_fields=["counts", "applied_lines"])
    return row


def _constants(file: ImportFile) -> dict[str, str]:
    return {"symbol": file.employer.symbol} if file.employer is not None else {}


def _write(row: StagedRow, kept: ProtectedStagedRow | None, judged: Staged, cells: dict[str, str], *, by: Any) -> None:
    """The line as judged; what a protected person wrote moves to, or stays in, its own table."""
    apart = judged.guard is not None
    contents = {
        "raw": judged.raw if judged.outcome == Outcome.ERROR else [],
        "values": judged.values,
        "differences": judged.differences,
        "corrected": cells,
    }
    blank: dict[str, Any] = {"raw": [], "values": {}, "differences": [], "corrected": {}}
    for name, value in (blank if apart else contents).items():
        setattr(row, name, value)
    row.protected = apart
    row.outcome, row.step, row.identity = judged.outcome, judged.step, judged.identity
    row.messages = veiled(judged.messages) if apart else judged.messages
    row.operations, row.member_id, row.member_version = list(judged.operations), judged.member_id, judged.member_version
    row.corrected_by_id, row.corrected_at = by.pk, timezone.now()
    if judged.guard is not None:
        ProtectedStagedRow.objects.update_or_create(
            row=row, defaults={"member_id": judged.guard, **contents, "messages": judged.messages}
        )
    row.save()
    if not apart and kept is not None:
        kept.delete()
