"""Addresses of 国への実績報告, included by `urls` under its name space."""

from django.urls import path

from health_programs.checkups.views import government

urlpatterns = [
    path("report/", government.ReportYear.as_view(), name="report-year"),
    path("report/<int:year>/collect/", government.ReportCollect.as_view(), name="report-collect"),
    path("report/<int:pk>/people/", government.ReportPeople.as_view(), name="report-people"),
    path("report/<int:pk>/approve/", government.ReportApprove.as_view(), name="report-approve"),
    path("report/<int:pk>/cancel/", government.ReportCancel.as_view(), name="report-cancel"),
    path("report/<int:pk>/write/", government.ReportWrite.as_view(), name="report-write"),
    path("report/<int:pk>/accepted/", government.ReportAccepted.as_view(), name="report-accepted"),
    path("report/<int:pk>/answer/", government.ReportAnswer.as_view(), name="report-answer"),
    path("report/answer.csv", government.ReportAnswerTemplate.as_view(), name="report-answer-template"),
    path("report/<int:pk>/returned/", government.ReportReturned.as_view(), name="report-returned"),
]
