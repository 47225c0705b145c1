"""Addresses of the screens of 受け渡し. Ids, dates and codes only."""

from django.urls import path

from privacy.outputs.views import administration, asking, confirming, records, requests

app_name = "outputs"

urlpatterns = [
    path("", requests.OutputList.as_view(), name="output-list"),
    path("home/", requests.OutputHome.as_view(), name="output-home"),
    path("new/", requests.FileKindList.as_view(), name="file-kind-list"),
    path("new/<str:kind>/", asking.OutputRequest.as_view(), name="output-request"),
    path("<int:pk>/", requests.OutputDetail.as_view(), name="output-detail"),
    path("<int:pk>/progress/", requests.OutputProgress.as_view(), name="output-progress"),
    path("<int:pk>/confirm/", confirming.OutputConfirm.as_view(), name="output-confirm"),
    path("<int:pk>/fetch/", requests.OutputFetch.as_view(), name="output-fetch"),
    path("<int:pk>/withdraw/", requests.OutputWithdraw.as_view(), name="output-withdraw"),
    path("<int:pk>/destroy/", requests.OutputDestroy.as_view(), name="output-destroy"),
    path("<int:pk>/hand-back/", requests.OutputHandBack.as_view(), name="output-hand-back"),
    path("<int:pk>/replaced/", requests.OutputReplaced.as_view(), name="output-replaced"),
    path("help/", requests.OutputHelp.as_view(), name="output-help"),
    path("provisions/", records.ProvisionList.as_view(), name="provision-list"),
    path("provisions/<int:pk>/", records.ProvisionDetail.as_view(), name="provision-detail"),
    path("receipts/", records.ReceiptList.as_view(), name="receipt-list"),
    path("receipts/new/", records.ReceiptRecord.as_view(), name="receipt-record"),
    path("people/", records.PersonFind.as_view(), name="person-find"),
    path("people/<int:pk>/", records.PersonRecords.as_view(), name="person-records"),
    path("people/<int:pk>/fragment/", records.PersonFragment.as_view(), name="person-fragment"),
    path("people/<int:pk>/opt-outs/", records.OptOutAdd.as_view(), name="opt-out-add"),
    path("opt-outs/<int:pk>/end/", records.OptOutEnd.as_view(), name="opt-out-end"),
    path("people/<int:pk>/suspensions/", records.SuspensionAdd.as_view(), name="suspension-add"),
    path("suspensions/<int:pk>/end/", records.SuspensionEnd.as_view(), name="suspension-end"),
    path("recipients/", administration.RecipientList.as_view(), name="recipient-list"),
    path("recipients/new/", administration.RecipientAdd.as_view(), name="recipient-add"),
    path("recipients/<int:pk>/", administration.RecipientDetail.as_view(), name="recipient-detail"),
    path("recipients/<int:pk>/change/", administration.RecipientChange.as_view(), name="recipient-change"),
    path("agreements/<int:pk>/end/", administration.AgreementEnd.as_view(), name="agreement-end"),
    path("settings/<str:kind>/", administration.FileSettingChange.as_view(), name="file-setting"),
]
