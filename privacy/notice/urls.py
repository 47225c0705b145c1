"""Addresses of the notice: the public page in its forms, and the matrix of grants."""

from django.urls import path

from privacy.notice import control_views, views

app_name = "notice"
urlpatterns = [
    path("", views.NoticePublic.as_view(), name="notice-public"),
    path("register.json", views.NoticeRegisterJson.as_view(), name="notice-json"),
    path("register.csv", views.NoticeRegisterCsv.as_view(), name="notice-csv"),
    path("grants/", views.GrantMatrixView.as_view(), name="grant-matrix"),
    path("grants/<int:pk>/", control_views.GrantUse.as_view(), name="grant-use"),
    path("grants/<int:pk>/withdraw/", control_views.GrantWithdraw.as_view(), name="grant-withdraw"),
    path("people/<int:pk>/", control_views.GrantPerson.as_view(), name="grant-person"),
    path("reviews/", control_views.ReviewList.as_view(), name="review-list"),
    path("reviews/<int:pk>/", control_views.ReviewSection.as_view(), name="review-section"),
    path("reviews/<int:pk>/confirm/", control_views.ReviewConfirm.as_view(), name="review-confirm"),
    # The same pages of one version, under the same names.
    path("<int:number>/", views.NoticePublic.as_view(), name="notice-public"),
    path("<int:number>/register.json", views.NoticeRegisterJson.as_view(), name="notice-json"),
    path("<int:number>/register.csv", views.NoticeRegisterCsv.as_view(), name="notice-csv"),
]
