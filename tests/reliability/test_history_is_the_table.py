"""History = table: every way of writing, mixed at random, some of it undone; then the history is played back.

Beside the tables the test keeps a diary of its own, read from the rows after each write. History and diary must tell the
same story, step by step; the newest step must be the table, for every personal record there is.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Address, ContactPoint, Member
from privacy.records import history_of
from privacy.scope import scope, shown
from tests.reliability.conftest import small_or_long
from tests.reliability.replay import all_differences

pytestmark = pytest.mark.django_db

STEPS = small_or_long(150, 1_500)
SCOPES = small_or_long(15, 100)
MODELS = {Member: "given_name", Address: "street", ContactPoint: "value"}  # and the column that is written
UNDONE = 0.25


class Undo(Exception):
    """Rolls back to where the write began."""


def rows_of(model) -> dict[int, str]:
    """Every row as the database prints it, by id; in the scope, past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, to_jsonb(t)::text FROM {model._meta.db_table} t")
        return dict(cursor.fetchall())


class Writer:
    """Writes rows of one model in any way there is; every way says which ids its statements wrote."""

    def __init__(self, dice: random.Random, members: list[int]) -> None:
        self.dice, self.members, self.number = dice, members, 100

    def text(self) -> str:
        return "".join(self.dice.choice("あいう髙﨑𠮷'\"\\％%,\t") for _ in range(self.dice.randint(1, 6)))

    def day(self) -> date:
        """A day of its own, so that no two periods meet."""
        self.number += 1
        return date(1900, 1, 1) + timedelta(days=self.number)

    def made(self, model):
        """A new row, not yet stored."""
        if model is Member:
            self.number += 1
            return Member(
                symbol="12", number=str(self.number), branch="00", family_name=self.text(), given_name=self.text(),
                family_kana="カ", birth_date=date(1980, 5, 7), sex="1",
            )  # fmt: skip
        member, first = self.dice.choice(self.members), self.day()
        period = DateRange(first, first + timedelta(days=1), "[)")
        if model is ContactPoint:
            return ContactPoint(member_id=member, kind="phone", value=self.text(), period=period)
        return Address(member_id=member, town="東京都港区芝公園", street=self.text(), period=period)

    def some(self, model) -> list:
        rows = list(model.objects.order_by("pk"))
        return self.dice.sample(rows, k=min(len(rows), self.dice.randint(1, 4)))

    def write(self, model) -> str:
        way = self.dice.choice(WAYS)
        getattr(self, way)(model, MODELS[model])
        return way

    def save_new(self, model, column) -> None:
        self.made(model).save()

    def save(self, model, column) -> None:
        for row in self.some(model):
            setattr(row, column, self.text())
            row.save(update_fields=self.dice.choice([None, [column]]))

    def bulk_create(self, model, column) -> None:
        model.objects.bulk_create([self.made(model) for _ in range(self.dice.randint(1, 4))])

    def bulk_update(self, model, column) -> None:
        rows = self.some(model)
        for row in rows:
            setattr(row, column, self.text())
        model.objects.bulk_update(rows, [column])

    def upsert(self, model, column) -> None:
        rows = self.some(model)
        for row in rows:
            setattr(row, column, self.text())
        model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=[column])

    def update(self, model, column) -> None:
        model.objects.filter(pk__in=[row.pk for row in self.some(model)]).update(**{column: self.text()})

    def raw_update(self, model, column) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id %% 3 = %s",
                [self.text(), self.dice.randrange(3)],
            )

    def raw_with(self, model, column) -> None:
        """Two writes of one table in one statement."""
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH first AS (UPDATE {table} SET {column} = %s WHERE id %% 2 = 0 RETURNING id)"
                f" UPDATE {table} SET {column} = %s WHERE id %% 2 = 1 AND EXISTS (SELECT 1 FROM first)",
                [self.text(), self.text()],
            )

    def raw_merge(self, model, column) -> None:
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"MERGE INTO {table} t USING (SELECT id FROM {table} WHERE id %% 3 = 0) s ON s.id = t.id"
                f" WHEN MATCHED THEN UPDATE SET {column} = %s",
                [self.text()],
            )

    def copy(self, model, column) -> None:
        rows = [self.made(model) for _ in range(self.dice.randint(1, 3))]
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        names = ", ".join(f'"{field.column}"' for field in fields)
        with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])


WAYS = [
    "save_new", "save", "bulk_create", "bulk_update", "upsert", "update", "raw_update", "raw_with", "raw_merge", "copy",
]  # fmt: skip


def test_the_history_played_back_is_the_table_whatever_wrote_it(a_member, personas, owner, dice):
    writer = Writer(dice, [a_member(str(n)).pk for n in range(1, 6)])
    diary: dict = {model: defaultdict(list) for model in MODELS}
    done, undone = defaultdict(int), 0
    with owner():
        for model in MODELS:
            for pk, row in rows_of(model).items():
                diary[model][pk].append((row, None, None))
    for chapter in range(SCOPES):
        clerk = personas[dice.choice(["佐藤", "小林"])]
        with scope(MEMBER_ADMINISTRATION, clerk, operation="change") as opened:
            shown(writer.members)
            for _step in range(STEPS // SCOPES):
                model = dice.choice(list(MODELS))
                before = rows_of(model)
                try:
                    with transaction.atomic():
                        way = writer.write(model)
                        if dice.random() < UNDONE:
                            raise Undo
                except Undo:
                    undone += 1
                    assert rows_of(model) == before
                    continue
                done[way] += 1
                for pk, row in rows_of(model).items():
                    if before.get(pk) != row:
                        diary[model][pk].append((row, clerk.pk, str(opened.seen.event)))
        assert chapter < 1 or sum(done.values())

    print(f"{sum(done.values())} writes {dict(done)}, {undone} undone")
    assert len(done) >= len(WAYS) - 2 and undone
    with owner():
        for model in MODELS:
            assert story(model) == dict(diary[model])
        assert all_differences() == []


def story(model) -> dict[int, list[tuple]]:
    """What the history tells: each row's steps with who and in which event, standing still left out."""
    history = history_of(model)
    columns = ", ".join(f"'{field.column}', h.\"{field.column}\"" for field in model._meta.concrete_fields)
    told: dict[int, list[tuple]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, jsonb_build_object({columns})::text, history_user_id, event::text"
            f" FROM {history._meta.db_table} h ORDER BY history_id"
        )
        for pk, row, who, event in cursor.fetchall():
            if not told[pk] or json.loads(told[pk][-1][0]) != json.loads(row):
                told[pk].append((row, who, event))
    return dict(told)


def test_a_playback_that_lacks_a_row_or_a_step_says_so(a_member, owner):
    """The checker itself: a write past the triggers, a lost row, a lost beginning are each found."""
    member = a_member()
    with owner():
        assert all_differences() == []
        for harm in (
            f"UPDATE enrollment_member SET given_name = '偽' WHERE id = {member.pk}",
            f"INSERT INTO enrollment_contactpoint (member_id, kind, value, period)"
            f" VALUES ({member.pk}, 'phone', '1', '[2026-01-01,)')",
        ):
            with pytest.raises(Undo), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(harm)
                assert all_differences() != []
                raise Undo
        for harm in (
            f"DELETE FROM enrollment_historicalmember WHERE id = {member.pk}",
            f"UPDATE enrollment_historicalmember SET history_type = '~' WHERE id = {member.pk}",
            f"UPDATE enrollment_historicaladdress SET street = '偽' WHERE member_id = {member.pk}",
        ):
            with pytest.raises(Undo), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(harm)
                assert all_differences() != []
                raise Undo
