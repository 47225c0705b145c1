"""The door every request comes through: what it lets in, under which operation, and what it stores when things go wrong."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from members.enrollment.activities import MEMBER_ADMINISTRATION
from members.enrollment.models import Member
from privacy.activities import NO_PERSONAL_DATA
from privacy.administration import REFERENCE_ADMINISTRATION
from privacy.middleware import ScopeMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def through_the_door(personas):
    """Send a request of 佐藤, or of who is named, to a view that does `work` under an activity."""

    def send(work, *, activity=MEMBER_ADMINISTRATION, method="POST", who="佐藤", **attributes):
        def view(request):
            return work()

        if activity is not None:
            view.activity = activity
        for name, value in attributes.items():
            setattr(view, name, value)
        request = getattr(RequestFactory(), method.lower())("/somewhere/")
        request.user, request.session = personas[who] if who else AnonymousUser(), {}
        return ScopeMiddleware(lambda request: HttpResponse()).process_view(request, view, (), {})

    return send


@pytest.fixture
def writing(a_member):
    """A view's work: change the member, then end as told."""
    member = a_member()

    def ending(end):
        def work():
            Member.objects.get(pk=member.pk)
            Member.objects.filter(pk=member.pk).update(given_name="書いた")
            return end()

        return work

    return ending


def raising(problem):
    def end():
        raise problem

    return end


@pytest.mark.parametrize("status", [200, 302, 400, 404, 409, 422, 500])
def test_an_answer_that_is_an_error_stores_nothing(status, through_the_door, writing, owner, events):
    answer = through_the_door(writing(lambda: HttpResponse(status=status)))
    assert answer.status_code == status
    with owner():
        assert Member.objects.get().given_name == ("書いた" if status < 400 else "美咲")
    assert [len(event.subjects) for event in events()] == [1]  # the person was shown all the same


@pytest.mark.parametrize("problem", [Http404(), ZeroDivisionError(), KeyError("x")])
def test_an_exception_after_a_write_stores_nothing(problem, through_the_door, writing, owner):
    with pytest.raises(type(problem)):
        through_the_door(writing(raising(problem)))
    with owner():
        assert Member.objects.get().given_name == "美咲"


def test_a_refusal_after_a_write_stores_nothing_but_itself(through_the_door, writing, owner, events):
    assert through_the_door(writing(raising(PermissionDenied("いまは扱えません。")))).status_code == 403
    with owner():
        assert Member.objects.get().given_name == "美咲"
    assert [event.outcome for event in events()] == ["refused"]


def test_a_view_that_declares_nothing_is_not_served(through_the_door):
    with pytest.raises(PermissionDenied):
        through_the_door(lambda: pytest.fail("it was called"), activity=None)


def test_a_view_that_touches_nobody_is_left_to_django(through_the_door):
    assert through_the_door(lambda: pytest.fail("called here"), activity=NO_PERSONAL_DATA) is None


def test_who_has_not_logged_in_is_sent_to_log_in(through_the_door):
    answer = through_the_door(lambda: pytest.fail("it was called"), who=None)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_work_of_staff_is_for_staff(through_the_door):
    for who, status in (("田中", 200), ("佐藤", 403)):
        assert (
            through_the_door(lambda: HttpResponse(), activity=REFERENCE_ADMINISTRATION, who=who).status_code == status
        )


def test_an_answer_in_parts_is_refused(through_the_door):
    with pytest.raises(RuntimeError, match="分割して送る"):
        through_the_door(lambda: StreamingHttpResponse(iter([b"x"])), method="GET")


def test_a_view_says_its_own_operation(through_the_door, writing, owner):
    """鈴木 may look: a GET that exports or changes is refused, a POST that only looks is let in and can write nothing."""
    assert through_the_door(lambda: HttpResponse(), method="GET", who="鈴木").status_code == 200
    for operation in ("change", "export", "decide"):
        answer = through_the_door(lambda: HttpResponse(), method="GET", who="鈴木", operation=operation)
        assert answer.status_code == 403
    assert through_the_door(lambda: HttpResponse(), who="鈴木").status_code == 403
    assert through_the_door(lambda: HttpResponse(), who="鈴木", operation="view").status_code == 200
    assert through_the_door(writing(lambda: HttpResponse()), who="鈴木", operation="view").status_code == 403
    with owner():
        assert Member.objects.get().given_name == "美咲"
