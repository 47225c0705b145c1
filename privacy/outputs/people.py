"""What the door must know about people without knowing the register: functions that the register's wing hands in.

The kernel imports no domain app. `members.enrollment` calls `know_people(...)` once, in its `outputs.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


class NobodyKnowsPeople(LookupError):
    """No wing has handed in what the door needs to know; nothing goes out."""

    def __init__(self) -> None:
        super().__init__("加入者を確かめる方法が登録されていないため、ファイルを出せません。")


@dataclass(frozen=True)
class Named:
    """A person as records and screens write them. `protected`: only number and flag may be shown."""

    member_id: int
    number: str
    name: str
    protected: bool = False

    @property
    def line(self) -> str:
        return self.number if self.protected else f"{self.number}　{self.name}"


@dataclass(frozen=True)
class People:
    """The functions, all set-based, each called inside an open scope that holds 資格及び住所に関する情報.

    protected: (member ids, date) → those whose whereabouts are for named clerks only.
    named: member ids → id → number (記号-番号-枝番) and 氏名, for records of provision (規則20条1項1号ハ).
    find: 記号-番号-枝番 as typed → member id, or None.
    employers: (id, 記号 and name) of the employers a recipient can be; about nobody, called without a purpose too.
    """

    protected: Callable[[Iterable[int], date], set[int]]
    named: Callable[[Iterable[int]], dict[int, Named]]
    find: Callable[[str], int | None]
    employers: Callable[[], list[tuple[int, str]]]


_known: list[People] = []


def know_people(
    *,
    protected: Callable[[Iterable[int], date], set[int]],
    named: Callable[[Iterable[int]], dict[int, Named]],
    find: Callable[[str], int | None],
    employers: Callable[[], list[tuple[int, str]]] = list,
) -> None:
    """Hand in the functions; called again, the later ones hold."""
    _known[:] = [People(protected, named, find, employers)]


def people() -> People:
    """What was handed in; without it the door stays shut."""
    from privacy.outputs.kinds import load

    load()
    if not _known:
        raise NobodyKnowsPeople
    return _known[0]
