"""What the tables of the register share: periods, their constraints, the category."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from privacy.notice.register import Category
from privacy.records import PersonalRecord


class PeriodQuerySet(models.QuerySet):
    def covered_on(self, day: date) -> PeriodQuerySet:
        """Rows whose period holds the day."""
        return self.filter(period__contains=day)


def no_overlap(name: str, *, message: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two periods of one person overlap; made without an extension (int8range of the id beside the period)."""
    own = Func(F("member"), F("member"), Value("[]"), function="int8range")
    return ExclusionConstraint(
        name=name,
        condition=condition,
        expressions=[(own, RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
        violation_error_message=message,
    )


def real_period(name: str) -> models.CheckConstraint:
    """A period has a first day and at least one day."""
    return models.CheckConstraint(
        condition=Q(period__isempty=False, period__lower_inf=False),
        name=name,
        violation_error_message="期間の終わりは、始まりより後の日にしてください。",
    )


def real_or_cancelled(name: str) -> models.CheckConstraint:
    """A period has a first day and at least one day; a cancelled one holds no day at all, so that no reader counts it."""
    return models.CheckConstraint(
        condition=Q(cancelled=False, period__isempty=False, period__lower_inf=False)
        | Q(cancelled=True, period__isempty=True),
        name=name,
        violation_error_message="期間の終わりは、始まりより後の日にしてください。",
    )


class StandingManager(models.Manager):
    """What stands: cancelled rows are left out. `with_cancelled` of the model has every row."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(cancelled=False)


class Eligibility(PersonalRecord):
    """What every model of this app is: row 1 of the notice."""

    category: ClassVar[Category] = Category.ELIGIBILITY_ADDRESS

    class Meta:
        abstract = True
