"""Two frozen lists of the demonstration: blood pressure without medication, and sugar or a level of guidance."""

from __future__ import annotations

from datetime import date
from typing import Any

from health_programs.checkups.actions import cohorts
from health_programs.checkups.models import Cohort
from health_programs.checkups.policies import UnableToMove
from health_programs.checkups.rules import ages
from health_programs.checkups.rules.cohorts import Condition, Selection


def load(*, by: Any, today: date) -> int:
    """Freeze them under names that are still free; how many. Nobody may meet a condition in a small demonstration."""
    year = ages.fiscal_year(today)
    last = year - 1
    wanted = (
        (
            "血圧が高く服薬なし", "重症化予防事業",
            Selection(last, today, ((Condition("systolic", "ge", "135", last), Condition("medication_bp", "eq", "2", last)),)),
        ),
        (
            "血糖・積極的支援", "糖尿病予防教室",
            Selection(
                last, today,
                ((Condition("hba1c", "ge", "5.6", last),), (Condition("level", "eq", "intensive", last),)),
                age_from=40, age_to=64,
            ),
        ),
    )  # fmt: skip
    made = 0
    for title, programme, selection in wanted:
        if Cohort.objects.filter(fiscal_year=selection.year, title=title).first() is not None:
            continue
        try:
            cohorts.freeze(by=by, on=today, selection=selection, title=title, programme=programme)
        except UnableToMove:
            continue
        made += 1
    return made
