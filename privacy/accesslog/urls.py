"""Addresses of the review of the access log."""

from django.urls import path

from privacy.accesslog import views

app_name = "accesslog"
urlpatterns = [
    path("", views.EventList.as_view(), name="event-list"),
    path("<int:pk>/", views.EventDetail.as_view(), name="event-detail"),
    path("reviews/", views.ReviewMonths.as_view(), name="review-months"),
    # 年月 as six figures: 202611
    path("reviews/<int:pk>/", views.ReviewMonth.as_view(), name="review-month"),
]
