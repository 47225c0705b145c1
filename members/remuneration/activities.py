"""The published use behind standard remuneration."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

STANDARD_REMUNERATION = Activity(
    "標準報酬月額の設定",
    uses={Category.ELIGIBILITY_ADDRESS: (Purpose.STANDARD_REMUNERATION, Purpose.MEMBER_ADMINISTRATION)},
    writes=["remuneration.StandardRemuneration", "remuneration.RemunerationFile", "remuneration.RemunerationLine"],
    menu="標準報酬",
    entry="remuneration:standard-list",
)

# The association's own averages, about nobody: kept on the administration pages by staff who manage the portal.
REMUNERATION_SETTINGS = Activity(
    "標準報酬の設定値",
    staff_only=True,
    writes=["remuneration.InsurerAverage", "admin.LogEntry"],
)
