"""Addresses of 受診勧奨."""

from django.urls import path

from health_programs.checkups.views import campaigns as views
from health_programs.checkups.views import mails

urlpatterns = [
    path("campaigns/", views.CampaignList.as_view(), name="campaign-list"),
    path("campaigns/new/", views.CampaignEdit.as_view(), name="campaign-new"),
    path("campaigns/<int:pk>/", views.CampaignDetail.as_view(), name="campaign-detail"),
    path("campaigns/<int:pk>/change/", views.CampaignEdit.as_view(), name="campaign-change"),
    path("campaigns/<int:pk>/submit/", views.CampaignSubmit.as_view(), name="campaign-submit"),
    path("campaigns/<int:pk>/approve/", views.CampaignApprove.as_view(), name="campaign-approve"),
    path("campaigns/<int:pk>/return/", views.CampaignReturn.as_view(), name="campaign-return"),
    path("campaigns/<int:pk>/take-back/", views.CampaignTakeBack.as_view(), name="campaign-take-back"),
    path("campaigns/<int:pk>/cancel/", views.CampaignCancel.as_view(), name="campaign-cancel"),
    path("campaigns/<int:pk>/stop/", views.CampaignStop.as_view(), name="campaign-stop"),
    path("campaigns/<int:pk>/resume/", views.CampaignResume.as_view(), name="campaign-resume"),
    path("campaigns/<int:pk>/doubts/<int:mail>/", views.CampaignSettle.as_view(), name="campaign-settle"),
    path("mails/", mails.MailList.as_view(), name="mail-list"),
    path("mails/bounces/", mails.MailBounces.as_view(), name="mail-bounces"),
    path("mails/suppressions/", mails.MailSuppressions.as_view(), name="mail-suppressions"),
    path("mails/suppressions/<int:pk>/lift/", mails.SuppressionLift.as_view(), name="suppression-lift"),
    path("mails/log/", mails.MailLog.as_view(), name="mail-log"),
]
