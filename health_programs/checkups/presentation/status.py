"""States of this app as shape, word and colour."""

from __future__ import annotations

from typing import Any

from health_programs.checkups.enums import (
    AnswerOutcome,
    AnswerState,
    ArchiveState,
    CampaignState,
    DocumentOutcome,
    FollowState,
    InvoiceState,
    Level,
    LinkBatchState,
    LinkState,
    ResultState,
    Urgency,
    VoucherState,
)
from health_programs.checkups.queries.targets import Course
from kumiai.ui.status import StatusLabel, labelled

RESULT = {
    ResultState.MATCHED: ("●", "good"),
    ResultState.UNMATCHED: ("▲", "care"),
    ResultState.DOUBLE: ("▲", "care"),
    ResultState.WITHDRAWN: ("○", "ended"),
}
ARCHIVE = {
    ArchiveState.RECEIVED: ("◐", "between"),
    ArchiveState.READING: ("◐", "run"),
    ArchiveState.READ: ("●", "good"),
    ArchiveState.UNREADABLE: ("▲", "bad"),
}
OUTCOME = {
    DocumentOutcome.TAKEN: ("●", "good"),
    DocumentOutcome.SAME: ("○", "ended"),
    DocumentOutcome.UNMATCHED: ("▲", "care"),
    DocumentOutcome.DOUBLE: ("▲", "care"),
    DocumentOutcome.FAILED: ("▲", "bad"),
}
CAMPAIGN = {
    CampaignState.DRAFT: ("○", "between"),
    CampaignState.SUBMITTED: ("▲", "care"),
    CampaignState.APPROVED: ("◐", "run"),
    CampaignState.BUILT: ("●", "good"),
    CampaignState.CANCELLED: ("○", "ended"),
}
INVOICE = {
    InvoiceState.MATCHED: ("●", "good"),
    InvoiceState.SETTLED: ("●", "good"),
    InvoiceState.NO_RESULT: ("▲", "care"),
    InvoiceState.PRICE_DIFFERS: ("▲", "care"),
    InvoiceState.TWICE: ("▲", "bad"),
}
LEVEL = {
    Level.INTENSIVE: ("▲", "bad"),
    Level.MOTIVATIONAL: ("▲", "care"),
    Level.INFORMATION: ("●", "good"),
    Level.MEDICATED: ("○", "ended"),
    Level.UNDETERMINABLE: ("◐", "between"),
}
URGENCY = {Urgency.AT_ONCE: ("▲", "bad"), Urgency.SOON: ("▲", "care"), Urgency.RECHECK: ("◐", "between")}
FOLLOW = {
    FollowState.OPEN: ("▲", "care"),
    FollowState.RECOMMENDED: ("◐", "between"),
    FollowState.VISITED: ("●", "good"),
    FollowState.UNDER_TREATMENT: ("●", "good"),
    FollowState.DECLINED: ("○", "ended"),
    FollowState.CLOSED: ("○", "ended"),
}
LINK_BATCH = {
    LinkBatchState.COLLECTING: ("◐", "run"),
    LinkBatchState.COLLECTED: ("▲", "care"),
    LinkBatchState.ASKED: ("◐", "between"),
    LinkBatchState.SENT: ("●", "good"),
    LinkBatchState.CANCELLED: ("○", "ended"),
}
LINK = {
    LinkState.WAITING: ("◐", "between"),
    LinkState.SENT: ("◐", "run"),
    LinkState.ACCEPTED: ("●", "good"),
    LinkState.REJECTED: ("▲", "bad"),
    LinkState.RESEND: ("◐", "between"),
    LinkState.DROPPED: ("○", "ended"),
}
ANSWER = {
    AnswerState.READING: ("◐", "run"),
    AnswerState.READ: ("●", "good"),
    AnswerState.UNREADABLE: ("▲", "bad"),
}
ANSWERED = {
    AnswerOutcome.ACCEPTED: ("●", "good"),
    AnswerOutcome.REJECTED: ("▲", "bad"),
    AnswerOutcome.UNKNOWN: ("▲", "care"),
    AnswerOutcome.SETTLED: ("○", "ended"),
}
VOUCHER = {VoucherState.ISSUED: ("●", "good"), VoucherState.RECALLED: ("○", "ended")}


def status(kind: type, value: Any, drawn: dict[Any, tuple[str, str]]) -> StatusLabel:
    """The label of a stored value."""
    return labelled(kind(value), drawn)


def course_status(course: Course, *, over: bool) -> StatusLabel:
    """How far somebody has come this year: examined before excluded before booked. over: no day is left."""
    if course.examined is not None:
        return StatusLabel("受診済み", "●", "good")
    if course.exclusion is not None:
        return StatusLabel(f"除外：{course.exclusion.get_reason_display()}", "○", "ended")
    if course.booking is not None:
        return StatusLabel("予約中", "◐", "between")
    return StatusLabel("受けずに終わった", "○", "ended") if over else StatusLabel("未受診", "▲", "care")
