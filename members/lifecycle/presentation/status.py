"""States as shape, word and colour."""

from kumiai.ui.status import StatusLabel, labelled
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
    return labelled(AgeState(state), _AGE)


def term_status(state: str) -> StatusLabel:
    return labelled(TermState(state), _TERM)
