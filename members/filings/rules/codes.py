"""The codes the rules know: those of `enums`, without Django."""

from enum import StrEnum


class Kind(StrEnum):
    """種別 of a filing."""

    ACQUISITION = "acquisition"
    LOSS = "loss"
    DEPENDANT = "dependant"
    NAME_CHANGE = "name_change"
    ADDRESS_CHANGE = "address_change"
    VOLUNTARY = "voluntary"


class Role(StrEnum):
    """届, 訂正届, 取消届."""

    NEW = "new"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"


class Change(StrEnum):
    """追加, 削除 of a dependant."""

    ADD = "add"
    REMOVE = "remove"


class Level(StrEnum):
    """How much a finding of the checks weighs: an error stops, a warning asks to look, information only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
