"""Files of the register that may leave through the door, and what the door must know about people.

適用台帳 and 確認通知書 to the employer, 加入者の統計, and 利用履歴 to the person who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from kumiai.ui.formats import format_wareki
from members.enrollment import queries
from members.enrollment.activities import DISCLOSURE, MEMBER_OUTPUT
from members.enrollment.enums import Sex
from members.enrollment.file_forms import CoverageRegisterForm, QualificationNoticeForm, StatisticsForm
from members.enrollment.files import coverage_register, qualification_notice, statistics_report, usage_record
from members.enrollment.files.common import Addressee
from members.enrollment.presentation.pyramid import pyramid
from members.enrollment.queries import rosters
from members.enrollment.statistics import counting_days, statistics
from privacy.accesslog import queries as access_log
from privacy.outputs.enums import Basis, FileFormat, RecipientKind, Removal
from privacy.outputs.kinds import Allowed, Column, Document, Order, Row, register_file
from privacy.outputs.letters import frame_of, sender
from privacy.outputs.people import Named, know_people
from privacy.scope import check_subject, current_scope

MEMBER_PAGES = "enrollment:member-"
MOST_USES = 20_000
NIGHT = "夜間処理"


def values_of(document: Document) -> list[Any]:
    return [row.values for row in document.rows]


def codes_of(document: Document) -> list[str]:
    return [column.code for column in document.columns]


def employer_of(document: Document) -> Addressee:
    addressee = document.order.addressee
    return Addressee(name=addressee.name, symbol=addressee.code, address=addressee.address)


def columns(items: Iterable[tuple[str, str]], *figures: str) -> tuple[Column, ...]:
    return tuple(Column(code, title, figure=code in figures) for code, title in items)


def codes(items: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(code for code, _title in items)


def _employer_id(order: Order) -> int:
    """The employer the file is for; 0, which no employer has, for any other recipient."""
    return order.addressee.employer_id or 0


# --- 適用台帳 ---------------------------------------------------------------------------------------------------------


def _register_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    for one in rosters.register_of(ids, order["on"]):
        member = one.member
        yield Row(
            member.pk,
            {
                "symbol": member.symbol,
                "number": member.number,
                "branch": member.branch,
                "name": member.name,
                "kana": member.kana,
                "birth_date": member.birth_date,
                "sex": str(Sex(member.sex).label),
                "role": coverage_register.FAMILY if one.insured_id else coverage_register.INSURED,
                "kind": one.kind,
                "start": one.start,
                "end": one.end,
            },
            also=(one.insured_id,) if one.insured_id else (),
        )


def _register_pdf(document: Document) -> bytes:
    return coverage_register.register_pdf(
        values_of(document),
        items=codes_of(document),
        employer=employer_of(document),
        on=document.order["on"],
        frame=frame_of(document),
    )


COVERAGE_REGISTER = register_file(
    "enrollment.coverage_register",
    "適用台帳",
    activity=MEMBER_OUTPUT,
    columns=columns(coverage_register.ITEMS),
    recipients={RecipientKind.EMPLOYER: Allowed(Basis.SHARED_USE, codes(coverage_register.ITEMS))},
    parameters={"on": date},
    form=CoverageRegisterForm,
    subjects=lambda order: rosters.covered_people(_employer_id(order), order["on"]),
    belongs=lambda order, ids: rosters.proven_on(_employer_id(order), ids, order["on"]),
    build=_register_rows,
    formats={FileFormat.PDF: _register_pdf, FileFormat.CSV: None},
    unit="名",
)


# --- 資格取得・喪失確認通知書 -----------------------------------------------------------------------------------------------


def _confirmed_people(order: Order) -> list[int]:
    found = rosters.confirmed(_employer_id(order), order["since"], order["until"], protected=False)
    return list(dict.fromkeys(one.member_id for one in found))


def _confirmed_protected(order: Order) -> list[int]:
    """Protected people, of whom the clerk who asks is named for each."""
    found = rosters.confirmed(_employer_id(order), order["since"], order["until"], protected=True)
    ids = list(dict.fromkeys(one.member_id for one in found))
    named = queries.named_members(_asking_clerk(), ids)
    return [pk for pk in ids if pk in named]


def _proven_protected(order: Order, ids: Sequence[int]) -> set[int]:
    """The employer's people for whom the person at the keyboard is named now: asked again when the file is fetched."""
    proven = rosters.proven_since(_employer_id(order), ids, order["since"])
    return proven & queries.named_members(_asking_clerk(), list(proven))


def _asking_clerk() -> int:
    opened = current_scope()
    return (opened.user_id if opened else None) or 0


def _notice_rows(order: Order, ids: Sequence[int], *, protected: bool) -> Iterable[Row]:
    members = rosters.members_among(ids)
    found = rosters.confirmed(
        _employer_id(order), order["since"], order["until"], protected=protected, members=list(members)
    )
    for one in found:
        member = members[one.member_id]
        yield Row(
            member.pk,
            {
                "what": one.what,
                "number": member.card_number,
                "name": member.name,
                "kana": member.kana,
                "birth_date": member.birth_date,
                "sex": str(Sex(member.sex).label),
                "day": one.day,
                "reason": one.reason,
                "confirmed": one.confirmed,
            },
        )


def _notice_pdf(document: Document) -> bytes:
    return qualification_notice.notice_pdf(
        [qualification_notice.Letter(employer_of(document), values_of(document))],
        items=codes_of(document),
        since=document.order["since"],
        until=document.order["until"],
        issued=document.footer.at.date(),
        sender=qualification_notice.Sender(**sender()),
        frame=frame_of(document),
    )


NOTICE_BASIS = "健康保険法49条1項・同法施行規則46条1項"
# A notice the law demands leaves nobody out for a wish: only protected people have a notice of their own.
NOTICE_KEEPS = frozenset({Removal.SUSPENDED, Removal.OPTED_OUT})
_NOTICE: dict[str, Any] = {
    "activity": MEMBER_OUTPUT,
    "columns": columns(qualification_notice.ITEMS),
    "parameters": {"since": date, "until": date},
    "form": QualificationNoticeForm,
    "belongs": lambda order, ids: rosters.proven_since(_employer_id(order), ids, order["since"]),
    "formats": {FileFormat.PDF: _notice_pdf},
    "unit": "件",
}


def _notice_to_employer(keeps: frozenset[Removal]) -> dict[RecipientKind, Allowed]:
    allowed = Allowed(Basis.LAW, codes(qualification_notice.ITEMS), article=NOTICE_BASIS, keeps=keeps)
    return {RecipientKind.EMPLOYER: allowed}


QUALIFICATION_NOTICE = register_file(
    "enrollment.qualification_notice",
    "資格取得・喪失確認通知書",
    recipients=_notice_to_employer(NOTICE_KEEPS),
    subjects=_confirmed_people,
    build=lambda order, ids: _notice_rows(order, ids, protected=False),
    **_NOTICE,
)
PROTECTED_NOTICE = register_file(
    "enrollment.qualification_notice_protected",
    "資格取得・喪失確認通知書（保護対象・指名された担当者）",
    recipients=_notice_to_employer(NOTICE_KEEPS | {Removal.PROTECTED}),
    subjects=_confirmed_protected,
    build=lambda order, ids: _notice_rows(order, ids, protected=True),
    **_NOTICE | {"belongs": _proven_protected},
)


# --- 加入者の統計 -------------------------------------------------------------------------------------------------------


def _counted_people(order: Order) -> list[int]:
    days = counting_days(order["year"], order.today)
    return rosters.counted_people(days[0], days[-1])


def _statistics_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    found = statistics(year=order["year"], today=order.today, members=ids)
    names = codes(statistics_report.ITEMS)
    return [Row(None, dict(zip(names, number, strict=True))) for number in statistics_report.numbers(found)]


def _statistics_pdf(document: Document) -> bytes:
    rows = values_of(document)
    drawn = pyramid(statistics_report.bands_of(rows))
    picture = render_to_string(
        "members/enrollment/components/pyramid.svg", {"p": drawn, "label": "年齢と性別", "font": "IPAexGothic"}
    )
    return statistics_report.report_pdf(
        rows,
        year=document.order["year"],
        left_out=sum(document.removed.values()),
        picture=picture,
        frame=frame_of(document),
    )


STATISTICS = register_file(
    "enrollment.statistics",
    "加入者の統計",
    activity=MEMBER_OUTPUT,
    columns=columns(statistics_report.ITEMS, "value"),
    recipients={
        RecipientKind.STATE: Allowed(
            Basis.LAW, codes(statistics_report.ITEMS), article="健康保険法29条1項（7条の38の準用）"
        ),
        RecipientKind.CONTRACTOR: Allowed(Basis.CONTRACT, codes(statistics_report.ITEMS)),
    },
    parameters={"year": int},
    form=StatisticsForm,
    subjects=_counted_people,
    belongs=lambda order, ids: rosters.registered(ids),
    build=_statistics_rows,
    formats={FileFormat.PDF: _statistics_pdf, FileFormat.CSV: None},
    counts_only=True,
    unit="件",
)


# --- 利用履歴 ----------------------------------------------------------------------------------------------------------


def _the_person(order: Order) -> list[int]:
    """The person who asks; of a protected person only by a clerk who is named for them."""
    ids = [order.addressee.member_id] if order.addressee.member_id else []
    for pk in ids:
        check_subject(pk)
    guarded = rosters.protected_among(ids)
    named = queries.named_members(_asking_clerk(), list(guarded))
    return [pk for pk in ids if pk not in guarded or pk in named]


def _usage_rows(order: Order, ids: Sequence[int]) -> Iterable[Row]:
    for pk in ids:
        for seen in access_log.seen_by(pk, pages=MEMBER_PAGES, limit=MOST_USES):
            at = timezone.localtime(seen.at)
            yield Row(
                pk,
                {
                    "at": f"{format_wareki(at.date())} {at:%H:%M}",
                    "section": seen.section or (NIGHT if seen.staff == NIGHT else "課の記録なし"),
                    "activity": seen.activity,
                    "operation": str(seen.outcome.label),
                },
            )


def _usage_pdf(document: Document) -> bytes:
    ids = [row.member_id for row in document.rows if row.member_id]
    person = rosters.members_among(ids[:1])[ids[0]]
    return usage_record.usage_pdf(
        values_of(document),
        name=person.name,
        number=person.card_number,
        issued=document.footer.at.date(),
        frame=frame_of(document),
    )


USAGE_RECORD = register_file(
    "enrollment.usage_record",
    "利用履歴",
    activity=DISCLOSURE,
    columns=columns(usage_record.ITEMS),
    recipients={
        RecipientKind.PERSON: Allowed(
            Basis.OWN,
            codes(usage_record.ITEMS),
            keeps=frozenset({Removal.PROTECTED, Removal.SUSPENDED, Removal.OPTED_OUT}),
        )
    },
    subjects=_the_person,
    belongs=lambda order, ids: set(ids) & set(_the_person(order)),
    build=_usage_rows,
    formats={FileFormat.PDF: _usage_pdf},
    # The case of the statute was approved by a second person already; the file is of one person. Where the association
    # sets one here too, it is somebody with a case of their own about the same person.
    second_person=False,
    unit="件",
)


# --- What the door asks about people ------------------------------------------------------------------------------------


def _named(ids: Iterable[int]) -> dict[int, Named]:
    return {
        pk: Named(pk, queries.veiled_number(m) if m.protected else m.card_number, m.name, m.protected)
        for pk, m in rosters.members_among(ids).items()
    }


know_people(
    protected=lambda ids, on: rosters.protected_among(ids),
    named=_named,
    find=rosters.member_of_number,
    employers=lambda: [(one.pk, f"{one.symbol} {one.name}") for one in queries.employers()],
)
