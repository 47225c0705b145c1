"""Addresses of 要医療者への受診勧奨, included by `urls` under its name space."""

from django.urls import path

from health_programs.checkups.views import recommendations as views

urlpatterns = [
    path("recommendations/", views.RecommendationList.as_view(), name="recommendation-list"),
    path("recommendations/new/", views.RecommendationEdit.as_view(), name="recommendation-new"),
    path("recommendations/<int:pk>/", views.RecommendationDetail.as_view(), name="recommendation-detail"),
    path("recommendations/<int:pk>/change/", views.RecommendationEdit.as_view(), name="recommendation-change"),
    path("recommendations/<int:pk>/submit/", views.RecommendationSubmit.as_view(), name="recommendation-submit"),
    path("recommendations/<int:pk>/approve/", views.RecommendationApprove.as_view(), name="recommendation-approve"),
    path("recommendations/<int:pk>/return/", views.RecommendationReturn.as_view(), name="recommendation-return"),
    path(
        "recommendations/<int:pk>/take-back/", views.RecommendationTakeBack.as_view(), name="recommendation-take-back"
    ),
    path("recommendations/<int:pk>/cancel/", views.RecommendationCancel.as_view(), name="recommendation-cancel"),
    path("recommendations/<int:pk>/stop/", views.RecommendationStop.as_view(), name="recommendation-stop"),
    path("recommendations/<int:pk>/resume/", views.RecommendationResume.as_view(), name="recommendation-resume"),
    path(
        "recommendations/<int:pk>/doubts/<int:mail>/",
        views.RecommendationSettle.as_view(),
        name="recommendation-settle",
    ),
    path("recommendations/mails/", views.RecommendationMailList.as_view(), name="recommendation-mail-list"),
    path("recommendations/mails/bounces/", views.RecommendationBounces.as_view(), name="recommendation-mail-bounces"),
    path(
        "recommendations/mails/suppressions/",
        views.RecommendationSuppressions.as_view(),
        name="recommendation-mail-suppressions",
    ),
    path(
        "recommendations/mails/suppressions/<int:pk>/lift/",
        views.RecommendationSuppressionLift.as_view(),
        name="recommendation-mail-suppression-lift",
    ),
    path("recommendations/mails/log/", views.RecommendationMailLog.as_view(), name="recommendation-mail-log"),
]
