"""Addresses of the guide."""

from django.urls import path

from kumiai.guide import views

app_name = "guide"
urlpatterns = [
    path("", views.GuideContents.as_view(), name="guide-contents"),
    path("<slug:slug>/", views.GuidePage.as_view(), name="guide-page"),
]
