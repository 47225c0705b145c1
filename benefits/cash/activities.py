"""The published uses behind 現金給付: one work for each allowance that reads what others may not, one for all the rest."""

from members.payments.activities import ORDERING
from privacy.activities import Activity
from privacy.notice.register import Category, Purpose
from privacy.outputs.kinds import Shelf

SHELF = Shelf(
    Category.CASH_BENEFIT,
    part="cash.BenefitPart",
    content="cash.BenefitContent",
    subject="cash.BenefitSubject",
    keeper="cash.benefit_file_keeping",
)

# Who people are and what they earn, as the register has it: read, never written.
REGISTER = {Category.ELIGIBILITY_ADDRESS: Purpose.MEMBER_ADMINISTRATION}
EARNINGS = ("remuneration.StandardRemuneration",)
REVIEW = {
    Category.CASH_BENEFIT: Purpose.BENEFIT_REVIEW_PAYMENT,
    Category.BANK_ACCOUNT: Purpose.BENEFIT_PAYMENT,
    **REGISTER,
}

ENGINE = (
    "cash.Case",
    "cash.CaseStep",
    "cash.CaseDocument",
    "cash.CaseFinding",
    "cash.Sickness",
    "cash.Pension",
    "cash.Birth",
    "cash.Death",
    "cash.FuneralItem",
    "cash.Trip",
    "cash.Restriction",
    "cash.Calculation",
    "cash.Decision",
    "cash.Recovery",
    "cash.Instalment",
    "cash.Repayment",
    "cash.Recalculation",
    "cash.CaseCounter",
    *ORDERING,
)

LABOUR = ("cash.LabourCertificate", "cash.LabourPay", "cash.CertificateFile", "cash.CertificateLine")

CASH_BENEFITS = Activity(
    "現金給付の審査・支払",
    uses=REVIEW,
    writes=[*ENGINE, "cash.MonthClose", *SHELF.tables],
    opens=EARNINGS,
    menu="現金給付",
    entry="cash:case-list",
    night=True,
)

SICKNESS_ALLOWANCE = Activity(
    "傷病手当金の審査・支払",
    uses={
        **REVIEW,
        Category.LABOUR_STATUS: Purpose.SICKNESS_ALLOWANCE_REVIEW_PAYMENT,
        Category.TREATMENT_INQUIRY: Purpose.SICKNESS_ALLOWANCE_REVIEW_PAYMENT,
    },
    writes=[*ENGINE, *LABOUR, "cash.TreatmentInquiry", *SHELF.tables],
    opens=EARNINGS,
)

MATERNITY_ALLOWANCE = Activity(
    "出産手当金の審査・支払",
    uses={**REVIEW, Category.LABOUR_STATUS: Purpose.MATERNITY_ALLOWANCE_REVIEW_PAYMENT},
    writes=[*ENGINE, *LABOUR],
    opens=EARNINGS,
)

# 番号法: the identity of the people goes out under the same published purpose as their benefits; the account that comes back
# is proposed like one a clerk types.
NUMBER_ACT_LINK = Activity(
    "番号法に基づく情報連携（現金給付）",
    uses={
        Category.CASH_BENEFIT: Purpose.NUMBER_ACT_LINK,
        Category.ELIGIBILITY_ADDRESS: Purpose.NUMBER_ACT_LINK,
        Category.BANK_ACCOUNT: Purpose.BENEFIT_PAYMENT,
    },
    writes=[
        "cash.LinkBatch",
        "cash.BenefitCopy",
        "cash.LinkInquiry",
        "cash.PensionAnswer",
        "cash.AccountAnswer",
        "cash.LinkRecord",
        "cash.LinkAnswerFile",
        "cash.LinkAnswerLine",
        "cash.Case",
        "cash.CaseStep",
        "cash.Pension",
        "cash.Sickness",
        "payments.BankAccount",
        *SHELF.tables,
    ],
    night=True,
)

# The night: letters that were fetched or are past their days are destroyed. Nobody is at the keyboard.
BENEFIT_FILE_KEEPING = Activity(
    "現金給付のファイルの廃棄",
    uses={Category.CASH_BENEFIT: Purpose.BENEFIT_REVIEW_PAYMENT},
    reads=[],
    writes=[SHELF.part, SHELF.content],
    night=True,
)

# By-laws and budget, about nobody: kept on the administration pages by staff who manage the portal.
BENEFIT_SETTINGS = Activity(
    "現金給付の規約と予算",
    staff_only=True,
    writes=["cash.DailyAddition", "cash.LumpAddition", "cash.Budget", "admin.LogEntry"],
)
