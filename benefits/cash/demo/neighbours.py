"""What stands beside invented cases: inquiries to physicians in every state, certificates that differ, an employer's file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from benefits.cash.actions import inquiries
from benefits.cash.actions.certificates import receive_certificates
from benefits.cash.actions.inquiries import QUESTIONS
from benefits.cash.actions.labour import HOLIDAY, LEAVE, WORKED, Certified, enter_certificate
from benefits.cash.activities import SICKNESS_ALLOWANCE
from benefits.cash.files.certificates import LAYOUT
from benefits.cash.models import Case, InquiryState, Opinion
from benefits.cash.queries.inquiries import institutions
from benefits.cash.rules.states import EDITABLE, State
from kumiai.jobs import engine
from kumiai.tabular.writing import csv_bytes
from members.enrollment.queries import members_by_id
from privacy.scope import Way, scope

WAY = Way(name="デモの仕事", view="cash.demo")
DAY = timedelta(days=1)
OPEN = (State.RECEIVED, State.WAITING_DOCUMENTS, State.UNDER_REVIEW, State.WITHHELD)
ADVISER = "顧問 三郎"
ANSWERS = (
    "投薬と安静により経過を観察しています。症状は軽くなっています。",
    "長時間の座位と重い物の取扱いができないため、労務に服することができませんでした。",
    "記載なし",
)


def load(by: Any, today: date) -> None:
    """Once, after the cases. Without institutions among the recipients of the door nobody is asked."""
    with scope(SICKNESS_ALLOWANCE, by, operation="view", way=WAY):
        cases = list(Case.objects.filter(kind="sickness", state__in=OPEN).order_by("received_date", "pk"))
        places = institutions(today)
    if not cases:
        return
    if places:
        for place, wanted in enumerate(InquiryState.values + ["late"]):
            # What is late was asked long ago: of the case that waits longest.
            case = cases[0] if wanted == "late" else cases[place % len(cases)]
            with scope(SICKNESS_ALLOWANCE, by, operation="change", way=WAY):
                _inquiry(by, case, places[place % len(places)].pk, wanted, today)
    editable = [case for case in cases if case.status in EDITABLE]
    if not editable:
        return
    with scope(SICKNESS_ALLOWANCE, by, operation="change", way=WAY):
        _two_that_differ(by, editable[-1], today)
        job = _file(by, editable[0], today)
    if job is not None:
        engine.run(job)


def _inquiry(by: Any, case: Case, recipient_id: int, wanted: str, today: date) -> None:
    """One inquiry of a case, as far as the wanted state says."""
    start = case.received_date
    row = inquiries.draft_inquiry(
        by=by, case_id=case.pk, version=None, recipient_id=recipient_id, physician="架空 次郎", questions=QUESTIONS[:3],
        today=today,
    )  # fmt: skip
    where = {"by": by, "case_id": case.pk, "version": None, "inquiry_id": row.pk}
    if wanted == InquiryState.DRAFT:
        return
    if wanted == InquiryState.CANCELLED:
        inquiries.cancel_inquiry(**where, reason="診療録の写しが届いたため")
        return
    inquiries.record_consent(**where, given=start, note="同意書（申請書に添付）", today=today)
    inquiries.send_inquiry(**where, sent=start, today=today)
    if wanted in (InquiryState.SENT, "late"):
        return
    inquiries.answer_inquiry(**where, answered=today, answers=ANSWERS, able_from=case.last - DAY * 5, today=today)
    if wanted == InquiryState.CLOSED:
        inquiries.judge_inquiry(
            **where, opinion=Opinion.PARTLY, words="回答にある日の前日までについて認められる。", adviser=ADVISER, on=today,
            today=today,
        )  # fmt: skip


def _two_that_differ(by: Any, case: Case, today: date) -> None:
    """Two certificates of the same days: paid leave in one, at work in the other."""
    last = min(case.last, case.received_date - DAY)
    for what in (LEAVE, WORKED):
        given = Certified(
            case.first, last, case.received_date, "ひなた物流株式会社",
            {case.first + DAY * 7: what, case.first + DAY * 8: HOLIDAY},
        )  # fmt: skip
        enter_certificate(by=by, case_id=case.pk, version=None, given=given, today=today)


def _file(by: Any, case: Case, today: date) -> int | None:
    """An employer's file of which one line is good, one is about nobody and one contradicts itself; its job."""
    case_day = case.first + DAY * 3
    member = members_by_id([case.member_id])[case.member_id]
    shared = {
        "symbol": member.symbol, "number": member.number, "first": case.first, "last": case.last,
        "certified": case.received_date, "employer": "ひなた物流株式会社", "holidays": f"{case_day.month}/{case_day.day}",
    }  # fmt: skip
    lines: list[dict[str, Any]] = [
        shared | {"label1": "通勤手当", "from1": case.first, "to1": case.last, "amount1": 12_400, "per1": "期間の合計"},
        shared | {"number": "999999"},
        shared | {"worked": shared["holidays"]},
    ]
    body = csv_bytes(
        [column.title for column in LAYOUT.columns],
        [[line.get(column.code, "") for column in LAYOUT.columns] for line in lines],
    )
    return receive_certificates(by=by, allowance="sickness", name=f"事業主証明_{today:%Y%m}.csv", body=body).job_id
