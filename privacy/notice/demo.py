"""Grants of the invented sections in demo mode: who does which work under the notice."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from kumiai.accounts.demo import ADMINISTRATORS, HEADS, PERSONAS, OnlyInDemoMode
from kumiai.accounts.models import User
from privacy.notice.actions import grant
from privacy.notice.models import PublishedUse, SectionHead
from privacy.notice.register import PUBLISHED, Category, Purpose, key

HEADS_SINCE = date(2026, 4, 1)
VIEW = ("view",)
WORK = ("view", "change")
ALL = ("view", "change", "export", "decide")

Use = tuple[Category, Purpose]


def _uses(*categories: Category) -> list[Use]:
    return [(category, purpose) for category, purpose in sorted(PUBLISHED) if category in categories]


ENROLMENT = _uses(
    Category.ELIGIBILITY_ADDRESS, Category.INCOME, Category.DEPENDANT_HOUSEHOLD, Category.SUBSEQUENT_INSURER
)
BENEFITS = _uses(
    Category.CASH_BENEFIT,
    Category.MEDICAL_CLAIM,
    Category.BANK_ACCOUNT,
    Category.LABOUR_STATUS,
    Category.TREATMENT_INQUIRY,
    Category.THIRD_PARTY_ACT,
)
HEALTH_PROGRAMS = _uses(
    Category.HEALTH_CHECKUP,
    Category.HEALTH_GUIDANCE,
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
)
MEMBERS: Use = (Category.ELIGIBILITY_ADDRESS, Purpose.MEMBER_ADMINISTRATION)
TARGETING: Use = (Category.ELIGIBILITY_ADDRESS, Purpose.HEALTH_PROGRAM_TARGETING)
NUMBER_LINK: Use = (Category.ELIGIBILITY_ADDRESS, Purpose.NUMBER_ACT_LINK)
ACCESS: Use = (Category.EMPLOYEE, Purpose.EMPLOYMENT_ADMINISTRATION)


def grants_of_demo() -> dict[str, list[tuple[Use, tuple[str, ...]]]]:
    """Section → uses and operations.

    The benefits section reads the register under 加入者の管理; the health programme section never does, and sees people
    only as those a programme is for. General affairs (総務課) holds nothing.
    """
    return {
        "適用課": [(use, WORK if use == NUMBER_LINK else ALL) for use in ENROLMENT if use != TARGETING],
        "給付課": [*((use, ALL) for use in BENEFITS), (MEMBERS, VIEW), (NUMBER_LINK, VIEW)],
        "保健事業課": [*((use, ALL) for use in HEALTH_PROGRAMS), (TARGETING, ALL)],
        ADMINISTRATORS: [(ACCESS, ALL)],
        HEADS: [(ACCESS, ("view", "decide"))],
        "総務課": [],
    }


@transaction.atomic
def grant_demo() -> int:
    """Give the sections of demo mode their grants; how many were new. Refused outside demo mode."""
    if not settings.DEMO_MODE:
        raise OnlyInDemoMode
    uses = {use.key: use for use in PublishedUse.objects.all()}
    _name_heads()
    return sum(_grant_section(section, lines, uses) for section, lines in grants_of_demo().items())


def _name_heads() -> None:
    """Heads of sections since the beginning of the year; a section whose head has left has none."""
    for persona in PERSONAS:
        head = User.objects.filter(staff_number=persona.staff_number).select_related("section").first()
        if persona.head and head is not None and head.section is not None:
            SectionHead.objects.get_or_create(group=head.section, user=head, defaults={"period": (HEADS_SINCE, None)})


def _grant_section(section: str, lines: Iterable[tuple[Use, tuple[str, ...]]], uses: dict[str, PublishedUse]) -> int:
    group, _created = Group.objects.get_or_create(name=section)
    made = 0
    for (category, purpose), operations in lines:
        basis = f"{section}の分掌（デモ用）"
        made += len(grant(use=uses[key(category, purpose)], group=group, operations=operations, basis=basis, by=None))
    return made
