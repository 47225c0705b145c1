"""The only writers of the filings."""

from members.filings.actions.attachments import attach, withdraw_attachment
from members.filings.actions.entry import Entry, edit, resubmit, save_new, withdraw
from members.filings.actions.errors import StaleFiling, UnableToFile
from members.filings.actions.processing import Meaning, approve, process, voluntary_facts
from members.filings.actions.steps import request_approval, return_to_employer, send_back

__all__ = [
    "Entry",
    "Meaning",
    "StaleFiling",
    "UnableToFile",
    "approve",
    "attach",
    "edit",
    "process",
    "request_approval",
    "resubmit",
    "return_to_employer",
    "save_new",
    "send_back",
    "voluntary_facts",
    "withdraw",
    "withdraw_attachment",
]
