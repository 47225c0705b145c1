"""The only writer of the reference tables' own data: rows of CSV files into the tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from kumiai.reference.models import Holiday, Parameter, ParameterItem, RemunerationGrade

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Loaded:
    """What loading changed: rows added, and rows whose figure in the table differs from the file and was left."""

    added: int
    kept: list[str]


@transaction.atomic
def load_reference(*, folder: Path = DATA) -> Loaded:
    """Add what the files hold and the tables lack. A row the association has changed stays, and is named."""
    kept: list[str] = []
    added = _load_items(folder) + _load_parameters(folder, kept) + _load_grades(folder, kept) + _load_holidays(folder)
    return Loaded(added, kept)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _period(row: dict[str, str]) -> DateRange:
    start, end = row["from"], row["until"]
    return DateRange(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)


def _load_items(folder: Path) -> int:
    before = ParameterItem.objects.count()
    ParameterItem.objects.bulk_create(
        [ParameterItem(**row) for row in _rows(folder / "parameter_items.csv")],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "unit"],
    )
    return ParameterItem.objects.count() - before


def _load_parameters(folder: Path, kept: list[str]) -> int:
    items = dict(ParameterItem.objects.values_list("code", "pk"))
    known: dict[int, list[Parameter]] = {}
    for known_row in Parameter.objects.all():
        known.setdefault(known_row.item_id, []).append(known_row)
    new = []
    for row in _rows(folder / "parameters.csv"):
        item, period, value = items[row["code"]], _period(row), Decimal(row["value"])
        overlapping = [p for p in known.get(item, []) if _overlap(p.effective, period)]
        if not overlapping:
            new.append(
                Parameter(
                    item_id=item,
                    value=value,
                    effective=period,
                    basis=row["basis"],
                    status=row["status"],
                    note=row["note"],
                )
            )
        elif any(p.effective != period or p.value != value for p in overlapping):
            kept.append(row["code"])
    Parameter.objects.bulk_create(new)
    return len(new)


def _overlap(one: DateRange, other: DateRange) -> bool:
    """Whether two periods share a day; a missing end is open."""
    return (one.lower or date.min) < (other.upper or date.max) and (other.lower or date.min) < (one.upper or date.max)


def _load_grades(folder: Path, kept: list[str]) -> int:
    known = list(RemunerationGrade.objects.all())
    new = []
    for row in _rows(folder / "remuneration_grades.csv"):
        grade = RemunerationGrade(
            grade=int(row["grade"]),
            standard_monthly=int(row["standard_monthly"]),
            standard_daily=int(row["standard_daily"]),
            remuneration=NumericRange(int(row["lower"]), int(row["upper"]) if row["upper"] else None),
            effective=_period(row),
            basis=row["basis"],
        )
        same = [g for g in known if g.grade == grade.grade and _overlap(g.effective, grade.effective)]
        if not same:
            new.append(grade)
        elif any(
            (g.standard_monthly, g.remuneration, g.effective)
            != (grade.standard_monthly, grade.remuneration, grade.effective)
            for g in same
        ):
            kept.append(str(grade))
    RemunerationGrade.objects.bulk_create(new)
    return len(new)


def _load_holidays(folder: Path) -> int:
    before = Holiday.objects.count()
    Holiday.objects.bulk_create(
        [Holiday(**{**row, "date": date.fromisoformat(row["date"])}) for row in _rows(folder / "holidays.csv")],
        ignore_conflicts=True,
    )
    return Holiday.objects.count() - before
