"""Addresses of 健診結果の分析, included by `urls` under its name space."""

from django.urls import path

from health_programs.checkups.views import analysis

urlpatterns = [
    path("analysis/", analysis.AnalysisOverview.as_view(), name="analysis"),
    path("analysis/employers/", analysis.AnalysisEmployers.as_view(), name="analysis-employers"),
    path("analysis/items/<slug:key>/", analysis.AnalysisItem.as_view(), name="analysis-item"),
]
