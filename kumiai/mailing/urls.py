from django.urls import path

from kumiai.mailing import views

app_name = "mailing"
urlpatterns = [path("unsubscribe/<str:token>", views.UnsubscribePage.as_view(), name="unsubscribe")]
