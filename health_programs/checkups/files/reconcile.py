"""突き合わせ: what the sender's totals say against what lies in the archive. Every difference is a note, nothing is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from health_programs.checkups.files.archive import ARCHIVE_NAME
from health_programs.checkups.files.documents import Problem
from health_programs.checkups.files.envelope import Index, Summary

INDEX, SUMMARY, LETTER, LINES = "交換用基本情報", "集計情報", "送付書", "ファイル"
_ASK = "送付元に、抜けているファイルがないか確かめてください。"


@dataclass(frozen=True)
class Counted:
    """What lies in the archive: files of DATA and CLAIMS, and the sums over CLAIMS in yen.

    whole: every claim could be read, so that the sums are to be compared.
    """

    documents: int
    claims: int = 0
    cost: int = 0
    payment: int = 0
    by_other: int = 0
    claimed: int = 0
    whole: bool = True


def compare(index: Index | None, summary: Summary | None, counted: Counted, *, name: str = "") -> tuple[Problem, ...]:
    """Differences of the totals. name: of the archive, whose parts must agree with the index.

    総ファイル数 may count DATA alone or DATA and CLAIMS (implementations differ); both are accepted. 総受診者数 may count
    the results or the claims. Money is compared with CLAIMS, unless one of them could not be read; without any it is 0.
    """
    found: list[Problem] = []
    if index is not None:
        accepted = {counted.documents, counted.documents + counted.claims}
        if index.total not in accepted:
            found.append(
                _differs("total_records", INDEX, "総ファイル数", index.total, "件", accepted, "入っているファイル")
            )
        found += _name(index, name)
    if summary is not None:
        people = {counted.documents, counted.claims} if counted.claims else {counted.documents}
        if summary.people not in people:
            found.append(
                _differs("total_people", SUMMARY, "総受診者数", summary.people, "人", people, "入っている結果")
            )
        if counted.whole:
            found += _money(summary, counted)
    if index is not None and summary is not None and index.event != summary.event:
        found.append(_note("event", SUMMARY, "実施区分が交換用基本情報と違います。", "送付元に確かめてください。"))
    return tuple(found)


def _money(summary: Summary, counted: Counted) -> list[Problem]:
    pairs = (
        ("total_cost", "総単価", summary.cost, counted.cost),
        ("total_payment", "総窓口負担", summary.payment, counted.payment),
        ("total_other", "他の検診による総負担", summary.by_other, counted.by_other),
        ("total_claimed", "総請求金額", summary.claimed, counted.claimed),
    )
    return [
        _differs(code, SUMMARY, label, said, "円", {lies}, "決済情報の合計")
        for code, label, said, lies in pairs
        if said != lies
    ]


def _name(index: Index, name: str) -> list[Problem]:
    parts = ARCHIVE_NAME.fullmatch(name[:-4] if name.lower().endswith(".zip") else name)
    if parts is None:
        return []
    found = []
    if parts["sender"] != index.sender[1].zfill(8):
        found.append(("name_sender", "送付元の番号"))
    if index.receiver[1] and parts["receiver"] != index.receiver[1].zfill(8):
        found.append(("name_receiver", "送付先の番号"))
    if parts["event"] != index.event:
        found.append(("name_event", "実施区分"))
    return [
        _note(code, INDEX, f"{label}が、ZIP の名前と違います。", "送付元に確かめてください。") for code, label in found
    ]


def _differs(code: str, place: str, label: str, said: int, unit: str, lies: Iterable[int], whose: str) -> Problem:
    figures = "か".join(f"{one:,}{unit}" for one in sorted(set(lies)))
    return _note(code, place, f"{label}は{said:,}{unit}と書かれていますが、{whose}は{figures}です。", _ASK)


def _note(code: str, place: str, what: str, remedy: str) -> Problem:
    return Problem(code, place, what, remedy, fatal=False)


def compare_lines(lines: int, kept: int, announced: int | None) -> tuple[Problem, ...]:
    """A table: lines of the file against those an outcome is kept of, and against what the sender's letter says."""
    found = []
    if lines != kept:
        found.append(_differs("lines", LINES, "行", lines, "件", {kept}, "扱いの決まった行"))
    if announced is not None and announced != lines:
        found.append(_differs("announced", LETTER, "件数", announced, "件", {lines}, "入っている行"))
    return tuple(found)
