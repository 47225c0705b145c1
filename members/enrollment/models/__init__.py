"""加入者台帳: employers, members, and the periods of what is true of them.

Periods are date ranges with an inclusive start and an exclusive end; two of the same person never overlap, which the
database itself refuses. Every personal row carries `member`, the person it is about.
"""

from members.enrollment.models.addresses import (
    Address,
    AddressFields,
    ContactFields,
    ContactPoint,
    MailingAddress,
    MailingFields,
    ProtectedAddress,
    ProtectedContact,
    ProtectedMailingAddress,
)
from members.enrollment.models.base import Eligibility, PeriodQuerySet, no_overlap, real_period
from members.enrollment.models.employers import Employer
from members.enrollment.models.members import FormerNumber, Member
from members.enrollment.models.periods import ConcurrentEmployment, DependantPeriod, EligibilityPeriod
from members.enrollment.models.protection import Protection, ProtectionClerk
from members.enrollment.models.reports import ChangeReport, ProtectedChange, ReceiptCounter
from members.enrollment.models.searching import MoveList, NameToken, SavedSearch

__all__ = [
    "Address",
    "AddressFields",
    "ChangeReport",
    "ConcurrentEmployment",
    "ContactFields",
    "ContactPoint",
    "DependantPeriod",
    "Eligibility",
    "EligibilityPeriod",
    "Employer",
    "FormerNumber",
    "MailingAddress",
    "MailingFields",
    "Member",
    "MoveList",
    "NameToken",
    "PeriodQuerySet",
    "ProtectedAddress",
    "ProtectedChange",
    "ProtectedContact",
    "ProtectedMailingAddress",
    "Protection",
    "ProtectionClerk",
    "ReceiptCounter",
    "SavedSearch",
    "no_overlap",
    "real_period",
]
