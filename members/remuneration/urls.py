"""Addresses of the screens of standard remuneration."""

from django.urls import path

from members.remuneration.views import files, standards

app_name = "remuneration"

urlpatterns = [
    path("", standards.StandardList.as_view(), name="standard-list"),
    path("find/", standards.PersonFind.as_view(), name="person-find"),
    path("people/<int:pk>/", standards.PersonStandards.as_view(), name="person"),
    path("<int:pk>/correct/", standards.StandardCorrect.as_view(), name="standard-correct"),
    path("<int:pk>/cancel/", standards.StandardCancel.as_view(), name="standard-cancel"),
    path("files/", files.FileList.as_view(), name="file-list"),
    path("files/template/", files.FileTemplate.as_view(), name="file-template"),
    path("files/<int:pk>/", files.FileDetail.as_view(), name="file-detail"),
    path("files/<int:pk>/apply/", files.FileApply.as_view(), name="file-apply"),
    path("files/<int:pk>/discard/", files.FileDiscard.as_view(), name="file-discard"),
]
