"""How files, people counted and states are put on a screen. No query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kumiai.ui.status import StatusLabel, labelled
from privacy.outputs import queries
from privacy.outputs.enums import OutputState, Removal
from privacy.outputs.kinds import Column, FileKind, Row
from privacy.outputs.models import Output
from privacy.outputs.rules.records import Duty, duty_to_record

# State → (mark, tone).
MARKS = {
    OutputState.PREPARING: ("◐", "run"),
    OutputState.WAITING: ("▲", "care"),
    OutputState.READY: ("●", "good"),
    OutputState.FETCHED: ("○", "ended"),
    OutputState.REFUSED: ("▲", "bad"),
    OutputState.WITHDRAWN: ("○", "ended"),
    OutputState.EMPTY: ("○", "ended"),
    OutputState.DESTROYED: ("○", "ended"),
}


@dataclass(frozen=True)
class Line:
    """One file in a list."""

    output: Output
    title: str
    recipient: str
    recipient_kind: str
    status: StatusLabel
    removed: int
    staff: str
    overdue: bool
    unit: str


def line(output: Output, kinds: Mapping[str, FileKind], staff: Mapping[int, Any], today: date) -> Line:
    kind = kinds.get(output.file_kind)
    person = staff.get(output.requested_by_id)
    return Line(
        output=output,
        title=kind.title if kind else output.file_kind,
        recipient=queries.addressee_of(output).name,
        recipient_kind=output.get_recipient_kind_display(),
        status=labelled(OutputState(output.state), MARKS, word=state_word(output)),
        removed=sum(output.removed.values()),
        staff=person.name if person else "",
        overdue=output.is_overdue(today),
        unit=kind.unit if kind else "件",
    )


def state_word(output: Output) -> str:
    """廃棄済み says too whether the file had left before."""
    if output.state == OutputState.DESTROYED:
        return "渡して廃棄" if output.fetched_at else "渡さず廃棄"
    return output.get_state_display()


def removal_lines(removed: Mapping[str, int]) -> list[tuple[str, int]]:
    """(reason, people) in the order of the reasons; only those that occurred."""
    return [(reason.label, removed[reason.value]) for reason in Removal if removed.get(reason.value)]


@dataclass(frozen=True)
class Sample:
    number: int
    values: tuple[tuple[str, Any], ...]


def samples(columns: Sequence[Column], rows: Sequence[Row]) -> list[Sample]:
    """The first three rows as they go out."""
    return [
        Sample(n, tuple((column.title, shown_value(_told(column, row))) for column in columns))
        for n, row in enumerate(rows[:3], 1)
    ]


def _told(column: Column, row: Row) -> Any:
    value = row.values.get(column.code)
    return value if column.told is None or value is None else column.told(value)


def shown_value(value: Any) -> Any:
    return "―" if value in (None, "") else value


def duty_of(output: Output) -> Duty:
    recipient = output.recipient
    return duty_to_record(
        recipient_kind=output.recipient_kind,
        basis=output.basis,
        public_body=bool(recipient and recipient.public_body),
        abroad=bool(recipient and recipient.abroad),
    )


@dataclass(frozen=True)
class Step:
    """One event in the life of a file."""

    word: str
    at: datetime | None
    who: str
    note: str = ""


def steps(output: Output, staff: Mapping[int, Any], *, with_name: bool) -> list[Step]:
    """What happened, oldest first. with_name: whether the name of the file, which holds the recipient's number, is told."""

    def name(pk: int | None) -> str:
        person = staff.get(pk or 0)
        return f"{person.name}（{person.section.name}）" if person and person.section else person.name if person else ""

    found = [
        Step("依頼", output.requested_at, name(output.requested_by_id), f"依頼したときは{output.expected_count:,}名")
    ]
    if output.built_at:
        found.append(Step("作成", output.built_at, "", output.filename if with_name else ""))
    if output.decided_at:
        refused = bool(output.refusal)
        found.append(
            Step(
                "差し戻し" if refused else "受取人と件数の確認",
                output.decided_at,
                name(output.decided_by_id),
                output.get_refusal_display() if refused else "",
            )
        )
    if output.fetched_at:
        found.append(Step("取り出し", output.fetched_at, name(output.requested_by_id), "一度だけ"))
    if output.destroyed_at:
        who = name(output.destroyed_by_id) if output.destroyed_by_id else "夜間処理"
        found.append(Step("ファイルの廃棄", output.destroyed_at, who, "記録と要約値は残ります"))
    return found
