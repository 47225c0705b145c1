"""The published uses that the member register exercises."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

MEMBER_ADMINISTRATION = Activity(
    "加入者の管理",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[
        "enrollment.Member",
        "enrollment.EligibilityPeriod",
        "enrollment.DependantPeriod",
        "enrollment.Address",
        "enrollment.ProtectedAddress",
        "enrollment.ContactPoint",
        "enrollment.ProtectedContact",
        "enrollment.Protection",
        "enrollment.ProtectionClerk",
        "enrollment.ChangeReport",
        "enrollment.NameToken",
        "enrollment.SavedSearch",
    ],
    access_log=True,
    menu="加入者",
    entry="enrollment:member-list",
)
