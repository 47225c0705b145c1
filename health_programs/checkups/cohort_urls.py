"""Addresses of 対象者リスト and of the letters, included by `urls` under its name space."""

from django.urls import path

from health_programs.checkups.views import cohorts, letters

urlpatterns = [
    path("lists/", cohorts.CohortList.as_view(), name="cohort-list"),
    path("lists/new/", cohorts.CohortNew.as_view(), name="cohort-new"),
    path("lists/preview/", cohorts.CohortPreview.as_view(), name="cohort-preview"),
    path("lists/<int:pk>/", cohorts.CohortDetail.as_view(), name="cohort-detail"),
    path("lists/<int:pk>/compare/", cohorts.CohortCompare.as_view(), name="cohort-compare"),
    path("notices/", letters.NoticeList.as_view(), name="notice-list"),
    path("referrals/<int:year>/sent/<int:output>/", letters.ReferralSent.as_view(), name="referral-sent"),
]
