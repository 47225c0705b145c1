"""The portal's addresses and one page more."""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import include, path
from django.views import View

from kumiai.jobs.actions import start_job
from kumiai.ui.declarations import NO_PERSONAL_DATA
from members.enrollment.activities import MEMBER_ADMINISTRATION

handler400 = "kumiai.ui.views.bad_request"
handler500 = "kumiai.ui.views.server_error"


class Start(View):
    """A button that starts the work."""

    activity = NO_PERSONAL_DATA

    def get(self, request):
        return HttpResponse(
            '<!doctype html><html lang="ja"><title>試験</title><form method="post">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}"><button>始める</button></form>'
        )

    def post(self, request):
        from tests.journeys.work_of_tests.tasks import KIND

        rows = int(request.GET.get("rows", "150"))
        job = start_job(kind=KIND, parameters={"rows": rows}, activity_code=MEMBER_ADMINISTRATION.code, by=request.user)
        return redirect("jobs:job-detail", pk=job.pk)


urlpatterns = [path("work-of-tests/", Start.as_view()), path("", include("kumiai.urls"))]
