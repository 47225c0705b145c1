"""The published uses that the member register exercises."""

from privacy.activities import Activity, Statute
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import ELIGIBILITY_SHELF

# The tables of the register itself: whoever keeps the register writes these.
REGISTER = (
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
    "enrollment.ProtectedChange",
    "enrollment.FormerNumber",
    "enrollment.ConcurrentEmployment",
    "enrollment.MailingAddress",
    "enrollment.ProtectedMailingAddress",
    "enrollment.ReceiptCounter",
    "enrollment.MoveList",
    "enrollment.NameToken",
    "enrollment.SavedSearch",
)
# What other apps keep about a person follows when two rows of that person become one (neighbours.py).
FOLLOWING = (
    "filings.Filing",
    "filings.ProtectedContents",
    "filings.FilingStep",
    "filings.FilingReturn",
    "filings.Attachment",
    "filings.AttachmentContent",
    "lifecycle.AgeEvent",
    "lifecycle.VoluntaryTerm",
    "lifecycle.VoluntaryInstalment",
)

MEMBER_ADMINISTRATION = Activity(
    "加入者の管理",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[*REGISTER, *FOLLOWING],
    access_log=True,
    menu="加入者",
    entry="enrollment:member-list",
)

# Files made of the register: reads it, writes nothing of it.
MEMBER_OUTPUT = Activity(
    "加入者の台帳・通知書・統計",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[*ELIGIBILITY_SHELF.tables],
)

# 個人情報保護法33条: the person asks what is held about them. No published use; a case, a person in charge, a time limit
# and the approval of another are asked for at the door.
DISCLOSURE = Activity(
    "開示の請求への対応",
    statute=Statute(
        "個人情報保護法 第33条", categories=(Category.ELIGIBILITY_ADDRESS,), second_person=True, one_person=True
    ),
    writes=[*ELIGIBILITY_SHELF.tables],
    access_log=True,
)

# Companies and works, about nobody: kept on the administration pages by staff who manage the portal.
EMPLOYER_ADMINISTRATION = Activity(
    "事業所の管理",
    staff_only=True,
    writes=["enrollment.Employer", "admin.LogEntry"],
)
