"""A whole archive written: for 国への実績報告 (支払基金), or handed over to another insurer or an institution.

The name is `{送付元}_{送付先}_{YYYYMMDD}{分割番号}_{実施区分}.zip`, the files DATA/h{送付元}{YYYYMMDD}{回数}{実施区分}{連番6}.xml.
Deterministic: fixed time stamps, sorted names. 報告区分 of a report is 30, 種別 10, 実施区分 3: reference, not confirmed against
the current 手引き, so all three are fields of `Purpose`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from health_programs.checkups.files import cda_writing, claim_writing, codes
from health_programs.checkups.files.documents import Claim, Problem, Submission
from health_programs.checkups.files.envelope import Index
from health_programs.checkups.files.schema import structure

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # what ZIP can hold at the earliest; the same archive has the same bytes


@dataclass(frozen=True)
class Party:
    """Who sends or receives: the OID of the kind of number, the number, the name."""

    oid: str
    number: str
    name: str = ""

    @classmethod
    def insurer(cls, number: str, name: str = "") -> Party:
        return cls(codes.INSURER, number, name)

    @classmethod
    def institution(cls, number: str, name: str = "") -> Party:
        return cls(codes.INSTITUTION, number, name)

    @classmethod
    def agency(cls, number: str, name: str = "") -> Party:
        """代行機関; 支払基金 when it takes the report."""
        return cls(codes.AGENCY, number, name)


@dataclass(frozen=True)
class Purpose:
    """What an archive is for. interaction: 種別. event: 実施区分. report_code: 報告区分 of every document, "" keeps its own."""

    interaction: str
    event: str
    report_code: str = ""
    label: str = ""


REPORT = Purpose("10", "3", "30", "国への実績報告")
HANDOVER = Purpose("8", "1", "", "保険者から保険者")
DELIVERY = Purpose("6", "1", "", "健診機関から保険者")


@dataclass(frozen=True)
class Sender:
    """Who sends to whom, when. part: 分割番号 0–9. times: 回数 0–9 of this day, in the names of the files."""

    sender: Party
    receiver: Party
    created: date
    part: int = 0
    times: int = 0

    def archive_name(self, purpose: Purpose) -> str:
        """The name of the ZIP without its ending, and of its folder."""
        day = self.created.strftime("%Y%m%d")
        return f"{self.sender.number}_{self.receiver.number}_{day}{self.part}_{purpose.event}"

    def file_name(self, kind: str, number: int, purpose: Purpose) -> str:
        """kind: h (結果) or c (決済). number: 連番 from 1."""
        day = self.created.strftime("%Y%m%d")
        return f"{kind}{self.sender.number}{day}{self.times}{purpose.event}{number:06d}.xml"


@dataclass(frozen=True)
class Written:
    """An archive: its name with .zip, its bytes, and how many documents and claims lie in it."""

    name: str
    body: bytes
    documents: int
    claims: int


class Unwritable(ValueError):
    """The archive would not be valid. problems: of every file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("、".join(dict.fromkeys(problem.what for problem in problems))[:500])
        self.problems = tuple(problems)


def write_archive(
    sender: Sender,
    submissions: Sequence[Submission],
    claims: Sequence[Claim] = (),
    *,
    purpose: Purpose = REPORT,
    count_claims: bool = False,
    schemas: Mapping[str, bytes] | None = None,
) -> Written:
    """The whole archive. count_claims: 総ファイル数 counts CLAIMS too (implementations differ). schemas: path below XSD/ → bytes.

    Raises Unwritable where a file breaks the structure of the standard, ValueError for what its names cannot hold.
    """
    _check(sender, submissions, claims)
    root = sender.archive_name(purpose)
    author = (sender.sender.oid, sender.sender.number, sender.sender.name)
    files: dict[str, bytes] = {}
    for number, one in enumerate(submissions, start=1):
        body = cda_writing.document(
            one, report_code=purpose.report_code or one.report_code, author=author, created=sender.created
        )
        files[f"DATA/{sender.file_name('h', number, purpose)}"] = body
    for number, claim in enumerate(claims, start=1):
        files[f"CLAIMS/{sender.file_name('c', number, purpose)}"] = claim_writing.claim(claim, event="1")
    total = len(submissions) + (len(claims) if count_claims else 0)
    ends = ((sender.sender.oid, sender.sender.number), (sender.receiver.oid, sender.receiver.number))
    files["ix08_V08.xml"] = claim_writing.index(Index(purpose.interaction, sender.created, *ends, purpose.event, total))
    summary = claim_writing.total(claims, len(submissions) or len(claims), purpose.event)
    files["su08_V08.xml"] = claim_writing.summary(summary)
    problems = [problem for name, body in files.items() for problem in structure(body, name)]
    if problems:
        raise Unwritable(problems)
    files |= {f"XSD/{name}": body for name, body in (schemas or {}).items()}
    return Written(f"{root}.zip", _zip(root, files), len(submissions), len(claims))


def _check(sender: Sender, submissions: Sequence[Submission], claims: Sequence[Claim]) -> None:
    if not submissions and not claims:
        raise ValueError("書き出す結果が一つもありません。")
    if max(len(submissions), len(claims)) > 999_999:
        raise ValueError("一つのアーカイブに入るのは999,999件までです。")
    if not (0 <= sender.part <= 9 and 0 <= sender.times <= 9):
        raise ValueError("分割番号と回数は0から9までです。")
    for party in (sender.sender, sender.receiver):
        if not (party.number.isascii() and party.number.isdigit() and len(party.number) in (8, 10)):
            raise ValueError("送付元と送付先の番号は8桁か10桁の数字です。")


def _zip(root: str, files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{root}/{name}", _FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            target.writestr(info, files[name])
    return out.getvalue()


def named(sender: Sender, submissions: Sequence[Submission], purpose: Purpose) -> tuple[Submission, ...]:
    """The submissions as reading the written archive gives them: file names, 作成日 and 報告区分 of the archive."""
    return tuple(
        replace(
            one,
            name=sender.file_name("h", number, purpose),
            created_date=sender.created,
            report_code=purpose.report_code or one.report_code,
        )
        for number, one in enumerate(submissions, start=1)
    )
