"""A whole archive read one document at a time: memory stays that of one file, and a bad file does not stop the good."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from health_programs.checkups.files.archive import LIMITS, Archive, Kind, Limits, Member, open_archive
from health_programs.checkups.files.checkup_xml import read_document
from health_programs.checkups.files.claim_xml import read_claim
from health_programs.checkups.files.documents import Claim, Problem, Submission
from health_programs.checkups.files.envelope import Index, Summary, read_index, read_summary
from health_programs.checkups.files.reconcile import Counted, compare


@dataclass(frozen=True)
class One:
    """What one file of DATA became. submission: None where a fatal problem stands."""

    name: str
    submission: Submission | None
    problems: tuple[Problem, ...]


class Visit(NamedTuple):
    """What is remembered of a document that was read: enough to know a second one and the claim that belongs to it."""

    name: str
    kana: str
    symbol: str
    exam_date: date


@dataclass
class Package:
    """An archive being read. Ask `documents` first, then `claims`, then `totals`."""

    archive: Archive
    insurers: Collection[str] = ()
    index: Index | None = None
    summary: Summary | None = None
    problems: list[Problem] = field(default_factory=list)
    _ids: dict[str, str] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _visits: dict[tuple[str, ...], list[Visit]] = field(default_factory=dict)
    _counted: Counted = field(default_factory=lambda: Counted(0))

    @property
    def readable(self) -> bool:
        return self.archive.readable

    def documents(self) -> Iterator[One]:
        """Every file of DATA in the order of names."""
        for member in self.archive.of(Kind.DOCUMENT):
            yield self._document(member)

    def _document(self, member: Member) -> One:
        data = self.archive.read(member)
        if isinstance(data, Problem):
            return One(member.file, None, (data,))
        read = read_document(data, member.file, insurers=self.insurers)
        if read.submission is None:
            return One(member.file, None, read.problems)
        return self._known(read.submission, read.problems)

    def _known(self, one: Submission, problems: tuple[Problem, ...]) -> One:
        """Whether the same lies in this archive twice: the same content or number is left out, a second visit is said."""
        digest, remedy = one.digest, "先のファイルだけを取り込みました。送付元に確かめてください。"
        first = self._digests.get(digest)
        if first:
            what = f"{first} と同じ内容です。"
            return One(one.name, None, (*problems, Problem("same_twice", one.name, what, remedy)))
        known = self._ids.get(one.document_id) if one.document_id else None
        if known:
            what = f"{known} と同じ文書番号で、内容が違います。"
            return One(one.name, None, (*problems, Problem("id_twice", f"{one.name}　文書番号", what, remedy)))
        self._digests[digest] = one.name
        if one.document_id:
            self._ids[one.document_id] = one.name
        person = one.identity
        visits = self._visits.setdefault(_visit(person.number, person.birth_date.isoformat(), one.institution_code), [])
        if any(other.exam_date == one.exam_date and other.kana == person.kana for other in visits):
            what = "同じ人の同じ日の結果が、このアーカイブに二つあります。"
            twice = Problem(
                "visit_twice", one.name, what, "どちらが正しいか、健診機関に確かめてください。", fatal=False
            )
            problems = (*problems, twice)
        visits.append(Visit(one.name, person.kana, person.symbol, one.exam_date))
        return One(one.name, one, problems)

    def claims(self) -> Iterator[tuple[str, Claim | None, tuple[Problem, ...]]]:
        """Every file of CLAIMS with the day of its document, where exactly one of this archive fits."""
        members = self.archive.of(Kind.CLAIM)
        sums = {"cost": 0, "payment": 0, "by_other": 0, "claimed": 0}
        whole = True
        for member in members:
            data = self.archive.read(member)
            if isinstance(data, Problem):
                whole = False
                yield member.file, None, (data,)
                continue
            claim, _lines, by_other, problems = read_claim(data, member.file)
            if claim is None:
                whole = False
                yield member.file, None, problems
                continue
            sums["cost"] += claim.unit_price
            sums["payment"] += claim.copayment
            sums["by_other"] += by_other
            sums["claimed"] += claim.claimed
            yield member.file, self._dated(claim), problems
        self._counted = Counted(len(self.archive.of(Kind.DOCUMENT)), len(members), whole=whole, **sums)

    def _dated(self, claim: Claim) -> Claim:
        person = claim.identity
        visits = self._visits.get(_visit(person.number, person.birth_date.isoformat(), claim.institution_code), [])
        fits = [one for one in visits if (one.kana, one.symbol) == (person.kana, person.symbol)]
        same_file = [one for one in fits if one.name[1:] == claim.name[1:]]
        fits = same_file or fits
        return replace(claim, exam_date=fits[0].exam_date) if len(fits) == 1 else claim

    def totals(self) -> tuple[Problem, ...]:
        """What the sender's totals say against what lay in it. After `documents` and `claims` have been read."""
        return compare(self.index, self.summary, self._counted, name=self.archive.name)

    def close(self) -> None:
        self.archive.close()


def _visit(*parts: str) -> tuple[str, ...]:
    return parts


def open_package(data: bytes, name: str, *, insurers: Collection[str] = (), limits: Limits = LIMITS) -> Package:
    """An archive with its index and summary read. Nothing raises; `problems` says what is wrong with the whole."""
    archive = open_archive(data, name, limits=limits)
    package = Package(archive, insurers, problems=list(archive.problems))
    for member in archive.of(Kind.INDEX):
        body = archive.read(member)
        if isinstance(body, Problem):
            package.problems.append(body)
        else:
            read = read_index(body, member.file)
            package.index = read.index
            package.problems += read.problems
    for member in archive.of(Kind.SUMMARY):
        body = archive.read(member)
        if isinstance(body, Problem):
            package.problems.append(body)
        else:
            found = read_summary(body, member.file)
            package.summary = found.summary
            package.problems += found.problems
    return package
