"""What kinds of long work there are, and what their parameters may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kumiai.jobs.models import Job

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")
# Opaque: the digest of a file (SHA-256) or the id of a frozen list (UUID).
OPAQUE = re.compile(r"([0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")


class UnableToDescribeJob(Exception):
    """Something that is neither a number, a date nor a known code was about to be stored with a job."""


@dataclass(frozen=True)
class Chunk:
    """What one chunk did.

    position: where to go on, an integer or a list of integers; stored in the chunk's own transaction.
    done: rows handled, failed ones included. failures: (row number, error code) of those that failed.
    counts: code → rows, added to the job's result. finished: nothing is left.
    """

    position: int | list[int] | None
    done: int
    failures: tuple[tuple[int, str], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    finished: bool = False


# A chunk takes the job, the position (None at the start) and a function that says whether to stop early.
ChunkFunction = Callable[["Job", Any, Callable[[], bool]], Chunk]
# A retry takes the job, the failed row numbers (ascending) and the same function; `done` = how many of them were tried.
RetryFunction = Callable[["Job", tuple[int, ...], Callable[[], bool]], Chunk]


@dataclass(frozen=True)
class Kind:
    """One kind of long work, as its app registered it."""

    name: str
    title: str
    total: Callable[[Job], int]
    chunk: ChunkFunction
    retry: RetryFunction | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    operation: str = "change"


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    title: str,
    *,
    total: Callable[[Job], int],
    chunk: ChunkFunction,
    retry: RetryFunction | None = None,
    errors: Mapping[str, str] | None = None,
    counts: Mapping[str, str] | None = None,
    codes: Iterable[str] = (),
    operation: str = "change",
) -> Kind:
    """Declare a kind of long work, in the app's `tasks.py`.

    kind: dotted code ("enrollment.address_import"). title: what staff call it, without anybody's name.
    errors: error code → sentence for the clerk. counts: result code → word (追加, 変更 …).
    codes: words that parameters may hold. operation: what each chunk does with the data of its activity, handed to
    the chunk's context as it stands here.
    """
    if not CODE.match(kind):
        raise UnableToDescribeJob(f"処理の種類 {kind!r} は、点で区切った英小文字の符号にしてください。")
    bad = [code for code in (*(errors or {}), *(counts or {}), *codes) if not CODE.match(code)]
    if bad:
        raise UnableToDescribeJob(f"符号ではありません：{bad!r}")
    _kinds[kind] = Kind(
        kind, title, total, chunk, retry, dict(errors or {}), dict(counts or {}), frozenset(codes), operation
    )
    return _kinds[kind]


@cache
def _load() -> None:
    """Import every `tasks.py`, so that web and worker know the same kinds."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("tasks")


def kind_of(name: str) -> Kind:
    """The registered kind; LookupError with a sentence when there is none."""
    _load()
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"処理の種類 {name} は登録されていません。") from None


def checked_parameters(kind: Kind, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as they are stored: numbers, dates in ISO form, opaque ids, and the codes the kind declared.

    Free text is refused, however short: it could be a name.
    """
    return {_checked_key(key): _checked_value(kind, key, value) for key, value in parameters.items()}


def _checked_key(key: str) -> str:
    if not CODE.match(key):
        raise UnableToDescribeJob("引数の名前は英小文字の符号にしてください。")
    return key


def _checked_value(kind: Kind, key: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_checked_value(kind, key, entry) for entry in value]
    if value is None or isinstance(value, bool | int):
        return value
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, str) and (value in kind.codes or OPAQUE.match(value) or _is_iso_date(value)):
        return value
    # The value itself is not repeated: it may be what must not be stored.
    raise UnableToDescribeJob(f"引数 {key} には、番号、日付、登録した符号のほかは入れられません。")


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def checked_position(position: Any) -> Any:
    """A resume position: None, an integer, or a list of integers."""
    entries = position if isinstance(position, list) else [position]
    if position is not None and any(type(entry) is not int for entry in entries):
        raise UnableToDescribeJob("続きの位置には、番号のほかは入れられません。")
    return position
