"""The only writers of the register. Every action is atomic, takes `by` and the version the clerk saw, locks the member,
and raises a sentence: UnableToChange, StaleVersion."""

from members.enrollment.actions.addresses import (
    ABROAD_FIELDS,
    ADDRESS_FIELDS,
    address_model,
    address_values,
    change_address,
    correct_address,
    current_address,
    current_mailing,
    mailing_values,
    set_mailing_address,
)
from members.enrollment.actions.cancellations import cancel_change, check_can_cancel
from members.enrollment.actions.common import ADDRESS_KINDS, NAME_FIELDS, OTHER_NAME_FIELDS, Person, Report
from members.enrollment.actions.concurrent import add_concurrent, choose_main_employer, end_concurrent
from members.enrollment.actions.contacts import contacts_of, set_contact
from members.enrollment.actions.corrections import correct_acquisition_date, correct_loss_date
from members.enrollment.actions.dependants import (
    cancel_certification,
    cancel_removal,
    certify_dependant,
    correct_certification_date,
    correct_removal_date,
    remove_dependant,
)
from members.enrollment.actions.eligibility import (
    acquire,
    cancel_acquisition,
    cancel_loss,
    correct_received_date,
    lose,
    transfer,
)
from members.enrollment.actions.errors import StaleVersion, UnableToChange
from members.enrollment.actions.merging import join_rows, merge_duplicates
from members.enrollment.actions.moving import MovePlan, members_left, plan_move
from members.enrollment.actions.names import change_name, change_sex, names_of, other_names_of, set_other_names
from members.enrollment.actions.previews import Preview, preview, reports_since
from members.enrollment.actions.protecting import end_protection, name_clerks, protect
from members.enrollment.actions.receipts import mint_receipt_number
from members.enrollment.actions.searches import save_search
from members.enrollment.actions.spans import same_person
from members.enrollment.actions.voluntary import end_voluntary, enter_voluntary

__all__ = [
    "ABROAD_FIELDS",
    "ADDRESS_FIELDS",
    "ADDRESS_KINDS",
    "NAME_FIELDS",
    "OTHER_NAME_FIELDS",
    "Person",
    "Report",
    "StaleVersion",
    "UnableToChange",
    "MovePlan",
    "Preview",
    "members_left",
    "plan_move",
    "acquire",
    "add_concurrent",
    "address_model",
    "address_values",
    "cancel_acquisition",
    "cancel_certification",
    "cancel_change",
    "cancel_loss",
    "cancel_removal",
    "certify_dependant",
    "change_address",
    "change_name",
    "change_sex",
    "check_can_cancel",
    "correct_acquisition_date",
    "correct_address",
    "correct_certification_date",
    "contacts_of",
    "correct_loss_date",
    "correct_received_date",
    "correct_removal_date",
    "choose_main_employer",
    "current_address",
    "current_mailing",
    "end_concurrent",
    "end_protection",
    "name_clerks",
    "protect",
    "end_voluntary",
    "join_rows",
    "merge_duplicates",
    "preview",
    "reports_since",
    "same_person",
    "enter_voluntary",
    "lose",
    "mailing_values",
    "mint_receipt_number",
    "names_of",
    "other_names_of",
    "remove_dependant",
    "save_search",
    "set_contact",
    "set_mailing_address",
    "set_other_names",
    "transfer",
]
