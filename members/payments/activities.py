"""The published use behind accounts and payments of benefits."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose

# What an app that decides payments lists in the `writes` of its own activity, beside the use of bank accounts.
ORDERING = ("payments.Payment",)

BENEFIT_PAYMENT = Activity(
    "口座・支払",
    uses={
        Category.BANK_ACCOUNT: Purpose.BENEFIT_PAYMENT,
        Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION,
    },
    writes=[
        *ORDERING,
        "payments.BankAccount",
        "payments.PaymentRun",
        "payments.ResultFile",
    ],
    menu="口座・支払",
    entry="payments:run-list",
)
