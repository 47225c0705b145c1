"""Addresses of the notice: the public page in its forms, and the matrix of grants."""

from django.urls import path

from privacy.notice import views

app_name = "notice"
urlpatterns = [
    path("", views.NoticePublic.as_view(), name="notice-public"),
    path("register.json", views.NoticeRegisterJson.as_view(), name="register-json"),
    path("register.csv", views.NoticeRegisterCsv.as_view(), name="register-csv"),
    path("grants/", views.GrantMatrixView.as_view(), name="grant-matrix"),
    path("<int:number>/", views.NoticePublic.as_view(), name="notice-version"),
    path("<int:number>/register.json", views.NoticeRegisterJson.as_view(), name="version-json"),
    path("<int:number>/register.csv", views.NoticeRegisterCsv.as_view(), name="version-csv"),
]
