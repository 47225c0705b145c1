"""What the letters share: who sends them, the window for the address, and the frame that says what they are for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings

from kumiai.documents import Frame
from kumiai.ui.formats import format_wareki
from members.enrollment.queries.addressees import Addressee
from privacy.outputs.kinds import Document, Value

Values = Mapping[str, Value]
ADDRESS_ITEMS = (("postal_code", "郵便番号"), ("address", "住所"), ("to", "宛名"))


def frame_of(document: Document) -> Frame:
    """What every page of the document says of its leaving."""
    footer = document.footer
    return Frame(
        title=document.title,
        association=settings.ASSOCIATION["name"],
        activity=footer.activity,
        uses=tuple(footer.purposes),
        person=footer.staff,
        at=footer.at,
        count=footer.count,
        unit=footer.unit,
        record=f"受け渡し番号 {footer.number}",
    )


def sender() -> dict[str, str]:
    """The association, at the right of a letter and in its last line."""
    return {
        name: str(settings.ASSOCIATION.get(name, ""))
        for name in ("name", "postal_code", "address", "representative", "contact", "insurer_number")
    }


def address_values(person: Addressee) -> dict[str, Value]:
    """The cells of the window."""
    return {"postal_code": person.postal_code, "address": person.address, "to": person.to}


def text(values: Values, code: str) -> str:
    """A cell as text; empty where the column was not agreed."""
    found = values.get(code)
    return "" if found is None else str(found)


def window(values: Values) -> dict[str, str]:
    """The address as it stands in the window of the envelope."""
    postal = text(values, "postal_code")
    return {
        "postal": f"〒{postal[:3]}-{postal[3:]}" if len(postal) == 7 else postal,
        "address": text(values, "address"),
        "to": text(values, "to"),
    }


def wareki(values: Values, code: str) -> str:
    """A date cell in the Japanese calendar."""
    found = values.get(code)
    if found is None or found == "":
        return ""
    return format_wareki(found if isinstance(found, date) else date.fromisoformat(str(found)))


def packed(value: Any) -> str:
    """Several facts as one cell of the door."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpacked(values: Values, code: str, otherwise: Any) -> Any:
    """What `packed` was given; `otherwise` where the column was not agreed."""
    found = values.get(code)
    return json.loads(str(found)) if found else otherwise


def document_data(letters: Iterable[dict[str, Any]], document: Document) -> dict[str, Any]:
    """What every template reads: the letters, the day and the sender."""
    return {"letters": list(letters), "issued": format_wareki(document.footer.at.date()), "sender": sender()}
