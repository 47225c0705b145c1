"""Addresses of the maps of institutions' CSV files."""

from django.urls import path

from health_programs.checkups.views import maps as views

urlpatterns = [
    path("maps/", views.MapList.as_view(), name="map-list"),
    path("maps/new/", views.MapEdit.as_view(), name="map-new"),
    path("maps/<int:pk>/", views.MapDetail.as_view(), name="map-detail"),
    path("maps/<int:pk>/change/", views.MapEdit.as_view(), name="map-change"),
    path("maps/<int:pk>/copy/", views.MapCopy.as_view(), name="map-copy"),
    path("maps/<int:pk>/use/", views.MapUse.as_view(), name="map-use"),
    path("archives/<int:pk>/again/", views.ArchiveAgain.as_view(), name="archive-again"),
]
