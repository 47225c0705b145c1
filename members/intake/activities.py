"""The published use that the import of files exercises."""

from members.enrollment.activities import REGISTER
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

# What is applied writes the register: what 加入者の管理 writes, and the import's own rows.
MEMBER_IMPORT = Activity(
    "届書の取り込み",
    uses={Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION},
    writes=[
        *REGISTER,
        "intake.ImportFile",
        "intake.ImportContent",
        "intake.ColumnMap",
        "intake.StagedRow",
        "intake.ProtectedStagedRow",
    ],
    menu="取り込み",
    entry="intake:importfile-list",
)
