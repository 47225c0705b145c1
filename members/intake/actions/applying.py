"""反映: what was seen is done, through the register's own actions. Runs as a job; killed anywhere, nothing is done twice.

A line is done when it says so (`applied_at`), in the transaction that did it. Plain new people go in together by COPY
(`enrollment.actions.bulk`); every change, and whoever is protected, goes one by one. What the register refuses, or what
somebody saved after the comparison, becomes 要確認 with the reason; the other lines go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kumiai.jobs.actions import start_job
from members.enrollment import actions as enrollment
from members.enrollment.actions.bulk import Entered, Entry, enter_many
from members.enrollment.actions.bulk_family import FamilyEntry, certify_many
from members.enrollment.queries import standing as register
from members.intake import policies, queries
from members.intake.activities import MEMBER_IMPORT
from members.intake.enums import FileState, Outcome
from members.intake.models import ImportFile, ProtectedStagedRow, StagedRow
from members.intake.rules import comparing, layouts
from privacy.scope import shown

APPLY = "intake.apply"
SLICE = 1_000
SECONDS = 4.0
STALE = "確かめたあとに、この加入者が画面などで変更されました。"
STALE_REMEDY = "行を開いて「直して比べ直す」を押すと、いまの登録ともう一度比べます。"


@transaction.atomic
def start_apply(*, by: Any, file: ImportFile) -> ImportFile:
    """反映を始める: every new and changed line that is not applied yet. Pressed twice, the second is refused."""
    file = ImportFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    policies.check_can_apply(file)
    file.state, file.decided_by_id, file.decided_at = FileState.APPLYING, by.pk, timezone.now()
    file.job = start_job(kind=APPLY, parameters={"file": file.pk}, activity_code=MEMBER_IMPORT.code, by=by)
    file.save(update_fields=["state", "decided_by_id", "decided_at", "job"])
    return file


@dataclass
class Applied:
    """One chunk: lines tried, (line, code) of those that could not be done, outcome → lines done, nothing left."""

    done: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    finished: bool = False


def left_to_apply(file: ImportFile) -> int:
    return _waiting(file).count()


def _waiting(file: ImportFile) -> Any:
    return StagedRow.objects.filter(
        import_file=file, outcome__in=[Outcome.NEW, Outcome.CHANGED], applied_at__isnull=True
    )


def apply_some(*, file: ImportFile, by: Any, stop: Callable[[], bool]) -> Applied:
    """Do the next lines, for some seconds. Insured people before dependants, in the order of the file."""
    began = time.monotonic()
    rows = list(_waiting(file).select_for_update(of=("self",)).order_by("step", "number")[:SLICE])
    result = Applied()
    if not rows:
        _finish(file)
        result.finished = True
        return result
    step = rows[0].step
    rows = [row for row in rows if row.step == step]
    _fill(rows)
    work = _Work(file, by, result)
    together = [row for row in rows if row.operations in (["enter"], ["certify"]) and not row.protected]
    work.together(together)
    handled = {row.pk for row in together} - {row.pk for row in work.left}
    for row in rows:
        if row.pk in handled:
            continue
        if time.monotonic() - began > SECONDS or stop():
            break
        work.alone(row)
    work.write()
    return result


def _fill(rows: Sequence[StagedRow]) -> None:
    """The contents of protected people, in memory; the lines themselves are written by columns only."""
    contents = ProtectedStagedRow.objects.filter(row_id__in=[row.pk for row in rows if row.protected])
    kept = {one.row_id: one for one in contents}
    for row in rows:
        if row.pk in kept:
            queries.fill(row, kept[row.pk])


def _finish(file: ImportFile) -> None:
    counts, applied = queries.counts_of(file)
    whole = not counts.get(Outcome.ERROR) and not counts.get(Outcome.CONFLICT)
    file.counts, file.applied_lines = counts, applied
    file.state, file.applied_at = FileState.APPLIED if whole else FileState.PARTLY, timezone.now()
    file.save(update_fields=["counts", "applied_lines", "state", "applied_at"])


def person_of(values: Mapping[str, str]) -> enrollment.Person:
    birth = comparing.day_of(values, "birth_date")
    assert birth is not None  # a line of a new person is not judged without
    return enrollment.Person(
        family_name=values.get("family_name", ""),
        given_name=values.get("given_name", ""),
        family_kana=values.get("family_kana", ""),
        given_kana=values.get("given_kana", ""),
        birth_date=birth,
        sex=values.get("sex", ""),
    )


@dataclass
class _Work:
    """The lines of one chunk, and what became of them."""

    file: ImportFile
    by: Any
    result: Applied
    made: dict[int, int] = field(default_factory=dict)
    refused: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    left: list[StagedRow] = field(default_factory=list)
    counts: dict[int, str] = field(default_factory=dict)

    # --- Many at once ---------------------------------------------------------------------------------------------------
    def together(self, rows: Sequence[StagedRow]) -> None:
        """Plain new people in a few statements. Where PostgreSQL refuses them together, each goes by itself."""
        if not rows:
            return
        entering = self._enter if rows[0].operations == ["enter"] else self._certify
        try:
            with transaction.atomic():
                entered = entering(rows)
        except DatabaseError:
            self.left = list(rows)
            return
        for row in rows:
            if row.pk in entered.members:
                self._done(row, entered.members[row.pk])
            elif row.pk in entered.refused:
                self._refuse(row, "refused", entered.refused[row.pk], "台帳を確かめて、行を直してください。")
            else:
                self.left.append(row)

    def _enter(self, rows: Sequence[StagedRow]) -> Entered:
        return enter_many(by=self.by, entries=[self._entry(row) for row in rows])

    def _entry(self, row: StagedRow) -> Entry:
        values = row.values
        start = comparing.day_of(values, "start")
        assert start is not None
        return Entry(
            key=row.pk,
            person=person_of(values),
            symbol=values["symbol"],
            number=values.get("number", ""),
            start=start,
            received_date=self.file.received_date,
            reason=values.get("reason") or ("voluntary" if values.get("kind") == "voluntary" else "employment"),
            kind=values.get("kind") or "compulsory",
            address=comparing.address_of(values) or None,
            end=comparing.day_of(values, "end"),
            loss_reason=values.get("loss_reason", "") if values.get("end") else "",
            note=self._note(row),
        )

    def _certify(self, rows: Sequence[StagedRow]) -> Entered:
        heads = self._heads(rows)
        entries = []
        refused: dict[Hashable, str] = {}
        for row in rows:
            head = heads.get(_head(row.values))
            if head is None:
                refused[row.pk] = "被保険者（枝番00）が登録されていません。"
                continue
            entries.append(self._family_entry(row, head.member_id))
        entered = certify_many(by=self.by, entries=entries)
        return Entered(entered.members, {**entered.refused, **refused})

    def _heads(self, rows: Sequence[StagedRow]) -> dict[Any, Any]:
        return register.standing_by_number({_head(row.values) for row in rows}, user_id=self.by.pk)

    def _family_entry(self, row: StagedRow, insured_id: int) -> FamilyEntry:
        values = row.values
        start = comparing.day_of(values, "change_date" if "change" in values else "start")
        assert start is not None
        return FamilyEntry(
            key=row.pk,
            insured_id=insured_id,
            person=person_of(values),
            relation=values["relation"],
            branch=values.get("branch", ""),
            start=start,
            received_date=self.file.received_date,
            address=comparing.address_of(values) or None,
            end=comparing.day_of(values, "end"),
            end_reason=values.get("end_reason", "") if values.get("end") else "",
            note=self._note(row),
        )

    def _note(self, row: StagedRow) -> str:
        """Where the document came from: stands with it in the register for good."""
        return f"取り込み{self.file.pk}の{row.number}行目"

    # --- One by one -----------------------------------------------------------------------------------------------------
    def alone(self, row: StagedRow) -> None:
        """One line in a savepoint of its own: what it did before it was refused is undone with it."""
        try:
            with transaction.atomic():
                self._done(row, self._apply(row))
        except enrollment.StaleVersion:
            self._refuse(row, "stale", STALE, STALE_REMEDY)
        except enrollment.UnableToChange as unable:
            self._refuse(row, "refused", str(unable), "台帳を確かめて、行を直してください。")
        except PermissionDenied:
            self._refuse(row, "protected", "指名された担当者だけが扱えます。", "担当者に渡してください。")
        except DatabaseError as error:
            if connection.needs_rollback or _is_wall(error):
                raise
            self._refuse(row, "taken", "同じ番号か同じ期間の登録が、いま行われました。", STALE_REMEDY)

    def _apply(self, row: StagedRow) -> int:
        """Every operation of the line in order. Returns whom it was about. Only the first looks at the version."""
        version = row.member_version
        pk = row.member_id or 0
        for operation in row.operations:
            pk = getattr(self, f"_do_{operation}")(row, pk, version)
            version = None
        return pk

    def _report(self, row: StagedRow, column: str) -> enrollment.Report:
        day = comparing.day_of(row.values, column) or self.file.received_date
        return enrollment.Report(self.file.received_date, day, note=self._note(row))

    def _do_enter(self, row: StagedRow, _pk: int, _version: int | None) -> int:
        entry = self._entry(row)
        office = register.offices().get(entry.symbol)
        member = enrollment.acquire(
            by=self.by,
            employer_id=office.id if office and entry.kind == "compulsory" else None,
            person=entry.person,
            report=self._report(row, "start"),
            reason=entry.reason,
            number=entry.number,
            symbol=entry.symbol,
            address=dict(entry.address) if entry.address else None,
            kind=entry.kind,
        )
        if entry.end:
            self._do_lose(row, member.pk, None)
        return member.pk

    def _do_return(self, row: StagedRow, pk: int, version: int | None) -> int:
        self._check_version(pk, version)
        office = register.offices()[row.values["symbol"]]
        member = enrollment.acquire(
            by=self.by,
            employer_id=office.id,
            person=person_of(row.values),
            report=self._report(row, "start"),
            reason=row.values.get("reason") or "employment",
            address=comparing.address_of(row.values) or None,
            returning_id=pk,
            keep_number=True,
        )
        return member.pk

    def _check_version(self, pk: int, version: int | None) -> None:
        """For actions that take no version: the row as it was compared, locked."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT version FROM enrollment_member WHERE id = %s FOR UPDATE", [pk])
            found = cursor.fetchone()
        shown([pk])
        if found is None or (version is not None and found[0] != version):
            raise enrollment.StaleVersion({}, found[0] if found else 0, None, None)

    def _do_certify(self, row: StagedRow, _pk: int, _version: int | None, member_id: int | None = None) -> int:
        head = self._heads([row]).get(_head(row.values))
        if head is None:
            raise enrollment.UnableToChange("被保険者（枝番00）が登録されていません。")
        entry = self._family_entry(row, head.member_id)
        member = enrollment.certify_dependant(
            by=self.by,
            insured_id=head.member_id,
            version=None,
            person=entry.person,
            relation=entry.relation,
            report=enrollment.Report(self.file.received_date, entry.start, note=self._note(row)),
            member_id=member_id,
            address=dict(entry.address) if entry.address else None,
        )
        if entry.branch and member.branch != entry.branch:
            raise enrollment.UnableToChange(
                f"この世帯の次の枝番は {member.branch} です。枝番を空けておくか、{member.branch} にしてください。"
            )
        if entry.end:
            self._do_remove(row, member.pk, None)
        return member.pk

    def _do_recertify(self, row: StagedRow, pk: int, version: int | None) -> int:
        self._check_version(pk, version)
        return self._do_certify(row, pk, None, member_id=pk)

    def _do_name(self, row: StagedRow, pk: int, version: int | None) -> int:
        names = {name: row.values.get(name, "") for name in enrollment.NAME_FIELDS}
        report = enrollment.change_name(
            by=self.by, member_id=pk, version=version, names=names, report=self._report(row, "change_date")  # type: ignore[arg-type]
        )  # fmt: skip
        return report.member_id

    def _do_address(self, row: StagedRow, pk: int, version: int | None) -> int:
        report = enrollment.change_address(
            by=self.by,
            member_id=pk,
            version=version,  # type: ignore[arg-type]
            address=comparing.address_of(row.values),
            report=self._report(row, "change_date"),
        )
        return report.member_id

    def _do_lose(self, row: StagedRow, pk: int, version: int | None) -> int:
        enrollment.lose(
            by=self.by, member_id=pk, version=version, report=self._report(row, "end"), reason=row.values["loss_reason"]
        )
        return pk

    def _do_remove(self, row: StagedRow, pk: int, version: int | None) -> int:
        column = "change_date" if "change" in row.values else "end"
        enrollment.remove_dependant(
            by=self.by, member_id=pk, version=version, report=self._report(row, column), reason=row.values["end_reason"]
        )
        return pk

    # --- What became of them ----------------------------------------------------------------------------------------------
    def _done(self, row: StagedRow, member_id: int) -> None:
        self.made[row.pk] = member_id
        self.refused.pop(row.pk, None)
        self.result.done += 1
        self.result.counts[row.outcome] = self.result.counts.get(row.outcome, 0) + 1

    def _refuse(self, row: StagedRow, code: str, what: str, remedy: str) -> None:
        self.refused[row.pk] = (code, what, remedy)
        self.result.done += 1
        self.result.failures.append((row.number, code))

    def write(self) -> None:
        """Say on the lines what became of them: two statements."""
        if self.made:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE intake_stagedrow s SET applied_at = now(), member_id = k.member "
                    "FROM unnest(%s::bigint[], %s::bigint[]) AS k (row, member) WHERE s.id = k.row",
                    [list(self.made), list(self.made.values())],
                )
            shown(self.made.values())
        if self.refused:
            rows = StagedRow.objects.filter(pk__in=self.refused)
            for one in rows:
                _code, what, remedy = self.refused[one.pk]
                one.outcome = Outcome.CONFLICT
                one.messages = [["", layouts.title_of(layouts.LAYOUTS[self.file.kind], ""), "", what, remedy, what]]
                one.save(update_fields=["outcome", "messages"])


def _head(values: Mapping[str, str]) -> tuple[str, str, str]:
    return (values.get("symbol", ""), values.get("number", ""), comparing.HEAD)


def _is_wall(error: DatabaseError) -> bool:
    """Whether PostgreSQL refused a privilege: that is never the line's fault."""
    return getattr(error.__cause__, "sqlstate", "") == "42501"
