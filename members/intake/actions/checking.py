"""検査: every line read, compared with the register, and staged with what it would do. Runs as a job, chunk by chunk."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from kumiai.jobs.actions import start_job
from kumiai.tabular.bulk import BulkReader, blocks
from kumiai.tabular.reader import Parsed, Reader
from kumiai.tabular.reading import Row, Sheet, read
from members.enrollment.queries import standing as register
from members.enrollment.search import name_keys
from members.intake import queries
from members.intake.actions.staging import Staged, clear_lines, storable, write_lines
from members.intake.activities import MEMBER_IMPORT
from members.intake.enums import FileState, Outcome
from members.intake.models import ImportFile, StagedRow
from members.intake.rules import comparing, layouts
from members.intake.rules.layouts import LAYOUTS
from privacy.scope import population

CHECK = "intake.check"
SLICE = 1_000
SECONDS = 4.0
ENTERING = ("members", "acquisition", "dependant")
PersonKeys = tuple[date, str, str]


def start_check(*, by: Any, file: ImportFile) -> None:
    """Send the file to be checked. The caller's transaction commits the file with it."""
    file.state = FileState.CHECKING
    file.job = start_job(kind=CHECK, parameters={"file": file.pk}, activity_code=MEMBER_IMPORT.code, by=by)
    file.save(update_fields=["state", "job"])


@dataclass(frozen=True)
class Checked:
    """Where the check stands: the next line of the text, rows numbered so far, lines done, outcome → lines."""

    line: int
    number: int
    done: int
    counts: dict[str, int]
    finished: bool


def sheet_of(file: ImportFile) -> Sheet:
    return read(queries.bytes_of(file))


def reader_of(file: ImportFile) -> Reader:
    """How the lines of this file are understood. An employer chosen gives the 記号 of lines that have none."""
    constants = {code: value for code, value in file.constants.items() if value}
    if file.employer is not None:
        constants.setdefault("symbol", file.employer.symbol)
    places = {code: one["place"] for code, one in file.places.items()}
    return Reader(LAYOUTS[file.kind], places, constants, file.translations)


def check_some(*, file: ImportFile, user_id: int, line: int | None, number: int, stop: Callable[[], bool]) -> Checked:
    """Check on from a line of the text, for some seconds. line None: from the beginning, whatever was staged before."""
    sheet = sheet_of(file)
    if line is None:
        clear_lines(file)
        line, number = 0, 0
    began = time.monotonic()
    reader = BulkReader(reader_of(file))
    counts: dict[str, int] = {}
    done, began_at, finished = 0, line, True
    for block in blocks(sheet, first_line=line, number=number, width=file.width, size=SLICE):
        if block.line > began_at and (time.monotonic() - began > SECONDS or stop()):
            finished = False
            break
        line, number = block.line + block.lines, block.number + len(block)
        rows = ((block.row(place), parsed) for place, parsed in reader.read(block).parsed())
        lines = judge_rows(file, [one for one in rows if one[0].number > file.head_row], user_id=user_id)
        write_lines(file, lines)
        for one in lines:
            counts[one.outcome] = counts.get(one.outcome, 0) + 1
        done += len(lines)
    return Checked(line, number, done, counts, finished)


def finish_check(*, file: ImportFile) -> None:
    """Count and open the file for its second step."""
    counts, applied = queries.counts_of(file)
    file.counts, file.applied_lines, file.lines = counts, applied, sum(counts.values())
    file.state, file.checked_at = FileState.CHECKED, timezone.now()
    file.save(update_fields=["counts", "applied_lines", "lines", "state", "checked_at"])


# --- Many lines judged at once --------------------------------------------------------------------------------------------


@dataclass
class _Known:
    """What the register and the file say around these lines."""

    by_number: dict[Any, Any]
    families: dict[int, list[Any]]
    alike: dict[Any, list[Any]]
    former: set[Any]
    offices: dict[str, Any]
    entered: set[str]
    earlier: dict[str, int]


def judge_rows(
    file: ImportFile, rows: Sequence[tuple[Row, Parsed]], *, user_id: int, only: int | None = None
) -> list[Staged]:
    """What becomes of each line. Some eight statements, however many lines. only: the row that is judged again."""
    read_rows = [
        (row, parsed, {name: storable(text) for name, text in layouts.split_names(parsed.values).items()})
        for row, parsed in rows
    ]
    keys = [_person_keys(values) if file.kind in ENTERING else None for _row, _parsed, values in read_rows]
    known = _known(file, [values for _row, _parsed, values in read_rows], keys, user_id=user_id, only=only)
    only_symbol = file.employer.symbol if file.employer else ""
    staged = []
    for (row, parsed, values), person in zip(read_rows, keys, strict=True):
        around = _around(file, values, person, known)
        around.only_symbol = only_symbol
        one = _staged(file, row, parsed, values, around, known)
        staged.append(one)
        if one.outcome == Outcome.NEW and one.step == 0 and values.get("number"):
            known.entered.add(_key(values, comparing.HEAD))
        if one.identity and not parsed.problems:
            known.earlier.setdefault(one.identity, row.number)
    return staged


def _number(values: dict[str, str], branch: str | None = None) -> tuple[str, str, str]:
    return (
        values.get("symbol", ""),
        values.get("number", ""),
        values.get("branch") or comparing.HEAD if branch is None else branch,
    )


def _key(values: dict[str, str], branch: str) -> str:
    return "-".join(_number(values, branch))


def _identity(kind: str, values: dict[str, str]) -> str:
    """Tells that two lines are of one person and one matter. A person without a number is told by a digest, never a name."""
    number = values.get("number", "")
    if kind == "acquisition" and not number:
        return f"{values.get('symbol', '')}-{_digest(values)}-{values.get('start', '')}"
    if kind == "dependant":
        return f"{_key(values, values.get('branch') or _digest(values))}-{values.get('change', '')}"
    return _key(values, values.get("branch") or comparing.HEAD) if number else ""


def _digest(values: dict[str, str]) -> str:
    text = "|".join(values.get(name, "") for name in ("birth_date", "family_name", "given_name", "sex"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _person_keys(values: dict[str, str]) -> PersonKeys | None:
    birth = comparing.day_of(values, "birth_date")
    if birth is None or not values.get("family_name"):
        return None
    keys = name_keys(*(values.get(name, "") for name in ("family_name", "given_name", "family_kana", "given_kana")))
    return (birth, *keys)


def _known(
    file: ImportFile,
    every: Sequence[dict[str, str]],
    keys: Sequence[PersonKeys | None],
    *,
    user_id: int,
    only: int | None,
) -> _Known:
    numbers = {_number(values) for values in every if values.get("number")}
    numbers |= {_number(values, comparing.HEAD) for values in every if values.get("number")}
    by_number = register.standing_by_number(numbers, user_id=user_id)
    families: dict[int, list[Any]] = {}
    if file.kind == "dependant":
        families = register.standing_families([one.member_id for one in by_number.values()], user_id=user_id)
    unknown = [values for values in every if _number(values) not in by_number]
    # A dependant's line names the insured person's number: whether the dependant is known, only the family tells.
    people = [
        person
        for values, person in zip(every, keys, strict=True)
        if person is not None and (file.kind == "dependant" or _number(values) not in by_number)
    ]
    identities = [identity for values in every if (identity := _identity(file.kind, values))]
    return _Known(
        by_number=by_number,
        families=families,
        alike=register.standing_alike(people, user_id=user_id),
        former=register.former_numbers(_number(values) for values in unknown if values.get("number")),
        offices=register.offices(),
        entered=_entered(file, every, only),
        earlier=_earlier(file, identities, only),
    )


def _entered(file: ImportFile, every: Sequence[dict[str, str]], only: int | None) -> set[str]:
    """Numbers of insured people whom earlier lines of this file enter."""
    if file.kind != "members":
        return set()
    heads = {_key(values, comparing.HEAD) for values in every if values.get("branch", comparing.HEAD) != comparing.HEAD}
    rows = StagedRow.objects.filter(import_file=file, identity__in=heads, outcome=Outcome.NEW)
    if only is not None:
        rows = rows.filter(number__lt=only)
    found = set(rows.values_list("identity", flat=True))
    population("intake.entered", len(found))
    return found


def _earlier(file: ImportFile, identities: Sequence[str], only: int | None) -> dict[str, int]:
    """Identity → the line of this file that has it already."""
    rows = StagedRow.objects.filter(import_file=file, identity__in=set(identities)).exclude(outcome=Outcome.ERROR)
    if only is not None:
        rows = rows.exclude(number=only)
    found = dict(rows.order_by("-number").values_list("identity", "number"))
    population("intake.earlier", len(found))
    return found


def _around(file: ImportFile, values: dict[str, str], keys: PersonKeys | None, known: _Known) -> comparing.Around:
    numbered = bool(values.get("number"))
    insured = known.by_number.get(_number(values, comparing.HEAD)) if numbered else None
    standing = known.by_number.get(_number(values)) if numbered else None
    alike: list[Any] = []
    if keys is not None:
        for key in keys[1:]:
            alike += [one for one in known.alike.get((keys[0], key), ()) if one not in alike]
    return comparing.Around(
        standing=standing,
        insured=insured,
        insured_in_file=_key(values, comparing.HEAD) in known.entered,
        former=numbered and _number(values) in known.former,
        alike=alike,
        family=known.families.get(insured.member_id, ()) if insured is not None else (),
        offices=known.offices,
        received=file.received_date,
    )


def _staged(
    file: ImportFile, row: Row, parsed: Parsed, values: dict[str, str], around: comparing.Around, known: _Known
) -> Staged:
    layout = LAYOUTS[file.kind]
    identity = _identity(file.kind, values)
    guards = [one for one in (around.standing, around.insured) if one is not None and one.protected]
    if parsed.problems:
        messages = [
            [code, layouts.title_of(layout, code), p.value, p.what, p.remedy, p.without_value]
            for p, code in zip(parsed.problems, parsed.fields, strict=True)
        ]
        return Staged(
            row.number, Outcome.ERROR, identity=identity, raw=list(row.cells), values=values, messages=messages,
            guard=guards[0].member_id if guards else None, member_id=guards[0].member_id if guards else None,
        )  # fmt: skip
    twice = known.earlier.get(identity) if identity else None
    if twice is not None:
        judged = comparing.Judgement(
            comparing.ERROR,
            messages=(
                comparing.Message("", f"{twice}行目と同じ人の行です。", "どちらかの行を消すか、番号を直してください。"),
            ),
        )
    else:
        judged = comparing.judge(file.kind, values, around)
    member = judged.member
    if member is not None and member.protected and member not in guards:
        guards.append(member)
    dependant = "certify" in judged.operations or "recertify" in judged.operations
    return Staged(
        row.number,
        judged.outcome,
        step=1 if dependant else 0,
        identity=identity,
        raw=list(row.cells) if judged.outcome == Outcome.ERROR else [],
        values=values,
        differences=[[d.title, d.old, d.new, d.remark] for d in judged.differences],
        messages=[
            [
                m.column,
                layouts.title_of(layout, m.column),
                _written(layout, values, m.column),
                m.what,
                m.remedy,
                m.general or m.what,
            ]
            for m in judged.messages
        ],
        operations=judged.operations,
        member_id=member.member_id if member is not None else None,
        member_version=member.version if member is not None else None,
        guard=guards[0].member_id if guards else None,
    )


def _written(layout: Any, values: dict[str, str], column: str) -> str:
    """What the line has in a column, as it is read back to the clerk."""
    if column == "full_name":
        return f"{values.get('family_name', '')} {values.get('given_name', '')}".strip()
    return layouts.shown_value(layout.column(column), values.get(column, "")) if column in layout.codes else ""
