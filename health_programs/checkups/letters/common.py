"""What the letters share: the window for the address, and facts that travel as one cell of the door."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kumiai.ui.formats import format_wareki
from members.enrollment.queries.letters import Postal
from privacy.outputs.kinds import Document, Value
from privacy.outputs.letters import sender

Values = Mapping[str, Value]
ADDRESS_ITEMS = (("postal_code", "郵便番号"), ("address", "住所"), ("to", "宛名"))


def address_values(person: Postal) -> dict[str, Value]:
    """The cells of the window; a letter abroad has the country before its lines."""
    between = "" if person.postal_code else " "
    address = f"{person.town}{between}{person.street}" if person.reachable else ""
    return {"postal_code": person.postal_code, "address": address, "to": person.addressee}


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
