"""未受診者への受診勧奨, on paper: the same words as the mail, for those who have no mail address."""

from __future__ import annotations

from typing import Any

from health_programs.checkups.letters.common import ADDRESS_ITEMS, Values, document_data, text, window
from kumiai.documents import render
from privacy.outputs.kinds import Document
from privacy.outputs.letters import frame_of

TEMPLATE = "checkups/reminder_letter"
ITEMS = (
    *ADDRESS_ITEMS,
    ("number", "記号-番号-枝番"),
    ("subject", "件名"),
    ("body", "本文"),
)


def letter(values: Values) -> dict[str, Any]:
    """One letter as the template reads it: the text by paragraphs, a line break within them kept."""
    paragraphs = [part.split("\n") for part in text(values, "body").strip().split("\n\n") if part.strip()]
    return {
        "window": window(values),
        "number": text(values, "number"),
        "title": text(values, "subject"),
        "paragraphs": paragraphs,
    }


def letter_pdf(document: Document) -> bytes:
    data = document_data((letter(row.values) for row in document.rows), document)
    return render(TEMPLATE, data, frame=frame_of(document))
