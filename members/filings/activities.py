"""The published uses that the filings exercise."""

from members.enrollment.activities import REGISTER
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import ELIGIBILITY_SHELF

# A filing that is processed writes the register: what 加入者の管理 writes, the terms of 任意継続, and the
# filings' own rows.
FILING_ADMINISTRATION = Activity(
    "届の処理",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[
        *REGISTER,
        "lifecycle.VoluntaryTerm",
        "lifecycle.VoluntaryInstalment",
        "filings.Filing",
        "filings.ProtectedContents",
        "filings.FilingStep",
        "filings.FilingReturn",
        "filings.Attachment",
        "filings.AttachmentContent",
    ],
    menu="届",
    entry="filings:filing-list",
)

# Letters about filings, made of them: reads them and the register, writes nothing of either.
FILING_OUTPUT = Activity(
    "届の返戻の通知",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[*ELIGIBILITY_SHELF.tables],
)

# Which kinds of filings a second person approves: set by the staff who manage the portal, about nobody.
FILING_RULES = Activity(
    "届の承認の設定",
    staff_only=True,
    writes=["filings.FilingRule", "admin.LogEntry", "notice.SafeguardRelease"],
)
