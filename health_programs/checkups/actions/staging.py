"""What became of each document or line of a file: kept beside the file, whichever way the file came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from health_programs.checkups.actions.results import problem_rows, take
from health_programs.checkups.enums import DocumentOutcome
from health_programs.checkups.files.documents import Problem, Submission
from health_programs.checkups.models import ArchiveDocument, ResultArchive

DOCUMENTS, CLAIMS, TOTALS = 0, 1, 2


@dataclass
class Read:
    """What one chunk did; position as the job stores it, its first number one of DOCUMENTS, CLAIMS, TOTALS."""

    position: list[int]
    done: int
    counts: dict[str, int] = field(default_factory=dict)
    finished: bool = False


class Staged(NamedTuple):
    """One document or line as read. number: its place in the file. submission: None where it cannot be taken."""

    number: int
    name: str
    submission: Submission | None
    problems: Sequence[Problem]


def stage(row: ResultArchive, read: Iterable[Staged], *, by_id: int | None, source: str) -> dict[str, int]:
    """Take what can be taken and keep a line for each; outcome → how many."""
    lines: list[ArchiveDocument] = []
    good, places = [], []
    for one in read:
        line = ArchiveDocument(
            archive=row, number=one.number, name=one.name[:200], outcome=DocumentOutcome.FAILED,
            problems=problem_rows(one.problems),
        )  # fmt: skip
        lines.append(line)
        if one.submission is not None:
            good.append(one.submission)
            places.append(line)
    for line, taken in zip(places, take(by_id=by_id, submissions=good, source=source), strict=True):
        line.outcome, line.result = taken.outcome, taken.result
        line.problems = [*line.problems, *taken.problems]
    ArchiveDocument.objects.bulk_create(lines)
    return dict(Counter(str(line.outcome) for line in lines))
