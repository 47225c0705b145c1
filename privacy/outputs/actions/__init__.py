"""The only writers of the door: files, recipients and what is agreed, what people asked for, what was received."""

from privacy.outputs.actions.files import (
    JOB,
    Fetched,
    checked_parameters,
    confirm,
    destroy,
    destroy_rows,
    fetch,
    hand_back,
    refuse,
    request_output,
    terms,
    withdraw,
)
from privacy.outputs.actions.recipients import (
    RECIPIENT_FIELDS,
    add_agreement,
    change_recipient,
    end_agreement,
    register_recipient,
    second_person_of,
    set_file,
)
from privacy.outputs.actions.wishes import (
    end_opt_out,
    end_suspension,
    record_receipt,
    register_opt_out,
    register_suspension,
)
from privacy.outputs.policies import Closed

__all__ = [
    "JOB",
    "RECIPIENT_FIELDS",
    "Closed",
    "Fetched",
    "add_agreement",
    "change_recipient",
    "checked_parameters",
    "confirm",
    "destroy",
    "destroy_rows",
    "end_agreement",
    "end_opt_out",
    "end_suspension",
    "fetch",
    "hand_back",
    "record_receipt",
    "refuse",
    "register_opt_out",
    "register_recipient",
    "register_suspension",
    "request_output",
    "second_person_of",
    "set_file",
    "terms",
    "withdraw",
]
