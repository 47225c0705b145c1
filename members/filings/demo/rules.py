"""Which filings a second person approves, as the invented association has set it."""

from __future__ import annotations

from members.filings.enums import FilingKind
from members.filings.models import FilingRule

RULES = (
    (FilingKind.VOLUNTARY, True, True, "事務決裁規程（見本）第7条"),
    (FilingKind.DEPENDANT, False, True, "事務決裁規程（見本）第8条"),
    (FilingKind.ACQUISITION, False, True, "事務決裁規程（見本）第8条"),
    (FilingKind.LOSS, False, True, "事務決裁規程（見本）第8条"),
)


def load() -> None:
    """The rules, set once. Runs as the owner."""
    for kind, second, corrections, basis in RULES:
        FilingRule.objects.get_or_create(
            kind=kind,
            defaults={"second_person": second, "second_person_corrections": corrections, "basis": basis},
        )
