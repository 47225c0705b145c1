"""Headings that group the rows of the notice on screen and on paper. They are ours, not published text."""

from privacy.notice.register import Category

OTHER = "その他の情報"

HEADINGS: dict[str, tuple[Category, ...]] = {
    "資格と収入": (
        Category.ELIGIBILITY_ADDRESS,
        Category.INCOME,
        Category.DEPENDANT_HOUSEHOLD,
        Category.SUBSEQUENT_INSURER,
    ),
    "給付・レセプト・口座": (Category.CASH_BENEFIT, Category.MEDICAL_CLAIM, Category.BANK_ACCOUNT),
    "健診と保健指導": (Category.HEALTH_CHECKUP, Category.HEALTH_GUIDANCE),
    "保健事業": (
        Category.SUBSIDY,
        Category.RECREATION_FACILITY,
        Category.CHILDCARE_BOOK,
        Category.DISEASE_PROGRESSION_PREVENTION,
        Category.HEALTH_PROMOTION,
        Category.CHILD_HEALTH,
        Category.DRUG_COST_AND_PROPER_USE_NOTICE,
        Category.SELF_MEDICATION,
        Category.SPORTS_CLUB,
        Category.SENIOR_PREVENTION,
        Category.SMOKING_CESSATION,
    ),
    "審査と求償のための情報": (Category.LABOUR_STATUS, Category.TREATMENT_INQUIRY, Category.THIRD_PARTY_ACT),
    "議員と従業員": (Category.ASSEMBLY_MEMBER, Category.EMPLOYEE),
}

_BY_CODE = {str(category): title for title, categories in HEADINGS.items() for category in categories}


def heading_of(code: str) -> str:
    """The heading of a category's code; その他 for a code only a later version knows."""
    return _BY_CODE.get(code, OTHER)
