"""The register: the categories of personal information and the purposes the association publishes for each.

The codes are constants, because screens and rules name them; labels and order come from `data/register.json`, exactly as
published. The key of a use is the pair: the same words in two rows are two uses.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "register.json"


class Category(StrEnum):
    """個人情報の類型, in published order."""

    ELIGIBILITY_ADDRESS = "eligibility_address"
    INCOME = "income"
    DEPENDANT_HOUSEHOLD = "dependant_household"
    SUBSEQUENT_INSURER = "subsequent_insurer"
    CASH_BENEFIT = "cash_benefit"
    MEDICAL_CLAIM = "medical_claim"
    BANK_ACCOUNT = "bank_account"
    HEALTH_CHECKUP = "health_checkup"
    HEALTH_GUIDANCE = "health_guidance"
    SUBSIDY = "subsidy"
    RECREATION_FACILITY = "recreation_facility"
    CHILDCARE_BOOK = "childcare_book"
    DISEASE_PROGRESSION_PREVENTION = "disease_progression_prevention"
    HEALTH_PROMOTION = "health_promotion"
    CHILD_HEALTH = "child_health"
    DRUG_COST_AND_PROPER_USE_NOTICE = "drug_cost_and_proper_use_notice"
    SELF_MEDICATION = "self_medication"
    SPORTS_CLUB = "sports_club"
    SENIOR_PREVENTION = "senior_prevention"
    SMOKING_CESSATION = "smoking_cessation"
    LABOUR_STATUS = "labour_status"
    TREATMENT_INQUIRY = "treatment_inquiry"
    THIRD_PARTY_ACT = "third_party_act"
    ASSEMBLY_MEMBER = "assembly_member"
    EMPLOYEE = "employee"


class Purpose(StrEnum):
    """利用目的. A code may stand in several rows; only with its category is it a published use."""

    MEMBER_ADMINISTRATION = "member_administration"
    STANDARD_REMUNERATION = "standard_remuneration"
    PREMIUM_COLLECTION = "premium_collection"
    CERTIFICATE_ISSUANCE = "certificate_issuance"
    ONLINE_ELIGIBILITY_LINK = "online_eligibility_link"
    NUMBER_ACT_LINK = "number_act_link"
    RESIDENT_REGISTER_CHECK = "resident_register_check"
    MY_PORTAL_LINK = "my_portal_link"
    HEALTH_PROGRAM_TARGETING = "health_program_targeting"
    DEPENDANT_CERTIFICATION = "dependant_certification"
    ELIGIBILITY_CERTIFICATE_ISSUANCE = "eligibility_certificate_issuance"
    CLAIM_TRANSFER = "claim_transfer"
    INSURER_ADJUSTMENT = "insurer_adjustment"
    BENEFIT_REVIEW_PAYMENT = "benefit_review_payment"
    MEDICAL_COST_NOTICE = "medical_cost_notice"
    MEDICAL_COST_ANALYSIS = "medical_cost_analysis"
    HIGH_COST_GRANT_APPLICATION = "high_cost_grant_application"
    BENEFIT_PAYMENT = "benefit_payment"
    SUBSIDY_PAYMENT = "subsidy_payment"
    PREMIUM_REFUND = "premium_refund"
    USER_ADMINISTRATION = "user_administration"
    CHECKUP_REMINDER = "checkup_reminder"
    GUIDANCE_TARGETING = "guidance_targeting"
    CHECKUP_ANALYSIS = "checkup_analysis"
    TREATMENT_RECOMMENDATION = "treatment_recommendation"
    CHECKUP_GOVERNMENT_REPORT = "checkup_government_report"
    EMPLOYER_PROVISION = "employer_provision"
    CHECKUP_RESULT_NOTICE = "checkup_result_notice"
    GUIDANCE_REMINDER = "guidance_reminder"
    GUIDANCE_ANALYSIS = "guidance_analysis"
    GUIDANCE_GOVERNMENT_REPORT = "guidance_government_report"
    SUBSIDY_REVIEW_PAYMENT = "subsidy_review_payment"
    EFFECT_EVALUATION = "effect_evaluation"
    APPLICATION_REVIEW = "application_review"
    CHILDCARE_BOOK_DISPATCH = "childcare_book_dispatch"
    PROGRAM_REMINDER = "program_reminder"
    ENROLMENT_REVIEW = "enrolment_review"
    PARTICIPATION_AWARD_DISPATCH = "participation_award_dispatch"
    SICKNESS_ALLOWANCE_REVIEW_PAYMENT = "sickness_allowance_review_payment"
    MATERNITY_ALLOWANCE_REVIEW_PAYMENT = "maternity_allowance_review_payment"
    MEDICAL_EXPENSE_REVIEW_PAYMENT = "medical_expense_review_payment"
    SUBROGATION = "subrogation"
    ASSEMBLY_BOARD_CONTACT = "assembly_board_contact"
    ELECTION = "election"
    TRAINING = "training"
    EMPLOYMENT_ADMINISTRATION = "employment_administration"
    WELFARE_BENEFITS = "welfare_benefits"


def load_register(path: Path) -> dict[str, Any]:
    """A register file as parsed JSON: categories with their purposes, and the number of published uses."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def register() -> dict[str, Any]:
    """The register as parsed from its file."""
    return load_register(DATA)


@cache
def labels() -> dict[tuple[Category, Purpose], tuple[str, str]]:
    """(category, purpose) → (類型, 利用目的) as published, in published order."""
    return {
        (Category(row["code"]), Purpose(purpose["code"])): (
            row["label"],
            purpose["label"],
        )
        for row in register()["categories"]
        for purpose in row["purposes"]
    }


def pairs() -> tuple[tuple[Category, Purpose], ...]:
    """Every published use in published order."""
    return tuple(labels())


PUBLISHED: frozenset[tuple[Category, Purpose]] = frozenset(labels())


def key(category: Category | str, purpose: Purpose | str) -> str:
    """The permanent name of a use: "category.purpose"."""
    return f"{category}.{purpose}"


def category_label(category: Category) -> str:
    """類型 as published."""
    return next(row["label"] for row in register()["categories"] if row["code"] == category)


def purpose_label(category: Category, purpose: Purpose) -> str:
    """利用目的 as published for this category; the code itself for a pair that is not published."""
    found = labels().get((category, purpose))
    return found[1] if found else str(purpose)
