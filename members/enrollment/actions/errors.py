"""Why a change cannot be made, in a sentence for the clerk."""

from __future__ import annotations

from typing import Any


class UnableToChange(Exception):
    """The change cannot be made; the text is a sentence for the clerk."""


class StaleVersion(UnableToChange):
    """Somebody saved meanwhile. `current` is what stands now, by field."""

    def __init__(self, current: dict[str, Any], version: int, changed_by: int | None, changed_at: Any) -> None:
        super().__init__("あなたが開いたあとに、ほかの職員が保存しました。")
        self.current = current
        self.version = version
        self.changed_by = changed_by
        self.changed_at = changed_at
