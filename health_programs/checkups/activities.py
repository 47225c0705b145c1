"""The ten published uses of 健康診査に関する情報, each its own work. Names are read under 各種保健事業の対象者の特定及び実施."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import Shelf

SHELF = Shelf(
    Category.HEALTH_CHECKUP,
    part="checkups.CheckupPart",
    content="checkups.CheckupContent",
    subject="checkups.CheckupSubject",
    keeper="checkups.checkup_keeping",
)

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
        "checkups.ValueMap",
        *SHELF.tables,
    ],
    menu="健診",
    entry="checkups:target-list",
)

CHECKUP_REMINDER = Activity(
    "未受診者への受診勧奨",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_REMINDER, **PEOPLE},
    writes=["checkups.Campaign", "checkups.Reminder", *SHELF.tables],
    menu="受診勧奨",
    entry="checkups:campaign-list",
    night=True,
)

GUIDANCE_TARGETING = Activity(
    "保健指導対象者の特定",
    uses={Category.HEALTH_CHECKUP: Purpose.GUIDANCE_TARGETING, **PEOPLE},
    writes=["checkups.Stratification"],
    menu="階層化",
    entry="checkups:stratification-list",
    night=True,
)

PROGRAM_TARGETING = Activity(
    "保健事業の対象者リスト",
    uses={Category.HEALTH_CHECKUP: Purpose.HEALTH_PROGRAM_TARGETING, **PEOPLE},
    writes=["checkups.Cohort", "checkups.CohortMember", *SHELF.tables],
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

TREATMENT_RECOMMENDATION = Activity(
    "要医療者への受診勧奨",
    uses={Category.HEALTH_CHECKUP: Purpose.TREATMENT_RECOMMENDATION, **PEOPLE},
    writes=["checkups.Referral", "checkups.FollowUp", *SHELF.tables],
    menu="要医療",
    entry="checkups:referral-list",
)

GOVERNMENT_REPORT = Activity(
    "健診の国への実績報告",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_GOVERNMENT_REPORT, **PEOPLE},
    writes=[*SHELF.tables],
    menu="実績報告",
    entry="checkups:report",
)

ONLINE_ELIGIBILITY_LINK = Activity(
    "健診結果のオンライン資格確認への連携",
    uses={Category.HEALTH_CHECKUP: Purpose.ONLINE_ELIGIBILITY_LINK, **PEOPLE},
    writes=["checkups.LinkEntry", "checkups.LinkReply", *SHELF.tables],
    menu="健診の連携",
    entry="checkups:link-list",
)

EMPLOYER_PROVISION = Activity(
    "健診結果の事業主への提供",
    uses={Category.HEALTH_CHECKUP: Purpose.EMPLOYER_PROVISION, **PEOPLE},
    writes=[*SHELF.tables],
    menu="事業主への提供",
    entry="checkups:provision",
)

RESULT_NOTICE = Activity(
    "健診結果の通知",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_RESULT_NOTICE, **PEOPLE},
    writes=[*SHELF.tables],
    menu="結果の通知",
    entry="checkups:notice",
)

# The night: what is fetched or past its days is destroyed. Nobody is at the keyboard.
CHECKUP_KEEPING = Activity(
    "受け渡した健診ファイルの廃棄",
    uses={Category.HEALTH_CHECKUP: Purpose.USER_ADMINISTRATION},
    reads=[],
    writes=[SHELF.part, SHELF.content],
    night=True,
)
