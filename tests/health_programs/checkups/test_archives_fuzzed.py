"""Broken archives, from the upload to the rows: never an exception, a clear line for each document, nothing half written.

A sample in every run; 2,000 with `script/test --long`.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from health_programs.checkups.actions import archives
from health_programs.checkups.activities import CHECKUP_ADMINISTRATION
from health_programs.checkups.files.documents import Claim
from health_programs.checkups.models import (
    ArchiveContent,
    ArchiveDocument,
    CheckupResult,
    Invoice,
    ResultArchive,
    SubmittedIdentity,
)
from health_programs.checkups.policies import UnableToMove
from tests.health_programs.checkups.archive_mutants import files_of, mutant
from tests.health_programs.checkups.conftest import TODAY, submission
from tests.health_programs.checkups.test_archives import archive_of, claim_of
from tests.reliability.conftest import small_or_long

QUICK, LONG = 40, 2000


def clear(problem: list[str]) -> bool:
    """Where, what, what to do: each said, in Japanese, and no class of an exception in it."""
    return (
        len(problem) == 3 and all(problem[1:]) and not any("Error" in part or "Traceback" in part for part in problem)
    )


@pytest.fixture
def rejected(doing, takahashi, owner):
    """rejected(name, body) → what is wrong with how this archive was taken in; empty where nothing is."""

    def read(name: str, body: bytes) -> list[str]:
        made = doing(CHECKUP_ADMINISTRATION, archives.receive, by=takahashi, name=name, body=body, received_date=TODAY)
        position = None
        while made.job is not None:
            found = doing(
                CHECKUP_ADMINISTRATION, archives.read_some, archive_id=made.pk, by_id=takahashi.pk, position=position,
                limit=2,
            )  # fmt: skip
            position = found.position
            if found.finished:
                break
        with owner():
            return list(wrong(ResultArchive.objects.get(pk=made.pk), body))

    def wrong(row: ResultArchive, body: bytes):
        if bytes(ArchiveContent.objects.get(archive=row).body) != body:
            yield "the bytes are not kept"
        if row.state == "unreadable":
            if not (len(row.problem) == 2 and all(row.problem)):
                yield f"no reason: {row.problem}"
            if CheckupResult.objects.exists() or Invoice.objects.exists() or ArchiveDocument.objects.exists():
                yield "rows of an archive that cannot be read"
            return
        if row.state != "read":
            yield f"stands at {row.state}"
        lines = list(ArchiveDocument.objects.order_by("number"))
        if [line.number for line in lines] != list(range(1, row.documents + 1)):
            yield "documents without a line"
        if row.counts != dict(Counter(line.outcome for line in lines)):
            yield "counts that differ from the lines"
        if CheckupResult.objects.count() != sum(line.result_id is not None for line in lines):
            yield "results without a line"
        if SubmittedIdentity.objects.count() != CheckupResult.objects.count():
            yield "results without who they were submitted for"
        if any(line.outcome in ("failed", "unmatched", "double") and not line.problems for line in lines):
            yield "an outcome without a reason"
        said = [*row.notes, *(problem for line in lines for problem in line.problems)]
        yield from (f"unclear: {one}" for one in said if not clear(one))

    def run(name: str, body: bytes) -> list[str]:
        with transaction.atomic():
            try:
                found = read(name, body)
            except UnableToMove as refused:
                found = [] if str(refused) else ["refused without a word"]
            transaction.set_rollback(True)
        return found

    return run


def test_broken_archives_become_lines(a_member, rejected, capsys):
    people = [a_member(str(n), sex="1") for n in range(1, 4)]
    rows = [submission(one, date(2026, 6, 3), document_id=f"D{n}") for n, one in enumerate(people)]
    claims: list[Claim] = [claim_of(one) for one in rows]
    name, body = archive_of(*rows, claims=claims)
    assert rejected(name, body) == []
    assert len(files_of(body)) >= 8
    how_many = small_or_long(QUICK, LONG)
    kinds: Counter[str] = Counter()
    bad = []
    for seed in range(how_many):
        what, broken = mutant(seed, body)
        kinds[what.split(" ")[0].split(",")[0]] += 1
        try:
            found = rejected(name, broken)
        except Exception as problem:  # noqa: BLE001
            found = [f"{type(problem).__name__}: {str(problem)[:200]}"]
        bad += [f"{seed} {what}: {one}" for one in found]
    with capsys.disabled():
        if how_many == LONG:
            print(f"\n{how_many} mutants, {len(bad)} wrong, by kind: {dict(kinds.most_common())}")  # noqa: T201
    assert not bad, "\n".join(bad)
