"""現金給付: applications, what they say, what was computed and decided, what came back, and what the association sets."""

from benefits.cash.models.case import Case, CaseDocument, CaseFinding, CaseStep
from benefits.cash.models.certificate_file import CertificateFile, CertificateLine
from benefits.cash.models.decisions import Calculation, Decision, Instalment, Recalculation, Recovery, Repayment
from benefits.cash.models.facts import Birth, Death, FuneralItem, Pension, Restriction, Sickness, Trip
from benefits.cash.models.inquiry import InquiryState, Opinion, TreatmentInquiry
from benefits.cash.models.labour import LabourCertificate, LabourPay
from benefits.cash.models.number_act import (
    AccountAnswer,
    BenefitCopy,
    LinkAnswerFile,
    LinkAnswerLine,
    LinkBatch,
    LinkInquiry,
    LinkRecord,
    PensionAnswer,
)
from benefits.cash.models.settings import Budget, CaseCounter, DailyAddition, LumpAddition, MonthClose
from benefits.cash.models.shelf import BenefitContent, BenefitPart, BenefitSubject

__all__ = [
    "AccountAnswer",
    "BenefitContent",
    "BenefitPart",
    "BenefitSubject",
    "BenefitCopy",
    "Birth",
    "Budget",
    "Calculation",
    "Case",
    "CaseCounter",
    "CaseDocument",
    "CaseFinding",
    "CaseStep",
    "DailyAddition",
    "CertificateFile",
    "CertificateLine",
    "Death",
    "Decision",
    "FuneralItem",
    "InquiryState",
    "Instalment",
    "LabourCertificate",
    "LabourPay",
    "LinkAnswerFile",
    "LinkAnswerLine",
    "LinkBatch",
    "LinkInquiry",
    "LinkRecord",
    "LumpAddition",
    "MonthClose",
    "Opinion",
    "Pension",
    "PensionAnswer",
    "Recalculation",
    "Recovery",
    "Repayment",
    "Restriction",
    "Sickness",
    "TreatmentInquiry",
    "Trip",
]
