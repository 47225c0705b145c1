"""Addresses of the screens of 取り込み. Numbers and kinds only: nothing personal stands in an address."""

from django.urls import path

from members.intake.views.files import FileApply, FileDetail, FileGiveUp, FileList, FileReceive
from members.intake.views.help import ImportHelp, TemplateDownload
from members.intake.views.lines import FileErrorList, LineCorrect
from members.intake.views.maps import FileMap

app_name = "intake"

urlpatterns = [
    path("", FileList.as_view(), name="importfile-list"),
    path("new/", FileReceive.as_view(), name="importfile-receive"),
    path("help/", ImportHelp.as_view(), name="import-help"),
    path("templates/<slug:kind>.csv", TemplateDownload.as_view(), name="template-download"),
    path("<int:pk>/", FileDetail.as_view(), name="importfile-detail"),
    path("<int:pk>/columns/", FileMap.as_view(), name="importfile-map"),
    path("<int:pk>/apply/", FileApply.as_view(), name="importfile-apply"),
    path("<int:pk>/give-up/", FileGiveUp.as_view(), name="importfile-give-up"),
    path("<int:pk>/errors.csv", FileErrorList.as_view(), name="importfile-errors"),
    path("<int:pk>/lines/<int:number>/", LineCorrect.as_view(), name="stagedrow-correct"),
]
