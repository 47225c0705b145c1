from django.urls import path

from kumiai.ui.views import Health, Home

urlpatterns = [path("", Home.as_view(), name="home"), path("healthz", Health.as_view(), name="healthz")]
