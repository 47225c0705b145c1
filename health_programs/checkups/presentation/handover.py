"""Values of a result in words, as an employer reads them."""

from __future__ import annotations

from health_programs.checkups.files.documents import ABOVE, BELOW, MEASURED, NOT_MEASURED, REFUSED
from health_programs.checkups.measures import MEASURE
from health_programs.checkups.models import CheckupResult
from health_programs.checkups.presentation.sheet import figure

STATES = {NOT_MEASURED: "未実施", REFUSED: "受診者が拒否", BELOW: "測定できる値より低い", ABOVE: "測定できる値より高い"}


def told(result: CheckupResult) -> dict[str, str]:
    """Key of an item → its value in words, with the unit; what was not measured or refused says so."""
    found: dict[str, str] = {}
    for one in result.observations:
        key, state = one.get("key"), one.get("state", MEASURED)
        if not key or key in found:
            continue
        if state in (NOT_MEASURED, REFUSED):
            found[key] = STATES[state]
        elif key in MEASURE:
            measure = MEASURE[key]
            number = getattr(result, key)
            words = f"{figure(number, measure.digits)}{measure.unit}" if number is not None else ""
            found[key] = f"{words}（{STATES[state]}）" if state in STATES else words
        else:
            found[key] = str(one.get("text") or one.get("value") or one.get("coded") or "")
    return {key: words for key, words in found.items() if words}
