"""States as shape, word and colour."""

from members.enrollment.presentation.status import StatusLabel
from members.lifecycle.enums import AgeState, TermState

_AGE = {
    AgeState.PLANNED: ("○", "ended"),
    AgeState.ANNOUNCED: ("◐", "between"),
    AgeState.HELD: ("▲", "care"),
    AgeState.PROCESSED: ("●", "good"),
    AgeState.CANCELLED: ("○", "ended"),
}
_TERM = {
    TermState.RUNNING: ("◐", "between"),
    TermState.ENDING: ("▲", "care"),
    TermState.ENDED: ("○", "ended"),
    TermState.NEVER: ("○", "ended"),
    TermState.REFUSED: ("○", "ended"),
    TermState.UNDONE: ("○", "ended"),
}


def age_status(state: str) -> StatusLabel:
    known = AgeState(state)
    mark, tone = _AGE[known]
    return StatusLabel(str(known.label), mark, tone)


def term_status(state: str) -> StatusLabel:
    known = TermState(state)
    mark, tone = _TERM[known]
    return StatusLabel(str(known.label), mark, tone)
