"""The published uses of 健康診査に関する情報, each its own work. Names are read under 各種保健事業の対象者の特定及び実施."""

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
        "checkups.ResultMap",
        "checkups.ArchiveContent",
        "checkups.ArchiveDocument",
        "checkups.Invoice",
        "checkups.CheckupKind",
        "checkups.Institution",
        "checkups.ContractPrice",
        "checkups.YearPlan",
        *SHELF.tables,
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
    writes=["checkups.Referral", "checkups.FollowUp", "checkups.Campaign", "checkups.Reminder", *SHELF.tables],
    menu="要医療",
    entry="checkups:referral-list",
    night=True,
)

# 各種保健事業: whom a programme addresses, by results. The lists are frozen; other programmes take them from here.
COHORT_TARGETING = Activity(
    "保健事業の対象者の特定",
    uses={Category.HEALTH_CHECKUP: Purpose.HEALTH_PROGRAM_TARGETING, **PEOPLE},
    writes=["checkups.Cohort", "checkups.CohortMember", *SHELF.tables],
    menu="対象者リスト",
    entry="checkups:cohort-list",
)

# 未受診者への受診勧奨. A campaign is in reach of the work it belongs to (`Campaign.aim`) and of no other. The night makes the list; each mail is written in its scope in the moment of sending.
CHECKUP_REMINDER = Activity(
    "未受診者への受診勧奨",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_REMINDER, **PEOPLE},
    writes=["checkups.Campaign", "checkups.Reminder", *SHELF.tables],
    menu="受診勧奨",
    entry="checkups:campaign-list",
    night=True,
)

# 健診申込状況及び健診結果の事業主・事業者への提供: files through the door; reads no judgement and no guidance.
EMPLOYER_PROVISION = Activity(
    "事業主への健診結果の提供",
    uses={Category.HEALTH_CHECKUP: Purpose.EMPLOYER_PROVISION, **PEOPLE},
    writes=[*SHELF.tables],
    menu="事業主への提供",
    entry="checkups:handover-list",
)

# 国への実績報告 (高確法142条1項・16条2項): counted, decided by a second person, sent as the archive of the standard.
CHECKUP_GOVERNMENT_REPORT = Activity(
    "国への実績報告",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_GOVERNMENT_REPORT, **PEOPLE},
    writes=[
        "checkups.GovernmentReport",
        "checkups.GovernmentReportLine",
        "checkups.GovernmentReportError",
        *SHELF.tables,
    ],
    menu="国への実績報告",
    entry="checkups:report-year",
)

# 高確法23条: everybody examined is told the result.
RESULT_NOTICE = Activity(
    "健診結果の通知",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_RESULT_NOTICE, **PEOPLE},
    writes=[*SHELF.tables],
    menu="結果の通知",
    entry="checkups:notice-list",
)

# オンライン資格確認等システム: results registered for the person's own view and for physicians, and the answers.
ONLINE_ELIGIBILITY_LINK = Activity(
    "オンライン資格確認への連携",
    uses={Category.HEALTH_CHECKUP: Purpose.ONLINE_ELIGIBILITY_LINK, **PEOPLE},
    writes=[
        "checkups.LinkBatch",
        "checkups.LinkLine",
        "checkups.AnswerFile",
        "checkups.AnswerContent",
        "checkups.AnswerLine",
        *SHELF.tables,
    ],
    menu="オンライン資格確認",
    entry="checkups:link-overview",
)

# The night: what is fetched or past its days is destroyed. Nobody is at the keyboard.
CHECKUP_KEEPING = Activity(
    "受け渡した健診ファイルの廃棄",
    uses={Category.HEALTH_CHECKUP: Purpose.USER_ADMINISTRATION},
    reads=[],
    writes=[SHELF.part, SHELF.content],
    night=True,
)

# No names: reads what was measured and nothing of who it was.
CHECKUP_ANALYSIS = Activity(
    "健診結果の分析",
    uses={Category.HEALTH_CHECKUP: Purpose.CHECKUP_ANALYSIS},
    reads=["checkups.CheckupResult"],
    menu="健診の分析",
    entry="checkups:analysis",
)
