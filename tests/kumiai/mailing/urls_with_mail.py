"""The portal's addresses with the page of the outbox among them."""

from django.urls import include, path

from kumiai import urls

handler400, handler500 = urls.handler400, urls.handler500
urlpatterns = [path("mail/", include("kumiai.mailing.urls")), *urls.urlpatterns]
