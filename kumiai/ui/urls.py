from django.urls import path

from kumiai.ui.views import Health, Home, Understand

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("understood/", Understand.as_view(), name="understood"),
    path("healthz", Health.as_view(), name="healthz"),
]
