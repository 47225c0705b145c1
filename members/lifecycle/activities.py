"""The published use behind 任意継続 and 年齢到達: the administration of members."""

from members.enrollment.activities import REGISTER
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

LIFECYCLE = Activity(
    "任意継続・年齢到達",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[
        *REGISTER,
        "lifecycle.AgeEvent",
        "lifecycle.VoluntaryTerm",
        "lifecycle.VoluntaryInstalment",
    ],
    menu="任意継続・年齢",
    entry="lifecycle:voluntary-list",
    night=True,
)
