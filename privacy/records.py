"""PersonalRecord: the base of every model that carries personal information.

One model, one category. The row says whom it is about (`subject`), so that whatever is shown is logged, and its history
is written by a trigger in the database (`privacy.wall`), whichever way the row is written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from privacy.notice.register import Category
from privacy.seen import note_seen

SELF = "self"


class PersonalTable(models.Model):
    """A table of personal information: collects the person a row is about when an instance is made from the database."""

    category: ClassVar[Category]
    subject: ClassVar[str | None]
    # Read only by activities that name it (`opens`, `reads` or `writes`): most work of its category does not need it.
    closed: ClassVar[bool] = False

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        note_seen(type(self), self)

    @classmethod
    def subject_column(cls) -> str | None:
        """Attribute holding the member's id; None where the row is about nobody."""
        if cls.subject is None:
            return None
        if cls.subject == SELF:
            # A history row's own key is history_id; the person's key keeps the column of the model it copies.
            instance_type = getattr(cls, "instance_type", cls)
            return instance_type._meta.pk.attname
        try:
            return cls._meta.get_field(cls.subject).attname  # type: ignore[union-attr]
        except FieldDoesNotExist:
            return cls.subject

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Any:  # type: ignore[override]
        instance = super().from_db(db, field_names, values)
        note_seen(cls, instance)
        return instance


class StampedHistory(PersonalTable):
    """What the trigger adds to a history row: under which activity and in which access event it was written."""

    activity = models.CharField("活動", max_length=100, null=True)  # noqa: DJ001  (null: written by the owner)
    event = models.UUIDField("閲覧の記録の番号", null=True)

    class Meta:
        abstract = True

    @classmethod
    def subject_column(cls) -> str | None:
        return cls.instance_type.subject_column()  # type: ignore[attr-defined]


class PersonalRecord(PersonalTable):
    """A row of personal information of exactly one category of the notice."""

    category: ClassVar[Category]
    subject: ClassVar[str | None] = "member"

    history = HistoricalRecords(
        inherit=True,
        bases=[StampedHistory],
        history_id_field=models.BigAutoField(),
        history_user_id_field=models.BigIntegerField("職員", null=True),
    )

    class Meta:
        abstract = True


class KeptHistory(models.Model):
    """What the trigger adds to a change of a row about nobody: under which activity and in which access event it was made."""

    activity = models.CharField("活動", max_length=100, null=True)  # noqa: DJ001  (null: written by the owner)
    event = models.UUIDField("閲覧の記録の番号", null=True)

    class Meta:
        abstract = True


def kept_history(table_name: str, verbose_name: str) -> HistoricalRecords:
    """The history of a model about nobody whose changes must be answered for: grants, recipients, agreements."""
    return HistoricalRecords(
        bases=[KeptHistory],
        history_id_field=models.BigAutoField(),
        history_user_id_field=models.BigIntegerField("職員", null=True),
        table_name=table_name,
        verbose_name=verbose_name,
        verbose_name_plural=verbose_name,
    )


class PersonalIndex(PersonalTable):
    """Derived or passing personal rows (search keys, searches, staging): of one category, behind the same wall, without
    history, because they are rebuilt from records or thrown away.

    written_when_looking: somebody who may only look leaves rows here too (the search they made).
    """

    subject: ClassVar[str | None] = "member"
    written_when_looking: ClassVar[bool] = False

    class Meta:
        abstract = True


def personal_models() -> list[type[PersonalTable]]:
    """Every concrete model of personal information, histories not included."""
    from django.apps import apps

    return [m for m in apps.get_models() if issubclass(m, PersonalTable) and not issubclass(m, StampedHistory)]


def kept_models() -> list[type[models.Model]]:
    """Models about nobody whose changes are kept all the same, by the same trigger: see `kept_history`."""
    from django.apps import apps

    return [
        m
        for m in apps.get_models()
        if not issubclass(m, PersonalRecord) and isinstance(getattr(m, "history", None), HistoryManager)
    ]


@cache  # asked for every model and activity when the wall is looked at, and the manager is made anew each time
def history_of(model: type[models.Model]) -> type[models.Model] | None:
    """The history model of a record; None for an index."""
    history = getattr(model, "history", None)
    return history.model if isinstance(history, HistoryManager) else None


def tables_of(model: type[PersonalTable]) -> list[str]:
    """The table of a personal model and of its history."""
    history = history_of(model)
    return [model._meta.db_table] + ([history._meta.db_table] if history else [])


@cache
def personal_tables() -> re.Pattern[str]:
    """Finds, in the text of a statement, that it reads or writes a personal table or its history."""
    tables = [table for model in personal_models() for table in tables_of(model)]
    names = "|".join(sorted(map(re.escape, tables), key=len, reverse=True)) or r"(?!)"
    return re.compile(rf'\b(?:from|join|copy|update|into|only|,)\s*"?(?:public"?\."?)?(?:{names})\b', re.IGNORECASE)


def category_of(model: type[models.Model]) -> Category | None:
    """The category of a personal model or of its history; None for a model about nobody."""
    if issubclass(model, StampedHistory):
        return getattr(model.instance_type, "category", None)  # type: ignore[attr-defined]
    return getattr(model, "category", None) if issubclass(model, PersonalTable) else None
