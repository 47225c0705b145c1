"""The door out: who may receive, what was agreed, every file that went through, and the records the law asks for.

`Recipient`, `Agreement`, `FileSetting`, `Output` and `Provision` are about nobody: organisations, ids, codes, counts,
states and digests. Whom a file was about stands in the tables of its shelf, behind the wall.
"""

from privacy.outputs.models.files import Output, Provision
from privacy.outputs.models.organisations import Agreement, FileSetting, Recipient
from privacy.outputs.models.people import (
    AboutPerson,
    EligibilityContent,
    EligibilityPart,
    EligibilitySubject,
    OptOut,
    Receipt,
    ReceiptPerson,
    Suspension,
)

__all__ = [
    "AboutPerson",
    "Agreement",
    "EligibilityContent",
    "EligibilityPart",
    "EligibilitySubject",
    "FileSetting",
    "OptOut",
    "Output",
    "Provision",
    "Receipt",
    "ReceiptPerson",
    "Recipient",
    "Suspension",
]
