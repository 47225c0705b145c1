"""Why an action on a filing did not happen."""

from __future__ import annotations

from typing import Any

from members.filings.policies import UnableToMove


class UnableToFile(UnableToMove):
    """The filing cannot be saved or processed; the text is a sentence for the clerk."""


class StaleFiling(UnableToFile):
    """Somebody saved the filing meanwhile. `contents` is what stands now, `filing` the row as it is."""

    def __init__(self, filing: Any, contents: dict[str, Any], changed_by: int | None, changed_at: Any) -> None:
        super().__init__("あなたが開いたあとに、ほかの職員がこの届を保存しました。")
        self.filing = filing
        self.contents = contents
        self.changed_by = changed_by
        self.changed_at = changed_at
