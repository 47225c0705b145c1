"""The published use behind accounts and payments of benefits."""

from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import Shelf

# What an app that decides payments lists in the `writes` of its own activity, beside the use of bank accounts.
ORDERING = ("payments.Payment",)

# Where the files of this category lie while they are out.
BANK_SHELF = Shelf(
    Category.BANK_ACCOUNT,
    part="payments.BankPart",
    content="payments.BankContent",
    subject="payments.BankSubject",
    keeper="payments.bank_file_keeping",
)

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
        *BANK_SHELF.tables,
    ],
    menu="口座・支払",
    entry="payments:run-list",
)

# The night: files for the bank that were fetched or are past their days are destroyed. Nobody is at the keyboard.
BANK_FILE_KEEPING = Activity(
    "銀行のファイルの廃棄",
    uses={Category.BANK_ACCOUNT: Purpose.BENEFIT_PAYMENT},
    reads=[],
    writes=[BANK_SHELF.part, BANK_SHELF.content],
    night=True,
)

# Two rows of one person became one: the register cannot touch accounts, so they follow under their own use. Nobody is at
# the keyboard.
MERGE_FOLLOWING = Activity(
    "統合された登録の口座・支払の移し替え",
    uses={
        Category.BANK_ACCOUNT: Purpose.BENEFIT_PAYMENT,
        Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION,
    },
    reads=["payments.BankAccount", "payments.Payment", "enrollment.Member"],
    writes=["payments.BankAccount", "payments.Payment"],
    night=True,
)

# After a change of keys every number is encrypted anew, by a command of the operators. Nobody is at the keyboard.
NUMBER_KEEPING = Activity(
    "口座番号の暗号化し直し",
    uses={Category.BANK_ACCOUNT: Purpose.BENEFIT_PAYMENT},
    reads=[],
    writes=["payments.BankAccount"],
    night=True,
)

# The own account, about nobody: kept on the administration pages by staff who manage the portal.
PAYER_SETTINGS = Activity(
    "振込元の設定",
    staff_only=True,
    writes=["payments.PayerSetting", "admin.LogEntry"],
)
