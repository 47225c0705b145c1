"""療養状況の照会: written, consented to, sent, answered, judged by the adviser. Nothing goes out without the person's consent."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from benefits.cash.actions.cases import refresh_findings
from benefits.cash.actions.common import locked, step, touched
from benefits.cash.models import Case, InquiryState, Opinion, TreatmentInquiry
from benefits.cash.policies import UnableToProcess
from benefits.cash.rules.states import DECIDED, FINAL
from privacy.outputs.enums import RecipientKind
from privacy.outputs.models import Recipient

ANSWER_DAYS = timedelta(days=21)
MOST_QUESTIONS = 8

QUESTIONS = (
    "請求の期間の療養の経過と、現在の症状をお知らせください。",
    "請求の期間に労務に服することができなかったと認められる医学的な理由をお知らせください。",
    "就労の制限の内容（勤務の時間、作業の内容など）をお知らせください。",
    "労務に服することができると見込まれる時期をお知らせください。",
)
"""Offered for every inquiry; a clerk chooses among them and adds their own."""


def _inquiry(case: Case, inquiry_id: int) -> TreatmentInquiry:
    row = TreatmentInquiry.objects.select_for_update(of=("self",)).filter(case=case, pk=inquiry_id).first()
    if row is None:
        raise UnableToProcess("この番号の照会は、この申請にはありません。")
    return row


def _check_open(case: Case) -> None:
    if case.status in DECIDED or case.status in FINAL:
        raise UnableToProcess(f"この申請は「{case.status.label}」です。照会は、決定の前の申請でできます。")


def _check_state(row: TreatmentInquiry, *states: InquiryState) -> None:
    if row.state not in states:
        words = "・".join(str(state.label) for state in states)
        raise UnableToProcess(f"この照会は「{row.get_state_display()}」です。これは「{words}」のときだけできます。")


def _saved(case: Case, row: TreatmentInquiry, *, by: Any, move: str, reason: str = "") -> TreatmentInquiry:
    row.version += 1
    row.save()
    touched(case)
    step(case, move=move, by=by, before=case.state, reason=reason)
    return row


@transaction.atomic
def draft_inquiry(
    *,
    by: Any,
    case_id: int,
    version: int | None,
    recipient_id: int,
    physician: str,
    questions: Sequence[str],
    today: date,
) -> TreatmentInquiry:
    """照会を作る, to an institution that is among the recipients of the door."""
    case = locked(case_id, version)
    _check_open(case)
    asked = [question.strip() for question in questions if question.strip()]
    if not asked or len(asked) > MOST_QUESTIONS:
        raise UnableToProcess(f"照会する事項は1つから{MOST_QUESTIONS}つまでです。")
    place = Recipient.objects.filter(pk=recipient_id, kind=RecipientKind.MEDICAL).first()
    if place is None or not place.is_open(today):
        raise UnableToProcess("この医療機関は、受け渡し先に登録されていないか、いま使えません。")
    row = TreatmentInquiry.objects.create(
        case=case, member_id=case.member_id, recipient_id=place.pk, physician=physician.strip(), questions=asked,
        entered_by_id=by.pk,
    )  # fmt: skip
    touched(case)
    step(case, move="inquiry", by=by, before=case.state)
    return row


@transaction.atomic
def record_consent(
    *, by: Any, case_id: int, version: int | None, inquiry_id: int, given: date, note: str, today: date
) -> TreatmentInquiry:
    """本人の同意: the day and the paper."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _check_state(row, InquiryState.DRAFT)
    if given > today:
        raise UnableToProcess("同意の日が今日より後です。")
    if not note.strip():
        raise UnableToProcess("同意を確かめた書面を入れてください。")
    row.consent_date, row.consent_note = given, note.strip()
    return _saved(case, row, by=by, move="inquiry_consent")


@transaction.atomic
def send_inquiry(
    *, by: Any, case_id: int, version: int | None, inquiry_id: int, sent: date, today: date
) -> TreatmentInquiry:
    """送った: the letter was made at the door and posted. Raises UnableToProcess without consent."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _check_state(row, InquiryState.DRAFT)
    if row.consent_date is None:
        raise UnableToProcess("本人の同意がありません。同意の日と書面を記録してから送ってください。")
    if sent > today or sent < row.consent_date:
        raise UnableToProcess("送った日は、同意の日から今日までの日です。")
    row.state, row.sent_date, row.due_date = InquiryState.SENT, sent, sent + ANSWER_DAYS
    return _saved(case, row, by=by, move="inquiry_sent")


@transaction.atomic
def remind_inquiry(*, by: Any, case_id: int, version: int | None, inquiry_id: int, today: date) -> TreatmentInquiry:
    """督促した: once the answer is overdue."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _check_state(row, InquiryState.SENT)
    if row.due_date is not None and today <= row.due_date:
        raise UnableToProcess("回答の期限がまだ過ぎていません。")
    row.reminded_date, row.due_date = today, today + ANSWER_DAYS
    return _saved(case, row, by=by, move="inquiry_reminded")


@transaction.atomic
def answer_inquiry(
    *, by: Any, case_id: int, version: int | None, inquiry_id: int, answered: date, answers: Sequence[str],
    able_from: date | None, today: date,
) -> TreatmentInquiry:  # fmt: skip
    """回答: question by question; every question needs its answer, 「記載なし」 where there was none."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _check_state(row, InquiryState.SENT, InquiryState.ANSWERED)
    given = [answer.strip()[:600] for answer in answers]
    if len(given) != len(row.questions) or not all(given):
        raise UnableToProcess("すべての事項の回答を入れてください。回答のない事項は「記載なし」と入れます。")
    if answered > today or (row.sent_date is not None and answered < row.sent_date):
        raise UnableToProcess("回答を受けた日は、送った日から今日までの日です。")
    row.state, row.answered_date, row.answers, row.able_from = InquiryState.ANSWERED, answered, given, able_from
    _saved(case, row, by=by, move="inquiry_answered")
    if case.status not in DECIDED:
        refresh_findings(case)
    return row


@transaction.atomic
def judge_inquiry(
    *, by: Any, case_id: int, version: int | None, inquiry_id: int, opinion: str, words: str, adviser: str, on: date, today: date,
) -> TreatmentInquiry:  # fmt: skip
    """顧問医の意見 on the answer."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _check_state(row, InquiryState.ANSWERED)
    if opinion not in Opinion.values or not words.strip() or not adviser.strip():
        raise UnableToProcess("意見、その内容、顧問医の氏名を入れてください。")
    if _same_person(adviser, row.physician):
        raise UnableToProcess("顧問医が、照会した医師と同じ人です。意見は、照会に答えた医師とは別の医師から聞きます。")
    if on > today or (row.answered_date is not None and on < row.answered_date):
        raise UnableToProcess("意見の日は、回答を受けた日から今日までの日です。")
    row.state, row.opinion, row.opinion_words = InquiryState.CLOSED, opinion, words.strip()
    row.opinion_by, row.opinion_date = adviser.strip(), on
    _saved(case, row, by=by, move="inquiry_judged")
    if case.status not in DECIDED:
        refresh_findings(case)
    return row


def _same_person(one: str, other: str) -> bool:
    """Whether two names are one, spaces and width aside."""
    names = ["".join(unicodedata.normalize("NFKC", name).split()).removesuffix("先生") for name in (one, other)]
    return bool(names[0]) and names[0] == names[1]


@transaction.atomic
def cancel_inquiry(*, by: Any, case_id: int, version: int | None, inquiry_id: int, reason: str) -> TreatmentInquiry:
    """照会を取りやめる, before an answer."""
    case = locked(case_id, version)
    row = _inquiry(case, inquiry_id)
    _check_state(row, InquiryState.DRAFT, InquiryState.SENT)
    if not reason.strip():
        raise UnableToProcess("取りやめる理由を入れてください。")
    row.state = InquiryState.CANCELLED
    return _saved(case, row, by=by, move="inquiry_cancelled", reason=reason)
