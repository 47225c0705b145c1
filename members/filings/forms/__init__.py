"""The forms of the filings."""

from members.filings.forms.base import PAGE_FIELDS, FilingForm, card_text
from members.filings.forms.kinds import form_class_of
from members.filings.forms.small import AttachmentForm, ReturnForm, SendBackForm, VersionForm

__all__ = [
    "PAGE_FIELDS",
    "AttachmentForm",
    "FilingForm",
    "ReturnForm",
    "SendBackForm",
    "VersionForm",
    "card_text",
    "form_class_of",
]
