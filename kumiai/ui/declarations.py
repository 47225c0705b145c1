"""What a screen says when it touches nobody."""


class _NoPersonalData:
    """The declaration `activity = NO_PERSONAL_DATA`."""

    def __repr__(self) -> str:
        return "NO_PERSONAL_DATA"


NO_PERSONAL_DATA = _NoPersonalData()
