"""The plain twin of the member list: the same queries and template without scope, proof, menu query and event.

Also the URLs of a benchmark: the portal's and the twin's. It exists only here; the portal does not route to it.
"""

from __future__ import annotations

from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.place import clerk
from kumiai.declarations import VIEW_ACTIVITIES
from kumiai.ui.declarations import NO_PERSONAL_DATA
from kumiai.urls import urlpatterns as portal
from members.enrollment import queries
from members.enrollment.views.lists import MemberList

VIEW_ACTIVITIES["benchmarks"] = ("NO_PERSONAL_DATA", "the baseline of a measurement, run by the owner")
MENU = [{"label": "加入者", "url": "/members/", "current": True}]
PURPOSE = {
    "activity": "加入者の管理",
    "pairs": [("適用・住所等関係情報", "加入者の管理")],
    "statute": None,
    "none": False,
}


def plain_list(**conditions) -> queries.MemberPage:
    """The list's queries, recording nothing."""
    with patch.object(queries.listing, "population", lambda name, count: None):
        return queries.member_list(user_id=clerk().pk, **conditions)


def twin(request: HttpRequest) -> HttpResponse:
    with patch.object(queries.listing, "population", lambda name, count: None):
        view = MemberList()
        view.setup(request)
        response = view.get(request)
    response.context_data |= {"menu": MENU, "purpose": PURPOSE}
    return response.render()


twin.activity = NO_PERSONAL_DATA
urlpatterns = [*portal, path("twin/", twin)]
