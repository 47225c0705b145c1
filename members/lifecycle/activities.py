"""The published use behind 任意継続 and 年齢到達: the administration of members."""

from members.enrollment.activities import REGISTER
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import ELIGIBILITY_SHELF

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

# Letters made of it: reads the register, writes nothing of it.
LIFECYCLE_OUTPUT = Activity(
    "任意継続・年齢到達の手紙",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[*ELIGIBILITY_SHELF.tables],
)
