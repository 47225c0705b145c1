"""The published uses of 健康診査に関する情報, each its own work. Names are read under 各種保健事業の対象者の特定及び実施."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

# Who people are: read by all of them, written by none.
PEOPLE = {Category.ELIGIBILITY_ADDRESS: Purpose.HEALTH_PROGRAM_TARGETING}

CHECKUP_ADMINISTRATION = Activity(
    "健診の実施",
    uses={Category.HEALTH_CHECKUP: Purpose.USER_ADMINISTRATION, **PEOPLE},
    writes=[
        "checkups.Target",
        "checkups.TargetExclusion",
        "checkups.Booking",
        "checkups.Voucher",
        "checkups.CheckupResult",
        "checkups.SubmittedIdentity",
        "checkups.ResultArchive",
        "checkups.ArchiveContent",
        "checkups.ArchiveDocument",
        "checkups.Invoice",
        "checkups.CheckupKind",
        "checkups.Institution",
        "checkups.ContractPrice",
        "checkups.YearPlan",
    ],
    menu="健診",
    entry="checkups:target-list",
)

GUIDANCE_TARGETING = Activity(
    "保健指導対象者の特定",
    uses={Category.HEALTH_CHECKUP: Purpose.GUIDANCE_TARGETING, **PEOPLE},
    writes=["checkups.Stratification"],
    menu="階層化",
    entry="checkups:stratification-list",
    night=True,
)

TREATMENT_RECOMMENDATION = Activity(
    "要医療者への受診勧奨",
    uses={Category.HEALTH_CHECKUP: Purpose.TREATMENT_RECOMMENDATION, **PEOPLE},
    writes=["checkups.Referral", "checkups.FollowUp"],
    menu="要医療",
    entry="checkups:referral-list",
)

# 各種保健事業: whom a programme addresses, by results. The lists are frozen; other programmes take them from here.
COHORT_TARGETING = Activity(
    "保健事業の対象者の特定",
    uses={Category.HEALTH_CHECKUP: Purpose.HEALTH_PROGRAM_TARGETING, **PEOPLE},
    writes=["checkups.Cohort", "checkups.CohortMember"],
    menu="対象者リスト",
    entry="checkups:cohort-list",
)

# No names: reads what was measured and nothing of who it was.
CHECKUP_ANALYSIS = Activity(
    "健診結果の分析",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_ANALYSIS},
    reads=["checkups.CheckupResult"],
    menu="健診の分析",
    entry="checkups:analysis",
)
