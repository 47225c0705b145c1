"""Addresses of the jobs."""

from django.urls import path

from kumiai.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="job-list"),
    path("home/", views.JobHomeFragment.as_view(), name="job-home-fragment"),
    path("<int:pk>/", views.JobDetail.as_view(), name="job-detail"),
    path("<int:pk>/progress/", views.JobProgress.as_view(), name="job-progress"),
    path("<int:pk>/stop/", views.JobStop.as_view(), name="job-stop"),
    path("<int:pk>/resume/", views.JobResume.as_view(), name="job-resume"),
    path("<int:pk>/retry/", views.JobRetryFailures.as_view(), name="job-retry-failures"),
    path("<int:pk>/failures.csv", views.JobFailureCsv.as_view(), name="job-failure-csv"),
]
