"""The work of the door itself; each file goes out under the activity of its own kind."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import ELIGIBILITY_SHELF

# Organisations that may receive, and what was agreed with them: about nobody, written by staff who manage the portal.
RECIPIENT_ADMINISTRATION = Activity(
    "受け渡し先と取決めの管理",
    staff_only=True,
    writes=["outputs.Recipient", "outputs.Agreement", "outputs.FileSetting", "notice.SafeguardRelease"],
)

# What people asked for: no more of a use, no more handing over; and who received or gave what, kept as the law asks.
PROVISION_RECORDS = Activity(
    "提供の記録と停止の申出",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[
        "outputs.OptOut",
        "outputs.Suspension",
        "outputs.Receipt",
        "outputs.ReceiptPerson",
        *ELIGIBILITY_SHELF.tables,
    ],
    access_log=True,
    menu="受け渡し",
    entry="outputs:output-list",
)

# The night: what is fetched or past its days is destroyed. Nobody is at the keyboard.
DOOR_KEEPING = Activity(
    "受け渡したファイルの廃棄",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    reads=[],
    writes=[ELIGIBILITY_SHELF.part, ELIGIBILITY_SHELF.content],
    night=True,
)
