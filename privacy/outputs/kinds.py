"""Kinds of files that may go out, and how a wing declares one.

A file kind is declared once, in `outputs.py` of the app that builds it (found by itself, like `tasks.py`):

    LEDGER = register_file(
        "enrollment.ledger",
        "適用台帳",
        activity=LEDGER_OUTPUT,                       # its `writes` contains *ELIGIBILITY_SHELF.tables (below)
        columns=(Column("number", "番号"), Column("name", "氏名"), …),
        recipients={
            RecipientKind.EMPLOYER: Allowed(Basis.LAW, article="健康保険法49条", items=("number", "name")),
        },
        parameters={"employer": int, "on": date},
        subjects=people_of_employer,                  # (Order) → member ids the file would be about
        belongs=insured_at_the_employer_on_the_date,  # (Order, member ids) → those proven to be the recipient's
        build=ledger_rows,                            # (Order, member ids ≤ 1,000) → Rows
        formats={FileFormat.CSV: None, FileFormat.PDF: ledger_pdf},   # None: the door writes the CSV itself
        form=LedgerForm,                              # a PortalForm whose fields are the parameters
    )

All functions run in the scope of the kind's activity, operation `export`. They never decide who is left out: the door
asks `belongs`, then removes protected, suspended and opted-out people, and counts each. `belongs` must not be the query
of `subjects` again but a proof of its own (the employer on the date), or the door proves nothing.

A screen of another app offers a file by a link:  {% url 'outputs:output-request' 'enrollment.ledger' %}?employer=3&on=2026-04-01
(ids and dates only), or asks for it itself with `privacy.outputs.actions.request_output(...)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from privacy.activities import Activity
from privacy.notice.register import Category
from privacy.outputs.enums import THEMSELVES, Basis, Encoding, FileFormat, RecipientKind, Removal

if TYPE_CHECKING:
    from django import forms

Value = str | int | date | None
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z")


class UnableToDeclare(Exception):
    """A file kind that the door would have to refuse always, or never."""


@dataclass(frozen=True)
class Column:
    """項目: one column. `code` is what agreements and rows name, `title` what the file's head says.

    figure: right-aligned in a PDF. width: share of the page's width in a PDF, any unit. told: the cell in words for whoever
    asks, where the cell itself is not for reading (a PDF draws it).
    """

    code: str
    title: str
    figure: bool = False
    width: float = 1.0
    told: Callable[[Value], str] | None = None


@dataclass(frozen=True)
class Allowed:
    """What one kind of recipient may be handed, and why.

    article: the article behind Basis.LAW ("健康保険法49条"), shown and recorded. items: codes of the columns agreed; a
    column not here cannot be chosen. Where the basis is 委託, 共同利用 or 同意, the recipient's own agreement narrows it
    further, and without an agreement in force nothing goes out.
    own_consent: the consent is each person's own and `belongs` proves it, so that no agreement with the recipient is asked.
    keeps: reasons for which nobody is removed (a report the law demands in full); NOT_OF_RECIPIENT is never among them.
    """

    basis: Basis
    items: tuple[str, ...]
    article: str = ""
    keeps: frozenset[Removal] = frozenset()
    own_consent: bool = False

    @property
    def agreed(self) -> bool:
        """Whether an agreement with the recipient must be in force."""
        return self.basis in (Basis.CONTRACT, Basis.SHARED_USE, Basis.CONSENT) and not self.own_consent


@dataclass(frozen=True)
class Addressee:
    """受取人 of one file, as the wing's functions see it.

    code: what is typed to confirm them (受け渡し先の番号, for an employer its 記号). member_id: for the person themselves;
    None where a stack of letters goes to each person.
    """

    kind: RecipientKind
    name: str
    code: str = ""
    address: str = ""
    recipient_id: int | None = None
    employer_id: int | None = None
    member_id: int | None = None


@dataclass(frozen=True)
class Order:
    """What was asked for: everything the functions of a kind may depend on."""

    kind: str
    parameters: Mapping[str, Any]
    addressee: Addressee
    columns: tuple[str, ...]
    format: FileFormat
    today: date
    encoding: Encoding = Encoding.UTF8

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]


@dataclass(frozen=True)
class Row:
    """One row. member_id: whom it is about; `also`: others it names (a family). None only in a kind of counts.

    A row that names one person who may not go out is dropped whole.
    """

    member_id: int | None
    values: Mapping[str, Value]
    also: tuple[int, ...] = ()

    @property
    def members(self) -> tuple[int, ...]:
        return (() if self.member_id is None else (self.member_id,)) + self.also


@dataclass(frozen=True)
class Footer:
    """What the foot of every file says: purpose, recipient, person, time, count and the number of the record.

    purposes: (類型, 利用目的) as published. staff: 職員番号 and 氏名 of who asked for it. at: local time.
    """

    number: int
    activity: str
    purposes: tuple[tuple[str, str], ...]
    recipient: str
    staff: str
    at: datetime
    count: int
    unit: str

    @property
    def purpose(self) -> str:
        return "、".join(f"{category} › {purpose}" for category, purpose in self.purposes)

    @property
    def line(self) -> str:
        at = f"{self.at:%Y-%m-%d %H:%M}"
        return (
            f"受け渡し番号{self.number}　利用目的：{self.purpose}　渡す先：{self.recipient}　"
            f"作成：{self.staff}　{at}　{self.count:,}{self.unit}"
        )


@dataclass(frozen=True)
class Document:
    """Everything a renderer needs to make the bytes of a file: `formats={FileFormat.PDF: render}`, render(Document) → bytes.

    columns: those chosen, in the kind's order. rows: every row that goes out, values of the chosen columns only, dates as
    ISO text. removed: reason → people left out (for the note of a statistic).
    """

    title: str
    order: Order
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    footer: Footer
    removed: Mapping[Removal, int]


@dataclass(frozen=True)
class Shelf:
    """保管する表 of one category: labels of the models that hold parts, bytes and subjects of its files.

    Every activity behind a file kind lists `*shelf.tables` in its `writes`. A wing with another category of its own
    derives the four models from the abstract ones in `privacy.outputs.shelves` and hands in its shelf. `keeper` is the code of the
    activity of the night that destroys.
    """

    category: Category
    part: str
    content: str
    subject: str
    keeper: str

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.part, self.content, self.subject)


ELIGIBILITY_SHELF = Shelf(
    Category.ELIGIBILITY_ADDRESS,
    part="outputs.EligibilityPart",
    content="outputs.EligibilityContent",
    subject="outputs.EligibilitySubject",
    keeper="outputs.door_keeping",
)

Subjects = Callable[[Order], Sequence[int]]
Belongs = Callable[[Order, Sequence[int]], set[int]]
Build = Callable[[Order, Sequence[int]], Iterable[Row]]
Renderer = Callable[[Document], bytes]
Unregistered = Callable[[Order], Iterable[Row]]


@dataclass(frozen=True)
class FileKind:
    """One kind of file, as its app registered it."""

    name: str
    title: str
    activity: Activity
    columns: tuple[Column, ...]
    recipients: Mapping[RecipientKind, Allowed]
    parameters: Mapping[str, type]
    subjects: Subjects
    belongs: Belongs
    build: Build
    formats: Mapping[FileFormat, Renderer | None]
    form: type[forms.Form] | None
    second_person: bool
    retention_days: int
    counts_only: bool
    unit: str
    shelf: Shelf
    codes: frozenset[str]
    unregistered: Unregistered | None = None
    whole: bool = False
    named: Callable[[Order], str] | None = None

    @property
    def items(self) -> dict[str, Column]:
        return {column.code: column for column in self.columns}

    def chosen(self, codes: Iterable[str]) -> tuple[Column, ...]:
        """Columns of these codes, in the kind's own order."""
        wanted = set(codes)
        return tuple(column for column in self.columns if column.code in wanted)


_kinds: dict[str, FileKind] = {}


def register_file(
    name: str,
    title: str,
    *,
    activity: Activity,
    columns: Sequence[Column],
    recipients: Mapping[RecipientKind, Allowed],
    subjects: Subjects,
    belongs: Belongs,
    build: Build,
    formats: Mapping[FileFormat, Renderer | None],
    parameters: Mapping[str, type] | None = None,
    form: type[forms.Form] | None = None,
    second_person: bool = True,
    retention_days: int = 7,
    counts_only: bool = False,
    unit: str = "件",
    shelf: Shelf = ELIGIBILITY_SHELF,
    codes: Iterable[str] = (),
    unregistered: Unregistered | None = None,
    whole: bool = False,
    named: Callable[[Order], str] | None = None,
) -> FileKind:
    """Declare a kind of file that may go out. Raises UnableToDeclare where the declaration contradicts itself.

    name: dotted code ("enrollment.ledger"). title: what staff call the file; also the beginning of its name.
    activity: the work under which it goes out; needs `export`. columns: every item it can carry.
    recipients: kind of recipient → what it may be handed and on which basis.
    parameters: name → int, date, bool or str; a str must be one of `codes`. Nothing else is stored with a request.
    form: a PortalForm with a field a parameter; without one the parameters come from the link alone.
    subjects: (Order) → ids of the people the file would be about, each once, in the order of the file.
    belongs: (Order, ids) → those of them proven to belong to the recipient. One statement over the set, no loop.
    build: (Order, ids) → rows, called with at most 1,000 people at a time, in order; values by column code: text, whole
    number, date or None. With counts_only it is called once, with all the people that stay, and its rows name nobody
    (a statistic): the footer then says how many were left out.
    formats: which formats, each with its renderer; for CSV None means that the door writes it (kumiai.tabular.writing).
    second_person: whether another person confirms recipient and count; the association may set it otherwise.
    retention_days: days until an unfetched file is destroyed; a fetched one goes the next night.
    unit: what the rows are (件, 名, 通).
    unregistered: (Order) → rows about people who are not in the register yet (a filing of a newcomer), naming nobody by id,
    after all others. It answers itself that they belong to the recipient. The door cannot ask whether such a person is
    left out, so they go out only where the law is the basis, are counted apart, told to the second person, and counted
    again when the file is fetched.
    whole: the items are what a letter is made of; none of them can be left away.
    named: (Order) → the name of the file, where the recipient prescribes it; numbers and dates only.
    """
    kind = FileKind(
        name, title, activity, tuple(columns), dict(recipients), dict(parameters or {}), subjects, belongs, build,
        dict(formats), form, second_person, retention_days, counts_only, unit, shelf, frozenset(codes), unregistered, whole, named,
    )  # fmt: skip
    for problem in contradictions(kind):
        raise UnableToDeclare(f"ファイルの種類 {name}：{problem}")
    _kinds[name] = kind
    return kind


def contradictions(kind: FileKind) -> list[str]:
    """What is wrong with a declaration, as sentences."""
    found: list[str] = []
    if not CODE.match(kind.name):
        found.append("名前は点で区切った英小文字の符号にしてください。")
    codes = [column.code for column in kind.columns]
    if not codes or len(set(codes)) != len(codes):
        found.append("項目がないか、同じ符号の項目が二つあります。")
    if not kind.recipients or not kind.formats or kind.retention_days < 1:
        found.append("渡す相手、形式、保管日数のどれかがありません。")
    for recipient, allowed in kind.recipients.items():
        found += _contradictions_of(recipient, allowed, set(codes))
    if RecipientKind.EACH in kind.recipients and set(kind.recipients) - set(THEMSELVES):
        found.append("各自宛ての手紙は、本人のほかには渡せません。")
    if kind.unregistered is not None:
        if kind.counts_only:
            found.append("人数だけのファイルに、台帳にない人の行は入れられません。")
        if any(allowed.basis != Basis.LAW for allowed in kind.recipients.values()):
            found.append("台帳にない人の行は、法令に基づいて渡すファイルだけに入れられます。")
    for made in (FileFormat.PDF, FileFormat.FIXED, FileFormat.ZIP):
        if made in kind.formats and kind.formats[made] is None:
            found.append(f"{made.label}を作る関数がありません。")
    if set(kind.parameters.values()) - {int, date, bool, str}:
        found.append("引数は番号、日付、真偽、登録した符号のどれかです。")
    return found


def _contradictions_of(recipient: RecipientKind, allowed: Allowed, codes: set[str]) -> list[str]:
    found = []
    if not allowed.items or not set(allowed.items) <= codes:
        found.append(f"{recipient.label}に渡す項目がないか、ファイルにない項目があります。")
    if allowed.basis == Basis.LAW and not allowed.article:
        found.append(f"{recipient.label}に法令で渡すなら、条文が要ります。")
    if (recipient in THEMSELVES) != (allowed.basis == Basis.OWN):
        found.append("本人への交付は本人だけ、本人には本人への交付だけです。")
    if allowed.own_consent and allowed.basis != Basis.CONSENT:
        found.append("一人ひとりの同意は、同意に基づく提供だけにあります。")
    if Removal.NOT_OF_RECIPIENT in allowed.keeps:
        found.append("受取人に属さない人を残すことはできません。")
    return found


@cache
def load() -> None:
    """Import every app's `outputs.py`, so that web and worker know the same kinds."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("outputs")


def kind_of(name: str) -> FileKind:
    """The registered kind; LookupError with a sentence when there is none."""
    load()
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"ファイルの種類 {name} は登録されていません。") from None


def file_kinds() -> dict[str, FileKind]:
    """Every registered kind by name, in the order of declaration."""
    load()
    return dict(_kinds)
