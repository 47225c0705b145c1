"""The activities of the administration pages."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

ACCESS_ADMINISTRATION = Activity(
    "職員の権限の管理",
    uses={Category.EMPLOYEE: Purpose.EMPLOYMENT_ADMINISTRATION},
    writes=[
        "accounts.User",
        "accounts.SecondFactorReset",
        "accounts.SecondFactor",
        "accounts.RecoveryCode",
        "accounts.UserSession",
        "auth.Group",
        "notice.PublishedUseGroupPermission",
        "notice.StatutoryCase",
        "admin.LogEntry",
    ],
    access_log=True,
    menu="権限",
    entry="notice:grant-matrix",
)

REFERENCE_ADMINISTRATION = Activity(
    "法令の数値の管理",
    staff_only=True,
    writes=["reference.Parameter", "admin.LogEntry"],
)
