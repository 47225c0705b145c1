"""Files as employers send them, through upload, check and application, by 佐藤 of the enrolment section."""

from __future__ import annotations

from datetime import date

import pytest

from kumiai.jobs import engine
from kumiai.tabular.writing import csv_bytes
from members.intake import actions
from members.intake.activities import MEMBER_IMPORT
from members.intake.models import ImportFile, StagedRow
from members.intake.rules.layouts import LAYOUTS
from privacy.scope import scope

RECEIVED = date(2026, 11, 20)

BASE = {
    "members": {"symbol": "12", "branch": "00", "family_name": "阿久津", "given_name": "薫", "family_kana": "アクツ",
                "given_kana": "カオル", "birth_date": "1997-03-02", "sex": "男", "start": "2026-11-01",
                "postal_code": "105-0011", "town": "東京都港区芝公園", "street": "4-2-8"},
    "acquisition": {"symbol": "12", "family_name": "阿久津", "given_name": "薫", "family_kana": "アクツ",
                    "given_kana": "カオル", "birth_date": "H9.3.2", "sex": "男", "start": "R8.11.1"},
    "loss": {"symbol": "12", "birth_date": "1980-05-07", "end": "R8.11.1", "loss_reason": "退職"},
    "dependant": {"symbol": "12", "change": "追加", "family_name": "髙﨑", "given_name": "葵", "family_kana": "タカサキ",
                  "given_kana": "アオイ", "birth_date": "R8.11.2", "sex": "女", "relation": "長女", "change_date": "R8.11.2"},
    "address": {"symbol": "12", "branch": "00", "birth_date": "1980-05-07", "town": "大阪府吹田市江坂町", "street": "2-7-9",
                "change_date": "R8.11.3"},
    "name": {"symbol": "12", "branch": "00", "birth_date": "1980-05-07", "family_name": "吉田", "given_name": "美咲",
             "family_kana": "ヨシダ", "given_kana": "ミサキ", "change_date": "R8.11.3"},
}  # fmt: skip


def csv_of(kind: str, *lines: dict[str, str]) -> bytes:
    """A file by the layout of the kind: each line is the usual one with changes."""
    columns = LAYOUTS[kind].columns
    rows = [[{**BASE[kind], **line}.get(c.code, "") for c in columns] for line in lines]
    return csv_bytes([c.title for c in columns], rows)


@pytest.fixture
def sato(personas):
    return personas["佐藤"]


@pytest.fixture
def take_in(sato, owner):
    """take_in(kind, *lines) or take_in(kind, body=…) → the file, checked."""

    def take(kind: str, *lines, body: bytes | None = None, employer=None, by=None, **more) -> ImportFile:
        clerk = by or sato
        with scope(MEMBER_IMPORT, clerk, operation="change"):
            received = actions.receive_file(
                by=clerk,
                kind=kind,
                employer=employer,
                received_date=RECEIVED,
                name="届.csv",
                body=csv_of(kind, *lines) if body is None else body,
                **more,
            )
            pk, job = received.file.pk, received.file.job_id
        if job:
            engine.run(job)
        return reload(pk, clerk)

    return take


def reload(pk: int, clerk) -> ImportFile:
    with scope(MEMBER_IMPORT, clerk):
        return ImportFile.objects.select_related("employer", "job").get(pk=pk)


@pytest.fixture
def apply(sato):
    """apply(file) → the file, applied."""

    def run(file: ImportFile, by=None) -> ImportFile:
        clerk = by or sato
        with scope(MEMBER_IMPORT, clerk, operation="change"):
            job = actions.start_apply(by=clerk, file=file).job_id
        engine.run(job)
        return reload(file.pk, clerk)

    return run


@pytest.fixture
def lines_of(owner):
    """lines_of(file) → its lines in order, read past the wall."""

    def read(file: ImportFile) -> list[StagedRow]:
        with owner():
            return list(StagedRow.objects.filter(import_file_id=file.pk).order_by("number"))

    return read


@pytest.fixture
def office(db, owner):
    from members.enrollment.models import Employer

    with owner():
        return Employer.objects.create(symbol="12", name="ひなた物流株式会社", period=(date(2000, 4, 1), None))
