"""The status of a member's qualification as shape, word and colour."""

from kumiai.ui.status import StatusLabel, labelled
from members.enrollment.enums import Status

PROTECTED = StatusLabel("保護対象", "■", "special")
_LABELS = {
    Status.ACTIVE: ("●", "good"),
    Status.VOLUNTARY: ("◐", "between"),
    Status.FUTURE: ("◐", "between"),
    Status.ENDING: ("◐", "between"),
    Status.ENDED: ("○", "ended"),
    Status.NONE: ("○", "ended"),
    Status.MERGED: ("○", "ended"),
}


def status_label(status: str) -> StatusLabel:
    return labelled(Status(status), _LABELS)
