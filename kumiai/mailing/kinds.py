"""What kinds of mail there are, and who writes them: the domain registers a composer, the outbox knows no domain."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import transaction

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")


class UnableToDescribeMail(Exception):
    """A kind of mail was declared with something that is not a code."""


@dataclass(frozen=True)
class Message:
    """One mail as its composer wrote it. It lives in the sender's memory until the server has it, and nowhere else.

    to: one bare address. headers: further headers of the kind's own (X-…, Reply-To); those the outbox sets are refused.
    """

    to: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        # A message in a traceback or a log line must not show whom it is for.
        return "Message(…)"


# Takes the campaign's number and the recipients' numbers of one chunk; leaves out whom it has no address for.
Compose = Callable[[int, Sequence[int]], Mapping[int, Message]]
# Takes the same; returns those to whom the mail is still to go.
StillWanted = Callable[[int, Sequence[int]], Collection[int]]
Entered = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of mail, as its app registered it."""

    code: str
    title: str
    compose: Compose
    entered: Entered
    still_wanted: StillWanted | None = None
    list_unsubscribe: bool = True


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    title: str,
    *,
    compose: Compose,
    entered: Entered = transaction.atomic,
    still_wanted: StillWanted | None = None,
    list_unsubscribe: bool = True,
) -> Kind:
    """Declare a kind of mail, in the app's `tasks.py`.

    kind: dotted code ("checkups.reminder"). title: what staff call it. compose: writes the mails of one chunk.
    entered: the transaction around `still_wanted` and `compose`, with the scope of the kind's activity.
    still_wanted: asked right before sending; a reminder stops when the booking has arrived.
    list_unsubscribe: False for mail the association owes (a decision), which nobody can unsubscribe from.
    """
    if not CODE.match(kind):
        raise UnableToDescribeMail(f"メールの種類 {kind!r} は、点で区切った英小文字の符号にしてください。")
    _kinds[kind] = Kind(kind, title, compose, entered, still_wanted, list_unsubscribe)
    return _kinds[kind]


@cache
def _load() -> None:
    """Import every `tasks.py`, so that web and worker know the same kinds."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("tasks")


def kind_of(code: str) -> Kind:
    """The registered kind; LookupError with a sentence when there is none."""
    _load()
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"メールの種類 {code} は登録されていません。") from None
