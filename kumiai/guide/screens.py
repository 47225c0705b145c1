"""Which page of the guide tells of which screen.

A screen is named as the URL configuration names it. The address's own name goes before its namespace, so that one app
may be told on several pages.
"""

from __future__ import annotations

LOGIN = "01-login"
FIND = "02-find"
CHANGE = "03-change"
FILINGS = "04-filings"
HARD_CASES = "05-hard-cases"
LIFECYCLE = "06-lifecycle"
DOOR = "07-door"
STATISTICS = "08-statistics"
PROTECTED = "09-protected"
CONTROL = "10-control"
INTAKE = "11-intake"
CHECKUPS = "12-checkups"
CAMPAIGNS = "13-campaigns"
HANDOVER = "15-checkup-handover"
REPORTS = "20-government-report"
ONLINE_ELIGIBILITY = "21-online-eligibility"
COHORTS = "14-cohorts-letters"
ANALYSIS = "19-analysis"
PAYMENTS = "16-payments"
CASH = "18-cash-benefits"
REMUNERATION = "17-remuneration"
LABOUR_INQUIRY = "23-labour-inquiry"
NUMBER_ACT = "25-number-act"
RECOMMENDATIONS = "24-treatment-recommendations"
RESULT_CSV = "22-result-csv"

# Namespace of the address → page; "" is the portal's own first page.
PAGE_OF_NAMESPACE = {
    "": LOGIN,
    "accounts": LOGIN,
    "jobs": LOGIN,
    "mailing": LOGIN,
    "enrollment": FIND,
    "filings": FILINGS,
    "intake": INTAKE,
    "checkups": CHECKUPS,
    "lifecycle": LIFECYCLE,
    "payments": PAYMENTS,
    "cash": CASH,
    "remuneration": REMUNERATION,
    "outputs": DOOR,
    "notice": CONTROL,
    "accesslog": CONTROL,
    "admin": CONTROL,
}

# Screens told elsewhere than the rest of their namespace.
PAGE_OF_SCREEN = {
    "cash:sickness-labour": LABOUR_INQUIRY,
    "cash:maternity-labour": LABOUR_INQUIRY,
    "cash:sickness-inquiry": LABOUR_INQUIRY,
    "cash:inquiry-list": LABOUR_INQUIRY,
    "cash:sickness-certificate-list": LABOUR_INQUIRY,
    "cash:sickness-certificate-file": LABOUR_INQUIRY,
    "cash:maternity-certificate-list": LABOUR_INQUIRY,
    "cash:maternity-certificate-file": LABOUR_INQUIRY,
    "cash:number-overview": NUMBER_ACT,
    "cash:number-collect": NUMBER_ACT,
    "cash:number-batch": NUMBER_ACT,
    "cash:number-ask": NUMBER_ACT,
    "cash:number-sent": NUMBER_ACT,
    "cash:number-cancel": NUMBER_ACT,
    "cash:number-error-list": NUMBER_ACT,
    "cash:number-send-again": NUMBER_ACT,
    "cash:number-answer-list": NUMBER_ACT,
    "cash:number-answer": NUMBER_ACT,
    "cash:number-record-list": NUMBER_ACT,
    "cash:number-inquiry-list": NUMBER_ACT,
    "cash:number-case": NUMBER_ACT,
    "cash:number-call-off": NUMBER_ACT,
    "cash:number-take-account": NUMBER_ACT,
    "cash:number-take-pension": NUMBER_ACT,
    "cash:number-decline": NUMBER_ACT,
    "checkups:handover-list": HANDOVER,
    "checkups:report-year": REPORTS,
    "checkups:report-people": REPORTS,
    "checkups:report-collect": REPORTS,
    "checkups:report-approve": REPORTS,
    "checkups:report-cancel": REPORTS,
    "checkups:report-write": REPORTS,
    "checkups:report-accepted": REPORTS,
    "checkups:report-returned": REPORTS,
    "checkups:report-answer": REPORTS,
    "checkups:report-answer-template": REPORTS,
    "checkups:link-overview": ONLINE_ELIGIBILITY,
    "checkups:link-collect": ONLINE_ELIGIBILITY,
    "checkups:link-batch": ONLINE_ELIGIBILITY,
    "checkups:link-ask": ONLINE_ELIGIBILITY,
    "checkups:link-sent": ONLINE_ELIGIBILITY,
    "checkups:link-cancel": ONLINE_ELIGIBILITY,
    "checkups:link-error-list": ONLINE_ELIGIBILITY,
    "checkups:link-send-again": ONLINE_ELIGIBILITY,
    "checkups:link-answer-list": ONLINE_ELIGIBILITY,
    "checkups:link-answer-receive": ONLINE_ELIGIBILITY,
    "checkups:link-answer": ONLINE_ELIGIBILITY,
    "checkups:campaign-list": CAMPAIGNS,
    "checkups:campaign-new": CAMPAIGNS,
    "checkups:campaign-detail": CAMPAIGNS,
    "checkups:campaign-change": CAMPAIGNS,
    "checkups:campaign-submit": CAMPAIGNS,
    "checkups:campaign-approve": CAMPAIGNS,
    "checkups:campaign-return": CAMPAIGNS,
    "checkups:campaign-take-back": CAMPAIGNS,
    "checkups:campaign-cancel": CAMPAIGNS,
    "checkups:campaign-stop": CAMPAIGNS,
    "checkups:campaign-resume": CAMPAIGNS,
    "checkups:campaign-settle": CAMPAIGNS,
    "checkups:mail-list": CAMPAIGNS,
    "checkups:mail-bounces": CAMPAIGNS,
    "checkups:mail-suppressions": CAMPAIGNS,
    "checkups:mail-log": CAMPAIGNS,
    "checkups:recommendation-list": RECOMMENDATIONS,
    "checkups:recommendation-new": RECOMMENDATIONS,
    "checkups:recommendation-detail": RECOMMENDATIONS,
    "checkups:recommendation-change": RECOMMENDATIONS,
    "checkups:recommendation-submit": RECOMMENDATIONS,
    "checkups:recommendation-approve": RECOMMENDATIONS,
    "checkups:recommendation-return": RECOMMENDATIONS,
    "checkups:recommendation-take-back": RECOMMENDATIONS,
    "checkups:recommendation-cancel": RECOMMENDATIONS,
    "checkups:recommendation-stop": RECOMMENDATIONS,
    "checkups:recommendation-resume": RECOMMENDATIONS,
    "checkups:recommendation-settle": RECOMMENDATIONS,
    "checkups:recommendation-mail-list": RECOMMENDATIONS,
    "checkups:recommendation-mail-bounces": RECOMMENDATIONS,
    "checkups:recommendation-mail-suppressions": RECOMMENDATIONS,
    "checkups:recommendation-mail-log": RECOMMENDATIONS,
    "checkups:cohort-list": COHORTS,
    "checkups:cohort-new": COHORTS,
    "checkups:cohort-preview": COHORTS,
    "checkups:cohort-detail": COHORTS,
    "checkups:cohort-compare": COHORTS,
    "checkups:notice-list": COHORTS,
    "checkups:referral-sent": COHORTS,
    "notice:notice-public": LOGIN,
    "enrollment:change-cancel": CHANGE,
    "enrollment:member-name-change": CHANGE,
    "enrollment:member-name-correct": CHANGE,
    "enrollment:address-change": CHANGE,
    "enrollment:address-correct": CHANGE,
    "enrollment:employer-move": HARD_CASES,
    "enrollment:employer-move-rest": HARD_CASES,
    "enrollment:member-story": HARD_CASES,
    "enrollment:member-transfer": HARD_CASES,
    "enrollment:member-day-correct": HARD_CASES,
    "enrollment:member-same-person": HARD_CASES,
    "enrollment:concurrent-add": HARD_CASES,
    "enrollment:concurrent-change": HARD_CASES,
    "enrollment:member-sex-change": HARD_CASES,
    "enrollment:member-other-names": HARD_CASES,
    "enrollment:address-abroad": HARD_CASES,
    "enrollment:mailing-change": HARD_CASES,
    "enrollment:contact-change": HARD_CASES,
    "enrollment:member-protect": PROTECTED,
    "enrollment:member-protection-clerks": PROTECTED,
    "enrollment:member-protection-end": PROTECTED,
    "enrollment:member-disclosure": DOOR,
    "enrollment:member-statistics": STATISTICS,
    "checkups:archive-errors": RESULT_CSV,
    "checkups:map-list": RESULT_CSV,
    "checkups:map-new": RESULT_CSV,
    "checkups:map-detail": RESULT_CSV,
    "checkups:map-change": RESULT_CSV,
    "checkups:map-copy": RESULT_CSV,
    "checkups:map-use": RESULT_CSV,
    "checkups:archive-again": RESULT_CSV,
    "checkups:analysis": ANALYSIS,
    "checkups:analysis-item": ANALYSIS,
    "checkups:analysis-employers": ANALYSIS,
}


def page_of(view_name: str) -> str:
    """The slug of the page about a screen; empty where no page tells of it, and for the guide itself."""
    namespace = view_name.rpartition(":")[0]
    return PAGE_OF_SCREEN.get(view_name) or PAGE_OF_NAMESPACE.get(namespace, "")
