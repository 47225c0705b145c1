"""宛名ラベル: twelve to a page of A4 (two by six, 86.4 × 42.3 mm), the purpose and the foot in the margins of the sheet."""

from __future__ import annotations

from health_programs.checkups.letters.common import ADDRESS_ITEMS, document_data, text, window
from kumiai.documents import render
from privacy.outputs.kinds import Document
from privacy.outputs.letters import frame_of

TEMPLATE = "checkups/labels"
ITEMS = (*ADDRESS_ITEMS, ("kana", "氏名（カナ）"), ("number", "記号-番号-枝番"))


def labels_pdf(document: Document) -> bytes:
    """A label for each of the door's rows, in their order."""
    labels = [window(row.values) | {"number": text(row.values, "number")} for row in document.rows]
    return render(TEMPLATE, document_data(labels, document), frame=frame_of(document))
