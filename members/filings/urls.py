"""Addresses of the screens of 届出. Numbers and kinds only: nothing personal stands in an address."""

from django.urls import path

from members.filings.views.attachments import AttachmentAdd, AttachmentContentView, AttachmentWithdraw
from members.filings.views.entering import FilingCancel, FilingCheck, FilingCorrect, FilingEdit, FilingEnter
from members.filings.views.filings import (
    FilingApprove,
    FilingDetail,
    FilingProcess,
    FilingProcessMany,
    FilingRequest,
    FilingResubmit,
    FilingReturnView,
    FilingSendBack,
    FilingWithdraw,
)
from members.filings.views.fragments import FilingClocks, FilingDrafts, FilingHelp, FilingOfMember, FilingWaiting
from members.filings.views.lists import EmployerUnprocessed, FilingList, FilingToday

app_name = "filings"

urlpatterns = [
    path("", FilingList.as_view(), name="filing-list"),
    path("process/", FilingProcessMany.as_view(), name="filing-process-many"),
    path("employers/", EmployerUnprocessed.as_view(), name="employer-unprocessed"),
    path("today/", FilingToday.as_view(), name="filing-today"),
    path("help/", FilingHelp.as_view(), name="filing-help"),
    path("clocks/", FilingClocks.as_view(), name="filing-clocks"),
    path("waiting/", FilingWaiting.as_view(), name="filing-waiting"),
    path("drafts/", FilingDrafts.as_view(), name="filing-drafts"),
    path("of-member/<int:pk>/", FilingOfMember.as_view(), name="filing-of-member"),
    path("new/<slug:kind>/", FilingEnter.as_view(), name="filing-enter"),
    path("check/<slug:kind>/", FilingCheck.as_view(), name="filing-check"),
    path("attachments/<int:pk>/", AttachmentContentView.as_view(), name="attachment-content"),
    path("attachments/<int:pk>/withdraw/", AttachmentWithdraw.as_view(), name="attachment-withdraw"),
    path("<int:pk>/", FilingDetail.as_view(), name="filing-detail"),
    path("<int:pk>/edit/", FilingEdit.as_view(), name="filing-edit"),
    path("<int:pk>/process/", FilingProcess.as_view(), name="filing-process"),
    path("<int:pk>/request/", FilingRequest.as_view(), name="filing-request"),
    path("<int:pk>/approve/", FilingApprove.as_view(), name="filing-approve"),
    path("<int:pk>/send-back/", FilingSendBack.as_view(), name="filing-send-back"),
    path("<int:pk>/return/", FilingReturnView.as_view(), name="filing-return"),
    path("<int:pk>/resubmit/", FilingResubmit.as_view(), name="filing-resubmit"),
    path("<int:pk>/withdraw/", FilingWithdraw.as_view(), name="filing-withdraw"),
    path("<int:pk>/correct/", FilingCorrect.as_view(), name="filing-correct"),
    path("<int:pk>/cancel/", FilingCancel.as_view(), name="filing-cancel"),
    path("<int:pk>/attachments/", AttachmentAdd.as_view(), name="attachment-add"),
]
