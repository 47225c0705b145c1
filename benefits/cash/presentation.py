"""A case as the page shows it: its state, its way, its days as boxes, its working in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from benefits.cash import choices, enums
from benefits.cash.models import Calculation, InquiryState
from benefits.cash.queries.cases import CaseFile
from benefits.cash.rules.daily import PAID, Status
from benefits.cash.rules.kinds import Kind
from benefits.cash.rules.states import BY_NAME, State
from kumiai.ui.formats import format_wareki_short
from kumiai.ui.status import StatusLabel, labelled

DAY = timedelta(days=1)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

_DRAWN: dict[State, tuple[str, str]] = {
    State.RECEIVED: ("○", "ended"),
    State.WAITING_DOCUMENTS: ("▲", "care"),
    State.UNDER_REVIEW: ("◐", "between"),
    State.CALCULATED: ("◐", "between"),
    State.AWAITING_DECISION: ("▲", "care"),
    State.APPROVED: ("●", "good"),
    State.REFUSED: ("●", "bad"),
    State.WITHHELD: ("▲", "care"),
    State.IN_PAYMENT: ("◐", "between"),
    State.PAID: ("●", "good"),
    State.RETURNED: ("▲", "bad"),
    State.CORRECTING: ("◐", "between"),
    State.RECOVERING: ("▲", "bad"),
    State.CLOSED: ("○", "ended"),
    State.WITHDRAWN: ("○", "ended"),
}

MOVE_LABELS = {
    "receive": "受け付ける",
    "edit": "申請の内容を直す",
    "replan": "返納の計画を変える",
    "repaid": "返納金を受け入れる",
    "certify": "事業主の証明を入力する",
    "uncertify": "事業主の証明を取り消す",
    "inquiry": "医師への照会を作る",
    "inquiry_consent": "照会の同意を記録する",
    "inquiry_sent": "照会を送る",
    "inquiry_reminded": "照会の回答を督促する",
    "inquiry_answered": "照会の回答を入力する",
    "inquiry_judged": "顧問医の意見を入力する",
    "inquiry_cancelled": "照会を取りやめる",
    "link_asked": "番号法による照会を作る",
    "link_taken": "番号法による回答を取り入れる",
    "link_declined": "番号法による回答を使わない",
}

_WAY: tuple[tuple[str, set[State], str], ...] = (
    ("受付", {State.RECEIVED, State.WAITING_DOCUMENTS}, "receive"),
    ("審査", {State.UNDER_REVIEW, State.WITHHELD, State.CORRECTING}, "start_review"),
    ("計算", {State.CALCULATED}, "calculate"),
    ("決裁に回す", set(), "submit"),
    ("二人目の決定", {State.AWAITING_DECISION}, "approve"),
    ("支払", {State.APPROVED, State.IN_PAYMENT, State.RETURNED, State.RECOVERING}, "confirm_payment"),
)


def status(state: str) -> StatusLabel:
    mark, tone = _DRAWN[State(state)]
    return StatusLabel(State(state).label, mark, tone)


def move_label(name: str) -> str:
    return BY_NAME[name].label if name in BY_NAME else MOVE_LABELS.get(name, name)


@dataclass(frozen=True)
class Stage:
    """One stage of the way. state: done, current or open."""

    label: str
    state: str
    when: Any
    who: str


def stages(found: CaseFile, names: dict[int, str]) -> list[Stage]:
    """The way of the case: what is done, by whom and when, where it stands, what is to come."""
    last = {step.move: step for step in found.steps[::-1]}
    for other, name in (("refuse", "approve"), ("propose_refusal", "submit"), ("decide_recovery", "approve")):
        if other in last and (name not in last or last[other].pk > last[name].pk):
            last[name] = last[other]
    current = next((place for place, (_l, states, _m) in enumerate(_WAY) if found.case.status in states), len(_WAY))
    made = []
    for place, (label, _states, move) in enumerate(_WAY):
        step = last.get(move)
        done = place < current and step is not None
        state = "current" if place == current else "done" if done else "open"
        who = names.get(step.by_id or 0, "夜間処理") if step and (done or place == current) else ""
        made.append(Stage(label, state, step.at if step and done else None, who if done else ""))
    return made


# --- Days ---------------------------------------------------------------------------------------------------------------

SIGNS: dict[Status, tuple[str, str]] = {
    Status.FULL: ("", "full"),
    Status.PARTIAL: ("減", "partial"),
    Status.WAITING: ("待", "waiting"),
    Status.ABLE: ("労", "none"),
    Status.OUTSIDE: ("外", "none"),
    Status.NOT_INSURED: ("外", "none"),
    Status.ENDED: ("終", "none"),
    Status.NO_CONTINUATION: ("外", "none"),
    Status.ACCIDENT: ("災", "none"),
    Status.COVERED: ("調", "none"),
    Status.DISABILITY_LUMP: ("障", "none"),
    Status.EXHAUSTED: ("満", "none"),
    Status.BARRED: ("時", "none"),
    Status.UNCLAIMED: ("未", "none"),
}


@dataclass(frozen=True)
class Box:
    """One day: its sign, its tone, whether it is a Sunday, and the whole in words for those who do not see it."""

    on: date
    sign: str
    tone: str
    sunday: bool
    words: str


@dataclass(frozen=True)
class Month:
    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Legend:
    sign: str
    tone: str
    label: str
    days: int
    sentence: str


def months_of(calculation: Calculation, kind: Kind) -> list[Month]:
    """The days of the case by month, as boxes."""
    months: dict[tuple[int, int], list[Box]] = {}
    for run in calculation.runs:
        if run["kind"] != kind:
            continue
        found = Status(run["status"])
        sign, tone = SIGNS[found]
        day, last = date.fromisoformat(run["first"]), date.fromisoformat(run["last"])
        while day <= last:
            words = f"{day.month}月{day.day}日 {found.label}" + (f" {run['each']:,}円" if found in PAID else "")
            months.setdefault((day.year, day.month), []).append(Box(day, sign, tone, day.weekday() == 6, words))
            day += DAY
    return [
        Month(f"{format_wareki_short(date(*key, 1)).rsplit('.', 1)[0]}", tuple(boxes))
        for key, boxes in sorted(months.items())
    ]


def legend_of(calculation: Calculation, kind: Kind) -> list[Legend]:
    days: dict[Status, int] = {}
    for run in calculation.runs:
        if run["kind"] == kind:
            days[Status(run["status"])] = days.get(Status(run["status"]), 0) + run["days"]
    return [Legend(*SIGNS[found], found.label, count, found.reason) for found, count in days.items()]


# --- Working ------------------------------------------------------------------------------------------------------------

YEN = re.compile(r"(額|平均|合計|30分の1|加算|費用|報酬|水準|一時金|内払|年金|出産手当金|付加金)")
DAYS = re.compile(r"(日数|妊娠の日数|残りの日数)")


def figure(row: dict[str, str]) -> str:
    """A figure of the working in words: dates in the Japanese calendar, yen and days with their units."""
    text = in_words(row["figure"])
    if re.fullmatch(r"-?[\d,]+(\.\d+)?", text):
        if DAYS.search(row["label"]):
            return f"{text}日"
        if "月数" in row["label"]:
            return f"{text}か月"
        if YEN.search(row["label"]):
            return f"{text}円"
    return text


def in_words(text: str) -> str:
    """A sentence of the rules with its days in the Japanese calendar."""
    return ISO.sub(lambda found: format_wareki_short(date.fromisoformat(found.group())), text)


@dataclass(frozen=True)
class Line:
    """A line of the working. unconfirmed: the parameter behind it was not found in the text of the law."""

    number: int
    label: str
    figure: str
    article: str
    note: str
    unconfirmed: bool


def lines_of(calculation: Calculation) -> list[Line]:
    known = {row["code"]: row for row in calculation.parameters}
    made = []
    for number, row in enumerate(calculation.steps, start=1):
        parameter = known.get(row["parameter"])
        note = f"{parameter['basis']}　{parameter['note']}" if parameter else ""
        made.append(
            Line(
                number,
                in_words(row["label"]),
                figure(row),
                row["article"],
                note,
                bool(parameter and not parameter["confirmed"]),
            )
        )
    return made


@dataclass(frozen=True)
class Change:
    """One amount of two computations, yen."""

    label: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


def compare(before: Calculation, after: Calculation) -> list[Change]:
    """What a new computation changes; lines that stay are left out, the total never."""
    rows = [
        Change("法定給付", before.amount, after.amount),
        Change("付加金", before.extra, after.extra),
        Change("医療機関等へ", before.to_institution, after.to_institution),
        Change("内払とみなす額", before.in_advance, after.in_advance),
        Change("給付制限", before.withheld, after.withheld),
        Change("支給日額", before.daily or 0, after.daily or 0),
        Change("支給する日数", before.paid_days or 0, after.paid_days or 0),
    ]
    return [row for row in rows if row.difference] + [Change("支給額", before.total, after.total)]


# --- What was applied for -----------------------------------------------------------------------------------------------


def facts_of(found: CaseFile) -> list[tuple[str, str]]:
    """The application in words, empty lines left out."""
    row = found.facts
    if row is None:
        return []
    made: list[tuple[str, str]] = []
    for one in row._meta.concrete_fields:
        if one.name in ("id", "case", "member"):
            continue
        value = getattr(row, one.attname)
        if value in (None, "", False) or (
            value == 0 and one.name in ("fee", "attendant_ordinary", "attendant_actual", "days")
        ):
            continue
        made.append((str(one.verbose_name).replace("（円）", ""), _words(row, one, value)))
    for pension in found.pensions:
        name = "老齢退職年金" if pension.old_age else "障害年金"
        until = f"{format_wareki_short(pension.last)}まで" if pension.last else "から"
        made.append(
            (
                name,
                f"年{pension.annual:,}円　{format_wareki_short(pension.first)}{until if pension.last else 'から'}　{pension.basis}",
            )
        )
    made += [(cost.label, f"{cost.amount:,}円{'' if cost.counted else '（対象外）'}") for cost in found.costs]
    if found.restriction is not None:
        limit = found.restriction
        made.append(("給付制限", f"{limit.get_ground_display()}　{limit.percent}％を支給しない　{limit.reason}"))
    return made


def _words(row: Any, one: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "はい"
    if isinstance(value, date):
        return format_wareki_short(value)
    if one.choices:
        return str(getattr(row, f"get_{one.name}_display")())
    if isinstance(value, int) and "円" in str(one.verbose_name):
        return f"{value:,}円"
    return str(value)


_DOCUMENT: dict[str, tuple[str, str]] = {
    enums.DocumentState.MISSING: ("○", "ended"),
    enums.DocumentState.RECEIVED: ("◐", "between"),
    enums.DocumentState.CHECKED: ("●", "good"),
    enums.DocumentState.FAULTY: ("▲", "bad"),
}


def document_status(state: str) -> StatusLabel:
    mark, tone = _DOCUMENT[state]
    return StatusLabel(str(enums.DocumentState(state).label), mark, tone)


_INQUIRY: dict[str, tuple[str, str]] = {
    InquiryState.DRAFT: ("○", "ended"),
    InquiryState.SENT: ("◐", "between"),
    InquiryState.ANSWERED: ("▲", "care"),
    InquiryState.CLOSED: ("●", "good"),
    InquiryState.CANCELLED: ("○", "ended"),
}


def inquiry_status(state: str) -> StatusLabel:
    mark, tone = _INQUIRY[state]
    return StatusLabel(str(InquiryState(state).label), mark, tone)


LINK: dict[str, tuple[str, str]] = {
    enums.LinkState.WAITING: ("○", "ended"),
    enums.LinkState.SENT: ("◐", "between"),
    enums.LinkState.ACCEPTED: ("●", "good"),
    enums.LinkState.REJECTED: ("▲", "bad"),
    enums.LinkState.RESEND: ("▲", "care"),
    enums.LinkState.DROPPED: ("○", "ended"),
}
LINK_BATCH: dict[str, tuple[str, str]] = {
    enums.LinkBatchState.COLLECTED: ("▲", "care"),
    enums.LinkBatchState.ASKED: ("◐", "between"),
    enums.LinkBatchState.SENT: ("●", "good"),
    enums.LinkBatchState.CANCELLED: ("○", "ended"),
}


def link_status(state: str) -> StatusLabel:
    return labelled(enums.LinkState(state), LINK)


def link_batch_status(state: str) -> StatusLabel:
    return labelled(enums.LinkBatchState(state), LINK_BATCH)


def link_inquiry_status(row: Any) -> StatusLabel:
    """An inquiry by what the clerk has to do with it."""
    if row.state != enums.LinkState.ACCEPTED:
        return link_status(row.state)
    if row.finding == enums.Finding.NONE:
        return StatusLabel("該当なし", "●", "good")
    return StatusLabel(str(row.get_use_display()), "●", "good") if row.use else StatusLabel("取り入れ待ち", "▲", "care")


GROUPS = {Kind.SICKNESS: "sickness", Kind.MATERNITY: "maternity"}


def group_of(kind: str) -> str:
    """Under which work a case is opened: an allowance's own, or that of the lump sums."""
    return GROUPS.get(Kind(kind), "lump")


def url_name(kind: str, page: str) -> str:
    return f"cash:{group_of(kind)}-{page}"


def kinds_of(group: str) -> tuple[str, ...]:
    return tuple(kind.value for kind in choices.APPLIED_FOR if group_of(kind) == group)
