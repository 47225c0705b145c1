"""What every PDF of the door shares: its head and foot, and the association as the sender of a letter."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from kumiai.documents import Frame
from privacy.outputs.kinds import Document, kind_of


def frame_of(document: Document) -> Frame:
    """What every page of the document says of its leaving."""
    footer, statute = document.footer, kind_of(document.order.kind).activity.statute
    return Frame(
        title=document.title,
        association=settings.ASSOCIATION["name"],
        activity=footer.activity,
        uses=tuple(footer.purposes),
        statute=statute.article if statute else "",
        person=footer.staff,
        at=footer.at,
        count=footer.count,
        unit=footer.unit,
        record=f"受け渡し番号 {footer.number}",
    )


def sender() -> dict[str, Any]:
    """The association as a letter names it: name, postal_code, address, representative, contact."""
    return {
        name: settings.ASSOCIATION[name] for name in ("name", "postal_code", "address", "representative", "contact")
    }
