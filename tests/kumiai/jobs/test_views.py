"""The screens: whose, what they say, what their buttons do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kumiai.jobs import engine
from kumiai.jobs.enums import JobState
from kumiai.jobs.models import Job
from tests.kumiai.accounts.signing_in import sign_in

pytestmark = pytest.mark.usefixtures("probe_table", "sent")


@pytest.fixture
def job(sato) -> Job:
    return engine.start("tests.probe", sato, {"rows": 200, "some_fail": True}, "tests.work")


def signed_in(user) -> Client:
    client = Client()
    sign_in(client, user)
    return client


PAGES = ["job-detail", "job-progress", "job-failure-csv"]
BUTTONS = ["job-stop", "job-resume", "job-retry-failures"]


@pytest.mark.parametrize("name", PAGES)
def test_owner_and_administrator_see_it_and_others_do_not(name, job, sato, suzuki, tanaka):
    url = reverse(f"jobs:{name}", args=[job.pk])

    assert signed_in(sato).get(url).status_code == 200
    assert signed_in(tanaka).get(url).status_code == 200
    assert signed_in(suzuki).get(url).status_code == 404
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", BUTTONS)
def test_another_clerk_moves_nothing(name, job, suzuki):
    response = signed_in(suzuki).post(reverse(f"jobs:{name}", args=[job.pk]))

    assert response.status_code == 404
    assert Job.objects.get().state == JobState.ACCEPTED


@pytest.mark.parametrize("name", BUTTONS)
def test_buttons_are_posts(name, job, sato):
    assert signed_in(sato).get(reverse(f"jobs:{name}", args=[job.pk])).status_code == 405


def test_an_administrator_does_not_resume_for_the_owner(job, tanaka):
    client = signed_in(tanaka)
    client.post(reverse("jobs:job-stop", args=[job.pk]))

    response = client.post(reverse("jobs:job-resume", args=[job.pk]))

    assert response.status_code == 403
    assert Job.objects.get().state == JobState.STOPPED


def test_the_list_shows_ones_own_and_all_to_administrators(job, sato, suzuki, tanaka):
    url = reverse("jobs:job-list")

    assert "試しの処理" in signed_in(sato).get(url).content.decode()
    assert "処理はまだありません" in signed_in(suzuki).get(url).content.decode()
    assert "佐藤 試" in signed_in(tanaka).get(url).content.decode()


def test_the_list_costs_the_same_for_one_row_and_three(job, sato, django_assert_num_queries):
    client = signed_in(sato)
    url = reverse("jobs:job-list")
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(2):
        engine.start("tests.probe", sato, {"rows": 1}, "tests.work")
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_progress_asks_for_itself_until_the_end_and_then_loads_the_page_anew(job, sato):
    client = signed_in(sato)
    url = reverse("jobs:job-progress", args=[job.pk])
    open_part = client.get(url, {"state": "accepted"})
    engine.run(job.pk)
    ended = client.get(url, {"state": "accepted"})

    assert "every 2s" in open_part.content.decode()
    assert "HX-Refresh" not in open_part
    assert ended["HX-Refresh"] == "true"
    assert "every 2s" not in ended.content.decode()


def test_progress_is_no_work(job, sato):
    client = signed_in(sato)
    from kumiai.jobs.views import JobProgress

    assert JobProgress.polling is True
    assert client.get(reverse("jobs:job-progress", args=[job.pk])).status_code == 200


def test_the_result_names_the_failed_rows(job, sato):
    engine.run(job.pk)

    page = signed_in(sato).get(reverse("jobs:job-detail", args=[job.pk])).content.decode()

    assert "97行目" in page
    assert "一部失敗" in page
    assert "失敗の行をやり直す" in page
    assert " style=" not in page


def test_the_csv_has_bom_crlf_a_foot_and_no_formula(job, sato):
    engine.run(job.pk)

    response = signed_in(sato).get(reverse("jobs:job-failure-csv", args=[job.pk]))

    lines = response.content.decode("utf-8").split("\r\n")
    assert lines[0] == "\ufeff行,誤り"
    assert lines[1] == "97,'=読めない行です。"
    assert "職員番号9101" in lines[3]
    assert "2件" in lines[3]


def test_home_shows_ones_own_open_work_only(job, sato, tanaka):
    url = reverse("jobs:job-home-fragment")

    assert "1件が進行中" in signed_in(sato).get(url).content.decode()
    assert signed_in(tanaka).get(url).status_code == 204, "an administrator's first page shows own work only"


def test_home_shows_for_a_day_what_ended_well(job, sato, owner):
    """The page of a job promises it: one leaves, and finds the end on the first page."""
    engine.run(job.pk)
    with owner():
        Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=timezone.now())
    url = reverse("jobs:job-home-fragment")
    assert job.title in signed_in(sato).get(url).content.decode()
    with owner():
        Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=2))
    assert signed_in(sato).get(url).status_code == 204


def test_stopping_what_has_ended_says_so(job, sato):
    engine.run(job.pk)

    page = signed_in(sato).post(reverse("jobs:job-stop", args=[job.pk]), follow=True).content.decode()

    assert "止めるものがありません" in page
