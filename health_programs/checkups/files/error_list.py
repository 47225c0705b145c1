"""誤りの一覧 for who made the file: which line or document, which item, what happened, what to do; not a value of anybody.

So it may go back to the institution by any way: it says of nobody what stands in a file they have themselves, and nothing
of our register, as only what could not be read is in it, never who was not found. A document is called by the name the
standard gives it; a name of the sender's own could hold a person and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from health_programs.checkups.files.desk import ASK
from health_programs.checkups.files.result_csv import FIX, MAP
from kumiai.tabular.writing import csv_bytes
from kumiai.ui.formats import format_wareki

HEADS = {True: ("行", "項目", "何が起きたか", "どう直すか"), False: ("文書", "項目", "何が起きたか", "どう直すか")}
WHOLE = "ファイル全体"
STANDARD_NAME = re.compile(r"[hcg][0-9]{8,10}[0-9]{8}[0-9]{2}[0-9]{6}\.xml\Z")
# What is said to the clerk here, as it is said to the institution.
TOLD = {
    ASK: "確かめて、直したファイルを送ってください。",
    FIX: "確かめて、直したファイルを送ってください。",
    MAP: "書き方を変えたときは、お知らせください。",
}


class Line(Protocol):
    """A line or document as it was kept: its place in the file, its name, [place, what, remedy] each."""

    number: int
    name: str
    problems: Sequence[Sequence[str]]


def error_list(
    lines: Iterable[Line], whole: Iterable[Sequence[str]], *, table: bool, title: str, by: str, at: datetime
) -> bytes:
    """The CSV. table: lines of a CSV, else documents of an archive. whole: [place, what, remedy] of the file as a whole."""
    rows = []
    for where, what, remedy in whole:
        named, _gap, item = where.partition("　")
        rows.append((named if STANDARD_NAME.match(named) else WHOLE, item, what, _told(remedy)))
    for line in lines:
        place = str(line.number) if table else _document(line)
        rows += [(place, _item(line, where), what, _told(remedy)) for where, what, remedy in line.problems]
    foot = [
        f"{title}　{len(rows)}件",
        f"{by}　{format_wareki(at.date())} {at:%H:%M}",
        "氏名や検査の値は載せていません。",
    ]
    return csv_bytes(HEADS[table], rows, foot=foot)


def _document(line: Line) -> str:
    last = line.name.rpartition("/")[2]
    return last if STANDARD_NAME.match(last) else f"{line.number}番目の文書"


def _item(line: Line, where: str) -> str:
    """The field of a place: what follows the name of the line or document. A place without a field has none."""
    named, _gap, item = where.partition("　")
    return item if named in (line.name, line.name.rpartition("/")[2]) else ""


def _told(remedy: str) -> str:
    for ours, theirs in TOLD.items():
        remedy = remedy.replace(ours, theirs)
    return remedy
