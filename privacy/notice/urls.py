"""Addresses of the notice: the public page in its forms, and the matrix of grants."""

from django.urls import path

from privacy.notice import views

app_name = "notice"
urlpatterns = [
    path("", views.NoticePublic.as_view(), name="notice-public"),
    path("register.json", views.NoticeRegisterJson.as_view(), name="notice-json"),
    path("register.csv", views.NoticeRegisterCsv.as_view(), name="notice-csv"),
    path("grants/", views.GrantMatrixView.as_view(), name="grant-matrix"),
    # The same pages of one version, under the same names.
    path("<int:number>/", views.NoticePublic.as_view(), name="notice-public"),
    path("<int:number>/register.json", views.NoticeRegisterJson.as_view(), name="notice-json"),
    path("<int:number>/register.csv", views.NoticeRegisterCsv.as_view(), name="notice-csv"),
]
