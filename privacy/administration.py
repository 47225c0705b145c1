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
        "notice.SectionHead",
        "notice.DutySeparation",
        "admin.LogEntry",
    ],
    access_log=True,
    staff_only=True,
    menu="権限",
    entry="notice:grant-matrix",
)

# Heads of sections say once a year whether what their section may do is still needed.
GRANT_REVIEW = Activity(
    "権限の年次確認",
    uses={Category.EMPLOYEE: Purpose.EMPLOYMENT_ADMINISTRATION},
    writes=["notice.GrantReview"],
    access_log=True,  # when the section last exercised each use
    menu="権限の確認",
    entry="notice:review-list",
)

# The privacy officer reads the access log: how each clerk uses the grants, what was refused, what is out of the ordinary.
ACCESS_REVIEW = Activity(
    "閲覧の記録の点検",
    uses={Category.EMPLOYEE: Purpose.EMPLOYMENT_ADMINISTRATION},
    writes=["accesslog.LogReview"],
    access_log=True,
    staff_only=True,
    menu="閲覧の記録",
    entry="accesslog:event-list",
)

REFERENCE_ADMINISTRATION = Activity(
    "法令の数値の管理",
    staff_only=True,
    writes=["reference.Parameter", "admin.LogEntry"],
)
