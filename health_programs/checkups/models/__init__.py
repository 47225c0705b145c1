from health_programs.checkups.models.campaigns import Campaign, Reminder
from health_programs.checkups.models.cohorts import Cohort, CohortMember
from health_programs.checkups.models.government import (
    GovernmentReport,
    GovernmentReportError,
    GovernmentReportLine,
)
from health_programs.checkups.models.imports import ArchiveContent, ArchiveDocument, Invoice, ResultArchive
from health_programs.checkups.models.judgements import FollowUp, Referral, Stratification
from health_programs.checkups.models.maps import ResultMap
from health_programs.checkups.models.online_eligibility import (
    AnswerContent,
    AnswerFile,
    AnswerLine,
    LinkBatch,
    LinkLine,
)
from health_programs.checkups.models.plans import CheckupKind, ContractPrice, Institution, YearPlan
from health_programs.checkups.models.results import CheckupResult, SubmittedIdentity
from health_programs.checkups.models.shelf import CheckupContent, CheckupPart, CheckupSubject
from health_programs.checkups.models.targets import Booking, Target, TargetExclusion, Voucher

__all__ = [
    "AnswerContent",
    "AnswerFile",
    "AnswerLine",
    "ArchiveContent",
    "ArchiveDocument",
    "Booking",
    "Campaign",
    "CheckupContent",
    "CheckupKind",
    "CheckupPart",
    "CheckupResult",
    "CheckupSubject",
    "Cohort",
    "CohortMember",
    "ContractPrice",
    "FollowUp",
    "GovernmentReport",
    "GovernmentReportError",
    "GovernmentReportLine",
    "Institution",
    "Invoice",
    "LinkBatch",
    "LinkLine",
    "Referral",
    "Reminder",
    "ResultArchive",
    "ResultMap",
    "Stratification",
    "SubmittedIdentity",
    "Target",
    "TargetExclusion",
    "Voucher",
    "YearPlan",
]
