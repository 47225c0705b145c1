"""What touches nobody, with a reason each: the tables and the library's screens that no published use governs.

TABLES_OF_NOBODY: model label or "app.*" → (reason, what the login roles may do, what every activity may do), in letters
of SIUD (select, insert, update, delete), each perhaps limited to columns: "SU(last_login)". A model that is neither here nor personal fails check privacy.E001.
VIEW_ACTIVITIES: dotted prefix of a library's view → (activity or NO_PERSONAL_DATA, reason). Admin pages are named
`admin.<app>.<model>` and `admin.site.<view>`.
"""

TABLES_OF_NOBODY: dict[str, tuple[str, str, str]] = {
    "contenttypes.ContentType": ("names of models", "S", "S"),
    "auth.Permission": ("names of operations", "S", "S"),
    "auth.Group": ("sections of the association (課)", "S", "S"),
    "sessions.Session": ("opaque keys and the number of the person logged in", "SIUD", "S"),
    "admin.LogEntry": ("what administrators changed, without values", "S", "S"),
    "axes.*": ("failed log-ins; staff numbers only", "SIUD", ""),
    "accounts.User": (
        "staff log-in: number, name, section; who may do what is written in the administration alone",
        "SU(last_login,password,must_change_password)",
        "S(id,staff_number,name,kana,section_id,is_active,is_staff,left_at)",
    ),
    "accounts.SecondFactor": ("the shared secret of one-time codes, encrypted", "SIU", ""),
    "accounts.RecoveryCode": ("digests of recovery codes", "SIU", ""),
    "accounts.SecondFactorReset": ("resets of second factors by two persons", "S", ""),
    "accounts.UserSession": ("open sessions under the digest of their key", "SIUD", "S"),
    "guardian.*": ("unused: grants are direct-foreign-key rows of privacy.notice", "S", "S"),
    "jobs.*": ("progress of long work: ids, counts and states only", "SIU", "SIU"),
    "mailing.Batch": ("batches of mail: ids, counts, states and codes only", "SIU", "SIU"),
    "mailing.Outgoing": ("intents of mail: ids, states, codes and keyed digests, no address and no text", "SIU", "SIU"),
    "mailing.Suppression": ("keyed digests of addresses that get no more mail", "SIU", "SIU"),
    "mailing.MailEvent": ("what happened to a mail: ids and codes; rows are only added", "SI", "SI"),
    "reference.*": ("figures of the law", "S", "S"),
    "accesslog.LogReview": ("that a month of the log was looked through; totals only", "S", "S"),
    "notice.*": ("the published notice and the grants on it", "S", "S"),
    "enrollment.Employer": ("companies, not people", "S", "S"),
    "enrollment.ReceiptCounter": ("the last receipt number of a month", "", "S"),
    "outputs.Recipient": ("organisations that may receive files, with their registered representatives", "S", "S"),
    "outputs.Agreement": ("what was agreed with an organisation", "S", "S"),
    "outputs.FileSetting": ("how the association sets kinds of files", "S", "S"),
    "outputs.HistoricalRecipient": ("changes of organisations that may receive files, by the trigger", "S", "S"),
    "outputs.HistoricalAgreement": ("changes of agreements, by the trigger", "S", "S"),
    "outputs.HistoricalFileSetting": ("changes of how kinds of files are set, by the trigger", "S", "S"),
    "outputs.Output": ("files that went out: ids, codes, counts, states and digests only", "S", "SIU"),
    "outputs.Provision": ("facts of a provision about the organisation; the people stand behind the wall", "S", "SI"),
    "filings.FilingRule": ("which kinds of filings a second person approves", "S", "S"),
    "checkups.CheckupKind": ("what examinations are offered", "S", "S"),
    "checkups.Institution": ("institutions that examine, not people", "S", "S"),
    "checkups.ContractPrice": ("contract prices of institutions", "S", "S"),
    "checkups.YearPlan": ("which fiscal years were counted, and when", "S", "S"),
    "remuneration.InsurerAverage": ("the average remuneration of all insured, one figure a year", "S", "S"),
    "payments.PaymentRun": ("runs of payments: totals and states only", "S", "S"),
    "payments.ResultFile": ("digests of results taken in", "S", "S"),
    "payments.PayerSetting": ("the own account of the association and what its bank asks of a file", "S", "S"),
    "lifecycle.NightRun": ("when the work of the night ran, with counts", "S", "SIU"),
}

VIEW_ACTIVITIES: dict[str, tuple[str, str]] = {
    "admin.site": ("NO_PERSONAL_DATA", "frame pages of Django admin: index, log-in, script catalogue"),
    "admin.accounts": ("privacy.administration.ACCESS_ADMINISTRATION", "staff and their second factors"),
    "admin.auth": ("privacy.administration.ACCESS_ADMINISTRATION", "sections"),
    "admin.notice": ("privacy.administration.ACCESS_ADMINISTRATION", "published uses and grants"),
    "admin.enrollment": ("members.enrollment.activities.EMPLOYER_ADMINISTRATION", "employers"),
    "admin.filings": ("members.filings.activities.FILING_RULES", "which filings a second person approves"),
    "admin.remuneration": ("members.remuneration.activities.REMUNERATION_SETTINGS", "the average of all insured"),
    "admin.payments": ("members.payments.activities.PAYER_SETTINGS", "own account and bank options"),
    "admin.reference": ("privacy.administration.REFERENCE_ADMINISTRATION", "figures of the law"),
    "django.contrib.staticfiles": ("NO_PERSONAL_DATA", "style sheets and scripts"),
}
