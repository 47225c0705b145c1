"""特定健診の ZIP: opened without trust. What lies in it is listed first and read one by one, each within its limits.

Layout: `{送付元}_{送付先}_{YYYYMMDD}{分割番号}_{実施区分}.zip`, a folder of the same name, in it ix08_V08.xml (交換用基本情報),
su08_V08.xml (集計情報), DATA/h….xml (健診結果), CLAIMS/c….xml (決済情報), XSD/ (not read: the file never brings its own rules).
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from enum import StrEnum

from health_programs.checkups.files.documents import Problem

ARCHIVE_NAME = re.compile(
    r"(?P<sender>[0-9]{8}|[0-9]{10})_(?P<receiver>[0-9]{8}|[0-9]{10})_(?P<day>[0-9]{8})(?P<part>[0-9])_(?P<event>[0-9])"
)
DOCUMENT_NAME = re.compile(r"h([0-9]{8}|[0-9]{10})[0-9]{8}[0-9][0-9][0-9]{6}\.xml")
CLAIM_NAME = re.compile(r"c([0-9]{8}|[0-9]{10})[0-9]{8}[0-9][0-9][0-9]{6}\.xml")
_IGNORED = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)
_CANNOT_READ = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
    struct.error, KeyError, IndexError, OverflowError,
)  # fmt: skip


class Kind(StrEnum):
    """What a member is."""

    INDEX = "index"
    SUMMARY = "summary"
    DOCUMENT = "document"
    CLAIM = "claim"


@dataclass(frozen=True)
class Limits:
    """archive: bytes of the ZIP. total: of everything unpacked. single: of one file. ratio: unpacked to packed, looked at
    from `small` bytes on. count: files. depth: folders in one another."""

    archive: int = 200_000_000
    total: int = 1_000_000_000
    single: int = 5_000_000
    ratio: int = 200
    small: int = 200_000
    count: int = 60_000
    depth: int = 6


LIMITS = Limits()


@dataclass(frozen=True)
class Member:
    """One file of the archive that is read. name: within the root folder, DATA/h….xml."""

    name: str
    kind: Kind
    info: zipfile.ZipInfo

    @property
    def file(self) -> str:
        """The name without folders."""
        return self.name.rsplit("/", 1)[-1]


@dataclass
class Archive:
    """An opened archive. problems: what is wrong with the archive as a whole, or with members that are not read.

    readable: False where nothing at all can be taken. Use as a context manager, or call `close`.
    """

    name: str
    members: tuple[Member, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    limits: Limits = LIMITS
    _zip: zipfile.ZipFile | None = None
    _left: int = 0

    @property
    def readable(self) -> bool:
        return self._zip is not None

    def of(self, kind: Kind) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.kind == kind)

    def read(self, member: Member) -> bytes | Problem:
        """The bytes of a member, or why there are none. Reads no more than the limits, whatever the header promised."""
        if self._zip is None:
            return _problem("closed", member.name, "アーカイブを開けません。", "ファイルを確かめてください。")
        try:
            with self._zip.open(member.info) as stream:
                data = stream.read(self.limits.single + 1)
        except _CANNOT_READ:
            return _problem(
                "damaged", member.name, "圧縮された中身が壊れています。", "送付元に、もう一度送るように頼んでください。"
            )
        self._left -= len(data)
        if len(data) > self.limits.single or self._left < 0:
            return _problem("too_large", member.name, "ファイルが大きすぎます。", "送付元に確かめてください。")
        return data

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_archive(data: bytes, name: str, *, limits: Limits = LIMITS) -> Archive:
    """The archive of these bytes. name: of the file as uploaded. Nothing raises: what is wrong stands in `problems`."""
    archive = Archive(name, limits=limits, _left=limits.total)
    if len(data) > limits.archive:
        return _stopped(
            archive, "too_large", "ファイルが大きすぎます。", "分割して送るように、送付元に頼んでください。"
        )
    if not data.startswith(b"PK"):
        return _stopped(archive, "not_zip", "ZIP ファイルではありません。", "特定健診の ZIP ファイルを選んでください。")
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        entries = opened.infolist()
    except _CANNOT_READ:
        return _stopped(
            archive, "cut", "ZIP ファイルが壊れているか、途中で切れています。", "もう一度受け取ってください。"
        )
    stop = _bomb(entries, limits)
    if stop:
        opened.close()
        archive.problems.append(stop)
        return archive
    archive._zip = opened
    archive.members = tuple(sorted(_members(archive, entries), key=lambda member: member.name))
    _look_at_name(archive, entries)
    for kind, label in ((Kind.INDEX, "ix08_V08.xml（交換用基本情報）"), (Kind.SUMMARY, "su08_V08.xml（集計情報）")):
        if not archive.of(kind):
            archive.problems.append(
                _problem(
                    "missing_file",
                    label,
                    "ありません。",
                    "送付元に確かめてください。結果は読み取りました。",
                    fatal=False,
                )
            )
    if not archive.of(Kind.DOCUMENT) and not archive.of(Kind.CLAIM):
        archive.problems.append(
            _problem("no_documents", "DATA", "健診結果のファイルが一つもありません。", "送付元に確かめてください。")
        )
    return archive


def _bomb(entries: list[zipfile.ZipInfo], limits: Limits) -> Problem | None:
    """What the headers promise, before a byte is unpacked."""
    remedy = "送付元に確かめてください。安全のため読みません。"
    if len(entries) > limits.count:
        return _problem("too_many", "ZIP", "ファイルの数が多すぎます。", remedy)
    if sum(entry.file_size for entry in entries) > limits.total:
        return _problem("bomb", "ZIP", "広げると大きくなりすぎます。", remedy)
    for entry in entries:
        if entry.file_size > limits.small and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            return _problem("bomb", "ZIP", "異常に高い圧縮率のファイルがあります。", remedy)
    return None


def _members(archive: Archive, entries: list[zipfile.ZipInfo]) -> list[Member]:
    found: dict[str, Member] = {}
    roots = {_clean(entry.filename).split("/", 1)[0] for entry in entries if "/" in _clean(entry.filename)}
    roots -= {"DATA", "CLAIMS", "XSD", "__MACOSX"}
    for entry in entries:
        name = _clean(entry.filename)
        if not name or name.endswith("/") or entry.is_dir():
            continue
        bad = _unsafe(entry, name, archive.limits)
        if bad:
            archive.problems.append(bad)
            continue
        if _IGNORED.search(name):
            continue
        first, _slash, rest = name.partition("/")
        inner = rest if rest and first in roots else name
        kind = _kind(archive, inner)
        if kind is None:
            continue
        if inner.casefold() in found:
            archive.problems.append(
                _problem(
                    "name_twice", _shown(inner), "同じ名前のファイルが二つあります。", "送付元に確かめてください。"
                )
            )
            continue
        found[inner.casefold()] = Member(_shown(inner), kind, entry)
    return list(found.values())


def _clean(name: str) -> str:
    """Names made on Windows may carry backslashes."""
    return name.replace("\\", "/")


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:200]


def _unsafe(entry: zipfile.ZipInfo, name: str, limits: Limits) -> Problem | None:
    remedy = "このファイルは読みません。送付元に確かめてください。"
    shown = _shown(name)
    parts = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in parts or "\x00" in entry.orig_filename:
        return _problem("slip", shown, "フォルダーの外を指す名前です。", remedy)
    if len(parts) > limits.depth:
        return _problem("deep", shown, "フォルダーが深すぎます。", remedy)
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _problem("link", shown, "リンク（別のファイルを指すもの）です。", remedy)
    if entry.flag_bits & 0x1:
        return _problem(
            "encrypted", shown, "パスワードがかかっています。", "パスワードなしで送るように頼んでください。"
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _problem("method", shown, "読めない圧縮方法です。", "ふつうの ZIP で送るように頼んでください。")
    if name.lower().endswith((".zip", ".lzh", ".7z", ".gz", ".rar", ".tar")):
        return _problem("nested", shown, "ZIP の中にさらに圧縮ファイルがあります。", remedy)
    return None


def _kind(archive: Archive, inner: str) -> Kind | None:
    """What a file is by its name; a name that is nothing is said and left."""
    folder, _slash, file = inner.rpartition("/")
    folder, lower = folder.upper(), file.lower()
    remedy = "読みませんでした。送付元に確かめてください。"
    if folder.split("/")[0] == "XSD":
        return None
    if not folder and re.fullmatch(r"(ix|su)[0-9]{2}_v[0-9]{2}\.xml", lower):
        if not lower.endswith("08_v08.xml"):
            archive.problems.append(
                _problem(
                    "old_version",
                    _shown(inner),
                    "第4期（V08）の様式ではありません。",
                    "V08 で作り直すように頼んでください。",
                )
            )
            return None
        return Kind.INDEX if lower.startswith("ix") else Kind.SUMMARY
    if folder == "DATA" and lower.endswith(".xml"):
        if not DOCUMENT_NAME.fullmatch(file):
            archive.problems.append(_odd(inner))
        return Kind.DOCUMENT
    if folder == "CLAIMS" and lower.startswith("g") and lower.endswith(".xml"):
        archive.problems.append(
            _problem(
                "guidance_claim",
                _shown(inner),
                "保健指導の決済情報です。",
                "健診の取り込みでは読みません。",
                fatal=False,
            )
        )
        return None
    if folder == "CLAIMS" and lower.endswith(".xml"):
        if not CLAIM_NAME.fullmatch(file):
            archive.problems.append(_odd(inner))
        return Kind.CLAIM
    archive.problems.append(
        _problem("unknown_file", _shown(inner), "決められていないファイルです。", remedy, fatal=False)
    )
    return None


def _odd(inner: str) -> Problem:
    return _problem(
        "file_name", _shown(inner), "ファイルの名前が決まりのとおりではありません。", "読み取りました。送付元に知らせてください。",
        fatal=False,
    )  # fmt: skip


def _look_at_name(archive: Archive, entries: list[zipfile.ZipInfo]) -> None:
    stem = archive.name[:-4] if archive.name.lower().endswith(".zip") else archive.name
    if not ARCHIVE_NAME.fullmatch(stem):
        archive.problems.append(
            _problem(
                "archive_name",
                "ZIP",
                "ファイルの名前が決まりのとおりではありません。",
                "送付元_送付先_作成日と分割番号_実施区分.zip の形か確かめてください。",
                fatal=False,
            )  # fmt: skip
        )
    elif any(not _clean(e.filename).startswith(f"{stem}/") for e in entries if not _IGNORED.search(_clean(e.filename))):
        archive.problems.append(
            _problem(
                "root",
                "ZIP",
                "ZIP の中のフォルダーが、ZIP と同じ名前ではありません。",
                "読み取りました。送付元に知らせてください。",
                fatal=False,
            )  # fmt: skip
        )


def _stopped(archive: Archive, code: str, what: str, remedy: str) -> Archive:
    archive.problems.append(_problem(code, "ZIP", what, remedy))
    return archive


def _problem(code: str, place: str, what: str, remedy: str, *, fatal: bool = True) -> Problem:
    return Problem(code, place, what, remedy, fatal=fatal)
