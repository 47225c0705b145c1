"""Addresses of 現金給付. A case stands under the work it belongs to, so that each work opens only its own."""

from django.urls import path

from benefits.cash import number_urls
from benefits.cash.views import cases, certificates, fragments, inquiries, labour, months
from benefits.cash.views.pages import PAGES, CaseApply, Recalculate, under

app_name = "cash"

_TAILS = {
    "detail": "",
    "document": "documents/<int:document>/",
    "finding": "findings/<int:finding>/",
    "calculation": "calculations/<int:serial>/",
}


def _case_pages(group: str) -> list:
    return [
        path(f"{group}/<int:pk>/{_TAILS.get(page, f'{page}/')}", under(view, group), name=f"{group}-{page}")
        for page, view in PAGES.items()
    ]


def _certificate_pages(group: str) -> list:
    return [
        path(f"{group}/certificates/{tail}", under(view, group), name=f"{group}-certificate-{page}")
        for page, tail, view in (
            ("list", "", certificates.CertificateList),
            ("template", "template/", certificates.CertificateTemplate),
            ("file", "<int:pk>/", certificates.CertificateFileDetail),
            ("apply", "<int:pk>/apply/", certificates.CertificateApply),
            ("discard", "<int:pk>/discard/", certificates.CertificateDiscard),
        )
    ]


urlpatterns = [
    path("", cases.CaseList.as_view(), name="case-list"),
    path("home/", fragments.CashHome.as_view(), name="cash-home"),
    path("people/<int:pk>/latest/", fragments.CashOfMember.as_view(), name="cash-of-member"),
    path("find/", cases.CaseFind.as_view(), name="case-find"),
    path("new/", cases.CaseNew.as_view(), name="case-new"),
    path("people/<int:pk>/", cases.PersonCases.as_view(), name="person-cases"),
    path("pay/", cases.PaymentsHand.as_view(), name="payments-hand"),
    path("follow/", cases.PaymentsFollow.as_view(), name="payments-follow"),
    path("inquiries/", inquiries.InquiryList.as_view(), name="inquiry-list"),
    path("differences/", cases.DifferenceList.as_view(), name="difference-list"),
    *[
        path(f"{group}/recalculate/", under(Recalculate, group), name=f"{group}-recalculate")
        for group in ("sickness", "maternity", "lump")
    ],
    path("months/", months.MonthList.as_view(), name="month-list"),
    path("months/<int:year>/<int:month>/", months.MonthDetail.as_view(), name="month-detail"),
    path("months/<int:year>/<int:month>/close/", months.MonthCloseNow.as_view(), name="month-close"),
    path("months/<int:year>/<int:month>/approve/", months.MonthApprove.as_view(), name="month-approve"),
    path("months/<int:year>/<int:month>/reopen/", months.MonthReopen.as_view(), name="month-reopen"),
    path("statistics/", months.Statistics.as_view(), name="statistics"),
    path("sickness/new/<int:member>/", under(CaseApply, "sickness"), name="sickness-apply"),
    path("maternity/new/<int:member>/", under(CaseApply, "maternity"), name="maternity-apply"),
    path("lump/new/<str:kind>/<int:member>/<int:patient>/", under(CaseApply, "lump"), name="lump-apply"),
    path("sickness/<int:pk>/labour/", under(labour.CaseLabour, "sickness"), name="sickness-labour"),
    path("sickness/<int:pk>/labour/cancel/", under(labour.LabourCancel, "sickness"), name="sickness-labour-cancel"),
    path("maternity/<int:pk>/labour/", under(labour.CaseLabour, "maternity"), name="maternity-labour"),
    path("maternity/<int:pk>/labour/cancel/", under(labour.LabourCancel, "maternity"), name="maternity-labour-cancel"),
    path("sickness/<int:pk>/inquiry/", inquiries.CaseInquiry.as_view(), name="sickness-inquiry"),
    *[
        path(f"sickness/<int:pk>/inquiry/<int:inquiry>/{step}/", view.as_view(), name=f"inquiry-{step}")
        for step, view in (
            ("consent", inquiries.InquiryConsent),
            ("send", inquiries.InquirySend),
            ("remind", inquiries.InquiryRemind),
            ("answer", inquiries.InquiryAnswer),
            ("judge", inquiries.InquiryJudge),
            ("cancel", inquiries.InquiryCancel),
        )
    ],
    *number_urls.urlpatterns,
    *_certificate_pages("sickness"),
    *_certificate_pages("maternity"),
    *_case_pages("sickness"),
    *_case_pages("maternity"),
    *_case_pages("lump"),
]
