"""The status of a member's qualification as shape, word and colour."""

from dataclasses import dataclass

from members.enrollment.enums import Status


@dataclass(frozen=True)
class StatusLabel:
    """`tone` is one of the five of the interface: good, between, needs, ended, special."""

    label: str
    mark: str
    tone: str


PROTECTED = StatusLabel("保護対象", "■", "special")
_LABELS = {
    Status.ACTIVE: ("●", "good"),
    Status.VOLUNTARY: ("◐", "between"),
    Status.FUTURE: ("◐", "between"),
    Status.ENDING: ("◐", "between"),
    Status.ENDED: ("○", "ended"),
    Status.NONE: ("○", "ended"),
}


def status_label(status: str) -> StatusLabel:
    known = Status(status)
    mark, tone = _LABELS[known]
    return StatusLabel(str(known.label), mark, tone)
