"""Taking a file in, and saying which of its columns is which."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from kumiai.tabular.reader import choose_head
from kumiai.tabular.reading import Sheet, read
from kumiai.ui.uploads import plain_name
from members.intake import policies, queries
from members.intake.actions.checking import start_check
from members.intake.enums import FileState
from members.intake.models import ColumnMap, ImportContent, ImportFile
from members.intake.policies import UnableToMove
from members.intake.rules.layouts import LAYOUTS

MOST_NAME = 120


@dataclass(frozen=True)
class Received:
    """What was taken in. mapped: every column that must be there was found, and the check has begun."""

    file: ImportFile
    mapped: bool


@transaction.atomic
def receive_file(
    *,
    by: Any,
    kind: str,
    employer: Any,
    received_date: date,
    name: str,
    body: bytes,
    column_map: ColumnMap | None = None,
    replaces: ImportFile | None = None,
) -> Received:
    """Keep the bytes, read what can be read of them, and begin the check when the columns are clear.

    A file that is no table is kept too, with the reason.
    """
    sheet = read(body)
    file = ImportFile(
        kind=kind,
        employer=employer,
        received_date=received_date,
        name=plain_name(name, otherwise="名前のないファイル", most=MOST_NAME),
        size=len(body),
        digest=hashlib.sha256(body).hexdigest(),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        notes=list(sheet.notes),
        replaces=replaces,
        uploaded_by_id=by.pk,
        column_map=column_map,
    )
    if sheet.problem is not None:
        file.state = FileState.UNREADABLE
        file.problem = [sheet.problem.what, sheet.problem.remedy]
    else:
        _understand(file, sheet, column_map)
    file.save()
    ImportContent.objects.create(import_file=file, body=body)
    mapped = sheet.problem is None and not missing(file)
    if mapped:
        start_check(by=by, file=file)
    return Received(file, mapped)


def _understand(file: ImportFile, sheet: Sheet, column_map: ColumnMap | None) -> None:
    layout = LAYOUTS[file.kind]
    if column_map is None:
        head = choose_head(sheet.first_rows, layout) or sheet.first_rows[0]
        take_head(file, sheet, head.number)
        found = layout.match(file.heads)
        file.places = {code: {"head": file.heads[place], "place": place} for code, place in found.items()}
        return
    take_head(file, sheet, column_map.head_row)
    file.constants, file.translations = column_map.constants, column_map.translations
    file.places = resolve(column_map.places, file.heads, headless=column_map.head_row == 0)


def take_head(file: ImportFile, sheet: Sheet, head_row: int) -> None:
    """Which row holds the heads; 0: none does, and the columns are called by their place."""
    file.head_row = head_row
    row = next((row for row in sheet.first_rows if row.number == head_row), sheet.first_rows[0])
    cells = list(row.cells)
    while len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    file.width = len(cells)
    file.heads = (
        [f"{n}列目" for n in range(1, len(cells) + 1)] if head_row == 0 else [cell.strip()[:100] for cell in cells]
    )


def resolve(places: Mapping[str, Any], heads: list[str], *, headless: bool) -> dict[str, Any]:
    """The places of a saved map in this file: by the name of the head, since columns move; by place where there is none."""
    found = {}
    for code, one in places.items():
        if headless:
            if one["place"] < len(heads):
                found[code] = {"head": heads[one["place"]], "place": one["place"]}
        elif one["head"] in heads:
            found[code] = {"head": one["head"], "place": heads.index(one["head"])}
    return found


def missing(file: ImportFile) -> list[Any]:
    """Columns that must be there and are not: no check before they are mapped."""
    known = set(file.places) | {code for code, value in file.constants.items() if value}
    return LAYOUTS[file.kind].missing(known)


@transaction.atomic
def use_map(
    *,
    by: Any,
    file: ImportFile,
    head_row: int,
    places: Mapping[str, int],
    constants: Mapping[str, str],
    translations: Mapping[str, Mapping[str, str]],
) -> ImportFile:
    """列の対応: which column of theirs is which of ours, for this file; then check it. Raises UnableToMove."""
    file = ImportFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    policies.check_can_map(file)
    sheet = read(queries.bytes_of(file))
    take_head(file, sheet, head_row)
    file.places = {
        code: {"head": file.heads[place], "place": place} for code, place in places.items() if place < len(file.heads)
    }
    file.constants, file.translations = dict(constants), {code: dict(words) for code, words in translations.items()}
    lacking = missing(file)
    if lacking:
        titles = "、".join(column.title for column in lacking)
        raise UnableToMove(f"{titles}の列がありません。どの列かを選ぶか、決まった値を入れてください。")
    file.save()
    start_check(by=by, file=file)
    return file


@transaction.atomic
def save_map(*, by: Any, file: ImportFile, title: str) -> ColumnMap:
    """Keep the map of a file under a name, for the next file of this employer. The same name is written over."""
    values = {
        "employer_id": file.employer_id,
        "head_row": file.head_row,
        "places": file.places,
        "constants": file.constants,
        "translations": file.translations,
        "saved_by_id": by.pk,
        "saved_at": timezone.now(),
    }
    try:
        with transaction.atomic():
            made, _new = ColumnMap.objects.update_or_create(kind=file.kind, title=title, defaults=values)
    except IntegrityError:
        raise UnableToMove("同じ名前の列の対応が、いま保存されました。別の名前にしてください。") from None
    file.column_map = made
    file.save(update_fields=["column_map"])
    return made


@transaction.atomic
def give_up(*, by: Any, file: ImportFile) -> None:
    """取りやめる: nothing of it was applied and nothing will be. Its lines go, the file stays on record."""
    from members.intake.actions.staging import clear_lines

    file = ImportFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    policies.check_can_give_up(file)
    clear_lines(file)
    file.state, file.counts, file.decided_by_id = FileState.GIVEN_UP, {}, by.pk
    file.save(update_fields=["state", "counts", "decided_by_id"])
